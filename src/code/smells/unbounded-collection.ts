import ts from 'typescript';
import type { GrowthEvidence, Smell } from '../../protocol/code';
import { enclosingFunction, type ParsedFile, referencesTo } from '../parsed-file';
import { positionOf } from '../positions';
import { type CollectionDeclaration, findDeclarations } from './collection-declarations';
import { roleOf } from './collection-roles';
import { type CollectionUse, useOf } from './collection-uses';
import { hasFiniteKeys } from './finite-keys';
import { isLongLived } from './long-lived-classes';

/** A declaration with everything the file does with it. */
export interface UnboundedCollection extends CollectionDeclaration {
  readonly uses: readonly CollectionUse[];
  readonly role: NonNullable<Smell['role']>;
}

/**
 * Finds collections in module scope, class fields and closures that something is added to while the program runs, and
 * from which nothing is ever removed. What silences it: `delete`, `clear`, `splice`, a new value assigned, a comparison
 * of `size`, additions that all run while the module loads, keys that are few by their type, and any use that hands the
 * collection to other code, since that code may bound it. Arrays in instance fields are the parts of an object far more
 * often than a log: those are reported only where growth was measured.
 */
export function findUnboundedCollections(
  file: ParsedFile,
  evidence: readonly GrowthEvidence[] = [],
): UnboundedCollection[] {
  if (isTestFile(file.file)) return [];
  return findDeclarations(file).flatMap((declaration) => {
    const uses = usesOf(file, declaration);
    const measured = isMeasured(file, declaration, evidence);
    if (declaration.place === 'instance' && !measured && needsProof(file, declaration)) return [];
    if (!isUnbounded(file, declaration, uses)) return [];
    return [{ ...declaration, uses, role: roleOf(declaration, uses) }];
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
  const where = adding ? positionOf(file, adding.node.getStart(file.source)).line : position.line;
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
    message: `Nothing ever removes entries from this ${holder} ${type}: they are added in line ${where}${key}, and it lives as long as ${LIFETIMES[place]}.`,
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

/** Objects come and go, and their fields with them: without a measured growth, only those that look long-lived count. */
function needsProof(file: ParsedFile, { type, name, owner }: CollectionDeclaration): boolean {
  if (type === 'array' || type === 'object') return true;
  return !/cache|memo/i.test(name.text) && !isLongLived(file, owner);
}

function usesOf(file: ParsedFile, { name, place, creation, type }: CollectionDeclaration): CollectionUse[] {
  return referencesTo(file, name).flatMap((reference) => {
    const { parent } = reference;
    if (ts.isPropertyDeclaration(parent) && parent.name === reference) return [];
    // A field is used as `this.name` or `Class.name`: the whole access is what is used.
    const isField = place === 'static' || place === 'instance';
    const used =
      isField && ts.isPropertyAccessExpression(parent) && parent.name === reference ? parent : reference;
    if (ts.isBinaryExpression(used.parent) && used.parent.right === creation) return [];
    return [useOf(used, type)];
  });
}

function isUnbounded(
  file: ParsedFile,
  declaration: CollectionDeclaration,
  uses: readonly CollectionUse[],
): boolean {
  if (uses.some((use) => use.kind === 'remove' || use.kind === 'reassign' || use.kind === 'escape'))
    return false;
  if (uses.some((use) => use.kind === 'size' && use.compared)) return false;
  // Other files may remove what this one adds.
  if (declaration.exported && declaration.place === 'module') return false;
  const additions = uses.filter((use) => use.kind === 'add');
  const atRunTime = additions.filter((use) => isAtRunTime(use.node, declaration));
  if (atRunTime.length === 0) return false;
  return !hasFiniteKeys(file, declaration, additions);
}

/** What a constructor adds to its own object it adds once for each object. */
function isAtRunTime(node: ts.Node, { place, creation }: CollectionDeclaration): boolean {
  const around = enclosingFunction(node);
  if (around === null) return false;
  if (place === 'instance') return !ts.isConstructorDeclaration(around);
  if (place === 'closure') return around !== enclosingFunction(creation);
  return true;
}

/** Tests fill collections on purpose, and end. */
export function isTestFile(file: string): boolean {
  return /[./](test|spec|bench)\.[cm]?[jt]sx?$|[\\/](tests?|__tests__|__mocks__)[\\/][^\\/]+$/.test(file);
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
