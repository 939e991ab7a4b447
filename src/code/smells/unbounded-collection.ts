import * as path from 'node:path';
import ts from 'typescript';
import type { GrowthEvidence, Smell } from '../../protocol/code';
import { positionOf } from '../positions';
import { functionsRunAtLoad } from '../program/load-time';
import { packageOf } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';
import { isTestFile } from '../program/test-files';
import { NOT_THERE, openKeys } from './addition-keys';
import { type CollectionDeclaration, findDeclarations } from './collection-declarations';
import { roleOf } from './collection-roles';
import type { CollectionUse } from './collection-uses';
import { isOfCommand } from './command-runs';
import { entryLists, listDeclaration, usesOfEntryList } from './entry-lists';
import { endsByItself } from './filled-once';
import { hasFiniteKeys, keyOf } from './finite-keys';
import { type FollowedUses, followUses } from './follow-uses';
import { nameOfFunctionAround } from './function-names';
import { areEnough, growthSigns } from './growth-evidence';
import type { GrowthSign } from './growth-signs';
import { isCalledForEach } from './handlers';
import { innerAdditions, listedInside } from './inner-collections';
import { isOfFileOnDisk } from './kept-of-files';
import { comesFromOutside, opennessOf } from './key-origins';
import { argumentFor, knownCallers } from './known-callers';
import { areOfKnownThings } from './known-keys';
import { isUnderOwnKey } from './own-keys';
import { settlesPromise } from './promise-settlers';
import { isNoBound } from './removals';
import { isEmptied, replacesEntry } from './replaced-entries';
import { isAtRunTime } from './run-time-additions';
import { addedValue } from './stored-values';
import { isWarnedOnce } from './warned-once';

/** A declaration with everything that the code that was parsed does with it. */
export interface UnboundedCollection extends CollectionDeclaration, FollowedUses {
  readonly role: NonNullable<Smell['role']>;
  /** A live heap showed that it grows. */
  readonly isMeasured: boolean;
}

/**
 * Finds collections in module scope, class fields and closures that something is added to while the program runs, and
 * from which nothing is ever removed. What silences it: `delete`, `clear`, `splice`, a new value assigned, a comparison
 * of `size` with a limit, additions that all run while the program loads, keys that are few by their type, registries,
 * and any use that hands the collection to code that was not parsed, since that code may bound it. What is left is weighed
 * (growth-evidence), unless growth was measured.
 */
export function findUnboundedCollections(
  file: ParsedFile,
  evidence: readonly GrowthEvidence[] = [],
): UnboundedCollection[] {
  if (isSkipped(file)) return [];
  const declarations = findDeclarations(file);
  const found = [
    ...declarations.map((declaration) => ({ declaration, followed: null })),
    ...findEntryLists(file, declarations),
  ].flatMap(({ declaration, followed: known }) => {
    const measured = isMeasured(file, declaration, evidence);
    // Other files may remove what this one adds.
    const isOpen = declaration.exported && declaration.place === 'module' && file.others === null;
    if (isOpen && !measured) return [];
    const followed = known ?? followUses(file, declaration);
    const judged = judge(file, declaration, followed.uses);
    if (!judged || (!measured && (judged.role === 'registry' || !areEnough(file, declaration, judged.signs))))
      return [];
    return [{ ...declaration, ...followed, role: judged.role, isMeasured: measured }];
  });
  // `{ hour: [], day: [] }` whose lists are found each is none of its own.
  return found.filter(({ creation }) => !found.some((other) => isWithin(other.creation, creation)));
}

function isWithin(inner: ts.Expression, outer: ts.Expression): boolean {
  return inner !== outer && !!ts.findAncestor(inner, (node) => node === outer);
}

/** Tables that are being asked whether they are closed: those that ask each other end here. */
const underway = new Set<ts.Node>();

/** A table of the same file from which nothing is removed, and which does not grow: what is in there already is no more. */
function isClosed(file: ParsedFile, asking: CollectionDeclaration, table: ts.Expression): boolean {
  const declaration = declarationOf(file, findDeclarations(file), table);
  if (!declaration || declaration.name === asking.name || underway.has(declaration.name)) return false;
  underway.add(declaration.name);
  try {
    const { uses } = followUses(file, declaration);
    if (mayBeBounded(file, uses)) return false;
    const judged = judge(file, declaration, uses);
    return !judged || judged.role === 'registry' || !areEnough(file, declaration, judged.signs);
  } finally {
    underway.delete(declaration.name);
  }
}

