import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import type { CollectionUse } from '../smells/collection-uses';

/**
 * How long an entry is good for by the code's own reckoning, as an expression that can stand at the declaration: the
 * limit of `Date.now() - entry.at > LIMIT` in a function that reads the collection, or what is added to `Date.now()` where
 * it stores. Null where there is none, where it is no number and no constant of the module, and where the code still
 * uses what has expired (stale answers while a new one is fetched): a time limit would take that away.
 */
export function expiryOf(
  file: ParsedFile,
  { uses, creation }: { readonly uses: readonly CollectionUse[]; readonly creation: ts.Node },
): string | null {
  const functions = new Set(uses.map(({ node }) => enclosingFunction(node)).filter((one) => one !== null));
  const questions = [...functions].flatMap(questionsIn);
  if (questions.length === 0 || questions.some(usesExpired)) return null;
  const limits = [...functions].flatMap(limitsIn);
  const found = limits.find((limit) => isConstant(file, limit, creation.pos));
  return found?.getText(file.source) ?? null;
}

/** A comparison of an entry's time with the present. */
interface Question {
  readonly comparison: ts.BinaryExpression;
  /** True for `Date.now() - entry.at < LIMIT`, false for its opposite. */
  readonly asksForFresh: boolean;
}

function questionsIn(around: ts.Node): Question[] {
  return binariesIn(around).flatMap((comparison) => {
    const direction = DIRECTIONS.get(comparison.operatorToken.kind);
    const isLeft = hasNow(comparison.left);
    if (direction === undefined || !(isLeft || hasNow(comparison.right))) return [];
    // `now - at < limit`, `now < expires` and `expires > now` alike.
    return [{ comparison, asksForFresh: isLeft === (direction === 'less') }];
  });
}

const DIRECTIONS = new Map<ts.SyntaxKind, 'less' | 'more'>([
  [ts.SyntaxKind.LessThanToken, 'less'],
  [ts.SyntaxKind.LessThanEqualsToken, 'less'],
  [ts.SyntaxKind.GreaterThanToken, 'more'],
  [ts.SyntaxKind.GreaterThanEqualsToken, 'more'],
]);

function hasNow(node: ts.Expression): boolean {
  return isNow(node) || (ts.isBinaryExpression(node) && (hasNow(node.left) || hasNow(node.right)));
}

/** True where the entry may be used after it has expired: in the branch for such ones, or behind both. */
function usesExpired({ comparison, asksForFresh }: Question): boolean {
  const entry = entryIn(comparison);
  const branch = ts.findAncestor(comparison, ts.isIfStatement);
  const around = enclosingFunction(comparison);
  if (!entry || !around || !branch || branch.expression.end < comparison.end) return true;
  const { expression: condition, thenStatement, elseStatement } = branch;
  const [fresh, expired] = asksForFresh ? [thenStatement, elseStatement] : [elseStatement, thenStatement];
  const isOver = expired !== undefined && (endsInReturn(expired) || assigns(expired, entry));
  return namesIn(around, entry).some((name) => {
    // A time that is moved on in place is not seen by what reckons from the last set().
    if (isFieldAssigned(name)) return true;
    const isFine = isWithin(name, condition) || (fresh && isWithin(name, fresh)) || isAssigned(name);
    return !isFine && (name.pos < branch.end ? name.pos >= branch.pos : !isOver);
  });
}

/** `entry` of `entry.at` */
function entryIn(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) {
    return ts.isIdentifier(node.expression) && !isNow(node.parent) ? node.expression.text : null;
  }
  return ts.forEachChild(node, (child) => entryIn(child) ?? undefined) ?? null;
}

function isWithin(node: ts.Node, around: ts.Node): boolean {
  return around.pos <= node.pos && node.end <= around.end;
}

function isAssigned(name: ts.Identifier): boolean {
  return ts.isBinaryExpression(name.parent) && name.parent.left === name;
}

/** `entry.at = now` */
function isFieldAssigned({ parent }: ts.Identifier): boolean {
  return (
    ts.isPropertyAccessExpression(parent) &&
    ts.isBinaryExpression(parent.parent) &&
    parent.parent.left === parent &&
    parent.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

function assigns(statement: ts.Statement, entry: string): boolean {
  return namesIn(statement, entry).some(isAssigned);
}

function endsInReturn(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last));
}

function namesIn(around: ts.Node, text: string): ts.Identifier[] {
  const names: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === text) names.push(node);
    ts.forEachChild(node, visit);
  };
  visit(around);
  return names;
}

function limitsIn(around: ts.Node): ts.Expression[] {
  return binariesIn(around).flatMap((node) => limitOf(node) ?? []);
}

function binariesIn(around: ts.Node): ts.BinaryExpression[] {
  const found: ts.BinaryExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(around);
  return found;
}

/** `Date.now() - at > LIMIT`, `at + LIMIT > Date.now()`, `Date.now() + LIMIT` */
function limitOf({ left, right, operatorToken }: ts.BinaryExpression): ts.Expression | null {
  const { kind } = operatorToken;
  if (kind === ts.SyntaxKind.PlusToken) return isNow(left) ? right : isNow(right) ? left : null;
  if (!DIRECTIONS.has(kind)) return null;
  if (isSince(left)) return right;
  if (isSince(right)) return left;
  const other = isNow(left) ? right : isNow(right) ? left : null;
  const isSum = other && ts.isBinaryExpression(other) && other.operatorToken.kind === ts.SyntaxKind.PlusToken;
  return isSum ? other.right : null;
}

/** `Date.now() - at` */
function isSince(node: ts.Expression): boolean {
  return (
    ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.MinusToken && isNow(node.left)
  );
}

function isNow(node: ts.Node): boolean {
  return ts.isCallExpression(node) && node.expression.getText() === 'Date.now';
}

function isConstant(file: ParsedFile, node: ts.Expression, before: number): boolean {
  if (ts.isNumericLiteral(node)) return true;
  if (ts.isBinaryExpression(node)) {
    return isConstant(file, node.left, before) && isConstant(file, node.right, before);
  }
  if (!ts.isIdentifier(node)) return false;
  const declared = file.checker.getSymbolAtLocation(node)?.valueDeclaration;
  if (!declared || !ts.isVariableDeclaration(declared)) return false;
  const isConst = (ts.getCombinedNodeFlags(declared) & ts.NodeFlags.Const) !== 0;
  // A constant that is declared further down is not there yet when the collection is made.
  return isConst && declared.end < before && ts.isSourceFile(declared.parent.parent.parent);
}
