import type { CollectionSeriesRow } from '../protocol/snapshot';
import type { Attribution } from './attribution';

/** A collection that grew, with its owner. */
export interface GrownCollection {
  readonly row: CollectionSeriesRow;
  readonly attribution: Attribution;
}

/** All collections of one owner; the figures are their sum. */
export interface FoldedCollection extends GrownCollection {
  readonly memberIds: readonly number[];
}

/**
 * Makes one finding of what is one leak: a collection inside a growing collection is a symptom of the outer one and
 * goes; collections with the same owner path (the Sets in a Map of fixed keys, the arrays of many instances) become
 * one whose figures are their sum.
 */
export function foldGrowth(grown: readonly GrownCollection[]): FoldedCollection[] {
  const growing = new Set(grown.map(({ row }) => row.id));
  const outer = grown.filter(({ row, attribution }) => !isInside(row.id, attribution, growing));
  const groups = new Map<string, GrownCollection[]>();
  for (const one of outer) {
    const group = groups.get(one.attribution.key);
    if (group) group.push(one);
    else groups.set(one.attribution.key, [one]);
  }
  return [...groups.values()].map(sum);
}

function isInside(id: number, { owner }: Attribution, growing: ReadonlySet<number>): boolean {
  return owner.steps.some(({ holder }) => holder.id !== id && growing.has(holder.id));
}

/** The largest member stands for the group. */
function sum(group: readonly GrownCollection[]): FoldedCollection {
  const lead = group.reduce((a, b) => (b.row.entries.at(-1)! > a.row.entries.at(-1)! ? b : a));
  const memberIds = group.map(({ row }) => row.id);
  if (group.length === 1) return { ...lead, memberIds };
  const add = (pick: (row: CollectionSeriesRow) => readonly number[]) =>
    pick(lead.row).map((_, index) =>
      group.reduce((total, { row }) => total + Math.max(0, pick(row)[index]!), 0),
    );
  return {
    attribution: lead.attribution,
    row: { ...lead.row, entries: add((row) => row.entries), retainedSizes: add((row) => row.retainedSizes) },
    memberIds,
  };
}
