import ts from 'typescript';
import type { TextChange } from '../../protocol/code';
import type { ParsedFile } from '../program/parsed-file';
import { requiredBefore, requiredModule } from '../program/required-module';

/** How a name of another module is written in a file, and the changes that make it known there. */
export interface KnownName {
  /** `LRUCache`; `lru.LRUCache` where the file has the whole module, another name where it calls it so. */
  readonly local: string;
  readonly changes: readonly TextChange[];
}

/** What stands in the way of an import of its own, and goes: the name is there, but only as a type. */
interface FreedName {
  readonly changes: readonly TextChange[];
}

/**
 * A name of a module of which the file has something already: the name as the file has it, or one more name in the list. Null
 * where the file has nothing of it that could take the name in.
 */
export function mergedImport(
  file: ParsedFile,
  name: string,
  specifier: string,
  user: ts.Node,
): KnownName | FreedName | null {
  const all = loadsOf(file, specifier, user);
  const imports = all.filter((one): one is ts.ImportDeclaration => 'moduleSpecifier' in one);
  const values = imports.filter(({ importClause }) => importClause && !isOfTypes(importClause));
  const holders = all.filter((one): one is Holder => 'pattern' in one);
  const known = first(values, (one) => importedAs(one, name)) ?? first(holders, (one) => heldAs(one, name));
  if (known) return known;
  const freed = first(imports, (one) => withoutType(file, one, name));
  if (freed && 'local' in freed) return freed;
  const added =
    first(values, (one) => withName(file, one, name)) ??
    first(holders, (one) => patternWith(file, one, name));
  return added ? { ...added, changes: [...added.changes, ...(freed?.changes ?? [])] } : freed;
}

/** What the file has of a module where `user` stands: what is required further down is not there yet. */
function loadsOf(file: ParsedFile, specifier: string, user: ts.Node): (ts.ImportDeclaration | Holder)[] {
  const limit = requiredBefore(file, user);
  return file.source.statements.flatMap((node): readonly (ts.ImportDeclaration | Holder)[] => {
    if (ts.isImportDeclaration(node))
      return isSameModule((node.moduleSpecifier as ts.StringLiteral).text, specifier) ? [node] : [];
    return node.end <= limit ? holdersIn(node, specifier) : [];
  });
}

/** True where a declaration is how the file has `name` of a module: `import { name }`, `const { name } = require(…)`. */
export function isLoadOf(
  file: ParsedFile,
  declaration: ts.Declaration,
  name: string,
  specifier: string,
  user: ts.Node,
): boolean {
  if (!ts.isImportSpecifier(declaration) && !ts.isBindingElement(declaration)) return false;
  if ((declaration.propertyName ?? declaration.name).getText(file.source) !== name) return false;
  const loads = loadsOf(file, specifier, user).map((one) => ('pattern' in one ? one.pattern : one));
  return ts.findAncestor(declaration, (node) => loads.some((one) => one === node)) !== undefined;
}

/** `const { a } = require('m')`, `const m = require('m')`, `import m = require('m')` */
interface Holder {
  readonly pattern: ts.BindingName;
}

function holdersIn(node: ts.Statement, specifier: string): Holder[] {
  if (ts.isImportEqualsDeclaration(node)) {
    const { moduleReference: from, isTypeOnly, name } = node;
    const isOfModule =
      ts.isExternalModuleReference(from) &&
      ts.isStringLiteral(from.expression) &&
      isSameModule(from.expression.text, specifier);
    return isOfModule && !isTypeOnly ? [{ pattern: name }] : [];
  }
  if (!ts.isVariableStatement(node)) return [];
  return node.declarationList.declarations.flatMap((one) => {
    const required = requiredModule(one);
    return required !== null && isSameModule(required, specifier) ? [{ pattern: one.name }] : [];
  });
}

/** A file of the project may be named with its extension and without. */
function isSameModule(one: string, other: string): boolean {
  const bare = (specifier: string) =>
    specifier.startsWith('.') ? specifier.replace(/\.[cm]?[jt]sx?$/, '') : specifier;
  return bare(one) === bare(other);
}

