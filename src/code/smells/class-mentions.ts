import ts from 'typescript';
import { hasModifier, type ParsedFile } from '../program/parsed-file';
import { referencesElsewhere, referencesTo, resolveAlias, withOwner } from '../program/references';
import { isTestFile } from '../program/test-files';

/** What one starts and ends, and what a timer or a server keeps alive, is there for long. */
export function runsOnItsOwn(declared: ts.Node): boolean {
  if (!ts.isClassLike(declared)) return false;
  return declared.members.some((member) => {
    const isEnd =
      (ts.isMethodDeclaration(member) || ts.isPropertyDeclaration(member)) &&
      member.name !== undefined &&
      STARTS_OR_ENDS.test(member.name.getText());
    return isEnd || RUNS.test(member.getText());
  });
}

/** Its constructor starts what is done again and again. */
export function setsTimer(declared: ts.Node): boolean {
  return (
    ts.isClassLike(declared) &&
    declared.members.some((one) => ts.isConstructorDeclaration(one) && /\bsetInterval\(/.test(one.getText()))
  );
}

/** `while (!this.closed)`, or something to start and something to stop: it works until it is told to. */
export function keepsRunning(declared: ts.Node): boolean {
  if (!ts.isClassLike(declared)) return false;
  const names = declared.members.map(({ name }) => name?.getText() ?? '');
  return (
    (names.includes('start') && names.includes('stop')) ||
    declared.members.some((member) => LOOPS.test(member.getText()))
  );
}

const LOOPS = /\bwhile \(!?this\.[\w#]+\)/;
const STARTS_OR_ENDS = /^(close|destroy|dispose|shutdown|stop|disconnect|listen|connect|start)$/;
const RUNS = /\b(setInterval|createServer)\(/;

/** All mentions of a class outside of tests. */
export function mentionsOf(file: ParsedFile, name: ts.Identifier): ts.Node[] {
  const symbol = resolveAlias(file.checker, file.checker.getSymbolAtLocation(name));
  const references = [
    ...referencesTo(file, name),
    ...(symbol && file.others ? referencesElsewhere(file, name.text, symbol).map(({ node }) => node) : []),
  ];
  return references.filter((node) => !isTestFile(node.getSourceFile().fileName));
}

/** The name of the class that extends the mentioned one. */
export function heirOf(mention: ts.Node): ts.Identifier | null {
  const { parent } = withOwner(mention);
  if (!ts.isExpressionWithTypeArguments(parent) || !ts.isHeritageClause(parent.parent)) return null;
  const { token, parent: heir } = parent.parent;
  return token === ts.SyntaxKind.ExtendsKeyword && ts.isClassLike(heir) ? (heir.name ?? null) : null;
}

/** The name of the class that extends what a call of the mentioned function gives: `extends Journaled(Tracked(Base))`. */
export function heirThroughCall(mention: ts.Node): ts.Identifier | null {
  let current = mention;
  while (ts.isCallExpression(current.parent)) current = current.parent;
  return current === mention ? null : heirOf(current);
}

/** Where a class, or a function that serves as one, has its name. */
export function nameNode({ source }: ParsedFile, className: string): ts.Identifier | null {
  let found: ts.Identifier | null = null;
  const visit = (node: ts.Node): void => {
    const isFunction = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node);
    const isNamed = ts.isClassLike(node) || isFunction || ts.isVariableDeclaration(node);
    if (isNamed && node.name && ts.isIdentifier(node.name) && node.name.text === className) found = node.name;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What objects of a class make of their own class says nothing of the first one; what its static methods make does. */
export function isWithin(node: ts.Node, className: ts.Identifier): boolean {
  const member = ts.findAncestor(node, (one) => one.parent === className.parent);
  const isStatic = member && ts.canHaveModifiers(member) && hasModifier(member, ts.SyntaxKind.StaticKeyword);
  return member !== undefined && !isStatic;
}

/** `Type` of `for (const Type of [Stock, Price]) new Type()`, where the mention is one of the list. */
function madeInLoop(mention: ts.Node): ts.Node | null {
  const { parent: list } = mention;
  if (!ts.isArrayLiteralExpression(list) || !ts.isForOfStatement(list.parent)) return null;
  const { initializer, statement } = list.parent;
  const name = ts.isVariableDeclarationList(initializer) ? initializer.declarations[0]?.name.getText() : '';
  let made: ts.Node | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === name) made ??= node.expression;
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return made;
}

/** `container.resolve(Agent)` makes one. */
function isAskedOfContainer(mention: ts.Node): boolean {
  const { parent: call } = mention;
  return (
    ts.isCallExpression(call) &&
    call.arguments[0] === mention &&
    ts.isPropertyAccessExpression(call.expression) &&
    /^(resolve|get|resolveAsync|getAsync)$/.test(call.expression.name.text) &&
    /container$/i.test(call.expression.expression.getText())
  );
}

/** `Store` of `new Store()`, and `store_1.Store` of `new store_1.Store()`, as compilers write it; null of other mentions. */
export function calleeOfNew(mention: ts.Node): ts.Node | null {
  if (isAskedOfContainer(mention)) return mention;
  const looped = madeInLoop(mention);
  if (looped) return looped;
  const callee = withOwner(mention);
  return ts.isNewExpression(callee.parent) && callee.parent.expression === callee ? callee : null;
}
