import type * as t from '@babel/types';
import { keyName } from './members';
import { walk } from './syntax';

/** Tests in a script that say when something is taken out of a collection. All go by names. */

/** `if (...) return;` and the like. */
export function leaves(node: t.Node): boolean {
  if (node.type !== 'IfStatement' || node.alternate) return false;
  const { consequent } = node;
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  return last !== undefined && /^(Return|Continue|Break|Throw)Statement$/.test(last.type);
}

/** The condition under which the rest of a node runs. */
export function testOf(node: t.Node): t.Node | null {
  const tests =
    node.type === 'IfStatement' ||
    node.type === 'WhileStatement' ||
    node.type === 'ForStatement' ||
    node.type === 'ConditionalExpression';
  if (tests) return node.test ?? null;
  return node.type === 'LogicalExpression' ? node.left : null;
}

/** What a test compares a size with. */
export interface TestedLimit {
  readonly against: t.Node;
  /** True where the size is that of the collection itself, false where it is something else that is counted. */
  readonly ofEntries: boolean;
  /** True where nothing else is tested with it. */
  readonly isAlone: boolean;
}

/**
 * What `name.size` or `name.length` is compared with, or anything else that is counted (`this.bytes`) where that is a
 * number or called a limit; null where a test compares nothing of the kind.
 */
export function limitTested(test: t.Node, name: string): TestedLimit | null {
  let found: TestedLimit | null = null;
  walk(test, (node) => {
    if (node.type !== 'BinaryExpression' || !/^([<>]=?|===?)$/.test(node.operator)) return undefined;
    const sides = [node.left, node.right];
    const size = sides.findIndex((side) => isSizeOf(side, name));
    const limit = sides.find(isLimit);
    if (size !== -1) {
      const isAlone = node === test;
      found = sides.some(isNothing) ? null : { against: sides[1 - size]!, ofEntries: true, isAlone };
    } else if (node.operator !== '==' && limit && sides.some(isCounted))
      found ??= { against: limit, ofEntries: false, isAlone: false };
    return undefined;
  });
  return found;
}

function isSizeOf(side: t.Node, name: string): boolean {
  if (side.type !== 'MemberExpression' || !isNamed(side.object, name)) return false;
  const property = keyName(side.property, side.computed);
  return property === 'size' || property === 'length';
}

/** `list.length === 0` or `> 0` tests whether there is anything, no limit. */
function isNothing(side: t.Node): boolean {
  return side.type === 'NumericLiteral' && side.value === 0;
}

function isLimit(side: t.Node): boolean {
  if (side.type === 'NumericLiteral') return side.value > 1;
  return /max|limit|capacity|bound|high|most|budget|quota/i.test(lastName(side));
}

function isCounted(side: t.Node): boolean {
  // The size of something else says nothing; one's own counter does.
  if (side.type === 'MemberExpression' && side.object.type !== 'ThisExpression') {
    if (/^(size|length)$/.test(lastName(side))) return false;
  }
  return /size|length|count|bytes|total|entries|used|weight|number/i.test(lastName(side));
}

/** A comparison with the time, or with when something ends. */
export function testsAge(test: t.Node): boolean {
  let found = false;
  walk(test, (node) => {
    if (node.type !== 'BinaryExpression' || !/^[<>]=?$/.test(node.operator)) return undefined;
    for (const side of [node.left, node.right]) {
      if (mentionsTime(side)) found = true;
    }
    return undefined;
  });
  return found;
}

/** A test that says whether something is due: by time, every so many calls, now and then by chance. */
export function testsTime(test: t.Node): boolean {
  if (testsAge(test)) return true;
  let found = false;
  walk(test, (node) => {
    if (node.type === 'BinaryExpression' && node.operator === '%') found = true;
    if (node.type === 'CallExpression' && lastName(node.callee) === 'random') found = true;
    return found ? false : undefined;
  });
  return found;
}

/** `now`, `Date.now()`, `entry.expires`. */
export function mentionsTime(side: t.Node): boolean {
  let found = false;
  walk(side, (node) => {
    if (/^(now|ttl)$|expir|deadline|max_?age|stale|older/i.test(lastName(node))) found = true;
    return undefined;
  });
  return found;
}

/** `b` of `a.b`, `a` of `a` and of `a()`; '' for what has no name. */
export function lastName(node: t.Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'PrivateName') return node.id.name;
  return node.type === 'MemberExpression' ? (keyName(node.property, node.computed) ?? '') : '';
}

/** What the entries of a collection are called in searches that go by names. */
export function nameOfEntries(name: string): string {
  return `${name}[]`;
}

/** `name[at]`, `name.get(key)`, also where one is made when there is none. */
function isEntryOf(node: t.Node, name: string): boolean {
  if (node.type === 'LogicalExpression') return isEntryOf(node.left, name);
  if (node.type === 'AssignmentExpression') return isEntryOf(node.left, name);
  if (node.type === 'MemberExpression') return node.computed && isNamed(node.object, name);
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return false;
  const { callee } = node;
  if (callee.type !== 'MemberExpression') return false;
  return /^(get|at)$/.test(lastName(callee)) && isNamed(callee.object, name);
}

/** True for `name`, `this.name`, `anything.#name`. */
export function isNamed(node: t.Node, name: string): boolean {
  if (name.endsWith('[]')) return isEntryOf(node, name.slice(0, -2));
  if (node.type === 'Identifier') return node.name === name;
  if (node.type === 'MemberExpression')
    return keyName(node.property, node.computed)?.replace(/^#/, '') === name;
  if (node.type === 'TSAsExpression' || node.type === 'TSNonNullExpression')
    return isNamed(node.expression, name);
  return false;
}
