import ts from 'typescript';
import type { GrowthEvidence, Smell } from '../../protocol/code';
import { positionOf, whereIs } from '../positions';
import { functionsRunAtLoad, runsOnlyAtLoad } from '../program/load-time';
import { enclosingFunction, hasModifier, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import { isTestFile } from '../program/test-files';
import { type CollectionDeclaration, findDeclarations } from './collection-declarations';
import { isMadeOfKey, isOfFileOnDisk, isWarnedOnce, looksUpWhatItAdds, roleOf } from './collection-roles';
import type { CollectionUse } from './collection-uses';
import { hasFiniteKeys } from './finite-keys';
import { type FollowedUses, followUses } from './follow-uses';
import { lifetimeOf } from './long-lived-classes';

/** A declaration with everything that the code that was parsed does with it. */
export interface UnboundedCollection extends CollectionDeclaration, FollowedUses {
  readonly role: NonNullable<Smell['role']>;
}

/**
 * Finds collections in module scope, class fields and closures that something is added to while the program runs, and
 * from which nothing is ever removed. What silences it: `delete`, `clear`, `splice`, a new value assigned, a comparison
 * of `size` with a limit, additions that all run while the program loads, keys that are few by their type, registries,
 * and any use that hands the collection to code that was not parsed, since that code may bound it. Fields of objects that
 * come and go are reported only where they are caches or where growth was measured.
 */
export function findUnboundedCollections(
  file: ParsedFile,
  evidence: readonly GrowthEvidence[] = [],
): UnboundedCollection[] {
  if (isTestFile(file.file)) return [];
  return findDeclarations(file).flatMap((declaration) => {
    const measured = isMeasured(file, declaration, evidence);
    // Other files may remove what this one adds.
    const isOpen = declaration.exported && declaration.place === 'module' && file.others === null;
    if (isOpen && !measured) return [];
    const followed = followUses(file, declaration);
    if (!isUnbounded(file, declaration, followed.uses)) return [];
    const role = roleOf(declaration, followed.uses);
    if (!measured && (role === 'registry' || needsProof(file, declaration, followed.uses, role))) return [];
    return [{ ...declaration, ...followed, role }];
  });
}

/** The smell of a finding, with how sure it is by itself and when it was measured to grow. */
export function toSmell(
  file: ParsedFile,
  collection: UnboundedCollection,
  evidence: readonly GrowthEvidence[],
): Omit<Smell, 'rewrites'> {
  const { name, type, place, uses, owner, role } = collection;
  const position = positionOf(file, name.getStart(file.source));
  const adding = uses.find((use) => use.kind === 'add' && enclosingFunction(use.node) !== null);
  const where = adding ? whereIs(file, adding.node) : `line ${position.line}`;
  const key = adding?.kind === 'add' && adding.key ? ` from ${shorten(adding.key)}` : '';
  const holder = place === 'module' ? 'module' : place === 'closure' ? 'closure' : `${place} field`;
  const measured = isMeasured(file, collection, evidence);
  return {
    id: `unbounded-collection:${owner ? `${owner}.` : ''}${name.text}`,
    rule: 'unbounded-collection',
    file: file.file,
    identifier: name.text,
    role,
    range: { start: name.getStart(file.source), end: name.getEnd() },
    position,
    severity: measured ? 'warning' : place === 'module' || place === 'static' ? 'information' : 'hint',
    message: `Nothing ever removes entries from this ${holder} ${type}: they are added in ${where}${key}, and it lives as long as ${LIFETIMES[place]}.`,
  };
}

const LIFETIMES = {
  module: 'the program',
  static: 'the program',
  instance: 'its object',
  closure: 'the function that keeps it',
} as const;

function isMeasured(
  file: ParsedFile,
  { name }: CollectionDeclaration,
  evidence: readonly GrowthEvidence[],
): boolean {
  if (evidence.length === 0) return false;
  const { line } = positionOf(file, name.getStart(file.source));
  return evidence.some((growth) => growth.line === line);
}

/**
 * Objects come and go, and their fields and closures with them: without a measured growth, only what holds copies of
 * something, or what lives long, counts; and of arrays and dictionaries only what is a cache by name and use.
 */
function needsProof(
  file: ParsedFile,
  { type, name, owner, place, isSeeded, creation }: CollectionDeclaration,
  uses: readonly CollectionUse[],
  role: NonNullable<Smell['role']>,
): boolean {
  const isNamedCache = /cache(?!r)|memo(?!r)/i.test(name.text);
  if (isSeeded && !isNamedCache) return true;
  if (place === 'module' || place === 'static') {
    // Objects are used for everything; as a dictionary without end where an entry is made of its key.
    return type === 'object' && !isNamedCache && role === 'cache' && !uses.some(isMadeOfKey);
  }
  const isCache = (role === 'cache' || role === 'memo') && looksUpWhatItAdds(uses);
  if (place === 'closure') return !isNamedCache && !(isCache && isMemoizers(creation));
  const lifetime = lifetimeOf(file, owner);
  if (lifetime === 'short') return true;
  if (isNamedCache && type !== 'array') return lifetime === 'unknown' && !isCache;
  if (lifetime === 'proven') return (type === 'array' && role !== 'log') || (type === 'object' && !isCache);
  if (lifetime === 'unknown' && type !== 'object' && uses.some(isAddedByEvent)) return false;
  // A list or a dictionary in an object is part of what the object is.
  return lifetime !== 'by its name' || type === 'array' || type === 'object';
}

/** Added in the handler of an event: as many entries as there are events. */
function isAddedByEvent({ kind, node }: CollectionUse): boolean {
  const call = kind === 'add' && ts.findAncestor(enclosingFunction(node)?.parent, ts.isCallExpression);
  return !!call && /(^|\.)(on|addListener|addEventListener|once)$/.test(call.expression.getText());
}

/** The function that makes it returns a function, and not an object of a kind that comes and goes. */
function isMemoizers(creation: ts.Node): boolean {
  const around = enclosingFunction(creation);
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) {
      found ||= ts.isFunctionLike(node.expression) || ts.isIdentifier(node.expression);
    }
    ts.forEachChild(node, visit);
  };
  if (around) ts.forEachChild(around, visit);
  return found;
}

