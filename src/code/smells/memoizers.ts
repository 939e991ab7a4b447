import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { bare } from './member-chains';

/**
 * True where the function around returns one that calls what the first was given: `memoize(fn)`; or puts it where the first one
 * was: `descriptor.value = function () { … }`.
 */
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
    if (isOwn && ts.isVariableDeclaration(node) && isMemberOf(node.initializer, given))
      given.add(node.name.getText());
    if (isOwn && ts.isBinaryExpression(node) && isMemberOf(node.left, given)) {
      returns ||= ts.isFunctionLike(node.right) || ts.isIdentifier(node.right);
    }
    if (!isOwn && ts.isCallExpression(node)) {
      calls ||= given.has(node.expression.getText().replace(/\.(call|apply)$/, ''));
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(around, visit);
  return returns && calls;
}

/** `descriptor.value` of a parameter. */
function isMemberOf(node: ts.Expression | undefined, given: ReadonlySet<string>): boolean {
  const member = node && bare(node);
  return (
    member !== undefined && ts.isPropertyAccessExpression(member) && given.has(member.expression.getText())
  );
}

/** `memoized` of `memoized.cache = {}`: a function that the one around makes. */
export function isOfMemoized({ checker }: ParsedFile, holder: ts.Expression): boolean {
  const declared = ts.isIdentifier(holder)
    ? checker.getSymbolAtLocation(holder)?.valueDeclaration
    : undefined;
  if (!declared || enclosingFunction(declared) !== enclosingFunction(holder)) return false;
  const made = ts.isVariableDeclaration(declared) ? declared.initializer : declared;
  return made !== undefined && ts.isFunctionLike(made);
}
