import type * as t from '@babel/types';
import type { SourcePosition } from '../protocol/source';
import type { SourceLocator } from './locator';
import { keyName } from './members';
import { childNodes, isFunction, walk } from './syntax';

/** What a script does to keep a collection from growing for ever. */
export type RemovalKind =
  /** Removes inside a test of the collection's own size: it has a limit that may not be reached yet. */
  | 'bounded'
  /** Empties or removes in a function that a timer calls. */
  | 'timed'
  /** Removes at all: on some event that may or may not come. */
  | 'removes';

export interface Removal {
  readonly kind: RemovalKind;
  readonly position: SourcePosition | null;
}

const removers = new Set([
  'delete',
  'clear',
  'shift',
  'pop',
  'splice',
  'evict',
  'prune',
  'off',
  'removeListener',
]);
const timers = new Set(['setInterval', 'setTimeout', 'setImmediate']);

/**
 * Looks in one script for code that takes entries out of what is called `name` (the variable or last property), the
 * strongest kind first. It goes by names only, so it may speak for a collection's innocence, never against it.
 */
export async function findRemoval(
  locator: SourceLocator,
  scriptId: number,
  name: string,
): Promise<Removal | null> {
  const syntax = await locator.syntax(scriptId);
  if (!syntax) return null;
  const bare = name.replace(/^#/, '');
  const called = functionsCalledByTimers(syntax.program);
  let best: { kind: RemovalKind; node: t.Node } | null = null;
  const visit = (node: t.Node, inTest: boolean, inTimer: boolean, parent: t.Node): void => {
    if (removes(node, bare)) {
      const kind: RemovalKind = inTest ? 'bounded' : inTimer ? 'timed' : 'removes';
      if (!best || rank(kind) > rank(best.kind)) best = { kind, node };
    }
    const guarded =
      inTest ||
      ((node.type === 'IfStatement' ||
        node.type === 'WhileStatement' ||
        node.type === 'ConditionalExpression') &&
        testsSize(node.test, bare));
    const timed =
      inTimer || isTimerCall(node) || (isFunction(node) && called.has(nameOfFunction(node, parent) ?? ''));
    for (const child of childNodes(node)) visit(child, guarded, timed, node);
  };
  visit(syntax.program, false, false, syntax.program);
  if (!best) return null;
  const { kind, node } = best as { kind: RemovalKind; node: t.Node };
  const position = await locator.position({ scriptId, ...syntax.placeOf(node) });
  return { kind, position };
}

function rank(kind: RemovalKind): number {
  return kind === 'bounded' ? 2 : kind === 'timed' ? 1 : 0;
}

/** `setInterval(this.reset, ...)` calls a function by its name: `reset`. */
function functionsCalledByTimers(program: t.Node): Set<string> {
  const names = new Set<string>();
  walk(program, (node) => {
    if (node.type !== 'CallExpression' || !isTimerCall(node)) return undefined;
    let callback: t.Node | undefined = node.arguments[0];
    // `this.reset.bind(this)`
    if (callback?.type === 'CallExpression' && callback.callee.type === 'MemberExpression')
      callback = callback.callee.object;
    if (callback?.type === 'Identifier') names.add(callback.name);
    if (callback?.type === 'MemberExpression') names.add(keyName(callback.property, callback.computed) ?? '');
    return undefined;
  });
  names.delete('');
  return names;
}

/** Its own name, or that of the variable, property or assignment target that it is given to. */
function nameOfFunction(node: t.Function, parent: t.Node): string | null {
  if ('id' in node && node.id?.type === 'Identifier') return node.id.name;
  if ('key' in node) return keyName(node.key, 'computed' in node && node.computed === true);
  if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent.type === 'ObjectProperty') return keyName(parent.key, parent.computed);
  if (parent.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression') {
    return keyName(parent.left.property, parent.left.computed);
  }
  return null;
}

/** `name.delete(...)`, `delete name[...]`, `name.length = ...`, `name = {}` after its declaration. */
function removes(node: t.Node, name: string): boolean {
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
    const method = keyName(node.callee.property, node.callee.computed);
    return method !== null && removers.has(method) && isNamed(node.callee.object, name);
  }
  if (node.type === 'UnaryExpression' && node.operator === 'delete') {
    return node.argument.type === 'MemberExpression' && isNamed(node.argument.object, name);
  }
  if (node.type !== 'AssignmentExpression') return false;
  if (node.left.type === 'MemberExpression') {
    return keyName(node.left.property, node.left.computed) === 'length' && isNamed(node.left.object, name);
  }
  return node.left.type === 'Identifier' && node.left.name === name && isEmptyContainer(node.right);
}

function isEmptyContainer(node: t.Node): boolean {
  if (node.type === 'ObjectExpression') return node.properties.length === 0;
  if (node.type === 'ArrayExpression') return node.elements.length === 0;
  return node.type === 'NewExpression' && node.arguments.length === 0;
}

/** A comparison of `name.size` or `name.length` with something. */
function testsSize(test: t.Node, name: string): boolean {
  let found = false;
  walk(test, (node) => {
    if (node.type !== 'BinaryExpression' || !/^[<>]=?$/.test(node.operator)) return undefined;
    for (const side of [node.left, node.right]) {
      if (side.type !== 'MemberExpression' || !isNamed(side.object, name)) continue;
      const property = keyName(side.property, side.computed);
      if (property === 'size' || property === 'length') found = true;
    }
    return undefined;
  });
  return found;
}

function isTimerCall(node: t.Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  if (callee.type === 'Identifier') return timers.has(callee.name);
  return callee.type === 'MemberExpression' && timers.has(keyName(callee.property, callee.computed) ?? '');
}

function isNamed(node: t.Node, name: string): boolean {
  if (node.type === 'Identifier') return node.name === name;
  if (node.type === 'MemberExpression')
    return keyName(node.property, node.computed)?.replace(/^#/, '') === name;
  if (node.type === 'TSAsExpression' || node.type === 'TSNonNullExpression')
    return isNamed(node.expression, name);
  return false;
}
