import ts from 'typescript';

/** The name under which a function is known; empty for one that has none. */
export function nameOfFunction(node: ts.Node): string {
  const named = node as Partial<ts.FunctionDeclaration>;
  if (named.name) return named.name.getText();
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  return ts.isBinaryExpression(parent) ? (parent.left.getText().split('.').at(-1) ?? '') : '';
}
