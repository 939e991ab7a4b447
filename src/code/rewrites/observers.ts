import ts from 'typescript';
import { lineOf } from '../positions';
import { enclosingFunction, hasModifier, type ParsedFile } from '../program/parsed-file';
import { referencesElsewhere, withOwner } from '../program/references';
import { isTestFile } from '../program/test-files';
import { type CollectionUse, unwrap } from '../smells/collection-uses';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { refuseAnyReceiver } from './any-receivers';
import { callsOfFunction, isReturned } from './returned-values';

/**
 * Why a collection must stay of its kind: something looks at it as a whole, past the methods that a rewrite knows. Null
 * where nothing does.
 */
export function refuseObserved(file: ParsedFile, collection: UnboundedCollection): string | null {
  const reflecting = reflectionOn(collection);
  if (reflecting) return `Line ${lineOf(reflecting)} reaches the fields of its object without their names.`;
  const serializing = serializerOf(file, collection);
  if (serializing) {
    const where = serializing.getSourceFile() === file.source ? 'line' : `${nameOf(serializing)}, line`;
    return `In ${where} ${lineOf(serializing)} the object that has it is written out as a whole.`;
  }
  const taken = collection.uses.find((use) => isTakenWhole(use, collection.type));
  if (taken)
    return `In line ${lineOf(taken.node)} it is cloned or printed as a whole, which shows what it is made of.`;
  const test = lookedAtByTest(file, collection);
  if (test) return `A test (${nameOf(test)}, line ${lineOf(test)}) looks at it as a whole.`;
  if (collection.uses.some(({ node }) => isExportedType(node))) {
    return 'Its type is exported under a name, which others may rely on.';
  }
  const caller = callerOfReturnedSet(file, collection);
  if (caller) {
    return `What set() returns is the collection itself, and line ${lineOf(caller)} of ${nameOf(caller)} uses it.`;
  }
  return refuseAnyReceiver(file, collection);
}

/** `this[name]`, `{ ...this }`, `Object.keys(this)` in the class that has the field. */
function reflectionOn({ name, place }: UnboundedCollection): ts.Node | null {
  if (place !== 'instance' && place !== 'static') return null;
  if (ts.isPrivateIdentifier(name)) return null;
  const owner = ts.findAncestor(name, ts.isClassLike) ?? name.getSourceFile();
  let found: ts.Node | null = null;
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.ThisKeyword && reachesFields(node, name.text)) found = node;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(owner);
  return found;
}

function reachesFields(self: ts.Node, name: string): boolean {
  const node = unwrap(self);
  const { parent } = node;
  if (ts.isElementAccessExpression(parent) && parent.expression === node) {
    const key = parent.argumentExpression;
    return ts.isStringLiteralLike(key) ? key.text === name : !ts.isNumericLiteral(key);
  }
  if (ts.isSpreadAssignment(parent)) return true;
  if (ts.isForInStatement(parent)) return parent.expression === node;
  return (
    ts.isCallExpression(parent) && parent.expression !== node && TAKES_WHOLE.test(parent.expression.getText())
  );
}

const TAKES_WHOLE =
  /^(JSON\.stringify|structuredClone|(v8\.)?serialize|(util\.)?inspect|Object\.(keys|values|entries|assign|getOwnPropertyNames))$|(^|\.)postMessage$/;
const MAY_TAKE_WHOLE = /JSON\.stringify|structuredClone|serialize|inspect|Object\.\w+|postMessage/;

/** `structuredClone(cache)`, `JSON.stringify(cache)`: of another class they make another thing. */
function isTakenWhole({ kind, node }: CollectionUse, type: UnboundedCollection['type']): boolean {
  const value = unwrap(node);
  const { parent } = value;
  if (kind !== 'iterate' || !ts.isCallExpression(parent) || parent.expression === value) return false;
  const callee = parent.expression.getText();
  return (
    (TAKES_WHOLE.test(callee) && !callee.startsWith('Object.')) || (type !== 'array' && SHOWS.test(callee))
  );
}

/** What is answered or printed shows of which class it is. */
const SHOWS = /^(console\.\w+|(res|reply|response)\.(json|send|render|end|write)|(util\.)?format|String)$/;

const wholeTakers = new WeakMap<ts.SourceFile, readonly ts.CallExpression[]>();

/** A call that takes whole objects, with one of the class that has the collection. */
function serializerOf(
  { source, others, checker }: ParsedFile,
  { name }: UnboundedCollection,
): ts.Node | null {
  const owner = ts.findAncestor(name, ts.isClassLike);
  const symbol = owner && checker.getTypeAtLocation(owner).getSymbol();
  if (!symbol || ts.isPrivateIdentifier(name)) return null;
  for (const one of [source, ...(others ?? [])]) {
    for (const call of wholeTakersIn(one)) {
      if (call.arguments.some((argument) => checker.getTypeAtLocation(argument).getSymbol() === symbol))
        return call;
    }
  }
  return null;
}

function wholeTakersIn(source: ts.SourceFile): readonly ts.CallExpression[] {
  const known = wholeTakers.get(source);
  if (known) return known;
  const found: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && TAKES_WHOLE.test(node.expression.getText(source))) found.push(node);
    ts.forEachChild(node, visit);
  };
  if (MAY_TAKE_WHOLE.test(source.text) && !isTestFile(source.fileName)) visit(source);
  wholeTakers.set(source, found);
  return found;
}

/** Every kind of bounded collection has them, too. */
const COMMON = new Set(['get', 'has', 'set', 'delete', 'clear', 'size', 'push', 'length']);

function lookedAtByTest(
  file: ParsedFile,
  { name, exported, isUsedByTests }: UnboundedCollection,
): ts.Node | null {
  const symbol = exported && isUsedByTests ? file.checker.getSymbolAtLocation(name) : undefined;
  if (!symbol) return null;
  const looks = referencesElsewhere(file, name.text, symbol).find(({ node }) => {
    if (!isTestFile(node.getSourceFile().fileName) || ts.isImportSpecifier(node.parent)) return false;
    const { parent } = unwrap(withOwner(node));
    return !(ts.isPropertyAccessExpression(parent) && COMMON.has(parent.name.text));
  });
  return looks?.node ?? null;
}

/** `export type Cache = typeof cache` */
function isExportedType(node: ts.Node): boolean {
  if (!ts.findAncestor(node, ts.isTypeQueryNode)) return false;
  const statement = ts.findAncestor(node, ts.isStatement);
  return (
    statement !== undefined &&
    ts.canHaveModifiers(statement) &&
    hasModifier(statement, ts.SyntaxKind.ExportKeyword)
  );
}

/** The place where the result of a function is used that ends in `return cache.set(key, value)`. */
function callerOfReturnedSet(file: ParsedFile, { uses, type }: UnboundedCollection): ts.Node | null {
  if (type !== 'Map' && type !== 'Set') return null;
  for (const use of uses) {
    if (use.kind !== 'add' || !isReturned(use.node)) continue;
    const around = enclosingFunction(use.node);
    const used = around && callsOfFunction(file, around).find((call) => !isLeft(call));
    if (used) return used;
  }
  return null;
}

/** What it gives is left alone. */
function isLeft({ parent }: ts.CallExpression): boolean {
  return ts.isExpressionStatement(parent) || ts.isVoidExpression(parent);
}

function nameOf(node: ts.Node): string {
  return node.getSourceFile().fileName.split(/[\\/]/).at(-1) ?? '';
}
