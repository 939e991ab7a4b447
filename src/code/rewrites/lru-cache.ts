import ts from 'typescript';
import type { RewriteResult, RewriteSettings } from '../../protocol/code';
import { handOf } from '../hand';
import type { Rewritten } from '../program/edited-program';
import { lowestMajor, type ProjectPackage, packageOf } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';
import { typescriptOf } from '../program/typescript-version';
import { addedValue } from '../smells/stored-values';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { addNamedImport, isCommonJs, refuseToImport } from './add-import';
import { declarationChanges, refuseDeclaration } from './declaration-changes';
import { refuseDeclaredElsewhere } from './declared-elsewhere';
import { digits, refuseToDrop, typeArgumentNodes } from './droppable';
import { expiryOf } from './expiry';
import { refuseLimit, refuseOneOfMany } from './limit-memory';
import { givesNothing } from './nothing-values';
import { type AccessOptions, accessesAsMap, withFallback } from './object-to-map';
import { refuseUnproven } from './proven-copies';

export const LRU_CACHE = { id: 'lru-cache', title: 'Bound with an LRU cache' } as const;

const PACKAGE = 'lru-cache';
const CLASS = 'LRUCache';

/** The first major version whose class is a named export with today's options. */
const OLDEST_MAJOR = 8;

/** What stands behind the title where package.json does not list the package; null where it does. */
export function needsLruCache({ file }: ParsedFile): string | null {
  return listedRange(packageOf(file)) === undefined ? `adds the package ${PACKAGE}` : null;
}

/**
 * The range under which the package is there when the program runs: what is installed for development only is not, neither for
 * users of the package nor where an application is deployed.
 */
function listedRange(project: ProjectPackage | null): string | undefined {
  return project?.devOnly.has(PACKAGE) ? undefined : project?.dependencies[PACKAGE];
}

/** Why a Map cannot become an LRU cache without a change of meaning; null when it can. Cheap: no more is read than package.json. */
export function refuseLruCache(file: ParsedFile, collection: UnboundedCollection): string | null {
  const { type, uses } = collection;
  if (type === 'Set')
    return 'An LRU cache is a Map, and this is a Set: its members need an owner that removes them.';
  const general = refuseToDrop(file, collection) ?? refuseDeclaration(collection) ?? refuseToImport(file);
  if (general) return general;
  if (uses.some((use) => use.kind === 'iterate')) {
    return 'It is iterated, and an LRU cache iterates in another order and may drop entries meanwhile.';
  }
  if (type === 'object') {
    const accesses = accessesAsMap(file, collection, handOf(file), { assertReads: false });
    if (accesses.kind === 'refused') return accesses.reason;
  }
  const unknown = uses.find((use) => use.kind === 'add' && use.method !== 'set' && type === 'Map');
  if (unknown?.kind === 'add') return `An LRU cache has no method ${unknown.method}.`;
  const nullish = typeArgumentNodes(collection)?.find((node) => mayBeNothing(file, node));
  if (nullish) {
    return `An LRU cache cannot hold ${nullish.getText()}: setting undefined deletes the entry.`;
  }
  const isUndeclared = typeArgumentNodes(collection) === null;
  const stored = uses.flatMap((use) => addedValue(use) ?? []);
  if (stored.some((value) => givesNothing(file.checker, value, isUndeclared))) {
    return 'It may store undefined or null, which an LRU cache takes for "delete".';
  }
  const many = refuseOneOfMany(file, collection);
  if (many) return many;
  if (isNameTaken(file)) return `The name ${CLASS} already means something else in this file.`;
  return refuseDeclaredElsewhere(file, collection) ?? refuseUnproven(file, collection) ?? refusePackage(file);
}

/** The edits that bound the cache, and the package they need. */
export function bindWithLruCache(
  file: ParsedFile,
  collection: UnboundedCollection,
  settings: RewriteSettings,
): Rewritten {
  const refusal = refuseLruCache(file, collection) ?? refuseLimit(settings.maxEntries);
  if (refusal) return { kind: 'refused', reason: refusal };
  const hand = handOf(file);
  const project = packageOf(file.file);
  const installed = listedRange(project);
  const commonJs = isCommonJs(file, project?.type ?? 'commonjs');
  const known = addNamedImport(file, hand, CLASS, PACKAGE, commonJs, collection.creation);
  const dependency =
    project && installed === undefined
      ? { name: PACKAGE, range: rangeFor(project), packageJson: project.packageJson }
      : null;
  const edited = (options: AccessOptions): RewriteResult => {
    const accesses = collection.type === 'object' ? accessesAsMap(file, collection, hand, options) : NONE;
    if (accesses.kind === 'refused') return accesses;
    const changes = [
      ...known.changes,
      ...declarationChanges(
        file,
        collection,
        known.local,
        optionsText(file, collection, settings),
        digits(settings.maxEntries),
      ),
      ...accesses.changes,
    ];
    return { kind: 'edits', edits: [{ file: file.file, create: false, changes }], dependency };
  };
  return withFallback(file, collection, edited);
}

