import ts from 'typescript';
import { hasModifier, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';

/** Other code may have the object: it is exported, or named without one of its members. */
export function isExportedVariable(file: ParsedFile, { name, parent }: ts.VariableDeclaration): boolean {
  const isWithStatement =
    ts.isVariableStatement(parent.parent) && hasModifier(parent.parent, ts.SyntaxKind.ExportKeyword);
  if (isWithStatement || !ts.isIdentifier(name)) return true;
  return referencesTo(file, name).some(
    (node) => !(ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node),
  );
}

/** `export { cache }`, `export default cache`, `module.exports = { cache }`, `exports.cache = cache`. */
export function isExportedLater({ source }: ParsedFile, { text }: ts.Identifier): boolean {
  const word = new RegExp(`(?<![\\w$.])${text.replaceAll('$', '\\$')}(?![\\w$])`);
  return source.statements.some((statement) => {
    if (ts.isExportDeclaration(statement))
      return !statement.moduleSpecifier && word.test(statement.getText(source));
    if (ts.isExportAssignment(statement)) {
      return ts.isIdentifier(statement.expression) && statement.expression.text === text;
    }
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return false;
    const { left, right } = statement.expression;
    if (!/^(module\.)?exports\b/.test(left.getText(source))) return false;
    if (ts.isIdentifier(right)) return right.text === text;
    if (!ts.isObjectLiteralExpression(right)) return false;
    return right.properties.some(
      (property) =>
        (ts.isShorthandPropertyAssignment(property) && property.name.text === text) ||
        (ts.isPropertyAssignment(property) &&
          ts.isIdentifier(property.initializer) &&
          property.initializer.text === text),
    );
  });
}

/** `export class`, or named in a statement that exports. */
export function isExportedClass(node: ts.ClassLikeDeclaration): boolean {
  if (hasModifier(node, ts.SyntaxKind.ExportKeyword)) return true;
  const name = node.name?.text;
  if (name === undefined) return true;
  const source = node.getSourceFile();
  return source.statements.some(
    (statement) =>
      (ts.isExportDeclaration(statement) ||
        ts.isExportAssignment(statement) ||
        isExportsStatement(statement)) &&
      new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`).test(statement.getText(source)),
  );
}

/** A method that users of an exported class call. */
export function isPublicMethod(called: ts.Node): boolean {
  if (!ts.isMethodDeclaration(called) || !ts.isClassLike(called.parent)) return false;
  const isHidden =
    ts.isPrivateIdentifier(called.name) ||
    hasModifier(called, ts.SyntaxKind.PrivateKeyword) ||
    called.name.getText().startsWith('_');
  return !isHidden && isExportedClass(called.parent);
}

function isExportsStatement(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && /^(module\.)?exports\b/.test(statement.getText());
}

/** The left half of `module.exports = …`. */
export function isModuleExports(left: ts.Node): boolean {
  return left.getText() === 'module.exports';
}
