import ts from 'typescript';

const specifiersBySource = new WeakMap<ts.SourceFile, readonly string[]>();

/** The modules that a file loads as soon as it is loaded itself; what it imports as types is gone by then. */
export function eagerSpecifiers(source: ts.SourceFile): readonly string[] {
  const known = specifiersBySource.get(source);
  if (known) return known;
  const found: string[] = [];
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement) && !isGoneWhenCompiled(statement)) {
      found.push((statement.moduleSpecifier as ts.StringLiteral).text);
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier && !statement.isTypeOnly) {
      found.push((statement.moduleSpecifier as ts.StringLiteral).text);
    } else if (ts.isImportEqualsDeclaration(statement)) {
      const specifier = statement.isTypeOnly ? null : requiredByEquals(statement);
      if (specifier !== null) found.push(specifier);
    } else if (!ts.isFunctionLike(statement)) {
      requiredAtOnce(statement, found);
    }
  }
  specifiersBySource.set(source, found);
  return found;
}

/** `import type`, and a list of nothing but types. */
function isGoneWhenCompiled({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  const { name, namedBindings, isTypeOnly } = importClause;
  if (isTypeOnly) return true;
  return (
    !name &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.length > 0 &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

function requiredAtOnce(node: ts.Node, found: string[]): void {
  if (ts.isFunctionLike(node)) return;
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'require') {
    const [argument] = node.arguments;
    if (argument && ts.isStringLiteralLike(argument)) found.push(argument.text);
  }
  ts.forEachChild(node, (child) => requiredAtOnce(child, found));
}

/** The module of `import name = require('module')`; null of `import name = other.name`. */
export function requiredByEquals({ moduleReference }: ts.ImportEqualsDeclaration): string | null {
  const isModule = ts.isExternalModuleReference(moduleReference);
  return isModule && ts.isStringLiteralLike(moduleReference.expression)
    ? moduleReference.expression.text
    : null;
}
