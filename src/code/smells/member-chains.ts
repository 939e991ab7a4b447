import ts from 'typescript';

/** Parentheses, casts and `!` aside. */
export function bare(expression: ts.Expression): ts.Expression {
  let current = expression;
  while (
    ts.isParenthesizedExpression(current) ||
    ts.isAsExpression(current) ||
    ts.isNonNullExpression(current) ||
    ts.isSatisfiesExpression(current) ||
    ts.isTypeAssertionExpression(current)
  )
    current = current.expression;
  return current;
}

/** The same of what is waited for: `load()` of `(await load())!`. */
export function awaited(expression: ts.Expression): ts.Expression {
  const value = bare(expression);
  return ts.isAwaitExpression(value) ? bare(value.expression) : value;
}

/** The outermost of the parentheses around it. */
export function withParentheses(node: ts.Node): ts.Node {
  return ts.isParenthesizedExpression(node.parent) ? withParentheses(node.parent) : node;
}

/** `a.b.c` → `a`, `b`, `c`; calls on the way aside. */
export function namesOf(expression: ts.Expression): string[] {
  const names: string[] = [];
  for (let current = bare(expression); ; ) {
    if (ts.isPropertyAccessExpression(current)) {
      names.unshift(current.name.text);
      current = bare(current.expression);
    } else if (ts.isCallExpression(current) || ts.isElementAccessExpression(current))
      current = bare(current.expression);
    else if (ts.isAwaitExpression(current)) current = bare(current.expression);
    else {
      if (ts.isIdentifier(current)) names.unshift(current.text);
      return names;
    }
  }
}

/** What a chain of members and calls starts with. */
export function rootOf(expression: ts.Expression): ts.Expression {
  let current = bare(expression);
  while (
    ts.isPropertyAccessExpression(current) ||
    ts.isCallExpression(current) ||
    ts.isElementAccessExpression(current)
  )
    current = bare(current.expression);
  return current;
}

/** The name before the last: of `this.plugin.id` it is `plugin`. */
export function ownerName(access: ts.PropertyAccessExpression): string {
  return namesOf(access).at(-2) ?? '';
}

/** The list whose elements a callback gets: `list.forEach((one) => …)`. */
export function iteratedBy(parameter: ts.ParameterDeclaration): ts.Expression | null {
  const { parent: call } = parameter.parent;
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return null;
  const index = parameter.parent.parameters.indexOf(parameter);
  const isElement =
    index === 0 ? /^(forEach|map|filter|some|every|find|flatMap)$/ : index === 1 ? /^reduce$/ : /^$/;
  return isElement.test(call.expression.name.text) ? call.expression.expression : null;
}

/** `=`, `+=`, `??=` and the like. */
export function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** `known ?? made`, `known || made` */
export function isDefault(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken ||
      node.operatorToken.kind === ts.SyntaxKind.BarBarToken)
  );
}

/** `this`, or `self` of `const self = this`. */
export function isThis(checker: ts.TypeChecker, node: ts.Expression): boolean {
  if (node.kind === ts.SyntaxKind.ThisKeyword) return true;
  if (!ts.isIdentifier(node)) return false;
  const declared = checker.getSymbolAtLocation(node)?.valueDeclaration;
  return (
    !!declared &&
    ts.isVariableDeclaration(declared) &&
    declared.initializer?.kind === ts.SyntaxKind.ThisKeyword
  );
}

/** `Client` of the object in `Client.prototype = { … }`, and in `Object.assign(Client.prototype, { … })`; null for any other. */
export function ownerOfPrototype(object: ts.Node): string | null {
  const { parent } = object;
  const mixed = ts.isCallExpression(parent) ? parent.arguments[0] : undefined;
  if (mixed && mixed !== object) return /^(.+)\.prototype$/.exec(mixed.getText())?.[1] ?? null;
  if (!ts.isBinaryExpression(parent) || parent.right !== object) return null;
  const { left } = parent;
  const isPrototype = ts.isPropertyAccessExpression(left) && left.name.text === 'prototype';
  return isPrototype ? left.expression.getText() : null;
}
