import ts from 'typescript';
import { isBuiltin } from '../module-size/specifiers';
import { calledBy } from '../program/load-time';
import { resolveAlias } from '../program/references';
import { isAssigned } from './assigned';
import { awaitsIn, type FunctionWithBody, isCallbackAtOnce, isWithin } from './lazy-place';

/** What a function does with something that others see, too: of the module, of `this`, of what was given. */
export interface Touch extends Place {
  readonly node: ts.Node;
  readonly isWrite: boolean;
  /** The node is a call, and what it calls touches it. */
  readonly isInCall: boolean;
  /** A write that nobody reads back here: something is sent, printed or put into a file. */
  readonly isMessage: boolean;
}

interface Place {
  /** `outside` is whoever gets a message that no name here stands for. */
  readonly root: ts.Symbol | 'this' | 'outside';
  /** `.running` of `this.running.since`, `*` for what a collection has, nothing for a variable itself. */
  readonly path: string;
}

/** A variable that gets another value changes all that is read off it. */
export function isSamePlace(one: Place, other: Place): boolean {
  if (one.root !== other.root) return false;
  return one.path === other.path || one.path === '' || other.path === '';
}

const CHANGES =
  /^(push|pop|shift|unshift|splice|set|add|delete|clear|sort|reverse|on|once|addListener|prependListener|addEventListener|off|removeListener|removeEventListener|emit|dispatchEvent|pipe|write|end)$/;
/** Methods that ask for what a collection has, or change it. */
const OF_CONTENTS =
  /^(get|has|includes|indexOf|lastIndexOf|find\w*|some|every|at|keys|values|entries|forEach|map|filter|join|slice|push|pop|shift|unshift|splice|set|add|delete|clear|sort|reverse)$/;

/** Calls of calls end somewhere. */
const MOST_STEPS = 2;

/** All that a function touches, also in functions of the project that it calls and in callbacks over lists. */
export function touchesIn(host: FunctionWithBody, checker: ts.TypeChecker, steps = 0): Touch[] {
  const found: Touch[] = [];
  const visit = (node: ts.Node): void => {
    if (node !== host && ts.isFunctionLike(node) && !isCallbackAtOnce(node) && !isExecutor(node)) return;
    const place = isReference(node) && !isReferencePart(node) ? placeOf(node, checker) : null;
    if (place && isShared(place, node, host)) {
      found.push({ ...place, node, isWrite: isWritten(node), isInCall: false, isMessage: false });
    }
    if (ts.isCallExpression(node)) found.push(...touchesOfCall(node, host, checker, steps + 1));
    ts.forEachChild(node, visit);
  };
  visit(host.body);
  return found;
}

/** `new Promise((resolve) => …)` calls it at once. */
function isExecutor({ parent }: ts.Node): boolean {
  return ts.isNewExpression(parent) && parent.expression.getText() === 'Promise';
}

/**
 * `this.begin()`, which sets `this.isRunning`; `begin()`, which sets a variable of the module; `begin(jobs)`, which adds to
 * it. Where nothing can be seen of what it calls, its name says whether that tells others something.
 */
function touchesOfCall(
  call: ts.CallExpression,
  host: FunctionWithBody,
  checker: ts.TypeChecker,
  steps: number,
): Touch[] {
  const called = calledBy(call.expression, checker).filter(hasBody);
  if (called.length === 0 || steps > MOST_STEPS) {
    const told = toldBy(call, host, checker);
    return told ? [{ ...told, node: call, isWrite: true, isInCall: false, isMessage: true }] : [];
  }
  return called.flatMap((one) => {
    // Behind its first wait the caller has gone on already.
    const end = Math.min(one.body.end, ...awaitsIn(one, one.body.getStart()));
    return touchesIn(one, checker, steps).flatMap((touch): Touch[] => {
      const place = touch.node.end <= end ? asCallerSees(touch, call, one, checker) : null;
      if (!place || isOwn(place.root, host)) return [];
      return [{ ...touch, ...place, node: call, isInCall: true }];
    });
  });
}

