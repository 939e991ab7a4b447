import ts from 'typescript';
import { lineOf } from '../positions';
import type { ParsedFile } from '../program/parsed-file';
import type { FunctionWithBody, LoadPlace } from './lazy-place';
import { isSamePlace, touchesIn } from './shared-touches';

/**
 * Why `await import()` at a place would change what the function does for others; null where it would not. Up to its first
 * `await` an async function runs in one go with its caller, and between two of them nobody comes in between: what is changed
 * behind the new one happens later, and what was asked before it may no longer hold.
 */
export function refuseToWait({ checker }: ParsedFile, { host, before }: LoadPlace): string | null {
  const at = before?.getStart() ?? host.body.getStart();
  const pending = startedBefore(host, at, checker);
  if (pending)
    return `While it waits for import(), nobody would look after ${pending.text} (line ${lineOf(pending)}), which may fail or tell something meanwhile.`;
  const awaits = awaitsIn(host, at);
  const from = Math.max(host.body.pos, ...awaits.filter((end) => end <= at));
  const to = Math.min(host.body.end, ...awaits.filter((end) => end > at));
  const touched = touchesIn(host, checker).filter(({ node }) => node.pos >= from && node.end <= to);
  const later = touched.filter(({ node }) => node.end > at);
  const isFirst = from === host.body.pos;
  const delayed = isFirst ? later.find(({ isWrite, isInCall }) => isWrite && !isInCall) : undefined;
  if (delayed) {
    return `With import() its callers would see later that it changes ${delayed.node.getText()} (line ${lineOf(delayed.node)}).`;
  }
  const earlier = touched.filter(({ node }) => node.end <= at);
  const split = earlier.find(
    (touch) =>
      (touch.isWrite && !touch.isInCall) ||
      later.some((other) => isSamePlace(other, touch) && (other.isWrite || touch.isWrite)),
  );
  if (!split) return null;
  return `While it waits for import(), others may change ${split.node.getText()} (line ${lineOf(split.node)}).`;
}

/**
 * What was started before the place and is waited for, or listened to, behind it: a promise that is rejected in between is
 * one that nobody handles, and an event has no listener yet.
 */
function startedBefore(host: FunctionWithBody, at: number, checker: ts.TypeChecker): ts.Identifier | null {
  const started = new Map<ts.Symbol, ts.Identifier>();
  let found: ts.Identifier | null = null;
  const visit = (node: ts.Node): void => {
    if (found || (node !== host && ts.isFunctionLike(node))) return;
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.end <= at) {
      const { initializer, name } = node;
      const symbol = checker.getSymbolAtLocation(name);
      const isStarted = initializer && (ts.isCallExpression(initializer) || ts.isNewExpression(initializer));
      if (isStarted && symbol) started.set(symbol, name);
    }
    if (ts.isIdentifier(node) && node.pos >= at && isLookedAfter(node)) {
      const symbol = checker.getSymbolAtLocation(node);
      found = (symbol && started.get(symbol)) ?? null;
    }
    ts.forEachChild(node, visit);
  };
  visit(host.body);
  return found;
}

/** `await loading`, `loading.catch(…)`, `Promise.all([loading])`, `stream.on(…)` */
function isLookedAfter(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isAwaitExpression(parent)) return true;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node)
    return /^(then|catch|finally|on|once|addListener|addEventListener|pipe)$/.test(parent.name.text);
  const list = ts.isArrayLiteralExpression(parent) ? parent.parent : parent;
  return (
    ts.isCallExpression(list) &&
    /^(Promise\.\w+|(\w+\.)?(pipeline|finished|once))$/.test(list.expression.getText())
  );
}

/** Where each `await` ends that the function itself comes by, whatever holds, on its way to a place or on from there. */
function awaitsIn(host: FunctionWithBody, at: number): number[] {
  const ends: number[] = [];
  const visit = (node: ts.Node): void => {
    if (node !== host && ts.isFunctionLike(node)) return;
    const isAwait = ts.isAwaitExpression(node);
    const isLoop = ts.isForOfStatement(node) && node.awaitModifier !== undefined;
    if ((isAwait || isLoop) && isAlwaysReached(node, host, at)) {
      ends.push(isLoop ? node.statement.pos : node.end);
    }
    ts.forEachChild(node, visit);
  };
  visit(host.body);
  return ends;
}

/** In no branch, unless the place is in the same one. */
function isAlwaysReached(node: ts.Node, host: FunctionWithBody, at: number): boolean {
  const hasPlace = (one: ts.Node) => one.pos <= at && at < one.end;
  for (let one = node; one !== host.body && !hasPlace(one); one = one.parent) {
    if (isBranch(one)) return false;
  }
  return true;
}

/** What only some runs come by: a branch of a condition, what a loop repeats, what handles an error. */
function isBranch(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent)) return parent.expression !== node;
  if (ts.isConditionalExpression(parent)) return parent.condition !== node;
  if (ts.isIterationStatement(parent, false)) return parent.statement === node && !ts.isDoStatement(parent);
  if (ts.isBinaryExpression(parent)) return parent.right === node && DECIDES.has(parent.operatorToken.kind);
  return ts.isCaseOrDefaultClause(node) || ts.isCatchClause(node);
}

const DECIDES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);
