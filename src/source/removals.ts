import type * as t from '@babel/types';
import type { SourcePosition } from '../protocol/source';
import type { SourceLocator } from './locator';
import { keyName } from './members';
import { type Calls, callsIn, isModular, isTimerCall, nameOfFunction } from './removal-calls';
import { isNamed, lastName, leaves, testOf, testsAge, testsLimit } from './removal-tests';
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
/** What makes a shorter text or list of one. */
const cutters = new Set(['slice', 'substring', 'substr', 'subarray', 'splice', 'takeLast']);

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
  const calls = callsIn(syntax.program, bare);
  let best: { kind: RemovalKind; node: t.Node } | null = null;
  const removing = new Set<string>();
  const visit = (node: t.Node, guard: RemovalKind | null, parent: t.Node, place: Place): void => {
    const kind =
      removalKind(node, bare, calls.ringIndexes) ?? (guard && isEmptied(node, bare) ? guard : null);
    const found = kind && stronger(kind, guard);
    if (found) removing.add(place.within);
    if (found && (!best || rank(found) > rank(best.kind))) best = { kind: found, node };
    const within = isFunction(node) ? (nameOfFunction(node, parent) ?? place.within) : place.within;
    const around = { within, inLoop: place.inLoop || loops(node) };
    let inside = stronger(guard, guardKind(node, parent, bare, calls, around.inLoop));
    for (const child of childNodes(node)) {
      visit(child, inside, node, around);
      // What follows `if (size <= max) return;` runs only past the limit.
      if (node.type !== 'IfStatement' && leaves(child))
        inside = stronger(inside, guardKind(child, node, bare, calls, around.inLoop));
    }
  };
  visit(syntax.program, null, syntax.program, { within: '', inLoop: false });
  if (!best) return null;
  const { kind: own, node } = best as { kind: RemovalKind; node: t.Node };
  const kind = own === 'removes' && (await timersElsewhere(locator, scriptId, removing)) ? 'timed' : own;
  const position = await locator.position({ scriptId, ...syntax.placeOf(node) });
  return { kind, position };
}

/** Where a node stands. */
interface Place {
  /** The innermost function that has a name. */
  readonly within: string;
  readonly inLoop: boolean;
}

/** A loop, or a call of a method that calls a function for each entry. */
function loops(node: t.Node): boolean {
  if (/^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type)) return true;
  return (
    node.type === 'CallExpression' && /^(forEach|filter|map|some|every|each)$/.test(lastName(node.callee))
  );
}

/** So many other scripts of a package are looked through for timers. */
const mostScripts = 200;

/** True when another script of the same package gives one of these functions to a timer. */
async function timersElsewhere(
  locator: SourceLocator,
  scriptId: number,
  functions: ReadonlySet<string>,
): Promise<boolean> {
  const names = [...functions].filter((name) => name !== '');
  if (names.length === 0) return false;
  for (const other of locator.scriptsBeside(scriptId).slice(0, mostScripts)) {
    const text = await locator.text(other);
    if (!text || !/set(Interval|Timeout)/.test(text) || !names.some((name) => text.includes(name))) continue;
    const syntax = await locator.syntax(other);
    const called = syntax && callsIn(syntax.program, '').byTimer;
    if (called && names.some((name) => called.has(name))) return true;
  }
  return false;
}

/** What a removal is taken for below a node: in a test of a limit or an age, in what a timer calls. */
function guardKind(
  node: t.Node,
  parent: t.Node,
  name: string,
  calls: Calls,
  inLoop: boolean,
): RemovalKind | null {
  const test = testOf(node);
  if (test && testsLimit(test, name)) return 'bounded';
  if (isFunction(node)) {
    const called = nameOfFunction(node, parent) ?? '';
    if (calls.pastLimit.has(called)) return 'bounded';
    if (calls.byTimer.has(called)) return 'timed';
  }
  if (isTimerCall(node)) return 'timed';
  // An expired entry that goes when it is asked for is one of those that are asked for.
  return inLoop && test && testsAge(test) ? 'timed' : null;
}

function rank(kind: RemovalKind): number {
  return kind === 'bounded' ? 2 : kind === 'timed' ? 1 : 0;
}

function stronger<A extends RemovalKind | null>(a: A, b: RemovalKind | null): A | RemovalKind {
  if (a === null) return b ?? a;
  return b !== null && rank(b) > rank(a) ? b : a;
}

/** What a node does to what is called `name`, wherever it stands; null when it removes nothing. */
function removalKind(node: t.Node, name: string, ringIndexes: ReadonlySet<string>): RemovalKind | null {
  if (node.type === 'AssignmentExpression' && isRingWrite(node, name, ringIndexes)) return 'bounded';
  if (node.type === 'AssignmentExpression' && isCutShorter(node, name)) return 'bounded';
  return removes(node, name) ? 'removes' : null;
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
  return isNamed(node.left, name) && isEmptyContainer(node.right);
}

/** `this.name = []` outside of the constructor. */
function isEmptied(node: t.Node, name: string): boolean {
  return node.type === 'AssignmentExpression' && isNamed(node.left, name) && isEmptyContainer(node.right);
}

/** `ring[at % size] = ...`, `ring[at++ & mask] = ...`: the places are used again. */
function isRingWrite(
  { left }: t.AssignmentExpression,
  name: string,
  ringIndexes: ReadonlySet<string>,
): boolean {
  if (left.type !== 'MemberExpression' || !left.computed || !isNamed(left.object, name)) return false;
  return isModular(left.property) || ringIndexes.has(lastName(left.property));
}

/** `text = text.slice(-1000)`, `list = list.filter(...).slice(0, 10)`: what was there is cut. */
function isCutShorter({ left, right }: t.AssignmentExpression, name: string): boolean {
  if (!isNamed(left, name)) return false;
  let found = false;
  walk(right, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
    const method = keyName(node.callee.property, node.callee.computed);
    if (method !== null && cutters.has(method) && mentions(node.callee.object, name)) found = true;
    return undefined;
  });
  return found;
}

function mentions(node: t.Node, name: string): boolean {
  let found = false;
  walk(node, (inner) => {
    if (isNamed(inner, name)) found = true;
    return found ? false : undefined;
  });
  return found;
}

function isEmptyContainer(node: t.Node): boolean {
  if (node.type === 'ObjectExpression') return node.properties.length === 0;
  if (node.type === 'ArrayExpression') return node.elements.length === 0;
  if (node.type === 'StringLiteral') return node.value === '';
  return node.type === 'NewExpression' && node.arguments.length === 0;
}
