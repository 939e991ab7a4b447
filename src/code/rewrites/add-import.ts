import ts from 'typescript';
import type { TextChange } from '../../protocol/code';
import { type Hand, indentAt } from '../hand';
import type { ParsedFile } from '../program/parsed-file';

/** True when the file loads modules by `require` and has no import or export of its own. */
export function isCommonJs({ file, source }: ParsedFile, packageType: 'module' | 'commonjs'): boolean {
  if (/\.c[jt]s$/.test(file)) return true;
  if (/\.m[jt]s$/.test(file) || /\.tsx?$/.test(file)) return false;
  const hasModuleSyntax = source.statements.some(
    (node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isExportAssignment(node),
  );
  return !hasModuleSyntax && packageType === 'commonjs';
}

/**
 * The change that makes `name` of module `specifier` known in the file, in the file's own form; null when it is
 * known already. It stands behind the last import, or before the first statement, below any header comment.
 */
export function addNamedImport(
  file: ParsedFile,
  hand: Hand,
  name: string,
  specifier: string,
  commonJs: boolean,
): TextChange | null {
  const { source, text } = file;
  const imports = source.statements.filter((node) => isLoading(node));
  if (imports.some((node) => namesImported(node, specifier).includes(name))) return null;
  const quoted = `${hand.quote}${specifier}${hand.quote}`;
  const statement = commonJs
    ? `const { ${name} } = require(${quoted})${hand.semicolon}`
    : `import { ${name} } from ${quoted}${hand.semicolon}`;
  const last = imports.at(-1);
  if (last) {
    // A comment behind the statement belongs to it.
    const end = Math.max(
      last.end,
      ...(ts.getTrailingCommentRanges(text, last.end) ?? []).map((one) => one.end),
    );
    return { start: end, end, text: hand.lineEnd + indentAt(text, last.getStart(source)) + statement };
  }
  const first = source.statements.find((node) => !isDirective(node));
  const start = first ? startWithComments(first, source) : text.length;
  return { start, end: start, text: statement + hand.lineEnd + hand.lineEnd };
}

/** Where a statement begins with the comments that stand right above it; a licence or a directive is not one of them. */
function startWithComments(statement: ts.Statement, source: ts.SourceFile): number {
  const { text } = source;
  let start = statement.getStart(source);
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  for (const comment of comments.toReversed()) {
    const between = text.slice(comment.end, start);
    const isFirst = comment.pos === 0 && comment.kind === ts.SyntaxKind.MultiLineCommentTrivia;
    const isHeader =
      isFirst ||
      /licen[sc]e|copyright|@preserve|@file|eslint|@ts-|@jest|biome-|#!/i.test(
        text.slice(comment.pos, comment.end),
      );
    if (isHeader || (between.match(/\n/g) ?? []).length > 1) break;
    start = comment.pos;
  }
  return start;
}

/** Why a file must not load anything more; null where it may. */
export function refuseToImport(file: ParsedFile): string | null {
  return runsWithoutModules(file)
    ? 'The file also runs where there are no modules, and could not load one there.'
    : null;
}

/** True for a file that also runs where there are no modules: a script of a page, a definition for a loader of old. */
function runsWithoutModules({ source }: ParsedFile): boolean {
  const { text } = source;
  const asks = /typeof\s+(exports|module|define|window|require)\b/.test(text);
  return asks && !/(^|[^.\w])require\(\s*['"]/.test(text) && !/^\s*(import|export)\b/m.test(text);
}

function isLoading(node: ts.Statement): boolean {
  if (ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node)) return true;
  return (
    ts.isVariableStatement(node) &&
    node.declarationList.declarations.every((one) => requiredModule(one) !== null)
  );
}

/** The module of `const x = require('module')`, or null. */
export function requiredModule({ initializer }: ts.VariableDeclaration): string | null {
  if (!initializer || !ts.isCallExpression(initializer)) return null;
  const [argument] = initializer.arguments;
  const isRequire = ts.isIdentifier(initializer.expression) && initializer.expression.text === 'require';
  return isRequire && argument && ts.isStringLiteralLike(argument) ? argument.text : null;
}

function namesImported(node: ts.Statement, specifier: string): string[] {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const bindings = node.importClause?.namedBindings;
    if (node.moduleSpecifier.text !== specifier || !bindings || !ts.isNamedImports(bindings)) return [];
    return bindings.elements.filter((element) => !element.isTypeOnly).map((element) => element.name.text);
  }
  if (!ts.isVariableStatement(node)) return [];
  return node.declarationList.declarations.flatMap((declaration) => {
    if (requiredModule(declaration) !== specifier || !ts.isObjectBindingPattern(declaration.name)) return [];
    return declaration.name.elements.map((element) => element.name.getText());
  });
}

/** `'use strict'` and its like must stay first. */
function isDirective(node: ts.Statement): boolean {
  return ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression);
}