function hasBody(node: ts.Node): node is FunctionWithBody {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** `this` of a method is what stands before it, and a parameter what is given for it; null where that cannot be told. */
function asCallerSees(
  { root, path }: Place,
  { expression: callee, arguments: given }: ts.CallExpression,
  called: FunctionWithBody,
  checker: ts.TypeChecker,
): Place | null {
  if (root === 'outside') return { root, path };
  const parameter = root === 'this' ? undefined : root.valueDeclaration;
  const isGiven = parameter !== undefined && ts.isParameter(parameter) && parameter.parent === called;
  if (root !== 'this' && !isGiven) return { root, path };
  const holder =
    root === 'this'
      ? ts.isPropertyAccessExpression(callee) && callee.expression
      : given[called.parameters.indexOf(parameter as ts.ParameterDeclaration)];
  const place = holder ? placeOf(holder, checker) : null;
  return place && { root: place.root, path: place.path || path };
}

function isReference(node: ts.Node): boolean {
  return ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

function isReferencePart(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return true;
  return ts.isElementAccessExpression(parent) && parent.expression === node;
}

/** What an expression reads or writes, as seen from where it begins; null where that is no name. */
function placeOf(node: ts.Node, checker: ts.TypeChecker): Place | null {
  let path = '';
  let current = node;
  for (;;) {
    if (ts.isPropertyAccessExpression(current)) path = pathOfMember(current);
    else if (ts.isElementAccessExpression(current) || isGet(current)) path = '*';
    else if (!isWrapped(current)) break;
    current = (current as ts.PropertyAccessExpression).expression;
  }
  if (current.kind === ts.SyntaxKind.ThisKeyword || current.kind === ts.SyntaxKind.SuperKeyword)
    return { root: 'this', path };
  if (!ts.isIdentifier(current)) return null;
  const symbol = ts.isShorthandPropertyAssignment(current.parent)
    ? checker.getShorthandAssignmentValueSymbol(current.parent)
    : checker.getSymbolAtLocation(current);
  const root = resolveAlias(checker, symbol);
  if (!root) return null;
  return { root, path: path === '' && isLookedInto(node) ? '*' : path };
}

function pathOfMember(access: ts.PropertyAccessExpression): string {
  const { name, parent } = access;
  const isCalled = ts.isCallExpression(parent) && parent.expression === access;
  const isContents = isCalled ? OF_CONTENTS.test(name.text) : /^(size|length)$/.test(name.text);
  return isContents ? '*' : `.${name.text}`;
}

/** `jobs.get(id)` of `jobs.get(id).isDone`: what it gives is of the collection. */
function isGet(node: ts.Node): boolean {
  if (!ts.isCallExpression(node)) return false;
  return ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'get';
}

function isWrapped(node: ts.Node): boolean {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node)
  );
}

/** `id in jobs`, `...jobs`, `for (const job of jobs)`, `Object.keys(jobs)` */
function isLookedInto(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent))
    return parent.operatorToken.kind === ts.SyntaxKind.InKeyword && parent.right === node;
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.expression === node;
  return ts.isSpreadElement(parent) || ts.isSpreadAssignment(parent) || isOfObject(parent);
}

/** `Object.keys(…)`, `Object.assign(…)` */
function isOfObject(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && /^Object\.\w+$/.test(node.expression.getText());
}

function isShared({ root, path }: Place, node: ts.Node, host: FunctionWithBody): boolean {
  if (typeof root === 'string') return true;
  const declared = root.valueDeclaration;
  // Of libraries nothing is known: `Math`, `console`. Nor is a module a thing that changes.
  if (!declared || ts.isSourceFile(declared) || isOwn(root, host)) return false;
  if (path !== '') return true;
  const isParameter = ts.isParameter(declared) && declared.parent === host;
  const isConstant =
    ts.isVariableDeclaration(declared) && (ts.getCombinedNodeFlags(declared) & ts.NodeFlags.Const) !== 0;
  return !isParameter && ts.isIdentifier(node) && ts.isVariableDeclaration(declared) && !isConstant;
}

/** A variable of the function itself, which nobody else sees. */
function isOwn(root: Place['root'], host: FunctionWithBody): boolean {
  const declared = typeof root === 'string' ? undefined : root.valueDeclaration;
  if (!declared || declared.getSourceFile() !== host.getSourceFile()) return false;
  return isWithin(declared, host) && !(ts.isParameter(declared) && declared.parent === host);
}

