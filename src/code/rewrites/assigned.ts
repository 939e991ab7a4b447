import ts from 'typescript';

/** Whether an expression is assigned to or counted where it stands: `node = other`, `node += 1`, `node++`, `--node`. */
export function isAssigned(node: ts.Node): boolean {
  const { parent } = node;
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
