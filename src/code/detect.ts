import type {
  GrowthEvidence,
  MeasuredImport,
  RewriteOffer,
  RewriteResult,
  RewriteSettings,
  Smell,
} from '../protocol/code';
import { withoutIgnored } from './ignore-comments';
import { type Rewritten, recheck } from './program/edited-program';
import { hasSyntaxErrors, type ParsedFile, parseFile } from './program/parsed-file';
import { BOUNDED_MAP, bindWithBoundedMap, refuseBoundedMap } from './rewrites/bounded-map';
import { DROP_OLDEST, dropOldest, refuseDropOldest } from './rewrites/drop-oldest';
import { refuseGenerated } from './rewrites/generated-file';
import { isOfLibrary, LIBRARY_LIMIT, refuseLibraryLimit, setLibraryLimit } from './rewrites/library-limit';
import { LOAD_LAZILY, loadLazily, refuseLoadLazily } from './rewrites/load-lazily';
import { keepingComments } from './rewrites/lost-comments';
import { bindWithLruCache, LRU_CACHE, needsLruCache, refuseLruCache } from './rewrites/lru-cache';
import { hasObjectKeys, holdWeakly, refuseWeakCollection, WEAK_COLLECTION } from './rewrites/weak-collection';
import { findLazyImports, toLazyImportSmell } from './smells/lazy-import';
import { findUnboundedCollections, type UnboundedCollection } from './smells/unbounded-collection';
import { toSmell } from './smells/unbounded-smell';

/** What a detector may know besides the text. */
export interface DetectOptions {
  readonly evidence: readonly GrowthEvidence[];
  /** Imports that save less are not reported; bytes. `Infinity` leaves them out, with what they cost to judge. */
  readonly lazyImportMinimumBytes: number;
  /** What is known from a running program; the others are estimated. */
  readonly measuredImports?: readonly MeasuredImport[];
  /** Texts that are not on disk yet, by file: what earlier rewrites of the same run made. */
  readonly unsaved?: ReadonlyMap<string, string>;
}

/** A smell with the way to carry out its rewrites. */
interface Detected {
  readonly smell: Smell;
  /** Other files that name what is rewritten. */
  readonly users: readonly string[];
  rewrite(rewriteId: string, settings: RewriteSettings): Rewritten;
}

/** A cure of an unbounded collection. Where it does not fit it is not mentioned; where it is unsafe it says why. */
interface CollectionRewrite {
  readonly id: string;
  readonly title: string;
  /** Words for the title where it needs a package that the project does not have: such a one is never the first. */
  needs?(file: ParsedFile): string | null;
  fits(file: ParsedFile, collection: UnboundedCollection): boolean;
  refuse(file: ParsedFile, collection: UnboundedCollection): string | null;
  apply(file: ParsedFile, collection: UnboundedCollection, settings: RewriteSettings): Rewritten;
}

/** The index, the best first. A new cure is one file, one folder of fixtures and one entry here. */
const COLLECTION_REWRITES: readonly CollectionRewrite[] = [
  {
    ...WEAK_COLLECTION,
    fits: hasObjectKeys,
    refuse: refuseWeakCollection,
    apply: holdWeakly,
  },
  {
    ...LIBRARY_LIMIT,
    fits: isOfLibrary,
    refuse: refuseLibraryLimit,
    apply: setLibraryLimit,
  },
  {
    ...LRU_CACHE,
    needs: needsLruCache,
    fits: (_, { type, library }) => type !== 'array' && !library,
    refuse: refuseLruCache,
    apply: bindWithLruCache,
  },
  {
    ...BOUNDED_MAP,
    fits: (_, { type }) => type === 'Map' || type === 'object',
    refuse: refuseBoundedMap,
    apply: bindWithBoundedMap,
  },
  {
    ...DROP_OLDEST,
    fits: (_, { type }) => type === 'array',
    refuse: refuseDropOldest,
    apply: dropOldest,
  },
];

/** All smells of a file of which nothing but its text is known. */
export function detect(file: string, text: string, options: DetectOptions): Smell[] {
  return detectIn(parseFile(file, text), options);
}

/** All smells of a file. One with syntax errors has none: its text is on its way to something else. */
export function detectIn(file: ParsedFile, options: DetectOptions): Smell[] {
  const smells = detectAll(file, options).map(({ smell }) => smell);
  return withoutIgnored(file.text, smells);
}

/** As `rewriteIn`, for a file of which nothing but its text is known. */
export function rewrite(
  file: string,
  text: string,
  smellId: string,
  rewriteId: string,
  settings: RewriteSettings,
  options: DetectOptions,
): RewriteResult {
  return rewriteIn(parseFile(file, text), smellId, rewriteId, settings, options);
}

