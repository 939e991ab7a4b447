import ts from 'typescript';
import { functionOf, returnedBy } from './function-results';
import { asSeenFrom, enclosingFunction, hasModifier, type ParsedFile } from './parsed-file';
import { isPublicApi } from './public-api';
import { referencesElsewhere, referencesTo, resolveAlias } from './references';
import { isTestFile } from './test-files';

/** Callbacks of these run before the call returns. */
const CALLS_BACK_AT_ONCE =
  /^(map|forEach|filter|reduce|reduceRight|some|every|find|findIndex|flatMap|sort|from|then|catch|finally|register|bootstrap|run|each|Promise|describe|defineProperty)$/;

const known = new WeakMap<ts.TypeChecker, Set<ts.Node>>();

/**
 * The functions, constructors and field initialisers that run while the program loads: called by statements of a module
 * itself, and on from there, over all files that were parsed together. Callbacks count where the callee is known to
 * run them at once.
 */
export function functionsRunAtLoad({ source, others, checker }: ParsedFile): ReadonlySet<ts.Node> {
  let run = known.get(checker);
  if (!run) {
    run = new Set<ts.Node>();
    // What tests call at once is not called at once by the program.
    for (const one of [source, ...(others ?? [])]) {
      if (one === source || !isTestFile(one.fileName)) collect(one, checker, run);
    }
    known.set(checker, run);
  }
  return run;
}

/** True when the node stands in no function, or only in functions that run while the program loads. */
export function runsAtLoad(node: ts.Node, atLoad: ReadonlySet<ts.Node>): boolean {
  for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) {
    if (!atLoad.has(around)) return false;
  }
  return true;
}

/**
 * True when the node runs while the program loads, and never again: the functions around it are called by nothing that
 * runs later, and no other file has them.
 */
export function runsOnlyAtLoad(
  file: ParsedFile,
  node: ts.Node,
  atLoad: ReadonlySet<ts.Node>,
  asked: ReadonlySet<ts.Node> = new Set(),
): boolean {
  for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) {
    if (!atLoad.has(around)) return false;
    // A class's methods are called by whoever has an object, its constructor by whoever has the class.
    const isOfClass = ts.isClassLike(around.parent);
    if (isOfClass && !ts.isConstructorDeclaration(around)) return false;
    if (isMember(around)) return false;
    const called = isOfClass ? around.parent : around;
    if (isOnlyDecorator(file, called)) continue;
    if (isExported(called) && !(around === enclosingFunction(node) && isUsedByModulesOnly(file, called)))
      return false;
    const name = nameOf(called);
    if (name === null) continue;
    // What calls itself is called by the others.
    if (asked.has(called)) continue;
    const further = new Set([...asked, called]);
    const mentions = referencesTo({ ...file, source: called.getSourceFile() }, name);
    if (
      !mentions.every(
        (one) => (isCallee(one) || isCalledBack(one)) && runsOnlyAtLoad(file, one, atLoad, further),
      )
    )
      return false;
  }
  return true;
}

/** `export function add() {}`, `export const add = () => {}` */
function isExported(called: ts.Node): boolean {
  const { parent } = called;
  const declared = ts.isVariableDeclaration(parent) ? parent.parent.parent : called;
  return ts.canHaveModifiers(declared) && hasModifier(declared, ts.SyntaxKind.ExportKeyword);
}

/** `register(extractor)` among the statements of other modules, and nowhere else, or in no other at all. */
function isUsedByModulesOnly(file: ParsedFile, called: ts.Node): boolean {
  if (ts.isClassLike(called)) return false;
  const name = nameOf(called);
  const symbol = name && file.checker.getSymbolAtLocation(name);
  if (!name || !symbol || file.others === null) return false;
  const there = asSeenFrom(file, called.getSourceFile());
  const uses = referencesElsewhere(there, name.text, symbol).filter(
    ({ node: { parent } }) => !ts.isImportSpecifier(parent) && !ts.isExportSpecifier(parent),
  );
  return (
    (uses.length > 0 || !isPublicApi(there)) && uses.every(({ node }) => isCallee(node) && isDoneOnce(node))
  );
}

/** In a statement of the module itself, and in no loop that may go on. */
function isDoneOnce(node: ts.Node): boolean {
  const goesOn = (one: ts.Node) =>
    ts.isIterationStatement(one, false) && (!ts.isForOfStatement(one) || one.awaitModifier !== undefined);
  return enclosingFunction(node) === null && !ts.findAncestor(node, goesOn);
}

/** A function that is kept in a property: whoever has the object may call it. */
function isMember(node: ts.Node): boolean {
  if (ts.isMethodDeclaration(node) || ts.isAccessor(node)) return !ts.isClassLike(node.parent);
  const { parent } = node;
  return ts.isPropertyAssignment(parent) || (ts.isBinaryExpression(parent) && parent.right === node);
}

