import type * as t from '@babel/types';
import { keyName } from './members';
import { isModular } from './removal-calls';
import { isNamed, lastName, testsAge } from './removal-tests';
import { isFunction, walk } from './syntax';

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

/** What a node does to what is called `name`, wherever it stands; null when it removes nothing. */
export function removalKind(
  node: t.Node,
  name: string,
  ringIndexes: ReadonlySet<string>,
): 'bounded' | 'swept' | 'removes' | null {
  if (node.type === 'AssignmentExpression' && isRingWrite(node, name, ringIndexes)) return 'bounded';
  if (node.type === 'AssignmentExpression' && isCutShorter(node, name)) return 'bounded';
  if (node.type === 'AssignmentExpression' && isFiltered(node, name))
    return testsAge(node.right) ? 'swept' : 'removes';
  return removes(node, name) ? 'removes' : null;
}

/** `name.delete(...)`, `delete name[...]`, `name.length = ...`, `name = {}` after its declaration. */
function removes(node: t.Node, name: string): boolean {
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
    const method = keyName(node.callee.property, node.callee.computed);
    if (method === null || !removers.has(method) || isInsertion(node)) return false;
    return isNamed(node.callee.object, name);
  }
  if (node.type === 'UnaryExpression' && node.operator === 'delete') {
    return node.argument.type === 'MemberExpression' && isNamed(node.argument.object, name);
  }
  if (node.type !== 'AssignmentExpression') return false;
  if (node.left.type === 'MemberExpression') {
    const isCut = keyName(node.left.property, node.left.computed) === 'length';
    if (isCut && isNamed(node.left.object, name)) return true;
  }
  return isNamed(node.left, name) && isEmptyContainer(node.right);
}

/** `this.cache = new Map()`: the first one of an object or, past a limit or by a timer, the next. */
export function beginsAnew(node: t.Node): boolean {
  return (
    node.type === 'AssignmentExpression' &&
    node.left.type === 'MemberExpression' &&
    isEmptyContainer(node.right)
  );
}

/** `splice(at, 0, one)` only puts something in. */
function isInsertion({ callee, arguments: [, count] }: t.CallExpression): boolean {
  return lastName(callee) === 'splice' && count?.type === 'NumericLiteral' && count.value === 0;
}

/** `list = list.filter(...)`, `map = new Map([...map].filter(...))`. */
function isFiltered({ left, right }: t.AssignmentExpression, name: string): boolean {
  if (!isNamed(left, name) || !mentions(right, name)) return false;
  let found = false;
  walk(right, (node) => {
    if (node.type === 'CallExpression' && lastName(node.callee) === 'filter') found = true;
    return found || isFunction(node) ? false : undefined;
  });
  return found;
}

/** Whether a removal takes all there is: `clear()`, `= new Map()`, `length = 0`. */
export function isWhole(node: t.Node): boolean {
  if (node.type === 'AssignmentExpression') return true;
  return node.type === 'CallExpression' && /^(clear|splice|prune|evict)$/.test(lastName(node.callee));
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
    // `Result.prototype.data = function () {...}` is a method that happens to be called so.
    if (isFunction(node)) return false;
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