/** `this.table`, `table` of what a file declares. */
function declarationOf(
  { checker }: ParsedFile,
  declarations: readonly CollectionDeclaration[],
  table: ts.Expression,
): CollectionDeclaration | undefined {
  const symbol = checker.getSymbolAtLocation(ts.isPropertyAccessExpression(table) ? table.name : table);
  return symbol && declarations.find(({ name }) => checker.getSymbolAtLocation(name) === symbol);
}

/** Lists of entries that are never taken out of their table. */
function findEntryLists(
  file: ParsedFile,
  declarations: readonly CollectionDeclaration[],
): { declaration: CollectionDeclaration; followed: FollowedUses }[] {
  return entryLists(file).flatMap((list) => {
    const table = declarationOf(file, declarations, list.table);
    if (!table || table.type === 'array') return [];
    const { uses } = followUses(file, table);
    if (mayBeBounded(file, uses)) return [];
    const declaration = listDeclaration(file, list, table);
    const followed = declaration && usesOfEntryList(file, list, declaration.type);
    return declaration && followed ? [{ declaration, followed }] : [];
  });
}

/** What is known of a collection from which nothing is removed; null of any other. */
export function judge(
  file: ParsedFile,
  declaration: CollectionDeclaration,
  uses: readonly CollectionUse[],
): { readonly role: UnboundedCollection['role']; readonly signs: readonly GrowthSign[] } | null {
  const additions = unlimitedAdditions(file, declaration, uses);
  if (additions.length === 0) return null;
  const openness = openKeys(file, declaration, additions);
  const named = roleOf(declaration, uses, openness);
  // `widths[font] = {}` is set up once for each font, and gets longer with each word.
  const isWithinParts = openness >= 2 && additions.every((use) => !uses.includes(use));
  // Whoever is listed once more with each request is no part of the program.
  const isListed = additions.some((use) => {
    if (declaration.type !== 'array') return isListedForEach(file, use);
    const value = addedValue(use);
    return isCalledForEach(file, use.node) || (value !== null && settlesPromise(value));
  });
  const role = named !== 'registry' ? named : isListed ? 'state' : isWithinParts ? 'cache' : named;
  return { role, signs: role === 'registry' ? [] : growthSigns(file, declaration, uses, additions) };
}

/** Files whose collections nobody mends: tests, what only developers run, minified text. */
export function isSkipped(file: ParsedFile): boolean {
  return isTestFile(file.file) || isForDevelopment(file.file) || isMinified(file);
}

