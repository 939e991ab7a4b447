import ts from 'typescript';
import { calledBy } from './load-time';
import { packageOf } from './package';
import type { ParsedFile } from './parsed-file';
import { isPublicApi } from './public-api';

const known = new WeakMap<ts.TypeChecker, ReadonlySet<ts.Node>>();

/**
 * The names that each user of the package comes by, whatever the options are: in the class or function that the package is
 * (`module.exports = Queue`, `export default plugin`), and in what its constructor or call leads to without a
 * condition that asks for something, and so for each module that is one class. What is done unless something was given (`if (!options.client) …`) is usual, too.
 * Empty for applications and for packages that are a bunch of functions.
 */
export function usualNames(file: ParsedFile): ReadonlySet<ts.Node> {
  let found = known.get(file.checker);
  if (!found) {
    found = new UsualPath(file).names;
    known.set(file.checker, found);
  }
  return found;
}

class UsualPath {
  readonly names = new Set<ts.Node>();
  readonly #checker: ts.TypeChecker;
  readonly #entered = new Set<ts.Node>();

  constructor(file: ParsedFile) {
    this.#checker = file.checker;
    if (packageOf(file.file)?.isPrivate !== false) return;
    for (const source of [file.source, ...(file.others ?? [])]) {
      const exported = source.statements.flatMap((statement) => onlyExport(statement) ?? []);
      if (exported.length === 0) continue;
      const isEntry = isPublicApi({ ...file, file: source.fileName, source });
      for (const one of exported) if (isEntry || this.#isClass(one)) this.#enterAll(one);
    }
  }

  /** What a module is when it is one class: who loads it makes objects of it. */
  #isClass(exported: ts.Expression): boolean {
    if (ts.isClassExpression(exported)) return true;
    const declared =
      ts.isIdentifier(exported) && this.#checker.getSymbolAtLocation(exported)?.valueDeclaration;
    return !!declared && (ts.isClassLike(declared) || /^[A-Z]/.test(exported.getText()));
  }

  /** A class, a function, or a function that is wrapped: `plugin(async function (server) { … })`. */
  #enterAll(exported: ts.Expression): void {
    for (const called of calledBy(exported, this.#checker)) this.#enter(called);
    if (!ts.isCallExpression(exported)) return;
    for (const argument of exported.arguments) {
      for (const called of calledBy(argument, this.#checker)) this.#enter(called);
    }
  }

  #enter(called: ts.Node): void {
    if (this.#entered.has(called)) return;
    this.#entered.add(called);
    ts.forEachChild(called, this.#visit);
  }

  readonly #visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) this.names.add(node);
    if (ts.isFunctionLike(node) && !ts.isReturnStatement(node.parent)) return;
    if (ts.isCatchClause(node)) return;
    if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
      this.#branch(node);
      return;
    }
    if (ts.isCaseClause(node)) return;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) {
      this.#visit(node.left);
      return;
    }
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      for (const called of calledBy(node.expression, this.#checker)) this.#enter(called);
    }
    ts.forEachChild(node, this.#visit);
  };

  #branch(node: ts.IfStatement | ts.ConditionalExpression): void {
    const [condition, yes, no] = ts.isIfStatement(node)
      ? [node.expression, node.thenStatement, node.elseStatement]
      : [node.condition, node.whenTrue, node.whenFalse];
    this.#visit(condition);
    const usual = asksForNothing(condition) ? yes : no;
    if (usual && ts.isFunctionLike(usual)) this.#enter(usual);
    else if (usual) this.#visit(usual);
  }
}

/** `!options.client`, `options.client === undefined` */
function asksForNothing(condition: ts.Expression): boolean {
  if (ts.isPrefixUnaryExpression(condition)) return condition.operator === ts.SyntaxKind.ExclamationToken;
  return /===?\s*(undefined|null|'undefined'|"undefined")$/.test(condition.getText());
}

/** What `module.exports = …` and `export default …` hand out, if a module does so. */
function onlyExport(statement: ts.Statement): ts.Expression | null {
  if (ts.isExportAssignment(statement)) return statement.expression;
  const isDefault =
    (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
  if (isDefault) return statement.name ?? null;
  if (!ts.isExpressionStatement(statement)) return null;
  let { expression } = statement;
  let isExport = false;
  while (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    isExport ||= /^(module\.exports|exports\.default)$/.test(expression.left.getText());
    expression = expression.right;
  }
  return isExport ? expression : null;
}