function isUnbounded(
  file: ParsedFile,
  declaration: CollectionDeclaration,
  uses: readonly CollectionUse[],
): boolean {
  if (uses.some((use) => use.kind === 'escape' || (isRemoving(use) && !endsItsOwner(use)))) return false;
  if (uses.some((use) => use.kind === 'size' && use.compared)) return false;
  const additions = uses.filter((use) => use.kind === 'add');
  const atLoad = functionsRunAtLoad(file);
  const atRunTime = additions.filter((use) => isAtRunTime(file, use.node, declaration, atLoad));
  if (atRunTime.length === 0) return false;
  return (
    !hasFiniteKeys(file, declaration, atRunTime) &&
    !isWarnedOnce(declaration, uses) &&
    !atRunTime.every(isOfFileOnDisk)
  );
}

/** A method that nothing but the constructor calls is a part of it. */
function isOfConstructor(file: ParsedFile, around: ts.Node): boolean {
  if (
    !ts.isMethodDeclaration(around) ||
    !(ts.isIdentifier(around.name) || ts.isPrivateIdentifier(around.name))
  )
    return false;
  const isPrivate =
    ts.isPrivateIdentifier(around.name) ||
    hasModifier(around, ts.SyntaxKind.PrivateKeyword) ||
    around.name.text.startsWith('_');
  if (!isPrivate) return false;
  const calls = referencesTo({ ...file, source: around.getSourceFile() }, around.name);
  return calls.length > 0 && calls.every((node) => isConstructing(node));
}

function isConstructing(node: ts.Node): boolean {
  const around = enclosingFunction(node);
  return around !== null && ts.isConstructorDeclaration(around);
}

function isRemoving({ kind }: CollectionUse): boolean {
  return kind === 'remove' || kind === 'reassign';
}

/** What is emptied only when its owner is closed is not emptied while it lives. */
function endsItsOwner(use: CollectionUse): boolean {
  if (use.kind !== 'reassign' && !(use.kind === 'remove' && use.how === 'clear()')) return false;
  const { name } = (enclosingFunction(use.node) ?? {}) as Partial<ts.MethodDeclaration>;
  return name !== undefined && ENDING.test(name.getText());
}

const ENDING =
  /^(close|destroy|dispose|shutdown|teardown|terminate|onModuleDestroy|\[kClose\]|\[kDestroy\]|\[Symbol\.(asyncD|d)ispose\])$/;

/** What a constructor adds to its own object it adds once for each object. */
function isAtRunTime(
  file: ParsedFile,
  node: ts.Node,
  { place, creation, isLate }: CollectionDeclaration,
  atLoad: ReadonlySet<ts.Node>,
): boolean {
  const around = enclosingFunction(node);
  if (around === null) return false;
  if (place === 'instance') return !ts.isConstructorDeclaration(around) && !isOfConstructor(file, around);
  // What the function that makes it also fills is filled once for each.
  if (!isLate && around === enclosingFunction(creation)) return false;
  if (place === 'closure') return true;
  return !runsOnlyAtLoad(file, node, atLoad);
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
