import ts from 'typescript';
import { calledBy } from '../program/load-time';
import type { ParsedFile } from '../program/parsed-file';
import { isAssigned } from './assigned';
import { type FunctionWithBody, isWithin, type LoadPlace } from './lazy-place';

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
  const awaits = awaitsIn(host);
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
    ({ name, isWrite, isInCall }) =>
      (isWrite && !isInCall) ||
      later.some((other) => other.name === name && (other.isWrite || (isWrite && isInCall))),
  );
  if (!split) return null;
  return `While it waits for import(), others may change ${split.node.getText()} (line ${lineOf(split.node)}).`;
}

/** Something that others see, too: of the module, of `this`, of what was given. */
interface Touch {
  readonly node: ts.Node;
  /** Its text, without what comes behind the first name: `this.running`. */
  readonly name: string;
  readonly isWrite: boolean;
  /** The node is a call, and what it calls touches it. */
  readonly isInCall: boolean;
}

const CHANGES =
  /^(push|pop|shift|unshift|splice|set|add|delete|clear|sort|reverse|on|once|addListener|prependListener|addEventListener|off|removeListener|removeEventListener|emit|dispatchEvent|pipe|write|end)$/;

/** Calls of calls end somewhere. */
const MOST_STEPS = 2;

function touchesIn(host: FunctionWithBody, checker: ts.TypeChecker, steps = 0): Touch[] {
  const found: Touch[] = [];
  const visit = (node: ts.Node): void => {
    if (node !== host && ts.isFunctionLike(node)) return;
    const isOutermost = isReference(node) && !isReferencePart(node);
    if (isOutermost && isShared(node, host, checker)) {
      found.push({ node, name: nameOf(node), isWrite: isWritten(node), isInCall: false });
    }
    if (ts.isCallExpression(node) && steps < MOST_STEPS)
      found.push(...touchesOfCall(node, checker, steps + 1));
    ts.forEachChild(node, visit);
  };
  visit(host.body);
  return found;
}

/** `this.begin()`, which sets `this.isRunning`; `begin()`, which sets a variable of the module. */
function touchesOfCall(call: ts.CallExpression, checker: ts.TypeChecker, steps: number): Touch[] {
  const isOwn = call.expression.getText().startsWith('this.');
  return calledBy(call.expression, checker).flatMap((called) => {
    if (!('body' in called) || !called.body) return [];
    return touchesIn(called as FunctionWithBody, checker, steps)
      .filter(({ node, name }) => {
        const root = rootOf(ts.isCallExpression(node) ? node.expression : node);
        const declared = ts.isIdentifier(root) ? checker.getSymbolAtLocation(root)?.valueDeclaration : null;
        return name.startsWith('this.') ? isOwn : !(declared && ts.isParameter(declared));
      })
      .map(({ name, isWrite }) => ({ node: call, name, isWrite, isInCall: true }));
  });
}

function isReference(node: ts.Node): boolean {
  return ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

function isReferencePart({ parent }: ts.Node): boolean {
  return (
    (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && isReference(parent)
  );
}

function rootOf(node: ts.Node): ts.Node {
  let root = node;
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = root.expression;
  return root;
}

/** `a.b` of `a.b.c.d()`. */
function nameOf(node: ts.Node): string {
  return node
    .getText()
    .split(/[.[]/)
    .slice(0, 2)
    .join('.')
    .replace(/[?\])]+$/, '');
}

function isShared(node: ts.Node, host: FunctionWithBody, checker: ts.TypeChecker): boolean {
  const root = rootOf(node);
  if (root.kind === ts.SyntaxKind.ThisKeyword) return true;
  if (!ts.isIdentifier(root)) return false;
  const declared = checker.getSymbolAtLocation(root)?.valueDeclaration;
  // Of libraries nothing is known: `Math`, `console`.
  if (!declared) return false;
  const isParameter = ts.isParameter(declared) && declared.parent === host;
  if (isParameter) return node !== root;
  if (isWithin(declared, host)) return false;
  const isConstant =
    ts.isVariableDeclaration(declared) && (ts.getCombinedNodeFlags(declared) & ts.NodeFlags.Const) !== 0;
  return node !== root || (ts.isVariableDeclaration(declared) && !isConstant);
}

function isWritten(node: ts.Node): boolean {
  const { parent } = node;
  if (isAssigned(node) || ts.isDeleteExpression(parent)) return true;
  const isCalled = ts.isCallExpression(parent) && parent.expression === node;
  return isCalled && ts.isPropertyAccessExpression(node) && CHANGES.test(node.name.text);
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

/** Where each `await` of the function itself ends. */
function awaitsIn(host: FunctionWithBody): number[] {
  const ends: number[] = [];
  const visit = (node: ts.Node): void => {
    if (node !== host && ts.isFunctionLike(node)) return;
    if (ts.isAwaitExpression(node)) ends.push(node.end);
    if (ts.isForOfStatement(node) && node.awaitModifier) ends.push(node.statement.pos);
    ts.forEachChild(node, visit);
  };
  visit(host.body);
  return ends;
}

function lineOf(node: ts.Node): number {
  const source = node.getSourceFile();
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}
