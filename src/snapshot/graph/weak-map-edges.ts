import { edgeLink, linkTarget, linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType } from '../reading/format';
import type { StringTable } from '../reading/strings';

/**
 * The names of internal edges that lead to the value of a WeakMap: V8 writes one edge from the map's table and one
 * from the key. All four columns have a row per such name, in the order of the string table.
 */
export interface WeakMapEdges {
  /** A flag per string: 1 for these names. Empty when there are none. */
  readonly isName: Uint8Array;
  readonly name: Uint32Array;
  /** The id of the table that the name speaks of. */
  readonly tableId: Float64Array;
  /** The same number for the two edges of one pair. */
  readonly pair: Uint32Array;
}

const WEAK_MAP_EDGE =
  /^\d+( \/ part of key \(.*? @\d+\) -> value \(.*? @\d+\) pair in WeakMap \(table @(\d+)\))$/;

/** Names of classes are in them, but no contents of strings. */
const LONGEST_NAME_BYTES = 1 << 20;

/**
 * Recognises them by their text.
 * Source: V8, `V8HeapExplorer::ExtractEphemeronHashTableReferences`; DevTools, `tryParseWeakMapEdgeName`.
 */
export function findWeakMapEdges(strings: StringTable): WeakMapEdges {
  const found: { name: number; tableId: number; pair: number }[] = [];
  const pairs = new Map<string, number>();
  for (const name of strings.columns.mayNamePairs) {
    if (strings.byteLength(name) > LONGEST_NAME_BYTES) continue;
    const match = WEAK_MAP_EDGE.exec(strings.get(name));
    if (!match?.[1] || !match[2]) continue;
    const pair = pairs.get(match[1]) ?? pairs.size;
    pairs.set(match[1], pair);
    found.push({ name, tableId: Number(match[2]), pair });
  }
  const isName = new Uint8Array(found.length === 0 ? 0 : strings.length);
  for (const { name } of found) isName[name] = 1;
  return {
    isName,
    name: Uint32Array.from(found, ({ name }) => name),
    tableId: Float64Array.from(found, ({ tableId }) => tableId),
    pair: Uint32Array.from(found, ({ pair }) => pair),
  };
}

/** The row of an edge's name, or -1 when it is another kind of edge. */
export function weakMapEdge({ isName, name }: WeakMapEdges, edgeName: number): number {
  if (isName.length === 0 || isName[edgeName] !== 1) return -1;
  let low = 0;
  let high = name.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (name[middle]! < edgeName) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Gives the edges from tables to values a type of their own, {@link EdgeType.fromTable}: from then on nobody need
 * look at their names. Tables are few, so that finding them by their ids costs next to nothing.
 */
export function markTableEdges(columns: SnapshotColumns, weakMapEdges: WeakMapEdges): void {
  const tableIds = new Set(weakMapEdges.tableId);
  if (tableIds.size === 0) return;
  // Most nodes are told from tables by a few bits of their ids.
  const mayBe = new Uint8Array(4096);
  for (const id of tableIds) mayBe[id & 4095] = 1;
  const { nodeCount, nodeId, firstEdge, edgeLink: links, edgeName } = columns;
  for (let node = 0; node < nodeCount; node++) {
    const id = nodeId[node]!;
    if (mayBe[id & 4095] === 0 || !tableIds.has(id)) continue;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      if (linkType(links[edge]!) !== EdgeType.internal) continue;
      const row = weakMapEdge(weakMapEdges, edgeName[edge]!);
      if (row === -1 || weakMapEdges.tableId[row] !== id) continue;
      links[edge] = edgeLink(EdgeType.fromTable, linkTarget(links[edge]!));
    }
  }
}
