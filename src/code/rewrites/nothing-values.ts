import ts from 'typescript';
import { calledBy } from '../program/load-time';

/** Methods of arrays, Maps and strings that give undefined or null for what is not there. */
const FINDING = /\.(find|findLast|get|pop|shift|at|match|exec)$/;

/**
 * True for an expression that can be undefined or null: by its type, or (with `byCall`, where no type is declared) by what
 * the function that it calls says.
 */
export function givesNothing(checker: ts.TypeChecker, expression: ts.Expression, byCall: boolean): boolean {
  let value = expression;
  while (ts.isParenthesizedExpression(value) || ts.isAwaitExpression(value)) value = value.expression;
  if (value.kind === ts.SyntaxKind.NullKeyword || value.getText() === 'undefined') return true;
  if (ts.isConditionalExpression(value)) {
    return givesNothing(checker, value.whenTrue, byCall) || givesNothing(checker, value.whenFalse, byCall);
  }
  const type = checker.getTypeAtLocation(value);
  const parts = type.isUnion() ? type.types : [type];
  if (parts.some(({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0)) return true;
  if (!byCall) return false;
  if (ts.isIdentifier(value)) {
    const made = initializerOf(checker, value);
    return made !== null && ts.isCallExpression(made) && givesNothing(checker, made, byCall);
  }
  if (!ts.isCallExpression(value)) return false;
  return isFinding(value) || calledBy(value.expression, checker).some(returnsNothing);
}

/** What a constant was made of; null where a question about it stands before its use. */
function initializerOf(checker: ts.TypeChecker, name: ts.Identifier): ts.Expression | null {
  const declared = checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (!declared || !ts.isVariableDeclaration(declared)) return null;
  if ((ts.getCombinedNodeFlags(declared) & ts.NodeFlags.Const) === 0) return null;
  const between = name.getSourceFile().text.slice(declared.end, name.pos);
  // Itself, not in a call: `if (seen.has(session))` asks nothing of `session`.
  const isAsked = new RegExp(
    `\\b(if|while)\\s*\\(([^\\n]*(&&|\\|\\|))?[\\s!(]*(typeof\\s+)?${name.text}\\b`,
  ).test(between);
  return isAsked ? null : (declared.initializer ?? null);
}

/** A function of which one `return` gives undefined or null by its words. */
function returnsNothing(called: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found || (node !== called && ts.isFunctionLike(node))) return;
    if (ts.isReturnStatement(node)) {
      let value = node.expression;
      while (value && ts.isParenthesizedExpression(value)) value = value.expression;
      const ends = value && ts.isConditionalExpression(value) ? [value.whenTrue, value.whenFalse] : [value];
      found = ends.some((one) => !one || /^(undefined|null)$/.test(one.getText()) || isFinding(one));
    }
    ts.forEachChild(node, visit);
  };
  visit(called);
  return found;
}

function isFinding(node: ts.Expression): boolean {
  return ts.isCallExpression(node) && FINDING.test(node.expression.getText());
}
