import * as path from 'node:path';
import ts from 'typescript';
import type { Smell } from '../../protocol/code';
import { estimateSavedBytes, type ImportEdge, isBuiltin, packageName } from '../module-size';
import { positionOf } from '../positions';
import { functionsRunAtLoad, runsAtLoad } from '../program/load-time';
import { packageOf } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import { isTestFile } from '../program/test-files';
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
  if (isTestFile(file.file) || CONFIGURATION.test(file.file)) return [];
  const atLoad = functionsRunAtLoad(file);
  return file.source.statements.flatMap((statement) => {
    const candidate = toCandidate(file, statement);
    if (!candidate || isBuiltin(candidate.specifier) || /^[./#]/.test(candidate.specifier)) return [];
    if (NEVER.has(packageName(candidate.specifier))) return [];
    const values = candidate.bindings.flatMap(({ references }) =>
      references.filter((node) => !isTypePosition(node) || isInjected(node)),
    );
    const onlyLater = values.length > 0 && values.every((node) => runsLater(node, atLoad));
    return onlyLater ? [candidate] : [];
  });
}

/** Read by tools, which end. */
const CONFIGURATION = /(^|[\\/])[^\\/]*(\.config|rc)\.[cm]?[jt]s$|[\\/](scripts|tools|examples?|docs)[\\/]/;

/** The smell, when loading lazily saves at least `minimumBytes`; null otherwise. */
export function toLazyImportSmell(
  file: ParsedFile,
  { specifier, statement, bindings }: LazyImportCandidate,
  minimumBytes: number,
): Omit<Smell, 'rewrites'> | null {
  const edge = { specifier, fromFile: file.file };
  // Cheap first: most packages are too small even if nothing else loads a part of them.
  if (estimateSavedBytes(edge) < minimumBytes) return null;
  const together = importersOf(file, specifier);
  if (together === null) return null;
  const bytes = estimateSavedBytes(edge, otherEdges(file, specifier));
  if (bytes < minimumBytes) return null;
  const [first] = bindings.flatMap(({ references }) => references);
  const line = first ? positionOf(file, first.getStart(file.source)).line : 0;
  const start = statement.getStart(file.source);
  const others =
    together.length === 0
      ? ''
      : `, and so it is in ${together.map((name) => path.basename(name)).join(', ')}`;
  return {
    id: `lazy-import:${specifier}`,
    rule: 'lazy-import',
    file: file.file,
    identifier: specifier,
    role: null,
    range: { start, end: statement.getEnd() },
    position: positionOf(file, start),
    severity: 'information',
    message: `${specifier} takes about ${(bytes / 1e6).toFixed(1)} MB as soon as this module loads, but is used only inside functions (first in line ${line})${others}.`,
  };
}

/** The project's other files that import the module and could do so lazily, too; null where one of them cannot. */
function importersOf(file: ParsedFile, specifier: string): string[] | null {
  const lazy: string[] = [];
  for (const other of runningSources(file)) {
    if (!eagerSpecifiers(other).some((one) => packageName(one) === packageName(specifier))) continue;
    const parsed = { ...file, file: other.fileName, text: other.text, source: other };
    if (!findLazyImports(parsed).some((candidate) => candidate.specifier === specifier)) return null;
    lazy.push(other.fileName);
  }
  return lazy;
}

/** What else the project loads when it starts. */
function otherEdges(file: ParsedFile, specifier: string): ImportEdge[] {
  return [file.source, ...runningSources(file)].flatMap((source) =>
    eagerSpecifiers(source)
      .filter((one) => packageName(one) !== packageName(specifier) && !isBuiltin(one) && !/^[./#]/.test(one))
      .map((one) => ({ specifier: one, fromFile: source.fileName })),
  );
}

/** The sources of the same package that run with the program: no tests, no tools. */
function runningSources({ file, others }: ParsedFile): ts.SourceFile[] {
  const own = packageOf(file)?.packageJson;
  return (others ?? []).filter(
    ({ fileName }) =>
      packageOf(fileName)?.packageJson === own && !isTestFile(fileName) && !CONFIGURATION.test(fileName),
  );
}

const specifiersBySource = new WeakMap<ts.SourceFile, readonly string[]>();

/** The modules that a file loads as soon as it is loaded itself; what it imports as types is gone by then. */
function eagerSpecifiers(source: ts.SourceFile): readonly string[] {
  const known = specifiersBySource.get(source);
  if (known) return known;
  const found: string[] = [];
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement) && !statement.importClause?.isTypeOnly) {
      found.push((statement.moduleSpecifier as ts.StringLiteral).text);
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier && !statement.isTypeOnly) {
      found.push((statement.moduleSpecifier as ts.StringLiteral).text);
    } else if (!ts.isFunctionLike(statement)) {
      requiredAtOnce(statement, found);
    }
  }
  specifiersBySource.set(source, found);
  return found;
}

function requiredAtOnce(node: ts.Node, found: string[]): void {
  if (ts.isFunctionLike(node)) return;
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'require') {
    const [argument] = node.arguments;
    if (argument && ts.isStringLiteralLike(argument)) found.push(argument.text);
  }
  ts.forEachChild(node, (child) => requiredAtOnce(child, found));
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
  if (!declaration || specifier === null) return null;
  if (ts.isObjectBindingPattern(declaration.name)) {
    const bindings = declaration.name.elements.flatMap(
      ({ name, propertyName, initializer, dotDotDotToken }) =>
        ts.isIdentifier(name) &&
        !initializer &&
        !dotDotDotToken &&
        !(propertyName && !ts.isIdentifier(propertyName))
          ? [toBinding(file, name, propertyName ? propertyName.getText(file.source) : name.text)]
          : [],
    );
    if (bindings.length !== declaration.name.elements.length) return null;
    return { statement, specifier, bindings, types: [] };
  }
  if (!ts.isIdentifier(declaration.name)) return null;
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
  if (isInjected(node)) return false;
  if (ts.findAncestor(node, ts.isDecorator) || ts.findAncestor(node, ts.isHeritageClause)) return false;
  return !runsAtLoad(node, atLoad);
}

/** The type of a decorated class's constructor parameter: metadata of decorators keeps it as a value. */
function isInjected(node: ts.Node): boolean {
  const parameter = ts.findAncestor(node, ts.isParameter);
  const owner = parameter?.parent.parent;
  return (
    owner !== undefined &&
    ts.isClassLike(owner) &&
    ts.canHaveDecorators(owner) &&
    (ts.getDecorators(owner)?.length ?? 0) > 0
  );
}
