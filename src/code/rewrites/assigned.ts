import ts from 'typescript';

/**
 * Whether an expression is assigned to or counted where it stands: `node = other`, `node += 1`, `node++`, `--node`,
 * `[node] = list`, `for (node of list)`.
 */
export function isAssigned(node: ts.Node): boolean {
  const { parent } = node;
  if (isInPattern(node)) return true;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    return (
      parent.left === node && kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment
    );
  }
  return ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent)
    ? parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
    : false;
}

/** Gets a part of what is taken apart, or each element of a loop. */
function isInPattern(node: ts.Node): boolean {
  let current = node;
  for (;;) {
    const { parent } = current;
    if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === current;
    const isPattern = ts.isArrayLiteralExpression(current) || ts.isObjectLiteralExpression(current);
    if (ts.isBinaryExpression(parent)) {
      if (parent.left !== current || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
      // `[node] = list`; with a default value, `[node = 1] = list`.
      if (isPattern) return true;
    } else if (ts.isPropertyAssignment(parent)) {
      if (parent.initializer !== current) return false;
    } else if (ts.isShorthandPropertyAssignment(parent)) {
      if (parent.name !== current) return false;
    } else if (
      !ts.isArrayLiteralExpression(parent) &&
      !ts.isObjectLiteralExpression(parent) &&
      !ts.isSpreadElement(parent) &&
      !ts.isSpreadAssignment(parent)
    ) {
      return false;
    }
    current = parent;
  }
}
