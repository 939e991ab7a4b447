import ts from 'typescript';
import { lineOf } from '../positions';
import type { ParsedFile } from '../program/parsed-file';
import { awaitsIn, type FunctionWithBody, isWithin, type LoadPlace } from './lazy-place';
import { isSamePlace, type Touch, touchesIn } from './shared-touches';

/**
 * Why `await import()` at a place would change what the function does for others; null where it would not. Up to its first
 * `await` an async function runs in one go with its caller, and between two of them nobody comes in between: what is changed
 * behind the new one happens later, and what was asked before it may no longer hold.
 */
export function refuseToWait({ checker }: ParsedFile, place: LoadPlace): string | null {
  const { host, before } = place;
  const at = before?.getStart() ?? host.body.getStart();
  const pending = startedBefore(host, at, checker);
  if (pending)
    return `While it waits for import(), nobody would look after ${pending.text} (line ${lineOf(pending)}), which may fail or tell something meanwhile.`;
  const awaits = awaitsIn(host, at);
  const from = Math.max(host.body.pos, ...awaits.filter((end) => end <= at));
  const to = Math.min(host.body.end, ...awaits.filter((end) => end > at));
  const touched = touchesIn(host, checker).filter(({ node }) => node.pos >= from && node.end <= to);
  const later = touched.filter(({ node }) => node.end > at && !isPassedBy(node, place));
  const writes = from === host.body.pos ? later.filter(({ isWrite }) => isWrite) : [];
  const changed = writes.find((touch) => !touch.isInCall && !touch.isMessage);
  if (changed) return delaying(changed);
  const split = touched.find((touch) => touch.node.end <= at && isSplit(touch, later));
  if (split)
    return `While it waits for import(), others may change ${split.node.getText()} (line ${lineOf(split.node)}).`;
  return writes[0] ? delaying(writes[0]) : null;
}

function delaying({ node }: Touch): string {
  const what = ts.isCallExpression(node) ? `calls ${node.expression.getText()}` : `changes ${node.getText()}`;
  return `With import() its callers would see later that it ${what} (line ${lineOf(node)}).`;
}

/** What is touched before the wait, and others may change, or see half done, until it goes on. */
function isSplit(touch: Touch, later: readonly Touch[]): boolean {
  if (touch.isMessage) return false;
  if (touch.isWrite && !touch.isInCall) return true;
  return later.some(
    (other) => !other.isMessage && isSamePlace(other, touch) && (other.isWrite || touch.isWrite),
  );
}

/** What a run that loads there does not come to: it has returned by then, or is in the other branch. */
function isPassedBy(node: ts.Node, { host, before }: LoadPlace): boolean {
  for (let block = before?.parent; block && block !== host.body; block = block.parent) {
    const last = ts.isBlock(block) ? block.statements.at(-1) : undefined;
    const isEnd = last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last));
    const other = ts.isIfStatement(block.parent) ? block.parent.elseStatement : undefined;
    if (isEnd && node.pos >= block.end) return true;
    if (other && other !== block && isWithin(node, other)) return true;
  }
  return false;
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
