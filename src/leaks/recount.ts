import type { CollectionSeriesRow } from '../protocol/snapshot';
import type { Snapshot } from '../snapshot/client';

/** More kinds of things than a collection holds. */
const allKinds = 10_000;

/**
 * The entries of a Map or Set through a series, counted by what stands in it: since V8 12 a slot whose entry was
 * deleted shows in a snapshot like one that is taken, until the table is made anew, so that a full cache seems to grow.
 * Collections of plain numbers show nothing that could be counted and stay as they are.
 * @param snapshots As many as the row has figures.
 */
export async function recount(
  row: CollectionSeriesRow,
  snapshots: readonly Snapshot[],
): Promise<CollectionSeriesRow> {
  if (row.kind !== 'map' && row.kind !== 'set') return row;
  const entries: number[] = [];
  for (const [index, snapshot] of snapshots.entries()) {
    const seen = row.entries[index]!;
    if (seen <= 0) entries.push(seen);
    else entries.push(await countHeld(snapshot, row.id));
  }
  return entries.at(-1) === 0 ? row : { ...row, entries };
}

/** A WeakMap or WeakSet has as many entries as its keys are alive: whoever holds these is to blame for its growth. */
export function holdsWeakly({ kind }: CollectionSeriesRow): boolean {
  return kind === 'weakmap' || kind === 'weakset';
}

async function countHeld(snapshot: Snapshot, id: number): Promise<number> {
  const kinds = await snapshot.holds(id, allKinds);
  return kinds.reduce((sum, { count }) => sum + count, 0);
}