function isWritten(node: ts.Node): boolean {
  const { parent } = node;
  if (isAssigned(node) || ts.isDeleteExpression(parent)) return true;
  if (isOfObject(parent) && parent.arguments[0] === node)
    return /\.(assign|define\w+)$/.test(parent.expression.getText());
  const isCalled = ts.isCallExpression(parent) && parent.expression === node;
  return isCalled && ts.isPropertyAccessExpression(node) && CHANGES.test(node.name.text);
}

/** Whoever has it, others get it: a message, a line of a log, a file. */
const TELLS =
  /^(send\w*|postMessage|publish\w*|broadcast\w*|dispatch|log|info|warn|error|debug|trace|(write|append|output)(File|Json)\w*|(write|append|output|copy|cp|rm|rmdir|mkdir|unlink|rename|link|symlink|truncate|ftruncate|exec|execFile|spawn)Sync)$/;
/** These as well, unless it is something of the function's own, or of a package: `list.push(…)`, `babel.render(…)`. */
const TELLS_OWNER = /^(push|emit|end|write\w*|append\w*|json|render)$/;

const OUTSIDE: Place = { root: 'outside', path: '' };

/** What gets what a call tells: `ws.send(…)`, `console.log(…)`, `fs.appendFileSync(…)`, `res.status(200).json(…)`. */
function toldBy(call: ts.CallExpression, host: FunctionWithBody, checker: ts.TypeChecker): Place | null {
  const { expression: callee } = call;
  if (ts.isIdentifier(callee)) return TELLS.test(callee.text) ? OUTSIDE : null;
  if (!ts.isPropertyAccessExpression(callee)) return null;
  const { name, expression: holder } = callee;
  if (TELLS.test(name.text)) return holder.getText() === 'Math' ? null : OUTSIDE;
  if (!TELLS_OWNER.test(name.text)) return null;
  // `request.json()` and `view.render()` are asked for a value.
  if (/^(json|render)$/.test(name.text) && (call.arguments.length === 0 || isUsed(call))) return null;
  return ofOthers(holder, host, checker);
}

/** Goes into something else than an answer. */
function isUsed(call: ts.CallExpression): boolean {
  const { parent } = call;
  const isDropped = ts.isExpressionStatement(parent) || ts.isReturnStatement(parent);
  return !isDropped && !ts.isArrowFunction(parent) && !ts.isAwaitExpression(parent);
}

/** What others have of an expression; null where the function made it, or a package has it. */
function ofOthers(node: ts.Expression, host: FunctionWithBody, checker: ts.TypeChecker): Place | null {
  let holder = node;
  // `res.status(200)` gives `res` again.
  while (ts.isCallExpression(holder) && !isGet(holder)) {
    if (!ts.isPropertyAccessExpression(holder.expression)) return null;
    holder = holder.expression.expression;
  }
  const root = rootOf(holder);
  if (isOfPackage(root, checker)) return null;
  const place = placeOf(holder, checker);
  // A name that nothing declares is one of the platform: `process.stdout`.
  if (!place) return ts.isIdentifier(root) ? OUTSIDE : null;
  if (typeof place.root === 'string') return place;
  const declared = place.root.valueDeclaration;
  if (!declared) return OUTSIDE;
  if (!isOwn(place.root, host)) return place;
  // `const list = lists.get(id)`, `for (const ws of sockets)`
  if (!ts.isVariableDeclaration(declared) || declared.end > node.pos) return null;
  const around = declared.parent.parent;
  const from = ts.isForOfStatement(around) ? around.expression : declared.initializer;
  return from && placeOf(from, checker) ? ofOthers(from, host, checker) : null;
}

function rootOf(holder: ts.Expression): ts.Expression {
  let root = holder;
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = root.expression;
  return root;
}

/** Methods of a package mostly make something: `xlsx.write(…)`. Those of Node, `stdout.write(…)`, do not. */
function isOfPackage(root: ts.Node, checker: ts.TypeChecker): boolean {
  const declared = checker.getSymbolAtLocation(root)?.declarations?.[0];
  const imported = declared && ts.findAncestor(declared, ts.isImportDeclaration);
  if (!imported || !ts.isStringLiteral(imported.moduleSpecifier)) return false;
  const { text } = imported.moduleSpecifier;
  return !/^[./#]/.test(text) && !isBuiltin(text);
}
