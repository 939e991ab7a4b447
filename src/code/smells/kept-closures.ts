import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';

/** Functions that keep a callback which they are given, so that it and what it sees live on. */
const KEEPS_CALLBACK =
  /^(on|addListener|addEventListener|prependListener|use|all|get|post|put|patch|delete|route|setInterval|hook|addHook|register|decorate|subscribe|command|action|handle|listen|createServer|defineProperty|before|after|intercept|schedule|ext|tool|registerTool|setRequestHandler|setNotificationHandler|process|consume|hears|event|watch|ws|addService|implement|on[A-Z]\w*)$/;

/** How a local variable outlives the call that made it: what was returned or stored sees it, or what was given away. */
export type Keeping = 'returned' | 'given' | null;

/**
 * Tells how a local variable lives on after the call of `around` that made it: a function that uses it is returned (bare,
 * in an object, by its name), stored in a property, or given to something that keeps it; or another kept function
 * calls it.
 */
export function keepingOf(file: ParsedFile, name: ts.Identifier, around: ts.Node): Keeping {
  // A Promise is over when it is settled.
  if (ts.isNewExpression(around.parent) && around.parent.expression.getText() === 'Promise') return null;
  const kinds = new Set<'returned' | 'given'>();
  const seen = new Set<ts.Node>();
  const isKept = (inner: ts.Node): boolean => {
    if (seen.has(inner)) return false;
    seen.add(inner);
    const how = handingOut(inner, around);
    if (how) {
      kinds.add(how);
      return true;
    }
    const object = objectNameOf(inner);
    if (object && referencesTo(file, object).some((node) => handingOut(node, around) === 'returned')) {
      kinds.add('returned');
      return true;
    }
    const named = nameOf(inner) ?? wrappedNameOf(inner);
    return named !== null && referencesTo(file, named).some((node) => isKeptAt(node));
  };
  /** A place in `around` where the variable, or a function that uses it, is mentioned. */
  const isKeptAt = (node: ts.Node): boolean => {
    const how = handingOut(node, around);
    if (how) {
      kinds.add(how);
      return true;
    }
    for (let inner = enclosingFunction(node); inner && inner !== around; inner = enclosingFunction(inner)) {
      if (isKept(inner)) return true;
    }
    return false;
  };
  const isKeptAnywhere = referencesTo(file, name).some(
    (node) => enclosingFunction(node) !== around && isKeptAt(node),
  );
  if (!isKeptAnywhere) return null;
  return kinds.has('returned') ? 'returned' : 'given';
}

/** A function, or a name for one, that leaves the call where it stands. */
function handingOut(node: ts.Node, around: ts.Node): Keeping {
  if (!ts.isFunctionLike(node) && !(ts.isIdentifier(node) && !isDeclared(node))) return null;
  let current: ts.Node = node;
  // Methods and accessors of an object go where the object goes.
  if (ts.isMethodDeclaration(node) || ts.isAccessor(node)) current = node.parent;
  for (; current !== around; current = current.parent) {
    const { parent } = current;
    if (parent === around) return ts.isArrowFunction(around) && around.body === current ? 'returned' : null;
    if (ts.isReturnStatement(parent)) return enclosingFunction(parent) === around ? 'returned' : null;
    if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
      if (parent.expression === current) return null;
      // `return Object.assign(wrapped, { size: () => cache.size })`
      if (parent.expression.getText() === 'Object.assign') continue;
      if (KEEPS_CALLBACK.test(calledName(parent))) return 'given';
      // `return once(() => …)`: what wraps a function keeps it.
      if (!wrapsFunction(parent)) return null;
      continue;
    }
    if (ts.isBinaryExpression(parent)) {
      const isAssigned = parent.right === current && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      if (!isAssigned || !ts.isPropertyAccessExpression(parent.left)) return null;
      return isParameterOf(parent.left.expression, around) ? 'given' : 'returned';
    }
    const goesOn =
      ts.isParenthesizedExpression(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isShorthandPropertyAssignment(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      ts.isAsExpression(parent) ||
      ts.isSatisfiesExpression(parent) ||
      ts.isConditionalExpression(parent);
    if (!goesOn) return null;
  }
  return null;
}

/** `memoized = initialParams((key) => …)`, not `setTimeout(() => …)` nor `list.map((one) => …)`. */
function wrapsFunction(call: ts.CallExpression | ts.NewExpression): boolean {
  return (
    ts.isCallExpression(call) &&
    !ts.isExpressionStatement(call.parent) &&
    /^[a-z]\w*$/.test(calleeName(call.expression)) &&
    !/^(set(Timeout|Immediate|Interval)|queueMicrotask|nextTick|require|describe|it|test|map|filter|reduce|forEach|some|every|find|sort|then|catch|finally|from|replace|call|apply)$/.test(
      calleeName(call.expression),
    )
  );
}

/** The name of a plain function, also as compilers write it: `(0, once_1.default)(…)`; empty for a method. */
function calleeName(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text;
  return /^\(0, (\w+?)(_\d+|2)?(\.\w+)?\)$/.exec(callee.getText())?.[1]?.replace(/^_+/, '') ?? '';
}

/** `module.exports = function (Posts) { Posts.vote = … }` */
function isParameterOf(holder: ts.Expression, around: ts.Node): boolean {
  if (!ts.isIdentifier(holder) || !ts.isFunctionLike(around)) return false;
  return around.parameters.some(({ name }) => name.getText() === holder.text);
}

function calledName({ expression }: ts.CallExpression | ts.NewExpression): string {
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : '';
}

function isDeclared(node: ts.Identifier): boolean {
  return (
    (node.parent as Partial<ts.NamedDeclaration>).name === node &&
    !ts.isShorthandPropertyAssignment(node.parent)
  );
}

/** The variable that holds what wraps a function: `const memoized = initialParams(function () { … })`. */
function wrappedNameOf({ parent }: ts.Node): ts.Identifier | null {
  if (!ts.isCallExpression(parent) || !wrapsFunction(parent)) return null;
  const { parent: variable } = parent;
  return ts.isVariableDeclaration(variable) && ts.isIdentifier(variable.name) ? variable.name : null;
}

/** The variable that holds the object which a function is a member of: `const exchange = { buy(order) { … } }`. */
function objectNameOf(inner: ts.Node): ts.Identifier | null {
  let member = ts.isMethodDeclaration(inner) ? inner : inner.parent;
  while (ts.isPropertyAssignment(member) || ts.isMethodDeclaration(member)) {
    const { parent: object } = member;
    if (!ts.isObjectLiteralExpression(object)) return null;
    const { parent } = object;
    if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name) ? parent.name : null;
    member = parent as typeof member;
  }
  return null;
}

function nameOf(node: ts.Node): ts.Identifier | null {
  if ((ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) && node.name) return node.name;
  const { parent } = node;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name : null;
}
