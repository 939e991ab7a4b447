import ts from 'typescript';
import { type Hand, indentAt, statementEnd } from '../hand';
import type { ParsedFile } from '../program/parsed-file';
import { placeForImport } from './import-place';
import { type KnownName, mergedImport } from './merge-import';

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
 * Makes `name` of module `specifier` known in the file, in the file's own form: no change where it is known already, one more
 * name where the file imports others of that module, else a statement of its own. `user` is what is to use it: a `require` has
 * to run before.
 */
export function addNamedImport(
  file: ParsedFile,
  hand: Hand,
  name: string,
  specifier: string,
  commonJs: boolean,
  user: ts.Node,
): KnownName {
  const merged = mergedImport(file, name, specifier, user);
  if (merged && 'local' in merged) return merged;
  const quoted = `${hand.quote}${specifier}${hand.quote}`;
  const { offset, isBefore, below } = placeForImport(file, specifier, commonJs, user);
  const statement = commonJs
    ? `${hand.constant} { ${name} } = require(${quoted})${statementEnd(hand, file.text, offset)}`
    : `import { ${name} } from ${quoted}${hand.semicolon}`;
  const indent = below ? indentAt(file.text, below.getStart(file.source)) : '';
  const text = isBefore
    ? statement + hand.lineEnd + (below ? indent : hand.lineEnd)
    : hand.lineEnd + indent + statement;
  return { local: name, changes: [...(merged?.changes ?? []), { start: offset, end: offset, text }] };
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
