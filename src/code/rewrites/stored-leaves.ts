import ts from 'typescript';
import { returnedBy } from '../program/function-results';
import { calledBy } from '../program/load-time';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { resolve } from '../program/references';
import { argumentFor, knownCallers } from '../smells/known-callers';
import { bare, isAssignment, isDefault } from '../smells/member-chains';
import { assignedTo } from '../smells/value-sources';

/** Variables, parameters and functions that hand on what others give end somewhere. */
const MOST_STEPS = 6;

/**
 * What a stored value is in the end, as far as the program shows: variables, branches, what callers give and what functions of its
 * own return are looked through. What a module made once is left out, since it is the same whenever it is stored.
 */
export function leavesOf(file: ParsedFile, value: ts.Expression): ts.Node[] {
  const found = new Set<ts.Node>();
  const seen = new Set<ts.Node>();
  const visit = (given: ts.Expression, steps: number): void => {
    const one = bare(given);
    if (seen.has(one)) return;
    seen.add(one);
    const behind = steps < MOST_STEPS ? partsOf(file, one) : null;
    if (behind === null) found.add(one);
    else for (const part of behind) ts.isExpression(part) ? visit(part, steps + 1) : found.add(part);
  };
  visit(value, 0);
  return [...found];
}

/** What an expression hands on; null where it is the thing itself, or nothing tells what it is. */
function partsOf(file: ParsedFile, value: ts.Expression): readonly ts.Node[] | null {
  if (ts.isAwaitExpression(value)) return [value.expression];
  if (ts.isConditionalExpression(value)) return [value.whenTrue, value.whenFalse];
  if (isDefault(value)) return [value.left, value.right];
  if (ts.isBinaryExpression(value)) {
    const { kind } = value.operatorToken;
    const isHanding =
      isHandingAssignment(kind) ||
      kind === ts.SyntaxKind.AmpersandAmpersandToken ||
      kind === ts.SyntaxKind.CommaToken;
    return isHanding ? [value.right] : null;
  }
  if (ts.isIdentifier(value)) return declaredParts(file, value);
  return ts.isCallExpression(value) ? resultParts(file, value) : null;
}

/** `=`, `??=`, `||=`; `+=` makes something else. */
function isHandingAssignment(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.EqualsToken ||
    (isAssignment(kind) &&
      kind >= ts.SyntaxKind.BarBarEqualsToken &&
      kind <= ts.SyntaxKind.QuestionQuestionEqualsToken)
  );
}

function declaredParts(file: ParsedFile, name: ts.Identifier): readonly ts.Node[] | null {
  const declared = resolve(file.checker, name)?.valueDeclaration;
  if (!declared) return null;
  const isOfModule = enclosingFunction(declared) === null;
  if (ts.isFunctionDeclaration(declared)) return isOfModule ? [] : [declared];
  if (ts.isVariableDeclaration(declared) && ts.isIdentifier(declared.name)) {
    const isConstant = (declared.parent.flags & ts.NodeFlags.Const) !== 0;
    if (isOfModule) return isConstant && declared.initializer ? [] : null;
    const given = [...(declared.initializer ? [declared.initializer] : []), ...assignedTo(file, declared)];
    return given.length > 0 ? given : null;
  }
  return ts.isParameter(declared) ? givenToParameter(file, declared) : null;
}

/** What callers give for it; for what a callback of `then` gets, what the promise is of. */
function givenToParameter(file: ParsedFile, parameter: ts.ParameterDeclaration): ts.Expression[] | null {
  const { parent: call } = parameter.parent;
  const isOfThen =
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.name.text === 'then' &&
    call.arguments[0] === parameter.parent;
  if (isOfThen) return [(call.expression as ts.PropertyAccessExpression).expression];
  const calls = knownCallers(file, parameter.parent)?.calls ?? [];
  const given = calls.flatMap((one) => argumentFor(one, parameter) ?? parameter.initializer ?? []);
  return given.length > 0 ? given : null;
}

/** What is called gives the same, or what it returns; what a generator gives is its own. */
function resultParts(file: ParsedFile, call: ts.CallExpression): readonly ts.Expression[] | null {
  if (HANDS_ON.test(call.expression.getText())) return call.arguments.slice(0, 1);
  const isThen = ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === 'then';
  const called = isThen
    ? call.arguments.slice(0, 1).filter((one) => ts.isFunctionLike(one))
    : calledBy(call.expression, file.checker).filter((one) => ts.isFunctionLike(one));
  if (called.length === 0 || called.some(isGenerator)) return null;
  const returned = called.flatMap(returnedBy);
  return returned.length > 0 ? returned : null;
}

const HANDS_ON = /^(Promise\.resolve|Object\.(freeze|seal|preventExtensions))$/;

/** `function* () { … }` */
export function isGenerator(called: ts.Node): boolean {
  return ts.isFunctionLike(called) && (called as Partial<ts.FunctionDeclaration>).asteriskToken !== undefined;
}
