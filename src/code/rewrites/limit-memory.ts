import ts from 'typescript';
import { functionsRunAtLoad, runsOnlyAtLoad } from '../program/load-time';
import { asSeenFrom, enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import type { CollectionDeclaration } from '../smells/collection-declarations';
import { unwrap } from '../smells/collection-uses';
import { keeperOf } from '../smells/keepers';
import { knownCallers } from '../smells/known-callers';

/** Bytes that lru-cache 11 sets aside for each entry of its limit, before there is one: measured for 500 to 1,000 entries. */
const BYTES_PER_ENTRY = 24;

/** A limit whose empty cache takes more than this is a leak of its own. */
const MOST_BYTES = 2e6;

/** Why a limit of so many entries is too much to set aside at once; null where it is not. */
export function refuseLimit(maxEntries: number): string | null {
  const bytes = maxEntries * BYTES_PER_ENTRY;
  return bytes > MOST_BYTES
    ? `An LRU cache sets its whole limit aside at once, about ${Math.round(bytes / 1e6)} MB for ${maxEntries.toLocaleString('en-US')} entries before there is one; a map that takes room as it fills is better here.`
    : null;
}

/** Why each of many objects must not set a limit aside of its own; null where there are few, or none is known. */
export function refuseOneOfMany(file: ParsedFile, collection: CollectionDeclaration): string | null {
  const making = makingsOf(file, collection).find((node) => isOneOfMany(file, node));
  if (!making) return null;
  const { line } = making.getSourceFile().getLineAndCharacterOfPosition(making.getStart());
  const kilobytes = Math.round((500 * BYTES_PER_ENTRY) / 1000);
  return `It is one of many (line ${line + 1} makes and keeps another for each entry), and an LRU cache sets its whole limit aside at once, about ${kilobytes} kB for 500 entries.`;
}

/** Where the object that has the collection, or the function that keeps it, is made. */
function makingsOf(file: ParsedFile, { name, place }: CollectionDeclaration): ts.Node[] {
  if (place === 'closure') {
    const around = enclosingFunction(name);
    const callers = around && ts.isFunctionLike(around) ? knownCallers(file, around) : null;
    return [...(callers?.calls ?? [])];
  }
  const owner = place === 'instance' ? ts.findAncestor(name, ts.isClassLike) : undefined;
  if (!owner?.name) return [];
  const made = owner.members.find(ts.isConstructorDeclaration) ?? owner;
  return [...(knownCallers(file, made as ts.ConstructorDeclaration)?.calls ?? [])];
}

/** `rooms.set(id, new Room())` and its like, which run again and again. */
function isOneOfMany(file: ParsedFile, making: ts.Node): boolean {
  const there = asSeenFrom(file, making.getSourceFile());
  if (runsOnlyAtLoad(there, making, functionsRunAtLoad(file))) return false;
  const kept = outermost(making);
  if (isKept(kept)) return true;
  const { parent } = kept;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) {
    const isAssigned = ts.isBinaryExpression(parent) && parent.right === kept && ts.isIdentifier(parent.left);
    return isAssigned && keptLater(there, parent.left as ts.Identifier);
  }
  return referencesTo(there, parent.name).some((use) => isKept(outermost(use)));
}

function keptLater(file: ParsedFile, name: ts.Identifier): boolean {
  const declared = file.checker.getSymbolAtLocation(name)?.valueDeclaration;
  return (
    declared !== undefined &&
    ts.isVariableDeclaration(declared) &&
    ts.isIdentifier(declared.name) &&
    enclosingFunction(declared) !== null &&
    referencesTo(file, declared.name).some((use) => isKept(outermost(use)))
  );
}

/** What a value is written as, waited for or not. */
function outermost(node: ts.Node): ts.Node {
  let current = unwrap(node);
  while (ts.isAwaitExpression(current.parent)) current = unwrap(current.parent);
  return current;
}

function isKept(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression === node) return false;
  const isStored = ts.isBinaryExpression(parent) && parent.right === node;
  return (isStored || ts.isCallExpression(parent)) && keeperOf(parent, '') !== null;
}
