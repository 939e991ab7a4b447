import ts from 'typescript';

/**
 * What runs where an asked value is not there, or is too old: the right half of `asked ?? other`, the branches of the conditions
 * that it stands in, and what comes behind a branch that ends. `asked` is the expression itself, or a name that it was given, or that of
 * an error which is there where it is not.
 */
export function branchesWithout(asked: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  let isThere = !(ts.isIdentifier(asked) && /^(e|err|error)$/.test(asked.text));
  for (let node = asked; ; node = node.parent) {
    const { parent } = node;
    if (ts.isPrefixUnaryExpression(parent)) isThere = !isThere;
    else if (ts.isBinaryExpression(parent)) {
      if (isComparisonWithNothing(parent)) isThere = !isThere;
      found.push(...rightHalf(node, parent, isThere));
    } else if (isCondition(node)) return [...found, ...branchesOf(parent, isThere)];
    else if (ts.isArrowFunction(parent) && isFilter(parent))
      return [...found, ...(isThere ? [] : behind(parent.parent))];
    else if (!isPassedOn(node, parent)) return found;
  }
}

/** `=== undefined`, `== null`, `typeof x === 'undefined'`, `< 0` */
function isComparisonWithNothing({ operatorToken, right }: ts.BinaryExpression): boolean {
  return (
    /^={2,3}$/.test(operatorToken.getText()) &&
    /^(undefined|null|void 0|false|['"]undefined['"])$/.test(right.getText())
  );
}

function rightHalf(
  node: ts.Node,
  { left, right, operatorToken }: ts.BinaryExpression,
  isThere: boolean,
): ts.Node[] {
  if (left !== node) return [];
  const { kind } = operatorToken;
  if (kind === ts.SyntaxKind.QuestionQuestionToken) return [right];
  const deciding = isThere ? ts.SyntaxKind.BarBarToken : ts.SyntaxKind.AmpersandAmpersandToken;
  return kind === deciding ? [right] : [];
}

/** Of a choice, a loop or an `if`. */
function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  return (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) && parent.expression === node;
}

function branchesOf(choice: ts.Node, isThere: boolean): ts.Node[] {
  if (ts.isConditionalExpression(choice)) return [isThere ? choice.whenFalse : choice.whenTrue];
  if (ts.isWhileStatement(choice)) return isThere ? [] : [choice.statement];
  if (!ts.isIfStatement(choice)) return [];
  if (!isThere) return [choice.thenStatement];
  if (choice.elseStatement) return [choice.elseStatement];
  return endsThere(choice.thenStatement) ? behind(choice) : [];
}

/** `return hit;`, `{ count++; return hit; }`, `continue`, `throw` */
function endsThere(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return (
    last !== undefined &&
    (ts.isReturnStatement(last) ||
      ts.isContinueStatement(last) ||
      ts.isThrowStatement(last) ||
      ts.isBreakStatement(last))
  );
}

/** The statements behind the one that a node stands in, and those behind the blocks around it in the same function. */
function behind(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  for (let inner = node; inner.parent && !ts.isFunctionLike(inner); inner = inner.parent) {
    const { parent } = inner;
    const list =
      ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseOrDefaultClause(parent)
        ? parent.statements
        : null;
    if (list && ts.isStatement(inner)) found.push(...list.slice(list.indexOf(inner) + 1));
  }
  return found;
}

/** `ids.filter((id) => !cache.has(id))` */
function isFilter({ parent: call }: ts.ArrowFunction): boolean {
  return ts.isCallExpression(call) && /\.(filter|find|some|every)$/.test(call.expression.getText());
}

/** What is around it says the same of whether it is there. */
function isPassedOn(node: ts.Node, parent: ts.Node): boolean {
  return (
    ts.isParenthesizedExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isAwaitExpression(parent) ||
    ts.isTypeOfExpression(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition !== node) ||
    ((ts.isPropertyAccessExpression(parent) ||
      ts.isElementAccessExpression(parent) ||
      ts.isCallExpression(parent)) &&
      parent.expression === node)
  );
}