const NONE = { kind: 'changes', changes: [] } as const;

/** Why no version of the package that has the class fits the project; null where one does. */
function refusePackage({ file }: ParsedFile): string | null {
  const project = packageOf(file);
  const installed = project?.dependencies[PACKAGE];
  const major = installed === undefined ? null : lowestMajor(installed);
  if (major !== null && major < OLDEST_MAJOR) {
    return `The project depends on ${PACKAGE} ${installed}, whose class has other options; version ${OLDEST_MAJOR} or later is needed.`;
  }
  const node = lowestMajor(project?.nodeRange ?? null);
  if (installed === undefined && node !== null && node < OLDEST_NODE) {
    return `package.json allows Node ${node}, and the versions of ${PACKAGE} that have this class need Node ${OLDEST_NODE}.`;
  }
  const compiler = /\.[cm]?tsx?$/.test(file) ? typescriptOf(file) : null;
  return compiler !== null && compiler.major < OLDEST_TYPESCRIPT
    ? `The types of ${PACKAGE} need TypeScript ${OLDEST_TYPESCRIPT}, and the project has ${compiler.version}.`
    : null;
}

/** `lru-cache` 9 and 10 run on 14; 8 needs 16. */
const OLDEST_NODE = 14;
/** Before it their declarations are syntax errors, which skipLibCheck does not help. */
const OLDEST_TYPESCRIPT = 4;

/** `{ max: 500, ttl: 60_000 }`: a time limit where the code has one by itself, or where the settings ask for one. */
function optionsText(
  file: ParsedFile,
  collection: UnboundedCollection,
  { maxEntries, ttlMs }: RewriteSettings,
): string {
  const options = [`max: ${digits(maxEntries)}`];
  const { uses } = collection;
  // Between `has` and `get` an entry may expire, which a Map's user does not expect.
  const reads = new Set(uses.map((use) => (use.kind === 'read' ? use.method : '')));
  const hasThenGet = (reads.has('has') || reads.has('in')) && (reads.has('get') || reads.has('[]'));
  // What has expired counts in `size` until somebody asks for it.
  const isCounted = uses.some(({ kind }) => kind === 'size');
  const ttl = ttlMs > 0 ? digits(ttlMs) : isCounted ? null : expiryOf(file, collection);
  if (ttl !== null && !hasThenGet) options.push(`ttl: ${ttl}`);
  return `{ ${options.join(', ')} }`;
}

/** True for null, undefined, void, unknown, unions with them, and type parameters that may stand for them. */
function mayBeNothing({ checker }: ParsedFile, node: ts.TypeNode): boolean {
  const nothing = ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void | ts.TypeFlags.Unknown;
  const type = checker.getTypeFromTypeNode(node);
  if ((type.flags & ts.TypeFlags.TypeParameter) !== 0) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint === undefined || (constraint.flags & nothing) !== 0;
  }
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => (part.flags & nothing) !== 0);
}

/** A declaration of the class's name that is not the import of the package. */
function isNameTaken({ source, checker }: ParsedFile): boolean {
  const symbol = checker.resolveName(CLASS, source, ts.SymbolFlags.Value, true);
  const declaration = symbol?.declarations?.[0];
  if (!declaration || declaration.getSourceFile() !== source) return false;
  const statement = ts.findAncestor(
    declaration,
    (node) => ts.isImportDeclaration(node) || ts.isVariableStatement(node),
  );
  return !statement?.getText().includes(PACKAGE);
}

/** What stands among the devDependencies already, else the newest major whose Node requirement the project's own allows. */
function rangeFor({ nodeRange, dependencies }: ProjectPackage): string {
  const installed = dependencies[PACKAGE];
  if (installed !== undefined && lowestMajor(installed) !== null) return installed;
  const node = lowestMajor(nodeRange);
  return node !== null && node < 20 ? '^10.4.3' : '^11.0.0';
}
