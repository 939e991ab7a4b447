import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { referencesTo, sameAccesses } from '../program/references';
import type { CollectionUse } from './collection-uses';
import { bare, isAssignment } from './member-chains';
import { isPartOfCaller } from './run-time-additions';

/**
 * True of an addition that comes to an end by itself: to a collection that was found empty, `if (list.length === 0) list.push(…)`,
 * or only until the program is ready, `if (initialized) return; waiting.push(resolve)`.
 */
export function endsByItself(file: ParsedFile, use: CollectionUse): boolean {
  if (use.kind !== 'add') return false;
  const name = addedTo(use.node);
  const isDone = (condition: ts.Expression) => isFilled(condition, name) || isReadyForGood(file, condition);
  for (let node: ts.Node = use.node; !ts.isSourceFile(node); node = node.parent) {
    const { parent } = node;
    if (ts.isFunctionLike(node) && !isPartOfCaller(node)) return false;
    if (ts.isIfStatement(parent) && parent.thenStatement === node && isEmpty(parent.expression, name))
      return true;
    if (ts.isBlock(parent) && leftBefore(parent, node, isDone)) return true;
  }
  return false;
}

/** `list` of `list.push(…)`, `list[key] = …` and `list = list.concat(…)`. */
export function addedTo(addition: ts.Node): string {
  if (ts.isBinaryExpression(addition)) return addition.left.getText();
  const held = ts.isCallExpression(addition) ? addition.expression : addition;
  const isMember = ts.isPropertyAccessExpression(held) || ts.isElementAccessExpression(held);
  return isMember ? held.expression.getText() : '';
}

/** `list.length === 0`, `!list.length`, `map.size < 1`, `Object.keys(table).length === 0` */
function isEmpty(condition: ts.Expression, name: string): boolean {
  const test = condition.getText().replaceAll(/\s/g, '');
  return sizesOf(name).some((size) =>
    [`${size}===0`, `${size}==0`, `${size}<1`, `!${size}`, `0===${size}`].includes(test),
  );
}

/** `list.length > 0`, `list.length` */
function isFilled(condition: ts.Expression, name: string): boolean {
  const test = condition.getText().replaceAll(/\s/g, '');
  return sizesOf(name).some((size) => [size, `${size}>0`, `${size}!==0`, `${size}>=1`].includes(test));
}

function sizesOf(name: string): string[] {
  const ofKeys = ['keys', 'values', 'entries'].map((method) => `Object.${method}(${name}).length`);
  return [`${name}.length`, `${name}.size`, ...ofKeys];
}

/** `if (isDone) return` ahead of the statement that adds. */
function leftBefore(
  { statements }: ts.Block,
  adding: ts.Node,
  isDone: (condition: ts.Expression) => boolean,
): boolean {
  return statements.some(
    (statement) =>
      statement.end <= adding.pos &&
      ts.isIfStatement(statement) &&
      /^\{?\s*(return|throw)\b/.test(statement.thenStatement.getText()) &&
      isDone(statement.expression),
  );
}

/** What a program is once it has started; `closed` and `done` it is when all has been added. */
const READY =
  /(^[_#]*|_|(?<=[a-z]))([iI]nitiali[sz]ed|[iI]nited|[rR]eady|[lL]oaded|[bB]ooted|[sS]tarted|[sS]et[uU]p|[cC]onfigured)$/;

/** A flag of the module or of the object that is set once and never taken back. */
function isReadyForGood(file: ParsedFile, condition: ts.Expression): boolean {
  const flag = bare(condition);
  const name = ts.isPropertyAccessExpression(flag) ? flag.name : flag;
  if (!(ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) || !READY.test(name.text)) return false;
  const isOwn =
    flag === name || (flag as ts.PropertyAccessExpression).expression.kind === ts.SyntaxKind.ThisKeyword;
  if (!isOwn) return false;
  const places = [...referencesTo(file, name), ...sameAccesses(file, name)];
  const given = places.flatMap((place) => {
    const access = ts.isPropertyAccessExpression(place.parent) ? place.parent : place;
    const { parent } = access;
    const isSet =
      ts.isBinaryExpression(parent) && parent.left === access && isAssignment(parent.operatorToken.kind);
    return isSet ? [parent.right.kind] : [];
  });
  return given.length > 0 && given.every((kind) => kind === ts.SyntaxKind.TrueKeyword);
}
