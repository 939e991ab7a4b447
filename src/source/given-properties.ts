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

/** What `find` makes of the first node of which it makes something. */
function firstIn(program: t.Program, find: (node: t.Node) => t.Node | null): t.Node | null {
  let found: t.Node | null = null;
  walk(program, (node) => {
    found ??= find(node);
    return found ? false : undefined;
  });
  return found;
}

/** The property of an object literal, wherever it stands. */
function writtenIn(program: t.Program, name: string): t.Node | null {
  return firstIn(program, (node) => writtenOn(node, name));
}

function writtenOn(node: t.Node, name: string): t.Node | null {
  const property = findProperty(node, name);
  return property && isCollection(property.value) ? property.key : null;
}

function assignedIn(program: t.Program, name: string): t.Node | null {
  return firstIn(program, (node) => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return null;
    const { property, computed } = node.left;
    if (keyName(property, computed) !== name) return null;
    if (isCollection(node.right)) return property;
    return node.right.type === 'Identifier' ? variableOf(program, node.right.name) : null;
  });
}

/** The variable that is given a collection where it is declared. */
function variableOf(program: t.Program, name: string): t.Node | null {
  return firstIn(program, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return null;
    return node.id.name === name && node.init && isCollection(node.init) ? node.id : null;
  });
}

function handedIn(program: t.Program, name: string): t.Node | null {
  return firstIn(program, (node) => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
    for (const [index, argument] of node.arguments.entries()) {
      const next = node.arguments[index + 1];
      const isNamed = argument.type === 'StringLiteral' && argument.value === name;
      if (isNamed && next && isCollection(next)) return argument;
      const written = writtenOn(argument, name);
      if (written) return written;
    }
    return null;
  });
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
