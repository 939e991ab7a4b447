import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import type { CollectionUse } from '../smells/collection-uses';

/**
 * How long an entry is good for by the code's own reckoning, as an expression that can stand at the declaration: the
 * limit of `Date.now() - entry.at > LIMIT` in a function that reads the collection, or what is added to `Date.now()` where
 * it stores. Null where there is none, or where it is no number and no constant of the module.
 */
export function expiryOf(
  file: ParsedFile,
  { uses, creation }: { readonly uses: readonly CollectionUse[]; readonly creation: ts.Node },
): string | null {
  const functions = new Set(uses.map(({ node }) => enclosingFunction(node)).filter((one) => one !== null));
  for (const around of functions) {
    const found = expiryWithin(around);
    if (found && isConstant(file, found, creation.pos)) return found.getText(file.source);
  }
  return null;
}

function expiryWithin(around: ts.Node): ts.Expression | null {
  let found: ts.Expression | null = null;
  const visit = (node: ts.Node): void => {
    if (!found && ts.isBinaryExpression(node)) found = limitOf(node);
    if (!found) ts.forEachChild(node, visit);
  };
  visit(around);
  return found;
}

/** `Date.now() - at > LIMIT`, `Date.now() - at < LIMIT`, `Date.now() + LIMIT` */
function limitOf({ left, right, operatorToken }: ts.BinaryExpression): ts.Expression | null {
  const { kind } = operatorToken;
  if (kind === ts.SyntaxKind.PlusToken) return isNow(left) ? right : isNow(right) ? left : null;
  const isComparison =
    kind === ts.SyntaxKind.GreaterThanToken ||
    kind === ts.SyntaxKind.GreaterThanEqualsToken ||
    kind === ts.SyntaxKind.LessThanToken ||
    kind === ts.SyntaxKind.LessThanEqualsToken;
  if (!isComparison || !ts.isBinaryExpression(left)) return null;
  return left.operatorToken.kind === ts.SyntaxKind.MinusToken && isNow(left.left) ? right : null;
}

function isNow(node: ts.Expression): boolean {
  return ts.isCallExpression(node) && node.expression.getText() === 'Date.now';
}

function isConstant(file: ParsedFile, node: ts.Expression, before: number): boolean {
  if (ts.isNumericLiteral(node)) return true;
  if (ts.isBinaryExpression(node)) {
    return isConstant(file, node.left, before) && isConstant(file, node.right, before);
  }
  if (!ts.isIdentifier(node)) return false;
  const declared = file.checker.getSymbolAtLocation(node)?.valueDeclaration;
  if (!declared || !ts.isVariableDeclaration(declared)) return false;
  const isConst = (ts.getCombinedNodeFlags(declared) & ts.NodeFlags.Const) !== 0;
  // A constant that is declared further down is not there yet when the collection is made.
  return isConst && declared.end < before && ts.isSourceFile(declared.parent.parent.parent);
}
