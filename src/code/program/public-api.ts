import * as path from 'node:path';
import ts from 'typescript';
import { type ProjectPackage, packageOf } from './package';
import { asSeenFrom, type ParsedFile } from './parsed-file';

/** Where builds put what is written in `src`. */
const BUILT = /^(\.\/)?(dist|build|out|lib|es|esm|cjs|umd|types)\//;

/**
 * True when users of the package can import what a file exports: it is an entry of package.json, or an entry hands on what
 * it exports. A private package has no users.
 */
export function isPublicApi(file: ParsedFile): boolean {
  const project = packageOf(file.file);
  if (!project || project.isPrivate) return false;
  const folder = path.dirname(project.packageJson);
  const stems = entryStems(project);
  const isEntry = (name: string) => stems.has(stemOf(path.relative(folder, name)));
  if (isEntry(file.file)) return true;
  return [...(file.others ?? [])].some((other) => isEntry(other.fileName) && handsOn(other, file.file));
}

/** The same over any number of steps: an entry hands on what another file hands on. */
export function isHandedToUsers(file: ParsedFile): boolean {
  if (packageOf(file.file)?.isPrivate !== false) return false;
  const seen = new Set([file.source]);
  for (const target of seen) {
    if (isPublicApi(asSeenFrom(file, target))) return true;
    // The name of a folder stands for its index.
    const stem = path.basename(stemOf(target.fileName));
    const word = stem === 'index' ? path.basename(path.dirname(target.fileName)) : stem;
    for (const other of file.others ?? []) {
      if (!seen.has(other) && other.text.includes(word) && handsOn(other, target.fileName)) seen.add(other);
    }
  }
  return false;
}

/** Entries without extension, also where they stand before they are built. */
function entryStems({ entries }: ProjectPackage): ReadonlySet<string> {
  const stems = new Set(['index', 'src/index', 'lib/index', 'main', 'src/main']);
  for (const entry of entries) {
    const stem = stemOf(path.posix.normalize(entry));
    const inner = stem.replace(BUILT, '');
    for (const one of [stem, inner, `src/${inner}`, `src/${inner.split('/').at(-1)}`, `lib/${inner}`])
      stems.add(one);
  }
  return stems;
}

function stemOf(name: string): string {
  return name.replaceAll(path.sep, '/').replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
}

/** `export * from './file'`, `export { x } from './file'`, `exports.x = require('./file')` */
function handsOn(entry: ts.SourceFile, file: string): boolean {
  const target = stemOf(file);
  const means = (specifier: string) => {
    if (!specifier.startsWith('.')) return false;
    const stem = stemOf(path.resolve(path.dirname(entry.fileName), specifier));
    return stem === target || `${stem}/index` === target;
  };
  const imported = new Set<string>();
  for (const statement of entry.statements) {
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) {
      if (means((statement.moduleSpecifier as ts.StringLiteral).text)) return true;
    }
    if (ts.isImportDeclaration(statement) && means((statement.moduleSpecifier as ts.StringLiteral).text)) {
      const { name, namedBindings } = statement.importClause ?? {};
      if (name) imported.add(name.text);
      if (namedBindings && ts.isNamespaceImport(namedBindings)) imported.add(namedBindings.name.text);
      if (namedBindings && ts.isNamedImports(namedBindings)) {
        for (const element of namedBindings.elements) imported.add(element.name.text);
      }
    }
    const text = /exports\b/.test(statement.getText(entry)) ? statement.getText(entry) : '';
    for (const [, specifier] of text.matchAll(/require\(\s*['"]([^'"]+)['"]\s*\)/g)) {
      if (means(specifier!)) return true;
    }
    if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    ) {
      if (statement.exportClause.elements.some((one) => imported.has((one.propertyName ?? one.name).text)))
        return true;
    }
    if (ts.isExportAssignment(statement) && imported.has(statement.expression.getText(entry))) return true;
  }
  return false;
}