function isOfTypes(clause: ts.ImportClause): boolean {
  return clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

/** `import { LRUCache as Cache }`, `import * as lru` */
function importedAs({ importClause }: ts.ImportDeclaration, name: string): KnownName | null {
  const bindings = importClause?.namedBindings;
  if (!bindings || !importClause || importClause.phaseModifier !== undefined) return null;
  if (ts.isNamespaceImport(bindings)) return { local: `${bindings.name.text}.${name}`, changes: [] };
  const found = bindings.elements.find(
    (one) => !one.isTypeOnly && (one.propertyName ?? one.name).text === name,
  );
  return found ? { local: found.name.text, changes: [] } : null;
}

function heldAs({ pattern }: Holder, name: string): KnownName | null {
  if (ts.isIdentifier(pattern)) return { local: `${pattern.text}.${name}`, changes: [] };
  if (!ts.isObjectBindingPattern(pattern)) return null;
  const found = pattern.elements.find((one) => (one.propertyName ?? one.name).getText() === name);
  return found ? { local: found.name.getText(), changes: [] } : null;
}

/**
 * Where the name is imported as a type: its `type` goes, or where that stands for others as well, the name goes, and gets an
 * import of its own.
 */
function withoutType(
  { text, source }: ParsedFile,
  { importClause }: ts.ImportDeclaration,
  name: string,
): KnownName | FreedName | null {
  const bindings = importClause?.namedBindings;
  if (!bindings || !importClause || !ts.isNamedImports(bindings)) return null;
  const { elements } = bindings;
  const found = elements.find((one) => (one.propertyName ?? one.name).text === name);
  if (!found) return null;
  if (found.isTypeOnly)
    return { local: found.name.text, changes: [withoutWord(text, found.getStart(source))] };
  if (!isOfTypes(importClause)) return null;
  if (elements.length === 1)
    return { local: found.name.text, changes: [withoutWord(text, importClause.getStart(source))] };
  const next = elements[elements.indexOf(found) + 1];
  const before = elements[elements.indexOf(found) - 1];
  const [start, end] = next
    ? [found.getStart(source), next.getStart(source)]
    : [before?.end ?? found.pos, found.end];
  return { changes: [{ start, end, text: '' }] };
}

/** `type ` in front of a name or a list. */
function withoutWord(text: string, start: number): TextChange {
  const length = /^type\s+/.exec(text.slice(start))?.[0].length ?? 0;
  return { start, end: start + length, text: '' };
}

/** `import { a } from 'm'` → `import { a, LRUCache } from 'm'`; `import m from 'm'` → `import m, { LRUCache } from 'm'` */
function withName(file: ParsedFile, { importClause }: ts.ImportDeclaration, name: string): KnownName | null {
  const bindings = importClause?.namedBindings;
  if (!importClause || importClause.phaseModifier !== undefined) return null;
  if (!bindings) {
    const { end } = importClause;
    return { local: name, changes: [{ start: end, end, text: `, { ${name} }` }] };
  }
  if (!ts.isNamedImports(bindings)) return null;
  const names = bindings.elements.map((one) => one.name.text);
  return { local: name, changes: [inList(file, bindings, bindings.elements, names, name)] };
}

function patternWith(file: ParsedFile, { pattern }: Holder, name: string): KnownName | null {
  if (!ts.isObjectBindingPattern(pattern) || pattern.elements.some((one) => one.dotDotDotToken)) return null;
  const names = pattern.elements.map((one) => one.name.getText());
  return { local: name, changes: [inList(file, pattern, pattern.elements, names, name)] };
}

/** One more in a list: where its alphabet wants it, else at the end; on a line of its own where the others have one each. */
function inList(
  { text, source }: ParsedFile,
  list: ts.Node,
  elements: ts.NodeArray<ts.Node>,
  names: readonly string[],
  name: string,
): TextChange {
  const last = elements.at(-1);
  if (!last) return { start: list.getStart(source), end: list.end, text: `{ ${name} }` };
  const sorted = ORDERS.find((order) =>
    names.every((one, index) => index === 0 || order(names[index - 1]!, one) <= 0),
  );
  const next = sorted && names.findIndex((one) => sorted(name, one) < 0);
  const following = next === undefined || next < 0 || names.length < 2 ? undefined : elements[next];
  if (following) {
    const start = following.getStart(source);
    const between = text.slice(following.pos, start);
    return { start, end: start, text: `${name},${/^\s+$/.test(between) ? between : ' '}` };
  }
  const between = text.slice(last.pos, last.getStart(source));
  const blank = between.includes('\n') && /^\s+$/.test(between) ? between : ' ';
  return { start: last.end, end: last.end, text: `,${blank}${name}` };
}

/** The ways in which lists of names are sorted. */
const ORDERS: readonly ((a: string, b: string) => number)[] = [
  (a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : a.toLowerCase() === b.toLowerCase() ? 0 : 1),
  (a, b) => (a < b ? -1 : a === b ? 0 : 1),
];

function first<T, R>(list: readonly T[], find: (one: T) => R | null): R | null {
  for (const one of list) {
    const found = find(one);
    if (found !== null) return found;
  }
  return null;
}
