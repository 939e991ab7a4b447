import type * as t from '@babel/types';
import {
  findAssignedProperty,
  findClass,
  findField,
  findMemberAssignment,
  findProperty,
  unwrapped,
} from './members';
import { isClass, type ScriptSyntax, walk } from './syntax';

/** How far properties led. */
export interface Followed {
  readonly place: t.Node;
  readonly isWhole: boolean;
}

/** What is known of where something is declared, short of the properties that lead on. */
export function notWhole(place: t.Node): Followed {
  return { place, isWhole: false };
}

/** Goes from a declaration into its object literal, property by property, as far as the literal is written out. */
export function follow(
  syntax: ScriptSyntax,
  name: string,
  declaration: t.Node,
  value: t.Node | null,
  properties: readonly string[],
): Followed {
  let place = declaration;
  let literal = unwrapped(value);
  let owner = name;
  for (const property of properties) {
    const found: { key: t.Node; value: t.Node } | null =
      (literal ? findProperty(literal, property) : null) ??
      findAssignedProperty(syntax.program, owner, property);
    const key: t.Node | null =
      found?.key ??
      findMemberAssignment(syntax.program, owner, property) ??
      fieldOfInstance(syntax, literal, property);
    // The array that all instances share: `Plugin.prototype.handlers = []`.
    if (!key && property === 'prototype') {
      owner = `${owner}.prototype`;
      literal = null;
      continue;
    }
    if (!key) return notWhole(place);
    place = key;
    literal = found ? unwrapped(found.value) : valueOfKey(syntax.program, key);
    owner = property;
  }
  return { place, isWhole: true };
}

/** `new class { ... }`, and `new Journal(...)` of a class of the same script, declare the field. */
function fieldOfInstance({ program }: ScriptSyntax, value: t.Node | null, property: string): t.Node | null {
  if (value?.type !== 'NewExpression') return null;
  const { callee } = value;
  const made = callee.type === 'Identifier' ? findClass(program, callee.name) : callee;
  return made && isClass(made) ? findField(made, property, false) : null;
}

/** The right side of the declaration or assignment whose key or target is `key`. */
export function valueOfKey(root: t.Node, key: t.Node): t.Node | null {
  let value: t.Node | null = null;
  walk(root, (node) => {
    if (value) return false;
    if ('key' in node && node.key === key && 'value' in node) value = node.value as t.Node | null;
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
      if (node.left.property === key) value = node.right;
    }
    return undefined;
  });
  return unwrapped(value);
}
