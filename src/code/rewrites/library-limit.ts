import ts from 'typescript';
import type { RewriteResult, RewriteSettings } from '../../protocol/code';
import type { ParsedFile } from '../program/parsed-file';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { digits } from './droppable';
import { refuseLimit, refuseOneOfMany } from './limit-memory';

export const LIBRARY_LIMIT = { id: 'library-limit', title: 'Limit its entries' } as const;

/** True of a cache that a library keeps. */
export function isOfLibrary(_: ParsedFile, { library }: UnboundedCollection): boolean {
  return library !== undefined;
}

/**
 * Why the library's own limit is not set; null where it is. Only a cache whose entries expire anyway is asked by code that reckons
 * with entries that are not there; what a memoizer returned may be relied on to be the same one each time.
 */
export function refuseLibraryLimit(file: ParsedFile, collection: UnboundedCollection): string | null {
  const { library } = collection;
  if (!library) return 'It is no cache of a library.';
  return library.limit === null ? library.cure : refuseOneOfMany(file, collection);
}

/** `new LRUCache({ ttl })` becomes `new LRUCache({ max: 500, ttl })`. */
export function setLibraryLimit(
  file: ParsedFile,
  collection: UnboundedCollection,
  { maxEntries }: RewriteSettings,
): RewriteResult {
  const reason = refuseLibraryLimit(file, collection);
  const { creation, library } = collection;
  if (reason !== null || !library || !ts.isNewExpression(creation))
    return { kind: 'refused', reason: reason ?? 'It is made by no constructor.' };
  const tooMuch = refuseLimit(maxEntries);
  if (tooMuch) return { kind: 'refused', reason: tooMuch };
  const limit = digits(maxEntries);
  const { start, end, before, after } = optionPlace(file.source, creation);
  const option = `${library.limit}: ${limit}`;
  const at = before.length + option.length - limit.length;
  const placeholder = { start: at, end: at + limit.length };
  const change = { start, end, text: `${before}${option}${after}`, placeholder };
  return { kind: 'edits', edits: [{ file: file.file, create: false, changes: [change] }], dependency: null };
}

/** Where an option goes, and what stands around it: ahead of the first one, as that stands. */
function optionPlace(
  source: ts.SourceFile,
  made: ts.NewExpression,
): { readonly start: number; readonly end: number; readonly before: string; readonly after: string } {
  const [options] = made.arguments ?? [];
  const first = options && ts.isObjectLiteralExpression(options) ? options.properties[0] : undefined;
  if (options && first) {
    const start = first.getStart(source);
    const gap = source.text.slice(options.getStart(source) + 1, start);
    const after = gap.includes('\n') ? `,${gap.slice(gap.lastIndexOf('\n'))}` : ', ';
    return { start, end: start, before: '', after };
  }
  if (options) return { start: options.getStart(source), end: options.getEnd(), before: '{ ', after: ' }' };
  return { start: made.expression.getEnd(), end: made.getEnd(), before: '({ ', after: ' })' };
}
