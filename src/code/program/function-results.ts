import ts from 'typescript';

/** The expressions that a function's own `return` statements have. */
export function returnedBy(called: ts.Node): ts.Expression[] {
  if (!ts.isFunctionLike(called) || !('body' in called) || !called.body) return [];
  if (ts.isExpression(called.body)) return [called.body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(called.body, visit);
  return found;
}

/** The statements of a function's block; none of an arrow that is but an expression, nor of what has no body. */
export function statementsOf(called: ts.Node | null): readonly ts.Statement[] {
  if (!called || !ts.isFunctionLike(called) || !('body' in called) || !called.body) return [];
  return ts.isBlock(called.body) ? called.body.statements : [];
}

/** What `const add = function …`, `exports.add = function …` stand for. */
export function functionOf(declared: ts.Node): ts.Node {
  if (ts.isSourceFile(declared)) return declared;
  if (ts.isVariableDeclaration(declared)) return declared.initializer ?? declared;
  const assignment = ts.isBinaryExpression(declared) ? declared : declared.parent;
  const isAssigned =
    ts.isBinaryExpression(assignment) &&
    (assignment === declared || assignment.left === declared) &&
    assignment.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssigned ? assignment.right : declared;
}
