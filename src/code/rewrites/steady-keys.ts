import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import { isAssigned } from './assigned';

/**
 * Whether the key of an assignment is the same after its value was made as before: `name = table[name] = short(name)` stores
 * under what `name` was, and a line below would store under what it is.
 */
export function isSteady(file: ParsedFile, key: ts.Expression, assignment: ts.BinaryExpression): boolean {
  if (ts.isPropertyAccessExpression(key)) {
    const isField = !runsOtherCode(assignment.right) || !isFieldAssigned(file.source, key.name.text);
    return isField && isSteady(file, key.expression, assignment);
  }
  if (!ts.isIdentifier(key)) return true;
  const declared = file.checker.getSymbolAtLocation(key)?.valueDeclaration;
  const name = (declared as Partial<ts.VariableDeclaration> | undefined)?.name;
  if (!declared || !name || !ts.isIdentifier(name)) return true;
  const statement = ts.findAncestor(assignment, ts.isStatement);
  const isOfOthers = enclosingFunction(declared) !== enclosingFunction(assignment);
  return !referencesTo({ ...file, source: declared.getSourceFile() }, name).some((one) => {
    if (!isAssigned(one)) return false;
    const isHere = statement !== undefined && statement.pos <= one.pos && one.end <= statement.end;
    const isLater = enclosingFunction(one) !== enclosingFunction(declared);
    return isHere || (runsOtherCode(assignment.right) && (isOfOthers || isLater));
  });
}

/** While it is worked out, other functions may run. */
function runsOtherCode(value: ts.Node): boolean {
  if (ts.isFunctionLike(value)) return false;
  if (ts.isCallExpression(value) || ts.isNewExpression(value) || ts.isTaggedTemplateExpression(value))
    return true;
  if (ts.isAwaitExpression(value) || ts.isYieldExpression(value)) return true;
  return ts.forEachChild(value, runsOtherCode) ?? false;
}

/** Assigned outside of constructors, on whatever object. */
function isFieldAssigned(source: ts.SourceFile, name: string): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isConstructorDeclaration(node)) return false;
    if (ts.isPropertyAccessExpression(node) && node.name.text === name && isAssigned(node)) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(source);
}
