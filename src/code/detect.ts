import type { GrowthEvidence, RewriteOffer, RewriteResult, RewriteSettings, Smell } from '../protocol/code';
import { hasSyntaxErrors, type ParsedFile, parseFile } from './parsed-file';
import { LOAD_LAZILY, loadLazily, refuseLoadLazily } from './rewrites/load-lazily';
import { bindWithLruCache, LRU_CACHE, refuseLruCache } from './rewrites/lru-cache';
import { findLazyImports, toLazyImportSmell } from './smells/lazy-import';
import { findUnboundedCollections, toSmell } from './smells/unbounded-collection';

/** What a detector may know besides the text. */
export interface DetectOptions {
  readonly evidence: readonly GrowthEvidence[];
  /** Imports that save less are not reported; bytes. */
  readonly lazyImportMinimumBytes: number;
}

/** A smell with the way to carry out its rewrites; the one list that detectors and rewrites are entered in. */
interface Detected {
  readonly smell: Smell;
  rewrite(rewriteId: string, settings: RewriteSettings): RewriteResult;
}

/** All smells of a file. A file with syntax errors has none: its text is on its way to something else. */
export function detect(file: string, text: string, options: DetectOptions): Smell[] {
  return detectAll(parseFile(file, text), options).map(({ smell }) => smell);
}

/** Carries out one rewrite. The text may have changed since it was offered; then the smell may be gone. */
export function rewrite(
  file: string,
  text: string,
  smellId: string,
  rewriteId: string,
  settings: RewriteSettings,
  options: DetectOptions,
): RewriteResult {
  const found = detectAll(parseFile(file, text), options).find(({ smell }) => smell.id === smellId);
  return (
    found?.rewrite(rewriteId, settings) ?? {
      kind: 'refused',
      reason: 'The code has changed since; look again.',
    }
  );
}

function detectAll(file: ParsedFile, options: DetectOptions): Detected[] {
  if (hasSyntaxErrors(file)) return [];
  return [...unboundedCollections(file, options), ...lazyImports(file, options)];
}

function unboundedCollections(file: ParsedFile, { evidence }: DetectOptions): Detected[] {
  return findUnboundedCollections(file).map((collection) => ({
    smell: {
      ...toSmell(file, collection, evidence),
      rewrites: [offer(LRU_CACHE, refuseLruCache(file, collection))],
    },
    rewrite: (id, settings) =>
      id === LRU_CACHE.id ? bindWithLruCache(file, collection, settings) : unknownRewrite(id),
  }));
}

function lazyImports(file: ParsedFile, { lazyImportMinimumBytes }: DetectOptions): Detected[] {
  return findLazyImports(file).flatMap((candidate) => {
    const smell = toLazyImportSmell(file, candidate, lazyImportMinimumBytes);
    if (!smell) return [];
    return [
      {
        smell: { ...smell, rewrites: [offer(LOAD_LAZILY, refuseLoadLazily(candidate))] },
        rewrite: (id: string) => (id === LOAD_LAZILY.id ? loadLazily(file, candidate) : unknownRewrite(id)),
      },
    ];
  });
}

function offer(
  { id, title }: { readonly id: string; readonly title: string },
  refusal: string | null,
): RewriteOffer {
  return { id, title, preferred: refusal === null, refusal };
}

function unknownRewrite(id: string): RewriteResult {
  return { kind: 'refused', reason: `There is no rewrite "${id}" for this.` };
}