/**
 * Carries out one rewrite, and checks the edited program before it is handed out. The text may have changed since the
 * rewrite was offered; then the smell may be gone.
 */
export function rewriteIn(
  file: ParsedFile,
  smellId: string,
  rewriteId: string,
  settings: RewriteSettings,
  options: DetectOptions,
): RewriteResult {
  const found = detectAll(file, options).find(({ smell }) => smell.id === smellId);
  if (!found) return { kind: 'refused', reason: 'The code has changed since; look again.' };
  return recheck(file.file, file.text, found.rewrite(rewriteId, settings), found.users, options.unsaved);
}

/** The last file that was looked at: after its smells their rewrites are asked for, one by one. */
let last: { readonly file: ParsedFile; readonly options: DetectOptions; readonly found: Detected[] } | null =
  null;

function detectAll(file: ParsedFile, options: DetectOptions): Detected[] {
  if (hasSyntaxErrors(file)) return [];
  // A checker stands for the texts of all files that were parsed together.
  const isSame =
    last?.file.source === file.source &&
    last.file.checker === file.checker &&
    last.options.evidence === options.evidence &&
    last.options.lazyImportMinimumBytes === options.lazyImportMinimumBytes;
  if (last && isSame) return last.found;
  const found = [...unboundedCollections(file, options), ...lazyImports(file, options)].map((one) =>
    unlessGenerated(file, one),
  );
  last = { file, options, found };
  return found;
}

/** What a machine writes has its rewrites where it is written from. */
function unlessGenerated(file: ParsedFile, detected: Detected): Detected {
  const refusal = refuseGenerated(file);
  if (refusal === null) return detected;
  const { smell } = detected;
  const rewrites = smell.rewrites.map((offer) => ({ ...offer, preferred: false, refusal }));
  return {
    ...detected,
    smell: { ...smell, rewrites },
    rewrite: () => ({ kind: 'refused', reason: refusal }),
  };
}

function unboundedCollections(file: ParsedFile, { evidence }: DetectOptions): Detected[] {
  return findUnboundedCollections(file, evidence).map((collection) => {
    const fitting = COLLECTION_REWRITES.filter((one) => one.fits(file, collection));
    const judged = fitting.map(({ id, title, needs, refuse }) => {
      const needed = needs?.(file) ?? null;
      const refusal = refuse(file, collection);
      return {
        id,
        title: needed === null ? title : `${title} (${needed})`,
        refusal,
        isLast: needed !== null,
      };
    });
    judged.sort((a, b) => Number(a.isLast) - Number(b.isLast));
    return {
      smell: {
        ...toSmell(file, collection, evidence),
        rewrites: offers(judged),
      },
      users: usersOf(file, collection),
      rewrite: (id, settings) => {
        const chosen = fitting.find((one) => one.id === id);
        return chosen ? keepingComments(file, chosen.apply(file, collection, settings)) : unknownRewrite(id);
      },
    };
  });
}

/** Other files that use a collection: they have to compile as well after it has changed. */
function usersOf(file: ParsedFile, { uses }: UnboundedCollection): string[] {
  const names = uses.map(({ node }) => node.getSourceFile().fileName);
  return [...new Set(names)].filter((name) => name !== file.file);
}

function lazyImports(
  file: ParsedFile,
  { lazyImportMinimumBytes, measuredImports = [] }: DetectOptions,
): Detected[] {
  if (lazyImportMinimumBytes === Number.POSITIVE_INFINITY) return [];
  return findLazyImports(file).flatMap((candidate) => {
    const measured = measuredImports.find(({ specifier }) => specifier === candidate.specifier);
    const smell = toLazyImportSmell(file, candidate, lazyImportMinimumBytes, measured);
    if (!smell) return [];
    const rewrites = offers([{ ...LOAD_LAZILY, refusal: refuseLoadLazily(file, candidate) }]);
    return [
      {
        smell: { ...smell, rewrites },
        users: [],
        rewrite: (id: string) => (id === LOAD_LAZILY.id ? loadLazily(file, candidate) : unknownRewrite(id)),
      },
    ];
  });
}

/** The first that is safe is the preferred one. */
function offers(
  judged: readonly { readonly id: string; readonly title: string; readonly refusal: string | null }[],
): RewriteOffer[] {
  const best = judged.find(({ refusal }) => refusal === null);
  return judged.map(({ id, title, refusal }) => ({ id, title, preferred: best?.id === id, refusal }));
}

function unknownRewrite(id: string): RewriteResult {
  return { kind: 'refused', reason: `There is no rewrite "${id}" for this.` };
}
