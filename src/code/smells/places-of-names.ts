import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';
import type { Name } from '../program/references';
import { withParentheses } from './member-chains';

/** `pool[kHosts]` of `kHosts`; its declaration, imports and exports are no uses of the field. */
export function isKeyOfMember(node: Name): boolean {
  return ts.isElementAccessExpression(node.parent) && node.parent.argumentExpression === node;
}

/** The property under which an object or a function of the same closure gives the value out. */
export function propertyThatGetsIt(node: ts.Node): ts.Identifier | null {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.right === node && ts.isPropertyAccessExpression(parent.left)) {
    const { expression, name } = parent.left;
    return ts.isIdentifier(expression) && ts.isIdentifier(name) ? name : null;
  }
  if (!ts.isPropertyAssignment(parent) && !ts.isShorthandPropertyAssignment(parent)) return null;
  return isReturned(withParentheses(parent.parent)) && ts.isIdentifier(parent.name) ? parent.name : null;
}

/** `return node`, `() => node` */
export function isReturned({ parent }: ts.Node): boolean {
  return ts.isReturnStatement(parent) || ts.isArrowFunction(parent);
}

/** `other.cache = cache` */
export function isStoredIn({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent);
}

/** `exports`, `module.exports` */
export function isExports(node: ts.Node): boolean {
  return /^(module\.)?exports$/.test(node.getText());
}

/** The named function that does nothing with the node but return it; null for any other place. */
export function returningFunction(node: ts.Node): ts.Identifier | null {
  const around = enclosingFunction(node);
  const whole = withChoice(node);
  const isReturned =
    ts.isReturnStatement(whole.parent) || (around && ts.isArrowFunction(around) && around.body === whole);
  if (!around || !isReturned) return null;
  const { name } = around as Partial<ts.FunctionDeclaration>;
  if (name) return ts.isIdentifier(name) ? name : null;
  const { parent } = around;
  // `exports.createBreaker = () => { … }`
  if (ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left))
    return parent.right === around && ts.isIdentifier(parent.left.name) ? parent.left.name : null;
  const isNamed = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
  return isNamed && ts.isIdentifier(parent.name) ? parent.name : null;
}

/** `name ? runs.filter(isOf) : runs` of either. */
function withChoice(node: ts.Node): ts.Node {
  const { parent } = node;
  const isChosen = ts.isConditionalExpression(parent) && parent.condition !== node;
  return isChosen || ts.isParenthesizedExpression(parent) ? withChoice(parent) : node;
}

/** It stands in an import or an export and is no use by itself. */
export function isImportOrExport({ parent }: Name): boolean {
  return ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isImportClause(parent);
}

/** What a class extends, as it is written: `Base` of `class Client extends Base`. */
export function extendedBy({ heritageClauses }: ts.ClassLikeDeclaration): ts.Expression | undefined {
  return heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression;
}

/** `this.seen` */
export function isThisMember(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword;
}

/** The name where something is declared. */
export function isDeclarationName(node: Name): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyDeclaration(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isVariableDeclaration(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isFunctionLike(parent) ||
      ts.isParameter(parent)) &&
    parent.name === node
  );
}

/** The assignment that makes the collection is no use of it. */
export function isCreating(used: ts.Node, creation: ts.Node): boolean {
  const { parent } = used;
  if (!ts.isBinaryExpression(parent) || parent.left !== used) return false;
  return parent.right.pos <= creation.pos && creation.end <= parent.right.end && sameFunction(used, creation);
}

function sameFunction(a: ts.Node, b: ts.Node): boolean {
  return enclosingFunction(a) === enclosingFunction(b);
}
