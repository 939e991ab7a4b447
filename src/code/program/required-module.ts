import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';

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

/**
 * Up to where a `require` may stand so that it has run before `user`: what stands in a function runs as soon as a statement
 * of the module calls it, which may stand far above.
 */
export function requiredBefore({ source }: ParsedFile, user: ts.Node): number {
  const isInside = ts.findAncestor(user, (node) => ts.isFunctionLike(node) || ts.isClassLike(node));
  const acting = isInside ? source.statements.find((node) => mayCallFunctions(node)) : undefined;
  return Math.min(acting?.pos ?? user.pos, user.pos);
}

/** Whether it calls anything but what it requires: `require('debug')('app')` calls nothing of this file. */
function mayCallFunctions(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  const isCall = ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node);
  if (isCall && !/^require\b/.test(node.getText())) return true;
  return ts.forEachChild(node, mayCallFunctions) ?? false;
}
