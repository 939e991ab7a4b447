import ts from 'typescript';

/** The module of `const x = require('module')`, or null. */
export function requiredModule({ initializer }: ts.VariableDeclaration): string | null {
  if (!initializer || !ts.isCallExpression(initializer)) return null;
  const [argument] = initializer.arguments;
  const isRequire = ts.isIdentifier(initializer.expression) && initializer.expression.text === 'require';
  return isRequire && argument && ts.isStringLiteralLike(argument) ? argument.text : null;
}

/** The module that a statement loads by itself: `import … from`, `import x = require()`, `const x = require()`; or null. */
export function loadedModule(node: ts.Statement): string | null {
  if (ts.isImportDeclaration(node)) return (node.moduleSpecifier as ts.StringLiteral).text;
  if (ts.isImportEqualsDeclaration(node)) {
    const { moduleReference } = node;
    return ts.isExternalModuleReference(moduleReference) && ts.isStringLiteral(moduleReference.expression)
      ? moduleReference.expression.text
      : null;
  }
  if (!ts.isVariableStatement(node)) return null;
  const modules = node.declarationList.declarations.map(requiredModule);
  return modules.every((one) => one !== null) ? (modules[0] ?? null) : null;
}
