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

/**
 * A comparison of `name.size` or `name.length` with something, or of anything else that is counted (`this.bytes`) with
 * a number or with what is called a limit.
 */
export function testsLimit(test: t.Node, name: string): boolean {
  let found = false;
  walk(test, (node) => {
    if (node.type !== 'BinaryExpression' || !/^([<>]=?|===?)$/.test(node.operator)) return undefined;
    const sides = [node.left, node.right];
    if (sides.some((side) => isSizeOf(side, name))) found = !sides.some(isNothing);
    else if (node.operator !== '==' && sides.some(isLimit)) found ||= sides.some(isCounted);
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

function mentionsTime(side: t.Node): boolean {
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

/** True for `name`, `this.name`, `anything.#name`. */
export function isNamed(node: t.Node, name: string): boolean {
  if (node.type === 'Identifier') return node.name === name;
  if (node.type === 'MemberExpression')
    return keyName(node.property, node.computed)?.replace(/^#/, '') === name;
  if (node.type === 'TSAsExpression' || node.type === 'TSNonNullExpression')
    return isNamed(node.expression, name);
  return false;
}
