import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';
import type { CollectionUse } from './collection-uses';
import { isRepeated, nameGivenTo, removedKey } from './expired-when-read';
import { addedValue } from './stored-values';

/**
 * True of what removes the entry of an answer that came, where each is added beside a timer that gives up after a while and leaves
 * the entry: `waiting.set(id, resolve); setTimeout(() => reject(new Error('late')), ms)`.
 */
export function isOfAnswerInTime(use: CollectionUse, uses: readonly CollectionUse[]): boolean {
  const around = removedKey(use) && enclosingFunction(use.node);
  if (!around || isRepeated(use.node, around) || isTimer(around)) return false;
  const adding = uses.flatMap(({ kind, node }) => (kind === 'add' ? [askingFunction(node)] : []));
  return adding.every(
    (outer) => outer !== null && !isWithin(use.node, outer) && givesUpAndKeeps(outer, uses),
  );
}

/**
 * True of what removes an entry in a timer only that the entry's own callback calls off: an answer that comes in time leaves it,
 * `pending[id] = (answer) => { clearTimeout(timer); resolve(answer) }`.
 */
export function isOfCalledOffTimer(use: CollectionUse, uses: readonly CollectionUse[]): boolean {
  const around = removedKey(use) && enclosingFunction(use.node);
  const timer = around && isTimer(around) ? nameGivenTo(around.parent) : null;
  if (!around || timer === null || isRepeated(use.node, around)) return false;
  const kept = uses.flatMap((one) => (one.kind === 'add' ? [addedValue(one)] : []));
  return (
    kept.length > 0 &&
    kept.every(
      (value) =>
        value !== null &&
        (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) &&
        new RegExp(`clearTimeout\\(${timer.replaceAll('$', '\\$')}\\)`).test(value.body.getText()) &&
        !uses.some((one) => isWithin(one.node, value)),
    )
  );
}

/** The function in which it stands; of what makes a promise the function that the promise is made in. */
function askingFunction(node: ts.Node): ts.Node | null {
  const around = enclosingFunction(node);
  const isExecutor =
    around !== null && ts.isNewExpression(around.parent) && around.parent.expression.getText() === 'Promise';
  return isExecutor ? (enclosingFunction(around) ?? around) : around;
}

/** `setTimeout(() => reject(new Error('late')), ms)`: it tells who waits, and does nothing else that could remove. */
function givesUpAndKeeps(outer: ts.Node, uses: readonly CollectionUse[]): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    const callback = ts.isCallExpression(node) && isTimeout(node) ? node.arguments[0] : undefined;
    if (callback && onlyTells(callback) && !uses.some((use) => isWithin(use.node, callback))) found = true;
    ts.forEachChild(node, visit);
  };
  visit(outer);
  return found;
}

function isTimeout(call: ts.CallExpression): boolean {
  return /(^|\.)setTimeout$/.test(call.expression.getText());
}

/** It calls what it was given, and writes to a log. */
function onlyTells(callback: ts.Expression): boolean {
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return false;
  let tells = false;
  let doesMore = false;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      if (isParameterAround(callback, node.expression)) tells = true;
      else if (!/^(console|(this\.)?log(ger)?)\./.test(node.expression.getText())) doesMore = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(callback.body);
  return tells && !doesMore;
}

/** `reject`, `done`: of a function around the callback. */
function isParameterAround(callback: ts.Node, called: ts.Expression): boolean {
  for (let around = enclosingFunction(callback); around; around = enclosingFunction(around)) {
    const { parameters } = around as Partial<ts.SignatureDeclaration>;
    if (parameters?.some(({ name }) => name.getText() === called.getText())) return true;
  }
  return false;
}

function isTimer({ parent: call }: ts.Node): boolean {
  return ts.isCallExpression(call) && /(^|\.)set(Timeout|Interval)$/.test(call.expression.getText());
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return ts.findAncestor(node, (one) => one === outer) !== undefined;
}
