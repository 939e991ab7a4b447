import ts from 'typescript';
import { hasModifier } from '../program/parsed-file';

export type FunctionWithBody = ts.FunctionLikeDeclaration & { readonly body: ts.ConciseBody };

/** Where a module is loaded: before a statement of a function, or at the start of an arrow without braces. */
export interface LoadPlace {
  readonly host: FunctionWithBody;
  readonly block: ts.Block | null;
  readonly before: ts.Statement | null;
}

/**
 * The innermost block of a function that has all uses, and the first statement there that has one: what returns before does
 * not load. Blocks of loops and of `try` are passed over, since what they do with a load is another thing.
 */
export function placeOf(host: FunctionWithBody, uses: readonly ts.Node[]): LoadPlace {
  if (!ts.isBlock(host.body)) return { host, block: null, before: null };
  // Declared functions may be called before the statement that declares them.
  if (uses.some((use) => isInDeclaredFunction(use, host))) {
    const [first] = host.body.statements.filter((one) => !isDirective(one));
    return { host, block: host.body, before: first ?? null };
  }
  let block = host.body;
  for (;;) {
    const using = block.statements.filter((statement) => uses.some((use) => isWithin(use, statement)));
    const [first, another] = using;
    const inner = first && !another ? blockWithAll(first, uses) : null;
    if (!inner) return { host, block, before: first ?? null };
    block = inner;
  }
}

/** The branch of an `if` in which all uses are. */
function blockWithAll(statement: ts.Statement, uses: readonly ts.Node[]): ts.Block | null {
  const candidates = ts.isIfStatement(statement)
    ? [statement.thenStatement, statement.elseStatement]
    : [statement];
  const found = candidates.find((one) => one && ts.isBlock(one) && uses.every((use) => isWithin(use, one)));
  return (found as ts.Block | undefined) ?? null;
}

function isInDeclaredFunction(use: ts.Node, host: ts.Node): boolean {
  for (let node = use.parent; node && node !== host; node = node.parent) {
    if (ts.isFunctionDeclaration(node)) return true;
  }
  return false;
}

function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

export function isWithin(node: ts.Node, around: ts.Node): boolean {
  return around.pos <= node.pos && node.end <= around.end;
}

/** Callbacks of these run before the call returns: what they need is loaded once, around them. */
const CALLS_BACK_AT_ONCE =
  /^(map|forEach|filter|reduce|reduceRight|some|every|find|findIndex|findLast|findLastIndex|flatMap|sort|toSorted|replace|replaceAll|from|each|times|sortBy|orderBy|groupBy|keyBy|countBy|uniqBy|unionBy|minBy|maxBy|sumBy|mapValues|mapKeys|pickBy|omitBy|partition|forOwn)$/;
/** As functions of their own they get the list first: `sortBy(list, callback)`. */
const TAKES_LIST =
  /^(map|forEach|filter|reduce|some|every|find|findIndex|flatMap|each|times|\w+By|mapValues|mapKeys|partition|forOwn)$/;

/** The function that a use stands in, callbacks over lists passed over; null at the level of the module. */
export function functionAround(node: ts.Node): FunctionWithBody | null {
  let host = nearest(node, () => true);
  while (host && isCallbackAtOnce(host)) {
    const around = nearest(host, () => true);
    if (!around) break;
    host = around;
  }
  return host;
}

/** Callbacks within an async function see what it loaded. Generators wait at other places. */
export function asyncFunctionAround(node: ts.Node): FunctionWithBody | null {
  return nearest(
    node,
    (host) =>
      ts.canHaveModifiers(host) &&
      hasModifier(host, ts.SyntaxKind.AsyncKeyword) &&
      !(host as ts.FunctionDeclaration).asteriskToken,
  );
}

/** The same, but for what an async function does for each element of a list: one load before the list serves all of them. */
export function asyncFunctionAroundLists(node: ts.Node): FunctionWithBody | null {
  let host = asyncFunctionAround(node);
  while (host && isCallbackAtOnce(host)) {
    const around = nearest(host, () => true);
    if (!around || asyncFunctionAround(host) !== around) break;
    host = around;
  }
  return host;
}

function nearest(node: ts.Node, fits: (host: FunctionWithBody) => boolean): FunctionWithBody | null {
  for (let child = node, around = node.parent; around; child = around, around = around.parent) {
    // `[name]() { … }`: the name is worked out outside of the method.
    const isOutside = ts.isComputedPropertyName(child) || ts.isDecorator(child);
    if (!isOutside && isFunctionWithBody(around) && fits(around)) return around;
  }
  return null;
}

function isFunctionWithBody(node: ts.Node): node is FunctionWithBody {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** `items.map((item) => …)`, `sortBy(items, (item) => …)` */
export function isCallbackAtOnce(host: ts.Node): boolean {
  const { parent } = host;
  if (!ts.isCallExpression(parent) || parent.expression === host) return false;
  const { expression: callee } = parent;
  if (ts.isPropertyAccessExpression(callee)) return CALLS_BACK_AT_ONCE.test(callee.name.text);
  return ts.isIdentifier(callee) && TAKES_LIST.test(callee.text) && parent.arguments[0] !== host;
}

/** Where each `await` ends that the function itself comes by, whatever holds, on its way to a place or on from there. */
export function awaitsIn(host: FunctionWithBody, at: number): number[] {
  const ends: number[] = [];
  const visit = (node: ts.Node): void => {
    if (node !== host && ts.isFunctionLike(node)) return;
    const isAwait = ts.isAwaitExpression(node);
    const isLoop = ts.isForOfStatement(node) && node.awaitModifier !== undefined;
    if ((isAwait || isLoop) && isAlwaysReached(node, host, at)) {
      ends.push(isLoop ? node.statement.pos : node.end);
    }
    ts.forEachChild(node, visit);
  };
  visit(host.body);
  return ends;
}

/** In no branch, unless the place is in the same one. */
function isAlwaysReached(node: ts.Node, host: FunctionWithBody, at: number): boolean {
  const hasPlace = (one: ts.Node) => one.pos <= at && at < one.end;
  for (let one = node; one !== host.body && !hasPlace(one); one = one.parent) {
    if (isBranch(one)) return false;
  }
  return true;
}

/** What only some runs come by: a branch of a condition, what a loop repeats, what handles an error. */
function isBranch(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent)) return parent.expression !== node;
  if (ts.isConditionalExpression(parent)) return parent.condition !== node;
  if (ts.isIterationStatement(parent, false)) return parent.statement === node && !ts.isDoStatement(parent);
  if (ts.isBinaryExpression(parent)) return parent.right === node && DECIDES.has(parent.operatorToken.kind);
  return ts.isCaseOrDefaultClause(node) || ts.isCatchClause(node);
}

const DECIDES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);
