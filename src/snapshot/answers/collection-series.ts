import type { CollectionSeriesRow } from '../../protocol/snapshot';
import type { HeapGraph } from '../graph/heap-graph';
import { COLLECTION_KINDS, type CollectionColumns } from './collections';
import { nodeRow } from './rows';

/** Which collections of a series are wanted. */
export interface SeriesFilter {
  /** Least entries in the last snapshot. */
  readonly minEntries: number;
  /** `every`: more entries in each snapshot than in the one before (from the first that has it); `overall`: more in
   * the last than in the first; `any`: all. */
  readonly growing: 'every' | 'overall' | 'any';
  readonly limit: number;
}

/** One snapshot of a series with its collections. */
export interface SeriesMember {
  readonly graph: HeapGraph;
  readonly collections: CollectionColumns;
}

/**
 * Follows each collection that the last snapshot holds back through the series by its object id. Those that gained
 * most entries come first. A collection that was born after the first snapshot has -1 where it did not exist.
 */
export function seriesOfCollections(
  members: readonly SeriesMember[],
  filter: SeriesFilter,
): CollectionSeriesRow[] {
  const last = members.at(-1);
  if (!last) return [];
  const earlier = members.slice(0, -1).map(rowsById);
  const rows: { row: number; entries: number[]; found: number[] }[] = [];
  for (let row = 0; row < last.collections.length; row++) {
    const entries = last.collections.entries[row]!;
    if (entries < filter.minEntries) continue;
    const id = last.graph.nodeId[last.collections.node[row]!]!;
    const found = earlier.map((byId) => byId.get(id) ?? -1);
    const series = [
      ...found.map((at, i) => (at === -1 ? -1 : members[i]!.collections.entries[at]!)),
      entries,
    ];
    if (isWanted(series, filter.growing)) rows.push({ row, entries: series, found });
  }
  rows.sort((a, b) => gain(b.entries) - gain(a.entries));
  return rows.slice(0, filter.limit).map(({ row, entries, found }) => {
    const node = last.collections.node[row]!;
    const before = found.map((at, i) => retainedAt(members[i]!, at));
    return {
      kind: COLLECTION_KINDS[last.collections.kind[row]!]!,
      id: last.graph.nodeId[node]!,
      entries,
      retainedSizes: [...before, last.graph.retainedSize[node]!],
      node: nodeRow(last.graph, node),
    };
  });
}

function rowsById({ graph, collections }: SeriesMember): Map<number, number> {
  const byId = new Map<number, number>();
  for (let row = 0; row < collections.length; row++) byId.set(graph.nodeId[collections.node[row]!]!, row);
  return byId;
}

function isWanted(entries: readonly number[], growing: SeriesFilter['growing']): boolean {
  if (growing === 'any') return true;
  const present = entries.slice(entries.findIndex((count) => count >= 0));
  if (present.length < 2) return false;
  if (growing === 'overall') return present.at(-1)! > present[0]!;
  return present.every((count, i) => i === 0 || count > present[i - 1]!);
}

function gain(entries: readonly number[]): number {
  return entries.at(-1)! - Math.max(0, entries.find((count) => count >= 0) ?? 0);
}

function retainedAt({ graph, collections }: SeriesMember, row: number): number {
  return row === -1 ? -1 : graph.retainedSize[collections.node[row]!]!;
}
