import type * as t from '@babel/types';
import type { SourcePosition } from '../protocol/source';
import type { SourceLocator } from './locator';
import { findProperty, keyName, unwrapped } from './members';
import { walk } from './syntax';

/**
 * Where a program gives an object of a package a collection of its own: `app.locals.recent = []`,
 * `server.decorate('seen', new Map())`, `createStore({ seen: {} })`. Only scripts that belong to no package are looked
 * through; an assignment goes before a call.
 */
export async function findGivenProperty(
  locator: SourceLocator,
  name: string,
): Promise<SourcePosition | null> {
  for (const scriptId of locator.userScripts()) {
    if (/[\\/]node_modules[\\/]/.test(locator.script(scriptId)?.url ?? '')) continue;
    if (!(await locator.text(scriptId))?.includes(name)) continue;
    const syntax = await locator.syntax(scriptId);
    const place = syntax && (assignedIn(syntax.program, name) ?? handedIn(syntax.program, name));
    const position = place && (await locator.position({ scriptId, ...syntax.placeOf(place) }));
    if (!position) continue;
    const { originalName: _, ...plain } = position;
    return plain;
  }
  return null;
}

/**
 * Where one script makes the collection that it, or another script, reaches by one of these property names, the last of
 * them first: `loader.cache = {}`, `{ registry: {} }`, `exports.basic = basic`, `singleton('seen', () => [])`. For what
 * hangs on an object whose own declaration does not name it: the script that adds to it is the likeliest to make it.
 */
export async function findMadeProperty(
  locator: SourceLocator,
  scriptId: number,
  names: readonly string[],
): Promise<SourcePosition | null> {
  const syntax = await locator.syntax(scriptId);
  if (!syntax) return null;
  for (const name of [...names].reverse()) {
    const { program } = syntax;
    const place = assignedIn(program, name) ?? writtenIn(program, name) ?? handedIn(program, name);
    const position = place && (await locator.position({ scriptId, ...syntax.placeOf(place) }));
    if (!position) continue;
    const { originalName: _, ...plain } = position;
    return plain;
  }
  return null;
}

/** The property of an object literal, wherever it stands. */
function writtenIn(program: t.Program, name: string): t.Node | null {
  let found: t.Node | null = null;
  walk(program, (node) => {
    if (found) return false;
    const property = findProperty(node, name);
    if (property && isCollection(property.value)) found = property.key;
    return undefined;
  });
  return found;
}

function assignedIn(program: t.Program, name: string): t.Node | null {
  let found: t.Node | null = null;
  walk(program, (node) => {
    if (found) return false;
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return undefined;
    const { property, computed } = node.left;
    if (keyName(property, computed) !== name) return undefined;
    if (isCollection(node.right)) found = property;
    else if (node.right.type === 'Identifier') found = variableOf(program, node.right.name);
    return undefined;
  });
  return found;
}

/** The variable that is given a collection where it is declared. */
function variableOf(program: t.Program, name: string): t.Node | null {
  let found: t.Node | null = null;
  walk(program, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return found ? false : undefined;
    if (node.id.name === name && node.init && isCollection(node.init)) found ??= node.id;
    return undefined;
  });
  return found;
}

function handedIn(program: t.Program, name: string): t.Node | null {
  let found: t.Node | null = null;
  walk(program, (node) => {
    if (found) return false;
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
    for (const [index, argument] of node.arguments.entries()) {
      const next = node.arguments[index + 1];
      if (argument.type === 'StringLiteral' && argument.value === name && next && isCollection(next))
        found = argument;
      const property = findProperty(argument, name);
      if (property && isCollection(property.value)) found = property.key;
    }
    return undefined;
  });
  return found;
}

function isCollection(node: t.Node): boolean {
  const value = unwrapped(node);
  // `getSingleton('seen', () => [])` makes it when it is first asked for.
  if (value?.type === 'ArrowFunctionExpression')
    return value.params.length === 0 && value.body.type !== 'BlockStatement' && isCollection(value.body);
  if (value?.type === 'CallExpression') return /^(create|from)$/.test(nameOfCallee(value.callee));
  return value !== null && /^(Object|Array|New)Expression$/.test(value.type);
}

/** `create` of `Object.create(null)`. */
function nameOfCallee(callee: t.Node): string {
  return callee.type === 'MemberExpression' ? (keyName(callee.property, callee.computed) ?? '') : '';
}
