import * as path from 'node:path';
import ts from 'typescript';
import { isApplication, packageOf } from '../program/package';
import { asSeenFrom, type ParsedFile } from '../program/parsed-file';
import { type Name, namesEverywhere, resolve, resolveAlias } from '../program/references';
import { isTestFile } from '../program/test-files';
import type { CollectionUse } from './collection-uses';
import { namedFunction, nameOfFunction } from './function-names';
import { knownCallers } from './known-callers';
import { namesOf } from './member-chains';

/** These frameworks call by their names, or by what a type of a library asks for. */
const CALLED_BY_OTHERS = /^(on[A-Z]\w*|default|main|run|handler|execute|[A-Z]+|constructor)$/;

/**
 * True of a removal in a function or a method that nothing in the whole application calls or hands over, where what
 * adds does run: `prune() { … }` of which the timer was never written.
 */
export function isRemovalNeverRun(
  file: ParsedFile,
  use: CollectionUse,
  uses: readonly CollectionUse[],
): boolean {
  return (
    isNeverRun(file, use.node) && uses.some(({ kind, node }) => kind === 'add' && !isNeverRun(file, node))
  );
}

function isNeverRun(file: ParsedFile, node: ts.Node): boolean {
  const around = namedFunction(node);
  if (!around || file.others === null || !ts.isFunctionLike(around)) return false;
  const name = nameOfFunction(around);
  if (name === '' || CALLED_BY_OTHERS.test(name) || !isDeclaredToBeCalled(around)) return false;
  const callers = knownCallers(file, around);
  if (!callers || callers.calls.length > 0 || callers.handedOver.length > 0) return false;
  const there = asSeenFrom(file, around.getSourceFile());
  return isApplication(there.file) && !isMentioned(there, around, name);
}

/** A function or a method by itself; what an object of a literal has is called by whoever gets the object. */
function isDeclaredToBeCalled(around: ts.Node): boolean {
  if (ts.isFunctionDeclaration(around)) return true;
  if (!ts.isMethodDeclaration(around) || !ts.isClassLike(around.parent)) return false;
  const isDecorated = ts.canHaveDecorators(around) && (ts.getDecorators(around)?.length ?? 0) > 0;
  return !isDecorated && (around.parent.heritageClauses?.length ?? 0) === 0;
}

/** Whether its name stands anywhere else in the package's own sources, tests and lists of exports aside, and may mean it there. */
function isMentioned(file: ParsedFile, around: ts.SignatureDeclaration, name: string): boolean {
  const root = path.dirname(packageOf(file.file)?.packageJson ?? file.file);
  const places = namesEverywhere(file, name).filter(
    (node) => !isTestFile(node.getSourceFile().fileName) && isWithin(root, node.getSourceFile().fileName),
  );
  const namesakes = places.flatMap(({ parent }) =>
    ts.isMethodDeclaration(parent) && parent !== around && ts.isClassLike(parent.parent)
      ? [parent.parent.name?.text ?? '']
      : [],
  );
  return places.some(
    (node) =>
      node !== around.name &&
      !(node.getSourceFile() === file.source && isExported(node)) &&
      !isOfAnother(file, node, around) &&
      !namesakes.some((owner) => owner !== '' && isCalledOn(node, owner)),
  );
}

function isWithin(folder: string, file: string): boolean {
  return !path.relative(folder, file).startsWith('..');
}

/** It means another function, or the method of another class. */
function isOfAnother({ checker }: ParsedFile, node: Name, around: ts.Node): boolean {
  const declared = resolveAlias(checker, resolve(checker, node))?.valueDeclaration;
  const isFunction =
    declared !== undefined && (ts.isFunctionDeclaration(declared) || ts.isMethodDeclaration(declared));
  return isFunction && declared !== around;
}

/** `this.userConnections.remove(id)`, by its name on an object of the class `UserConnections`. */
function isCalledOn({ parent: access }: ts.Node, owner: string): boolean {
  if (!ts.isPropertyAccessExpression(access)) return false;
  const receiver = namesOf(access).at(-2) ?? '';
  return receiver.replace(/^[_#]+/, '').toLowerCase() === owner.toLowerCase();
}

/** `module.exports = { clearCache }`, `exports.clearCache = clearCache`, `export { clearCache }`: given out, and not called. */
function isExported(node: ts.Node): boolean {
  const statement = ts.findAncestor(node, ts.isStatement);
  return (
    ts.isExportSpecifier(node.parent) ||
    (statement !== undefined &&
      ts.isExpressionStatement(statement) &&
      /^(module\.)?exports\b/.test(statement.getText()))
  );
}
