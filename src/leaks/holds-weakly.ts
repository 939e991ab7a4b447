import type { CollectionSeriesRow } from '../protocol/snapshot';

/** A WeakMap or WeakSet has as many entries as its keys are alive: whoever holds these is to blame for its growth. */
export function holdsWeakly({ kind }: CollectionSeriesRow): boolean {
  return kind === 'weakmap' || kind === 'weakset';
}
