import ts from 'typescript';
import { enclosingFunction, hasModifier, type ParsedFile } from '../parsed-file';

export type CollectionType = 'Map' | 'Set' | 'object' | 'array';

/** A collection that may live as long as the program. */
export interface CollectionDeclaration {
  readonly name: ts.Identifier | ts.PrivateIdentifier;
  /** `new Map<K, V>()`, `{}`, `[]` */
  readonly creation: ts.Expression;
  readonly type: CollectionType;
  /** `closure`: a local variable that a function which outlives the call keeps. */
  readonly place: 'module' | 'static' | 'instance' | 'closure';
  readonly annotation: ts.TypeNode | null;
  /** The class or function that it stands in; empty in a module. */
  readonly owner: string;
  /** Code of other files can reach it by name. */
  readonly exported: boolean;
}

/** All collections of a file that are created empty: in module scope, in class fields, in constructors, in closures. */
export function findDeclarations(file: ParsedFile): CollectionDeclaration[] {
  const found: CollectionDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    const declaration =
      (ts.isVariableDeclaration(node) && variable(node)) ||
      (ts.isPropertyDeclaration(node) && field(node)) ||
      (ts.isBinaryExpression(node) && assignedField(file, node));
    if (declaration) found.push(declaration);
    ts.forEachChild(node, visit);
  };
  visit(file.source);
  return found;
}

function variable(node: ts.VariableDeclaration): CollectionDeclaration | null {
  const created = creationOf(node.initializer);
  if (!created || !ts.isIdentifier(node.name) || !ts.isVariableStatement(node.parent.parent)) return null;
  const statement = node.parent.parent;
  const common = { ...created, name: node.name, annotation: node.type ?? null };
  const around = enclosingFunction(node);
  if (around) {
    if (!keptByResult(node.name, around)) return null;
    return { ...common, place: 'closure', owner: functionName(around), exported: false };
  }
  if (!ts.isSourceFile(statement.parent)) return null;
  const exported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
  return { ...common, place: 'module', owner: '', exported };
}

function field(node: ts.PropertyDeclaration): CollectionDeclaration | null {
  const created = creationOf(node.initializer);
  if (!created || !(ts.isIdentifier(node.name) || ts.isPrivateIdentifier(node.name))) return null;
  return {
    ...created,
    name: node.name,
    annotation: node.type ?? null,
    place: hasModifier(node, ts.SyntaxKind.StaticKeyword) ? 'static' : 'instance',
    owner: className(node.parent),
    exported: !isPrivate(node) && isExportedClass(node.parent),
  };
}

/** `this.entries = new Map()` in a constructor: how classes without field syntax declare. */
function assignedField(file: ParsedFile, node: ts.BinaryExpression): CollectionDeclaration | null {
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return null;
  const { left, right } = node;
  if (!ts.isPropertyAccessExpression(left) || left.expression.kind !== ts.SyntaxKind.ThisKeyword) return null;
  const around = enclosingFunction(node);
  const created = creationOf(right);
  if (!created || !around || !ts.isConstructorDeclaration(around)) return null;
  const declared = file.checker.getSymbolAtLocation(left.name)?.declarations?.find(ts.isPropertyDeclaration);
  if (declared?.initializer) return null;
  return {
    ...created,
    name: left.name,
    annotation: declared?.type ?? null,
    place: 'instance',
    owner: className(around.parent),
    exported: !(declared && isPrivate(declared)) && isExportedClass(around.parent),
  };
}

/** A seeded collection is a table that was filled on purpose, and no accumulation. */
function creationOf(
  initializer: ts.Expression | undefined,
): { creation: ts.Expression; type: CollectionType } | null {
  if (!initializer) return null;
  let creation = initializer;
  while (ts.isAsExpression(creation) || ts.isSatisfiesExpression(creation)) creation = creation.expression;
  if (ts.isObjectLiteralExpression(creation) && creation.properties.length === 0)
    return { creation, type: 'object' };
  if (ts.isArrayLiteralExpression(creation) && creation.elements.length === 0)
    return { creation, type: 'array' };
  if (ts.isCallExpression(creation) && creation.getText() === 'Object.create(null)')
    return { creation, type: 'object' };
  if (!ts.isNewExpression(creation) || !ts.isIdentifier(creation.expression)) return null;
  const type = creation.expression.text;
  if ((type !== 'Map' && type !== 'Set') || (creation.arguments?.length ?? 0) > 0) return null;
  return { creation, type };
}

/** True when the function's result is a function that uses the name: a memoizer's cache, a counter's table. */
function keptByResult(name: ts.Identifier, around: ts.Node): boolean {
  let kept = false;
  const visit = (node: ts.Node, inResult: boolean): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && inResult) kept = true;
    const isOwnResult = ts.isFunctionLike(node) && node !== around && isResultOf(node, around);
    if (ts.isFunctionLike(node) && node !== around && !isOwnResult && !inResult) return;
    ts.forEachChild(node, (child) => visit(child, inResult || isOwnResult));
  };
  visit(around, false);
  return kept;
}

/** `return () => …`, or the body of an arrow function: what the call gives away. */
function isResultOf(node: ts.Node, around: ts.Node): boolean {
  if (node.parent === around) return ts.isArrowFunction(around) && around.body === node;
  return ts.isReturnStatement(node.parent) && enclosingFunction(node.parent) === around;
}

function isPrivate(node: ts.PropertyDeclaration): boolean {
  return ts.isPrivateIdentifier(node.name) || hasModifier(node, ts.SyntaxKind.PrivateKeyword);
}

function isExportedClass(node: ts.ClassLikeDeclaration): boolean {
  if (hasModifier(node, ts.SyntaxKind.ExportKeyword)) return true;
  const name = node.name?.text;
  if (name === undefined) return true;
  const source = node.getSourceFile();
  return source.statements.some(
    (statement) =>
      (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement) || isModuleExports(statement)) &&
      new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`).test(statement.getText(source)),
  );
}

function isModuleExports(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && /^(module\.)?exports\b/.test(statement.getText());
}

function className(node: ts.ClassLikeDeclaration): string {
  return node.name?.text ?? '';
}

function functionName(node: ts.Node): string {
  const named = node as Partial<ts.FunctionDeclaration>;
  if (named.name) return named.name.getText();
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : '';
}
