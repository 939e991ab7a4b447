import type { Owner } from '../protocol/owners';
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

/** As many collections that grow side by side in one plain object are a dictionary's, not fields that have names. */
const fewestSiblings = 5;

/**
 * Gives the collections in one dictionary (`rooms.a`, `rooms.b`, …) one name, `rooms[…]`, and one declaration, so that
 * they fold into one finding.
 */
export async function joinSiblings(
  grown: readonly GrownCollection[],
  attributeHolder: (owner: Owner) => Promise<Attribution | null>,
): Promise<GrownCollection[]> {
  const siblings = new Map<number, number>();
  for (const { attribution } of grown) {
    const parent = dictionaryOf(attribution.owner);
    if (parent !== null) siblings.set(parent, (siblings.get(parent) ?? 0) + 1);
  }
  const joined: GrownCollection[] = [];
  const holders = new Map<number, Attribution | null>();
  for (const one of grown) {
    const { owner } = one.attribution;
    const parent = dictionaryOf(owner);
    if (parent === null || siblings.get(parent)! < fewestSiblings) {
      joined.push(one);
      continue;
    }
    if (!holders.has(parent)) {
      holders.set(parent, await attributeHolder({ ...owner, steps: owner.steps.slice(0, -1) }));
    }
    const holder = holders.get(parent);
    if (!holder) joined.push(one);
    else {
      const name = `${holder.name}[…]`;
      joined.push({ ...one, attribution: { ...holder, name, key: `${holder.key}[…]`, owner } });
    }
  }
  return joined;
}

/** The id of the plain object that holds a collection by a name; null when it is held otherwise. */
function dictionaryOf({ steps }: Owner): number | null {
  const last = steps.at(-1);
  if (!last || steps.length < 2 || last.edge.type !== 'property') return null;
  return last.holder.constructorName === 'Object' ? last.holder.id : null;
}
