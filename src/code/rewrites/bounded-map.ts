import * as path from 'node:path';
import ts from 'typescript';
import type { FileEdit, RewriteResult, RewriteSettings } from '../../protocol/code';
import { type Hand, handOf } from '../hand';
import type { Rewritten } from '../program/edited-program';
import { packageOf } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { addNamedImport, isCommonJs, refuseToImport } from './add-import';
import { CLASS } from './bounded-map-known';
import { type ClassPlace, classPlace } from './bounded-map-place';
import { boundedMapSource } from './bounded-map-source';
import { declarationChanges, refuseDeclaration } from './declaration-changes';
import { refuseDeclaredElsewhere } from './declared-elsewhere';
import { digits, refuseToDrop } from './droppable';
import { isLoadOf } from './merge-import';
import { type AccessOptions, accessesAsMap, withFallback } from './object-to-map';
import { refuseUnproven } from './proven-copies';
import { relativeSpecifier } from './relative-specifier';

export const BOUNDED_MAP = {
  id: 'bounded-map',
  title: 'Bound with a small bounded map (no dependency)',
} as const;

/** Why a Map or a dictionary cannot become a bounded map; null when it can. It keeps order, undefined and iteration. */
export function refuseBoundedMap(file: ParsedFile, collection: UnboundedCollection): string | null {
  const general =
    refuseToDrop(file, collection) ??
    refuseDeclaration(collection) ??
    refuseToImport(file) ??
    refuseNewFile(file);
  if (general) return general;
  if (collection.type === 'object') {
    const accesses = accessesAsMap(file, collection, handOf(file), { assertReads: false });
    if (accesses.kind === 'refused') return accesses.reason;
  } else {
    const unknown = collection.uses.find((use) => use.kind === 'add' && use.method !== 'set');
    if (unknown?.kind === 'add') return `The bounded map has no method ${unknown.method}.`;
  }
  if (isNameTaken(file, collection.creation)) {
    return `The name ${CLASS} already means something else in this file.`;
  }
  return refuseDeclaredElsewhere(file, collection) ?? refuseUnproven(file, collection);
}

/** True where the name means anything but the class that an earlier rewrite made known in the file. */
function isNameTaken(file: ParsedFile, user: ts.Node): boolean {
  const symbol = file.checker.resolveName(CLASS, user, ts.SymbolFlags.Value, true);
  const declared = symbol?.declarations?.filter((one) => one.getSourceFile() === file.source) ?? [];
  if (declared.length === 0) return false;
  const { place, specifier } = whereFor(file);
  return !place || !declared.every((one) => isLoadOf(file, one, CLASS, specifier(place), user));
}

/** The file of the class, and how this one loads it. */
function whereFor(file: ParsedFile): {
  readonly place: ClassPlace | null;
  readonly commonJs: boolean;
  specifier(place: ClassPlace): string;
} {
  const project = packageOf(file.file);
  const commonJs = isCommonJs(file, project?.type ?? 'commonjs');
  const place = classPlace(file, project?.packageJson, commonJs);
  return { place, commonJs, specifier: (one) => relativeSpecifier(file, one.file, commonJs) };
}

/** A published package of JavaScript that lists its files would be published without the new one. */
function refuseNewFile(file: ParsedFile): string | null {
  const project = packageOf(file.file);
  if (!project?.files || project.isPrivate || !/\.[cm]?jsx?$/.test(file.file)) return null;
  const { place } = whereFor(file);
  if (!place) return null;
  const inner = path.relative(path.dirname(project.packageJson), place.file).replaceAll(path.sep, '/');
  const isListed = project.files.some((entry) => {
    const name = entry.replace(/^\.?\//, '').replace(/\/?(\*\*?(\/\*)?)?$/, '');
    return (
      name === '' ||
      inner === name ||
      inner.startsWith(`${name}/`) ||
      (/\*\.\w+$/.test(entry) && inner.startsWith(path.posix.dirname(name).replace(/^\.$/, '')))
    );
  });
  return isListed
    ? null
    : `package.json publishes only the files that it lists, and ${inner} would not be one of them.`;
}

/** Writes the class into the project once, beside the package's other sources, and uses it here. */
export function bindWithBoundedMap(
  file: ParsedFile,
  collection: UnboundedCollection,
  { maxEntries }: RewriteSettings,
): Rewritten {
  const reason = refuseBoundedMap(file, collection);
  if (reason) return { kind: 'refused', reason };
  const hand = handOf(file);
  const { place, commonJs, specifier } = whereFor(file);
  if (!place) return { kind: 'refused', reason: NO_PLACE };
  const known = addNamedImport(file, hand, CLASS, specifier(place), commonJs, collection.creation);
  const newFile = place.isThere ? [] : [created(place.file, hand, commonJs)];
  const edited = (options: AccessOptions): RewriteResult => {
    const accesses = collection.type === 'object' ? accessesAsMap(file, collection, hand, options) : NONE;
    if (accesses.kind === 'refused') return accesses;
    const changes = [
      ...known.changes,
      ...declarationChanges(file, collection, known.local, digits(maxEntries), digits(maxEntries)),
      ...accesses.changes,
    ];
    return {
      kind: 'edits',
      edits: [{ file: file.file, create: false, changes }, ...newFile],
      dependency: null,
    };
  };
  return withFallback(file, collection, edited);
}

const NO_PLACE = 'A file that is called bounded-map is already there, and holds something else.';

const NONE = { kind: 'changes', changes: [] } as const;

function created(file: string, hand: Hand, commonJs: boolean): FileEdit {
  const text = boundedMapSource(hand, /\.[cm]?ts$/.test(file), commonJs);
  return { file, create: true, changes: [{ start: 0, end: 0, text }] };
}
