import ts from 'typescript';
import type { Smell } from '../../protocol/code';
import { estimateModuleBytes, isBuiltin, packageName } from '../module-size';
import { positionOf } from '../positions';
import { functionsRunAtLoad, runsAtLoad } from '../program/load-time';
import type { ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import { requiredModule } from '../rewrites/add-import';

/** A module-level import whose bindings are used only in functions that do not run while the module loads. */
export interface LazyImportCandidate {
  readonly statement: ts.ImportDeclaration | ts.VariableStatement;
  readonly specifier: string;
  readonly bindings: readonly ImportBinding[];
  /** `type` specifiers among the named ones, as they are written without the word. */
  readonly types: readonly string[];
}

export interface ImportBinding {
  readonly name: ts.Identifier;
  /** `default`, `*`, or the exported name. */
  readonly imported: string;
  readonly references: readonly ts.Identifier[];
}

/** They change what is there when they load, or have to be first: when they load is what they are for. */
const NEVER = new Set([
  'reflect-metadata',
  'dotenv',
  'source-map-support',
  'colors',
  'newrelic',
  'dd-trace',
  'elastic-apm-node',
  'tslib',
  'core-js',
  'regenerator-runtime',
  'module-alias',
  'tsconfig-paths',
  'express-async-errors',
  'debug',
]);

/** Finds imports of packages that could be loaded at first use. Costs are judged later, since they need the disk. */
export function findLazyImports(file: ParsedFile): LazyImportCandidate[] {
  if (/[./](test|spec)\.|[\\/](tests?|__tests__)[\\/]/.test(file.file)) return [];
  const atLoad = functionsRunAtLoad(file);
  return file.source.statements.flatMap((statement) => {
    const candidate = toCandidate(file, statement);
    if (!candidate || isBuiltin(candidate.specifier) || /^[./#]/.test(candidate.specifier)) return [];
    if (NEVER.has(packageName(candidate.specifier))) return [];
    const values = candidate.bindings.flatMap(({ references }) =>
      references.filter((node) => !isTypePosition(node)),
    );
    const onlyLater = values.length > 0 && values.every((node) => runsLater(node, atLoad));
    return onlyLater ? [candidate] : [];
  });
}

/** The smell, when loading lazily saves at least `minimumBytes`; null otherwise. */
export function toLazyImportSmell(
  file: ParsedFile,
  { specifier, statement, bindings }: LazyImportCandidate,
  minimumBytes: number,
): Omit<Smell, 'rewrites'> | null {
  const bytes = estimateModuleBytes(specifier, file.file);
  if (bytes < minimumBytes || bytes === 0) return null;
  const [first] = bindings.flatMap(({ references }) => references);
  const line = first ? positionOf(file, first.getStart(file.source)).line : 0;
  const start = statement.getStart(file.source);
  return {
    id: `lazy-import:${specifier}`,
    rule: 'lazy-import',
    file: file.file,
    identifier: specifier,
    role: null,
    range: { start, end: statement.getEnd() },
    position: positionOf(file, start),
    severity: 'information',
    message: `${specifier} takes about ${(bytes / 1e6).toFixed(1)} MB as soon as this module loads, but is used only inside functions (first in line ${line}).`,
  };
}

function toCandidate(file: ParsedFile, statement: ts.Statement): LazyImportCandidate | null {
  if (ts.isImportDeclaration(statement)) {
    const clause = statement.importClause;
    if (!clause || clause.isTypeOnly || !ts.isStringLiteral(statement.moduleSpecifier)) return null;
    const bindings: [ts.Identifier, string][] = [];
    const types: string[] = [];
    if (clause.name) bindings.push([clause.name, 'default']);
    const named = clause.namedBindings;
    if (named && ts.isNamespaceImport(named)) bindings.push([named.name, '*']);
    if (named && ts.isNamedImports(named)) {
      for (const element of named.elements) {
        if (element.isTypeOnly) types.push(element.getText(file.source).replace(/^type\s+/, ''));
        else bindings.push([element.name, (element.propertyName ?? element.name).text]);
      }
    }
    return {
      statement,
      specifier: statement.moduleSpecifier.text,
      bindings: bindings.map(([name, imported]) => toBinding(file, name, imported)),
      types,
    };
  }
  if (!ts.isVariableStatement(statement)) return null;
  const [declaration, another] = statement.declarationList.declarations;
  const specifier = declaration && !another ? requiredModule(declaration) : null;
  if (!declaration || specifier === null || !ts.isIdentifier(declaration.name)) return null;
  return { statement, specifier, bindings: [toBinding(file, declaration.name, '*')], types: [] };
}

function toBinding(file: ParsedFile, name: ts.Identifier, imported: string): ImportBinding {
  return { name, imported, references: referencesTo(file, name).filter((node) => ts.isIdentifier(node)) };
}

/** True where a name stands for a type, which is gone when the program runs. */
export function isTypePosition(node: ts.Node): boolean {
  return (
    ts.findAncestor(
      node,
      (ancestor) => ts.isTypeNode(ancestor) && !ts.isExpressionWithTypeArguments(ancestor),
    ) !== undefined
  );
}

/** Inside a function, and in none that this file itself calls while it loads. Re-exports are not. */
function runsLater(node: ts.Identifier, atLoad: ReadonlySet<ts.Node>): boolean {
  if (ts.isExportSpecifier(node.parent) || ts.isExportAssignment(node.parent)) return false;
  if (ts.findAncestor(node, ts.isDecorator) || ts.findAncestor(node, ts.isHeritageClause)) return false;
  return !runsAtLoad(node, atLoad);
}
