import type * as t from '@babel/types';
import { lastName } from './removal-tests';
import { isFunction, walk } from './syntax';

/** Whether a function adds to what is called `name`: `name.push(...)`, `name[key] = ...`. */
export function addsTo(within: t.Node, name: string): boolean {
  return grownIn(within).has(name);
}

/** What else a function adds to when it adds to `name`, by name: `order.push(key); index[key] = value`. */
export function companionsOf(within: t.Node, name: string): string[] {
  const grown = grownIn(within);
  return grown.has(name) ? [...grown].filter((other) => other !== name) : [];
}

const known = new WeakMap<t.Node, ReadonlySet<string>>();

/** The names of all that a function adds to, without the functions in it. */
function grownIn(within: t.Node): ReadonlySet<string> {
  const before = known.get(within);
  if (before) return before;
  const grown = new Set<string>();
  walk(within, (node) => {
    if (node !== within && isFunction(node)) return false;
    const target = addedTo(node);
    if (target) grown.add(lastName(target).replace(/^#/, ''));
    return undefined;
  });
  grown.delete('');
  known.set(within, grown);
  return grown;
}

function addedTo(node: t.Node): t.Node | null {
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression')
    return /^(set|add|push|unshift)$/.test(lastName(node.callee)) ? node.callee.object : null;
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return null;
  return node.left.computed ? node.left.object : null;
}
