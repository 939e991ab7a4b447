import type * as t from '@babel/types';
import { keyName } from './members';
import { resolveName } from './scopes';
import { isFunction, type ScriptSyntax } from './syntax';

/** What a size is compared with, as far as a living program can be asked for its value. */
export type LimitExpression =
  /** Written out: `cache.size > 1000`. */
  | { readonly kind: 'number'; readonly value: number }
  /** Read from the object that holds the collection, by way of these properties: `this.options.max`. */
  | { readonly kind: 'field'; readonly properties: readonly string[] }
  /** Read from a variable that outlives the test, and on by way of these properties: `options.max`, `LIMIT`. */
  | { readonly kind: 'variable'; readonly name: string; readonly properties: readonly string[] }
  /** A sum or product with one of these: no number of its own, but none where that is none. */
  | { readonly kind: 'reckoned'; readonly from: LimitExpression };

/** A limit of a limit: `const max = options.max` is gone through so often. */
const mostSteps = 3;

/**
 * Reads the limit of a test. Null for what is computed there and then from nothing that stays: a parameter, a call.
 */
export function limitExpression(syntax: ScriptSyntax, node: t.Node, depth = 0): LimitExpression | null {
  if (depth > mostSteps) return null;
  if (node.type === 'NumericLiteral') return { kind: 'number', value: node.value };
  if (node.type === 'BinaryExpression') return reckonedExpression(syntax, node, depth);
  const properties: string[] = [];
  let root: t.Node = node;
  while (root.type === 'MemberExpression') {
    const name = keyName(root.property, root.computed);
    if (name === null || name.startsWith('#')) return null;
    properties.unshift(name);
    root = root.object;
  }
  if (root.type === 'ThisExpression') return properties.length > 0 ? { kind: 'field', properties } : null;
  if (root.type !== 'Identifier') return null;
  return variableExpression(syntax, root, properties, depth);
}

/** `2 * this.max`, `max + margin`: as boundless as what it is reckoned from. */
function reckonedExpression(
  syntax: ScriptSyntax,
  { operator, left, right }: t.BinaryExpression,
  depth: number,
): LimitExpression | null {
  if (!/^[-+*/]$/.test(operator)) return null;
  for (const side of operator === '*' || operator === '+' ? [left, right] : [left]) {
    const from = limitExpression(syntax, side, depth + 1);
    if (from && from.kind !== 'number') return { kind: 'reckoned', from };
  }
  return null;
}

/** A variable of the innermost function is gone when it returns: only what it stands for can be read. */
function variableExpression(
  syntax: ScriptSyntax,
  root: t.Identifier,
  properties: readonly string[],
  depth: number,
): LimitExpression | null {
  const chain = syntax.enclosing(syntax.placeOf(root));
  const binding = resolveName(chain, root.name);
  if (!binding || binding.value?.type === 'ImportDeclaration') return null;
  const { value } = binding;
  if (properties.length === 0 && value?.type === 'NumericLiteral' && isConstant(binding.identifier, chain))
    return { kind: 'number', value: value.value };
  const innermost = chain.findLast(isFunction);
  const isLocal = innermost !== undefined && chain.indexOf(binding.scope) >= chain.indexOf(innermost);
  if (!isLocal) return { kind: 'variable', name: root.name, properties };
  const taken = takenFrom(syntax, binding.identifier);
  if (!value || taken === null) return null;
  const stands = baseExpression(syntax, value, depth);
  if (!stands) return null;
  const rest = [...taken, ...properties];
  if (stands.kind === 'number' || stands.kind === 'reckoned') return rest.length === 0 ? stands : null;
  return { ...stands, properties: [...stands.properties, ...rest] };
}

/** `const { max } = this` reads from the holder itself, which is no limit yet. */
function baseExpression(syntax: ScriptSyntax, value: t.Node, depth: number): LimitExpression | null {
  if (value.type === 'ThisExpression') return { kind: 'field', properties: [] };
  return limitExpression(syntax, value, depth + 1);
}

/** The property that a declaration takes out of its value: `max` of `{ max }` and `{ max: most }`; null for others. */
function takenFrom(syntax: ScriptSyntax, identifier: t.Node): string[] | null {
  const chain = syntax.enclosing(syntax.placeOf(identifier));
  const declarator = chain.findLast((node) => node.type === 'VariableDeclarator');
  if (!declarator) return null;
  if (declarator.id === identifier) return [];
  if (declarator.id.type !== 'ObjectPattern') return null;
  for (const property of declarator.id.properties) {
    if (property.type !== 'ObjectProperty' || property.value !== identifier) continue;
    const name = keyName(property.key, property.computed);
    return name === null ? null : [name];
  }
  return null;
}

/** `const`: what it was given is what it is. */
function isConstant(identifier: t.Node, chain: readonly t.Node[]): boolean {
  for (const scope of chain) {
    const body = 'body' in scope ? scope.body : null;
    for (const statement of Array.isArray(body) ? (body as t.Node[]) : []) {
      const declaration =
        statement.type === 'ExportNamedDeclaration' && statement.declaration
          ? statement.declaration
          : statement;
      if (declaration.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue;
      if (declaration.declarations.some(({ id }) => id === identifier)) return true;
    }
  }
  return false;
}
