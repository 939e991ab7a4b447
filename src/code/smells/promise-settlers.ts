import ts from 'typescript';

/** `resolve` of `new Promise((resolve) => waiting.push(resolve))`: it has done its work when it was called once. */
export function settlesPromise(value: ts.Expression): boolean {
  if (!ts.isIdentifier(value)) return false;
  const executor = ts.findAncestor(value, ts.isFunctionLike);
  return (
    executor !== undefined &&
    ts.isNewExpression(executor.parent) &&
    executor.parent.expression.getText() === 'Promise' &&
    executor.parameters.some(({ name }) => name.getText() === value.text)
  );
}
