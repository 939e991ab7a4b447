import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';

/** True where the function around returns one that calls what the first was given: `memoize(fn)`. */
export function isMemoizers(creation: ts.Node): boolean {
  const around = enclosingFunction(creation);
  if (!around || !ts.isFunctionLike(around)) return false;
  const given = new Set(around.parameters.map(({ name }) => name.getText()));
  let returns = false;
  let calls = false;
  const visit = (node: ts.Node): void => {
    const isOwn = enclosingFunction(node) === around;
    if (isOwn && ts.isReturnStatement(node) && node.expression) {
      returns ||= ts.isFunctionLike(node.expression) || ts.isIdentifier(node.expression);
    }
    if (!isOwn && ts.isCallExpression(node)) {
      calls ||= given.has(node.expression.getText().replace(/\.(call|apply)$/, ''));
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(around, visit);
  return returns && calls;
}
