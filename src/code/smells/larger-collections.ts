import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { resolveAlias } from '../program/references';
import type { CollectionUse } from './collection-uses';
import { extendedBy } from './places-of-names';

/**
 * The kind of collection that a class is which does more than the built-in one: `Collection` of the Discord libraries, and a class of
 * the project's own that extends `Map` or `Set` and never lets go of anything by itself. Null for any other class.
 */
export function largerCollection(
  { checker, source }: ParsedFile,
  { expression: callee }: ts.NewExpression,
): 'Map' | 'Set' | null {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(name)) return null;
  const declared = resolveAlias(checker, checker.getSymbolAtLocation(name))?.valueDeclaration;
  if (declared && ts.isClassLike(declared)) return extended(declared, checker);
  return name.text === 'Collection' && DISCORD.test(source.text) ? 'Map' : null;
}

/** Their `Collection` is a Map that can be searched and swept. */
const DISCORD =
  /(from|require\()\s*['"](discord\.js(-[\w-]+)?|@discordjs\/collection|eris|oceanic\.js|@projectdysnomia\/dysnomia|guilded\.js)['"]/;

function extended(declared: ts.ClassLikeDeclaration, checker: ts.TypeChecker): 'Map' | 'Set' | null {
  const parent = extendedBy(declared);
  const name = parent?.getText();
  if (!parent || (name !== 'Map' && name !== 'Set') || checker.getSymbolAtLocation(parent)) return null;
  return declared.members.some((member) => LETS_GO.test(member.getText())) ? null : name;
}

const LETS_GO = /\b(delete|clear|size|expire\w*|evict\w*|prune\w*|setTimeout|setInterval)\b/;

/**
 * What a method of such a class of the project's own does, `table.fetch(key, make)`: it adds under its first parameter, or it reads.
 * Null of any other call, and of a method that adds under something else.
 */
export function useOfOwnMethod({ checker }: ParsedFile, call: ts.Node): CollectionUse | null {
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return null;
  const declared = checker.getSymbolAtLocation(call.expression.name)?.valueDeclaration;
  if (!declared || !ts.isMethodDeclaration(declared) || !declared.body) return null;
  const [first] = declared.parameters;
  const keys = [...declared.body.getText().matchAll(ADDS)].map(([, key]) => key!);
  if (keys.length === 0) return { kind: 'read', method: 'get', node: call };
  if (!first || keys.some((key) => key !== first.name.getText())) return null;
  return { kind: 'add', method: 'set', key: call.arguments[0]?.getText() ?? '', node: call };
}

const ADDS = /\b(?:this|super)\.(?:set|add)\(\s*([\w$.]+)/g;
