import * as fs from 'node:fs';
import ts from 'typescript';
import { entryOf, loadedModule } from '../module-size/module-graph';
import { isBuiltin, packageName } from '../module-size/specifiers';
import { scriptKind } from '../program/parse-options';
import type { ParsedFile } from '../program/parsed-file';
import { referencesTo, resolveAlias } from '../program/references';
import type { LazyImportCandidate } from '../smells/lazy-import';
import { withParentheses } from '../smells/member-chains';
import { isAssigned } from './assigned';

/**
 * The name of an import to which its module gives another value while the program runs: an import sees that, a constant
 * that was read off the module does not. Null where there is none; namespaces and default exports are looked through.
 */
export function liveBinding(file: ParsedFile, { specifier, bindings }: LazyImportCandidate): string | null {
  const named = bindings.filter(({ imported }) => !/^(default|\*|=)$/.test(imported));
  if (named.length === 0) return null;
  const inSources = named.find(({ name }) => isChangedInSources(file, name));
  if (inSources) return inSources.imported;
  const changed = changedExports(file.file, specifier);
  return named.find(({ imported }) => changed.has(imported))?.imported ?? null;
}

/** A package of the same workspace, whose sources were parsed as well. */
function isChangedInSources(file: ParsedFile, name: ts.Identifier): boolean {
  const symbol = resolveAlias(file.checker, file.checker.getSymbolAtLocation(name));
  const declared = symbol?.valueDeclaration;
  if (!declared || !ts.isVariableDeclaration(declared) || !ts.isIdentifier(declared.name)) return false;
  const source = declared.getSourceFile();
  return (
    source !== file.source &&
    referencesTo({ ...file, source }, declared.name).some((node) => isAssigned(node) && isInFunction(node))
  );
}

const byEntry = new Map<string, ReadonlySet<string>>();
/** More files of a package are not read for this. */
const MOST_FILES = 200;

/** The exports that modules of a package assign to within functions, as far as it loads them at once. */
function changedExports(fromFile: string, specifier: string): ReadonlySet<string> {
  const entry = entryOf(specifier, fromFile, 'import');
  if (entry === null || isBuiltin(entry)) return new Set();
  const known = byEntry.get(entry);
  if (known) return known;
  const found = new Set<string>();
  for (const module of ownModules(entry, packageName(specifier))) {
    for (const name of changedIn(module)) found.add(name);
  }
  byEntry.set(entry, found);
  return found;
}

/** The module, and what it loads of its own package. */
function ownModules(entry: string, name: string): ReadonlySet<string> {
  const at = entry.replaceAll('\\', '/').lastIndexOf(`/node_modules/${name}/`);
  const root = at === -1 ? null : entry.slice(0, at + `/node_modules/${name}/`.length);
  const seen = new Set<string>();
  const open = [entry];
  while (open.length > 0 && seen.size < MOST_FILES) {
    const module = open.pop()!;
    if (seen.has(module) || isBuiltin(module) || !(root === null || module.startsWith(root))) continue;
    seen.add(module);
    open.push(...loadedModule(module).loads);
  }
  return seen;
}

const MAY_CHANGE = /\bexport\s+(let|var)\b|\bexport\s*\{|\bexports\.\w+\s*=/;

function changedIn(module: string): ReadonlySet<string> {
  const found = new Set<string>();
  const text = /\.[cm]?js$/.test(module) ? readIfThere(module) : '';
  if (!MAY_CHANGE.test(text)) return found;
  const source = ts.createSourceFile(module, text, ts.ScriptTarget.ESNext, true, scriptKind(module));
  const exported = exportedVariables(source);
  const visit = (node: ts.Node): void => {
    const name = assignedExport(node, exported);
    if (name !== null && isInFunction(node)) found.add(name);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Local name → exported name, of what is no constant. */
function exportedVariables(source: ts.SourceFile): ReadonlyMap<string, string> {
  const variables = new Set<string>();
  const exported = new Map<string, string>();
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    if ((statement.declarationList.flags & ts.NodeFlags.Const) !== 0) continue;
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    for (const { name } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(name)) continue;
      variables.add(name.text);
      if (isExported) exported.set(name.text, name.text);
    }
  }
  for (const statement of source.statements) {
    const list = ts.isExportDeclaration(statement) && !statement.moduleSpecifier && statement.exportClause;
    if (!list || !ts.isNamedExports(list)) continue;
    for (const { name, propertyName } of list.elements) {
      const local = (propertyName ?? name).text;
      if (variables.has(local)) exported.set(local, name.text);
    }
  }
  return exported;
}

/** `counter = …` of an exported variable, `exports.counter = …`. */
function assignedExport(node: ts.Node, exported: ReadonlyMap<string, string>): string | null {
  if (ts.isIdentifier(node)) return isAssigned(node) ? (exported.get(node.text) ?? null) : null;
  const isOfExports =
    ts.isPropertyAccessExpression(node) && /^(module\.)?exports$/.test(node.expression.getText());
  return isOfExports && isAssigned(node) ? node.name.text : null;
}

/** In one that does not run at once: bundlers wrap whole modules into functions that do. */
function isInFunction(node: ts.Node): boolean {
  for (let around = node.parent; around; around = around.parent) {
    if (ts.isFunctionLike(around)) return !isWrapper(around) || isInFunction(around);
  }
  return false;
}

/** `(function (exports) { … })(…)`, a factory that is given to a loader, the body of a bundled module. */
function isWrapper(node: ts.Node): boolean {
  const { parent } = withParentheses(node);
  return (
    ts.isCallExpression(parent) ||
    (ts.isPropertyAccessExpression(parent) && ts.isCallExpression(parent.parent)) ||
    (ts.isFunctionLike(node) && node.parameters.some(({ name }) => name.getText() === 'exports'))
  );
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