/** Programs that are run once and by hand, told by the folders within the package, or by a package that is there for them. */
function isForDevelopment(file: string): boolean {
  const found = packageOf(file);
  if (!found) return false;
  const folder = path.dirname(found.packageJson);
  const inner = path.relative(folder, file);
  return (
    /^dev-?env$/.test(path.basename(folder)) ||
    /(^|[\\/])(seeds?|seeders|migrations|examples?|playground)[\\/]/.test(inner) ||
    // Some have their whole program there.
    (/(^|[\\/])scripts[\\/]/.test(inner) &&
      ![found.start, ...found.entries].some((one) => /\bscripts\//.test(one))) ||
    // Sent to browsers.
    /(^|[\\/])(public|www|wwwroot|bower_components)[\\/]/.test(inner)
  );
}

/** Nobody reads it, and nobody mends it there; characters in a line. */
function isMinified({ source, text }: ParsedFile): boolean {
  return text.length / source.getLineStarts().length > 200;
}

/** A live heap showed growth at the very line. */
export function isMeasured(
  file: ParsedFile,
  { name }: CollectionDeclaration,
  evidence: readonly GrowthEvidence[],
): boolean {
  if (evidence.length === 0) return false;
  const { line } = positionOf(file, name.getStart(file.source));
  return evidence.some((growth) => growth.line === line);
}

/** The additions that run while the program does, of a collection from which nothing is ever removed; else none. */
function unlimitedAdditions(
  file: ParsedFile,
  declaration: CollectionDeclaration,
  uses: readonly CollectionUse[],
): CollectionUse[] {
  if (mayBeBounded(file, uses)) return [];
  if (uses.some((use) => use.kind === 'size' && use.compared)) return [];
  if (uses.some((use) => isEmptied(use) && REMOVES.test(nameOfFunctionAround(use.node)))) return [];
  const atLoad = functionsRunAtLoad(file);
  // `seen[hash] = null` where `hash in seen` is asked: what matters is that the key is there.
  const isOfKeys =
    uses.every((use) => use.kind !== 'add' || isEmptied(use, /^null$/)) &&
    uses.some((use) => use.kind === 'read' && /^(in|hasOwn|hasOwnProperty)$/.test(use.method));
  const atRunTime = uses.filter(
    (use) =>
      use.kind === 'add' &&
      !replacesEntry(use) &&
      (isOfKeys || !isEmptied(use)) &&
      !endsByItself(file, use) &&
      !isUnderOwnKey(file, declaration, use) &&
      isAtRunTime(file, use.node, declaration, atLoad),
  );
  if (atRunTime.length === 0) {
    // `{ hour: [], day: [] }`, `{ en: new Map(), de: new Map() }`: what is under its names, which its maker may also put there.
    const { creation } = declaration;
    const begun = [...listedInside(file, uses, creation), ...openInside(file, uses, creation)];
    return begun.filter(({ node }) => isAtRunTime(file, node, declaration, atLoad));
  }
  // Of few keys each may have a collection that grows.
  const inside = declaration.type === 'array' ? [] : openInside(file, uses);
  if (hasFiniteKeys(file, declaration, atRunTime)) return inside;
  if (areOfKnownThings(file, atRunTime, (table) => isClosed(file, declaration, table))) return inside;
  if (inside.length > 0 && openKeys(file, declaration, atRunTime) < 1) return inside;
  if (isOfCommand(file, declaration, atRunTime)) return [];
  const isSent = atRunTime.some((use) => isOfSender(file, keyOf(use)));
  const isOfFiles = !NOT_THERE.test(declaration.name.text) && atRunTime.every(isOfFileOnDisk);
  const isSaidOnce = !NOT_THERE.test(declaration.name.text) && isWarnedOnce(declaration, uses);
  return (isSaidOnce && !isSent) || isOfFiles ? [] : atRunTime;
}

/** Told once by who or what it came from, and not by the words of what is told, unless these have what was sent. */
function isOfSender(file: ParsedFile, key: ts.Expression | undefined): boolean {
  if (!key) return false;
  if (!/^(message|msg|text|warning|line|reason)$/i.test(key.getText())) return opennessOf(file, key) >= 2.5;
  const declared = file.checker.getSymbolAtLocation(key)?.valueDeclaration;
  if (!declared || !ts.isParameter(declared)) return false;
  const { calls } = knownCallers(file, declared.parent) ?? { calls: [] };
  return calls.some((call) => {
    const given = argumentFor(call, declared);
    return given !== undefined && !ts.isIdentifier(given) && comesFromOutside(file, given);
  });
}

/** `delete(keys) { keys.forEach((key) => (table[key] = undefined)) }` is told from what only forgets the value. */
const REMOVES = /^(delete|remove|unset|evict|forget)/;

/** What is added under any number of keys, or listed, in the collections that a collection holds. */
function openInside(
  file: ParsedFile,
  uses: readonly CollectionUse[],
  creation?: ts.Expression,
): CollectionUse[] {
  return innerAdditions(file, uses, creation).filter((use) => {
    if (isListedForEach(file, use)) return true;
    const key = keyOf(use);
    // Whatever it is that is listed, parts of the program are, too.
    const enough = use.kind === 'add' && use.method === 'push' ? 3 : 2;
    return key !== undefined && opennessOf(file, key) >= enough;
  });
}

/** `handlers[topic].push(handler)` in what is called with each request. */
function isListedForEach(file: ParsedFile, use: CollectionUse): boolean {
  return use.kind === 'add' && use.method === 'push' && isCalledForEach(file, use.node, true);
}

/** Something is taken out, or other code may do so. */
function mayBeBounded(file: ParsedFile, uses: readonly CollectionUse[]): boolean {
  return uses.some((use) => isUnknown(use) || (isRemoving(use) && !isNoBound(file, use, uses)));
}

/** Other code may do anything with it; what is only given out as `memoized.cache` was looked for by that name. */
function isUnknown(use: CollectionUse): boolean {
  return use.kind === 'escape' && !use.isHandedOut;
}

function isRemoving({ kind }: CollectionUse): boolean {
  return kind === 'remove' || kind === 'reassign';
}