/** `names.forEach(add)` */
function isCalledBack({ parent }: ts.Node): boolean {
  return ts.isCallExpression(parent) && CALLS_BACK_AT_ONCE.test(calleeName(parent));
}

/** Wherever the program mentions the function it decorates a class or a member with it, `@connection class A {}`. */
function isOnlyDecorator(file: ParsedFile, called: ts.Node): boolean {
  const name = ts.isFunctionDeclaration(called) ? called.name : null;
  const symbol = name && file.checker.getSymbolAtLocation(name);
  if (!name || !symbol) return false;
  const there = { ...file, source: called.getSourceFile() };
  const mentions = [
    ...referencesTo(there, name),
    ...referencesElsewhere(there, name.text, symbol).map(({ node }) => node),
  ].filter(({ parent }) => !ts.isImportSpecifier(parent) && !ts.isExportSpecifier(parent));
  return mentions.length > 0 && mentions.every(isDecorating);
}

/** `@connection`, `@connection(options)` */
function isDecorating(node: ts.Node): boolean {
  const { parent } = isCallee(node) ? node.parent : node;
  return ts.isDecorator(parent);
}

function isCallee(node: ts.Node): boolean {
  const { parent } = node;
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === node;
}

function nameOf(node: ts.Node): ts.Identifier | null {
  const { name } = node as Partial<ts.FunctionDeclaration>;
  if (name && ts.isIdentifier(name)) return name;
  const { parent } = node;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name : null;
}

function collect(source: ts.SourceFile, checker: ts.TypeChecker, run: Set<ts.Node>): void {
  const enter = (called: ts.Node): void => {
    if (run.has(called)) return;
    run.add(called);
    ts.forEachChild(called, visit);
  };
  const visit = (node: ts.Node): void => {
    const isLater = (ts.isFunctionLike(node) || isInstanceField(node)) && !run.has(node);
    if (isLater) {
      // What decorates a method runs with its class, long before it is called.
      if (ts.canHaveDecorators(node)) ts.getDecorators(node)?.forEach(visit);
      return;
    }
    if (ts.isDecorator(node)) calledBy(node.expression, checker).forEach(enter);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      calledBy(node.expression, checker).forEach(enter);
      if (CALLS_BACK_AT_ONCE.test(calleeName(node))) {
        for (const argument of node.arguments ?? []) calledBy(argument, checker).forEach(enter);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function isInstanceField(node: ts.Node): boolean {
  return ts.isPropertyDeclaration(node) && !hasModifier(node, ts.SyntaxKind.StaticKeyword);
}

function calleeName({ expression }: ts.CallExpression | ts.NewExpression): string {
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : '';
}

/** What runs when the expression is called: a function, or a class's constructor and field initialisers. */
export function calledBy(callee: ts.Expression, checker: ts.TypeChecker): readonly ts.Node[] {
  let expression = callee;
  while (ts.isParenthesizedExpression(expression)) expression = expression.expression;
  // `(function () { … }).call(this)` is how older modules wrap themselves.
  if (ts.isPropertyAccessExpression(expression) && /^(call|apply)$/.test(expression.name.text)) {
    return calledBy(expression.expression, checker);
  }
  if (ts.isCallExpression(expression)) return calledOfResult(expression, checker);
  if (ts.isFunctionExpression(expression) || ts.isArrowFunction(expression)) return [expression];
  if (!ts.isIdentifier(expression) && !ts.isPropertyAccessExpression(expression)) return [];
  const symbol = resolveAlias(checker, checker.getSymbolAtLocation(expression));
  const declaration = symbol?.valueDeclaration;
  if (!declaration) return [];
  if (ts.isClassLike(declaration)) {
    return declaration.members.filter(
      (member) => ts.isConstructorDeclaration(member) || isInstanceField(member),
    );
  }
  if (ts.isFunctionLike(declaration)) return [declaration];
  const called = (declaration as Partial<ts.PropertyAssignment>).initializer ?? functionOf(declaration);
  return ts.isFunctionLike(called) ? [called] : [];
}

/** `method.bind(this)` calls nothing yet; what it gives does. So does what `onEvent('start')` returns, where that is a function. */
function calledOfResult(
  { expression: callee }: ts.CallExpression,
  checker: ts.TypeChecker,
): readonly ts.Node[] {
  if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'bind')
    return calledBy(callee.expression, checker);
  return calledBy(callee, checker)
    .flatMap(returnedBy)
    .flatMap((returned) => (ts.isCallExpression(returned) ? [] : calledBy(returned, checker)));
}
