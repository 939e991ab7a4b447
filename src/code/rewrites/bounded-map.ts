import * as fs from 'node:fs';
import * as path from 'node:path';
import ts from 'typescript';
import type { FileEdit, RewriteResult, RewriteSettings } from '../../protocol/code';
import { type Hand, handOf } from '../hand';
import type { Rewritten } from '../program/edited-program';
import { packageOf } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { addNamedImport, isCommonJs, refuseToImport } from './add-import';
import { CLASS_TEXT, targetFile } from './bounded-map-place';
import { boundedMapSource } from './bounded-map-source';
import { declarationChanges, refuseDeclaration } from './declaration-changes';
import { refuseDeclaredElsewhere } from './declared-elsewhere';
import { digits, refuseToDrop } from './droppable';
import { type AccessOptions, accessesAsMap, withFallback } from './object-to-map';
import { refuseUnproven } from './proven-copies';

export const BOUNDED_MAP = {
  id: 'bounded-map',
  title: 'Bound with a small bounded map (no dependency)',
} as const;

const CLASS = 'BoundedMap';

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
  const symbol = file.checker.resolveName(CLASS, file.source, ts.SymbolFlags.Value, true);
  const declaration = symbol?.declarations?.find((one) => one.getSourceFile() === file.source);
  const fromOurs = declaration && ts.findAncestor(declaration, ts.isImportDeclaration);
  if (declaration && !fromOurs?.moduleSpecifier.getText().includes('bounded-map')) {
    return `The name ${CLASS} already means something else in this file.`;
  }
  return refuseDeclaredElsewhere(file, collection) ?? refuseUnproven(file, collection);
}

/** A published package of JavaScript that lists its files would be published without the new one. */
function refuseNewFile(file: ParsedFile): string | null {
  const project = packageOf(file.file);
  if (!project?.files || project.isPrivate || !/\.[cm]?jsx?$/.test(file.file)) return null;
  const target = targetFile(file, project.packageJson, path.extname(file.file).replace(/x$/, ''));
  const inner = path.relative(path.dirname(project.packageJson), target).replaceAll(path.sep, '/');
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
  const project = packageOf(file.file);
  const packageType = project?.type ?? 'commonjs';
  const commonJs = isCommonJs(file, packageType);
  const isTyped = /\.[cm]?tsx?$/.test(file.file);
  const extension = path.extname(file.file).replace(/x$/, '');
  const target = targetFile(file, project?.packageJson, extension);
  const existing = readIfThere(target);
  if (existing !== null && !CLASS_TEXT.test(existing)) {
    return { kind: 'refused', reason: `${target} is already there, and holds something else.` };
  }
  const specifier = relativeSpecifier(file, target, extension, packageType, commonJs);
  const known = addNamedImport(file, hand, CLASS, specifier, commonJs, collection.creation);
  const newFile = existing === null ? [created(target, hand, isTyped, commonJs)] : [];
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

const NONE = { kind: 'changes', changes: [] } as const;

function created(file: string, hand: Hand, isTyped: boolean, commonJs: boolean): FileEdit {
  const text = boundedMapSource(hand, isTyped, commonJs);
  return { file, create: true, changes: [{ start: 0, end: 0, text }] };
}

/** Written as the file writes its other relative imports; without one, as the module kind demands. */
function relativeSpecifier(
  { file, source }: ParsedFile,
  target: string,
  extension: string,
  packageType: 'module' | 'commonjs',
  commonJs: boolean,
): string {
  const stem = path
    .relative(path.dirname(file), target)
    .replaceAll(path.sep, '/')
    .slice(0, -extension.length);
  const relative = stem.startsWith('.') ? stem : `./${stem}`;
  const compiled = extension.replace('t', 'j');
  const others = source.statements
    .filter(ts.isImportDeclaration)
    .map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text)
    .filter((specifier) => specifier.startsWith('.'));
  const [other] = others;
  if (other !== undefined) {
    const used = /\.[cm]?[jt]s$/.exec(other)?.[0];
    if (used === undefined) return relative;
    return relative + (used.includes('t') ? extension : compiled);
  }
  if (/^\.[cm]/.test(extension)) return relative + compiled;
  return commonJs || packageType === 'commonjs' ? relative : relative + compiled;
}

function readIfThere(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
