import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { placesOfMember, withOwner } from '../program/references';
import type { CollectionDeclaration } from './collection-declarations';
import { useOf } from './collection-uses';
import { isExports, isStoredIn, propertyThatGetsIt } from './places-of-names';

/** `memoized.cache = cache`, `return { resolve, cache }` of a function, where nobody removes by that name. */
export function isHandedOut(file: ParsedFile, declaration: CollectionDeclaration, node: ts.Node): boolean {
  const { checker } = file;
  const { place, type } = declaration;
  if (file.others === null) return false;
  const name = propertyThatGetsIt(node);
  if (!name || (place !== 'closure' && isStoredIn(node))) return false;
  const own = [checker.getSymbolAtLocation(name), checker.getSymbolAtLocation(declaration.name)];
  return placesOfMember(file, name.text).every((member) => {
    // Another object's, as far as that is known.
    const symbol = checker.getSymbolAtLocation(member);
    if (symbol && !own.includes(symbol)) return true;
    // `return { topics: this.topics }` gives it out under the name that it has.
    if (withOwner(member) === node || member === declaration.name) return true;
    const { kind } = useOf(member.parent, type);
    // `session.views += 1` is of another object: nobody counts with a collection.
    if (kind === 'reassign' && isCounting(member.parent)) return true;
    return kind === 'read' || kind === 'iterate' || kind === 'size' || kind === 'add' || member === name;
  });
}

/**
 * `module.exports = { cache }`, `exports.cache = cache`, `export { cache }`, with the symbol by which other files know it then
 * where it is another; null where it is no export, or the other files are not known.
 */
export function exportOf(
  { checker, others }: ParsedFile,
  used: ts.Node,
): { readonly symbol: ts.Symbol | null } | null {
  if (others === null) return null;
  const { parent } = used;
  if (ts.isExportSpecifier(parent)) return { symbol: null };
  const name = propertyOfExports(used);
  const symbol = name && checker.getSymbolAtLocation(name);
  return symbol ? { symbol } : null;
}

/** `cache` of `module.exports = { cache }` and of `exports.cache = cache`. */
function propertyOfExports(used: ts.Node): ts.Node | null {
  const { parent } = used;
  if (ts.isShorthandPropertyAssignment(parent) || ts.isPropertyAssignment(parent)) {
    const { parent: holder } = parent.parent;
    return ts.isBinaryExpression(holder) && isExports(holder.left) ? parent.name : null;
  }
  const isAssigned =
    ts.isBinaryExpression(parent) && parent.right === used && ts.isPropertyAccessExpression(parent.left);
  return isAssigned && isExports((parent.left as ts.PropertyAccessExpression).expression)
    ? (parent.left as ts.PropertyAccessExpression).name
    : null;
}

/** `views += 1` */
function isCounting({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent) && /^[-+*/]=$/.test(parent.operatorToken.getText());
}
