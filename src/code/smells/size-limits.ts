import ts from 'typescript';

const COMPARISONS = new Set([
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

/** `list.length > 100`: a loop over all indices and a question for emptiness compare the size, too, and limit nothing. */
export function isComparedWithLimit(node: ts.Node): boolean {
  const { parent } = node;
  if (!ts.isBinaryExpression(parent) || !COMPARISONS.has(parent.operatorToken.kind)) return false;
  const other = parent.left === node ? parent.right : parent.left;
  if (ts.isNumericLiteral(other)) return Number(other.text) > (isAskedForLast(parent) ? 3 : 1);
  const loop = ts.findAncestor(parent, (one) => ts.isForStatement(one) || ts.isWhileStatement(one));
  return !(
    loop &&
    ts.isForStatement(loop) &&
    loop.condition &&
    loop.condition.pos <= parent.pos &&
    parent.end <= loop.condition.end
  );
}

/** `if (played.length < 2) return null`: whether there are as many as are read from its end. */
function isAskedForLast(comparison: ts.BinaryExpression): boolean {
  const { parent: statement } = comparison;
  const isLess = comparison.operatorToken.kind === ts.SyntaxKind.LessThanToken;
  const around = ts.findAncestor(comparison, ts.isFunctionLike);
  return (
    isLess &&
    ts.isIfStatement(statement) &&
    /^\{?\s*return\b/.test(statement.thenStatement.getText()) &&
    around !== undefined &&
    !/\.(push|unshift|add|set)\(/.test(around.getText())
  );
}
