import ts from 'typescript';
import { isApplication } from '../program/package';
import { asSeenFrom, type ParsedFile } from '../program/parsed-file';
import { type Name, namesEverywhere, resolve, resolveAlias } from '../program/references';
import { isTestFile } from '../program/test-files';
import type { CollectionUse } from './collection-uses';
import { namedFunction, nameOfFunction } from './function-names';
import { knownCallers } from './known-callers';
import { namesOf } from './member-chains';

/** What frameworks call by its name: `onClose`, the `remove` of a service, `getServerSideProps` of a page. What takes out old entries has two words, or says so. */
const CALLED_BY_OTHERS = /^(on[A-Z]\w*|get\w*|[A-Z]+|constructor)$/;
const REMOVES = /^[_#]*([a-z]+[A-Z_]\w*|cleanup|expire|prune|sweep|evict|purge|gc|reap)$/;

/** Frameworks look for what these folders have. */
const OF_ROUTES = /[\\/](pages|routes?|api|controllers?|handlers?|functions|actions|hooks)[\\/]/;

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
  if (!REMOVES.test(name) || CALLED_BY_OTHERS.test(name) || !isDeclaredToBeCalled(around)) return false;
  const callers = knownCallers(file, around);
  if (!callers || callers.calls.length > 0 || callers.handedOver.length > 0) return false;
  const there = asSeenFrom(file, around.getSourceFile());
  return isApplication(there.file) && !OF_ROUTES.test(there.file) && !isMentioned(there, around, name);
}

/** A function or a method by itself; what an object of a literal has is called by whoever gets the object. */
function isDeclaredToBeCalled(around: ts.Node): boolean {
  if (ts.isFunctionDeclaration(around)) return true;
  if (!ts.isMethodDeclaration(around) || !ts.isClassLike(around.parent)) return false;
  const isDecorated = ts.canHaveDecorators(around) && (ts.getDecorators(around)?.length ?? 0) > 0;
  return !isDecorated && (around.parent.heritageClauses?.length ?? 0) === 0;
}

/** Whether its name stands anywhere else in the program, tests and lists of exports aside, and may mean it there; also as a text. */
function isMentioned(file: ParsedFile, around: ts.SignatureDeclaration, name: string): boolean {
  const quoted = new RegExp(`['"\`.:#@]${name.replace('#', '').replaceAll('$', '\\$')}['"\`]`);
  if ([file.source, ...(file.others ?? [])].some(({ text }) => quoted.test(text))) return true;
  const places = namesEverywhere(file, name).filter((node) => !isTestFile(node.getSourceFile().fileName));
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
