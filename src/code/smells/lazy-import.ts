import * as path from 'node:path';
import ts from 'typescript';
import type { MeasuredImport, Smell } from '../../protocol/code';
import { estimateSavedBytes, type ImportEdge } from '../module-size/saved-bytes';
import { isBuiltin, packageName } from '../module-size/specifiers';
import { positionOf } from '../positions';
import { functionsRunAtLoad, runsAtLoad } from '../program/load-time';
import { packageOf } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import { requiredModule } from '../program/required-module';
import { isTestFile } from '../program/test-files';
import { usualNames } from '../program/usual-path';
import { eagerSpecifiers, requiredByEquals } from './eager-imports';

/** A module-level import whose bindings are used only in functions that do not run while the module loads. */
export interface LazyImportCandidate {
  readonly statement: ts.ImportDeclaration | ts.ImportEqualsDeclaration | ts.VariableStatement;
  /** Its own part of `var a = require('a'), b = require('b')`; null where the whole statement is one. */
  readonly listed: ts.VariableDeclaration | null;
  readonly specifier: string;
  readonly bindings: readonly ImportBinding[];
  /** `type` specifiers among the named ones, as they are written without the word. */
  readonly types: readonly string[];
}

export interface ImportBinding {
  readonly name: ts.Identifier;
  /** `default`, `*`, `=` for `import name = require(…)`, or the exported name. */
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
  const candidates = file.source.statements.flatMap((statement) =>
    ts.isVariableStatement(statement) ? requiredBy(file, statement) : (toCandidate(file, statement) ?? []),
  );
  return candidates.filter(({ specifier, bindings }) => {
    if (isBuiltin(specifier) || /^[./#]/.test(specifier) || NEVER.has(packageName(specifier))) return false;
    const values = bindings.flatMap(({ references }) =>
      references.filter((node) => !isTypePosition(node) || isInjected(node)),
    );
    const onlyLater = values.length > 0 && values.every((node) => runsLater(node, atLoad));
    return onlyLater && !values.some((node) => usualNames(file).has(node));
  });
}

/** Read by tools, which end. */
const CONFIGURATION = /(^|[\\/])[^\\/]*(\.config|rc)\.[cm]?[jt]s$|[\\/](scripts|tools|examples?|docs)[\\/]/;

/** An estimate may be off by a quarter: what is just above the line stays silent. */
const MARGIN = 1.1;

/** What more files of a project use is loaded sooner or later anyway, and nobody would change them all. */
const MOST_FILES = 6;

/**
 * The smell, when loading lazily saves at least `minimumBytes`; null otherwise.
 * @param measured What the import was seen to cost; without it that is estimated.
 */
export function toLazyImportSmell(
  file: ParsedFile,
  { specifier, statement, listed, bindings }: LazyImportCandidate,
  minimumBytes: number,
  measured?: MeasuredImport,
): Omit<Smell, 'rewrites'> | null {
  const edge = { specifier, fromFile: file.file };
  // Cheap first: most packages are too small even if nothing else loads a part of them.
  const least = measured ? minimumBytes : minimumBytes * MARGIN;
  if ((measured?.total ?? estimateSavedBytes(edge)) < least) return null;
  const { together, rest } = otherImports(file, specifier);
  if (together.length >= MOST_FILES) return null;
  const bytes = savedBytes(edge, rest, together.length > 0, measured);
  if (bytes < least) return null;
  const [first] = bindings.flatMap(({ references }) => references);
  const line = first ? positionOf(file, first.getStart(file.source)).line : 0;
  const written = listed ?? statement;
  const start = written.getStart(file.source);
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
    range: { start, end: written.getEnd() },
    position: positionOf(file, start),
    severity: 'information',
    message: `${specifier} takes ${measured ? '' : 'about '}${(bytes / 1e6).toFixed(1)} MB as soon as this module loads, but is used only inside functions (first in line ${line})${others}.`,
  };
}

/** Where other files would load lazily as well, what nothing but them needs can only be estimated. */
function savedBytes(
  edge: ImportEdge,
  rest: readonly ImportEdge[],
  isShared: boolean,
  measured: MeasuredImport | undefined,
): number {
  if (measured && !isShared) return measured.saved;
  return Math.min(estimateSavedBytes(edge, rest), measured?.total ?? Number.POSITIVE_INFINITY);
}

/** What else the project loads when it starts. */
interface OtherImports {
  /** Files that import the same module, and could do so lazily, too. */
  readonly together: readonly string[];
  readonly rest: readonly ImportEdge[];
}

function otherImports(file: ParsedFile, specifier: string): OtherImports {
  const together: string[] = [];
  const rest: ImportEdge[] = [];
  for (const source of [file.source, ...runningSources(file)]) {
    const { fileName } = source;
    const isLazyThere =
      source === file.source ||
      (eagerSpecifiers(source).includes(specifier) && couldBeLazy(file, source, specifier));
    if (isLazyThere && source !== file.source) together.push(fileName);
    const specifiers = eagerSpecifiers(source).filter((other) => !/^[./#]/.test(other));
    // In the file itself a second statement may load it all the same: `export * from 'm'`.
    const own = source === file.source ? specifiers.indexOf(specifier) : -1;
    for (const [index, other] of specifiers.entries()) {
      const isLazy = source === file.source ? index === own : other === specifier && isLazyThere;
      if (!isLazy) rest.push({ specifier: other, fromFile: fileName });
    }
  }
  return { together, rest };
}

function couldBeLazy(file: ParsedFile, source: ts.SourceFile, specifier: string): boolean {
  const other = { ...file, file: source.fileName, text: source.text, source };
  return findLazyImports(other).some((candidate) => candidate.specifier === specifier);
}

/** The sources of the same package that run with the program: no tests, no tools, not what they are compiled to. */
function runningSources({ file, others }: ParsedFile): ts.SourceFile[] {
  const own = packageOf(file)?.packageJson;
  return (others ?? []).filter(
    ({ fileName }) =>
      packageOf(fileName)?.packageJson === own &&
      !isTestFile(fileName) &&
      !CONFIGURATION.test(fileName) &&
      !isCompiled(fileName, file, own),
  );
}

/** JavaScript in another top folder of the package than a TypeScript file. */
function isCompiled(fileName: string, typescript: string, packageJson: string | undefined): boolean {
  if (packageJson === undefined || !/tsx?$/.test(typescript) || /tsx?$/.test(fileName)) return false;
  const topOf = (name: string) => path.relative(path.dirname(packageJson), name).split(path.sep)[0];
  return topOf(fileName) !== topOf(typescript);
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
      listed: null,
      specifier: statement.moduleSpecifier.text,
      bindings: bindings.map(([name, imported]) => toBinding(file, name, imported)),
      types,
    };
  }
  if (ts.isImportEqualsDeclaration(statement)) {
    const specifier = requiredByEquals(statement);
    const isExported = statement.modifiers !== undefined && statement.modifiers.length > 0;
    return specifier === null || isExported || statement.isTypeOnly
      ? null
      : { statement, listed: null, specifier, bindings: [toBinding(file, statement.name, '=')], types: [] };
  }
  return null;
}

/** What a statement requires, one by one. `export const x = require('m')`: others have it by that name. */
function requiredBy(file: ParsedFile, statement: ts.VariableStatement): LazyImportCandidate[] {
  const { declarations } = statement.declarationList;
  if (statement.modifiers !== undefined) return [];
  return declarations.flatMap((declaration) => {
    const specifier = requiredModule(declaration);
    const bindings = bindingsOf(file, declaration.name);
    const listed = declarations.length > 1 ? declaration : null;
    return specifier !== null && bindings ? [{ statement, listed, specifier, bindings, types: [] }] : [];
  });
}

/** Null where a part of it is taken out by other means than its name. */
function bindingsOf(file: ParsedFile, name: ts.BindingName): ImportBinding[] | null {
  if (ts.isIdentifier(name)) return [toBinding(file, name, '*')];
  if (!ts.isObjectBindingPattern(name)) return null;
  const bindings = name.elements.flatMap(({ name: local, propertyName, initializer, dotDotDotToken }) =>
    ts.isIdentifier(local) &&
    !initializer &&
    !dotDotDotToken &&
    !(propertyName && !ts.isIdentifier(propertyName))
      ? [toBinding(file, local, propertyName ? propertyName.getText(file.source) : local.text)]
      : [],
  );
  return bindings.length === name.elements.length ? bindings : null;
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

/**
 * A type that metadata of decorators keeps as a value: of a constructor's parameter in a decorated class, of a decorated
 * field, of a decorated method's parameters and result.
 */
function isInjected(node: ts.Node): boolean {
  const member = ts.findAncestor(node, (around) => ts.isClassElement(around) || ts.isStatement(around));
  if (!member || !ts.isClassElement(member) || !ts.isClassLike(member.parent)) return false;
  const isInBody = 'body' in member && member.body !== undefined && isIn(node, member.body as ts.Node);
  if (isInBody || !isTypePosition(node)) return false;
  const decorated: ts.Node = ts.isConstructorDeclaration(member) ? member.parent : member;
  const ownParameter = ts.findAncestor(node, ts.isParameter);
  return isDecorated(decorated) || (ownParameter !== undefined && isDecorated(ownParameter));
}

function isIn(node: ts.Node, around: ts.Node): boolean {
  return around.pos <= node.pos && node.end <= around.end;
}

function isDecorated(node: ts.Node): boolean {
  return ts.canHaveDecorators(node) && (ts.getDecorators(node)?.length ?? 0) > 0;
}
