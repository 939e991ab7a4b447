import type { HeapGraph } from '../graph/heap-graph';

/** A table that is indexed by the ids themselves may be this many times as long as there are objects. */
const MOST_SPARSE = 8;

/** The rows of objects by their ids. */
export interface RowsById {
  /** The row of the object with this id, or -1. */
  get(id: number): number;
}

/**
 * An index from V8's ids to rows. Ids are given out one after the other, so that a mere array serves for all but
 * processes that have made and dropped very many objects.
 */
export function indexIds({ nodeCount, nodeId }: HeapGraph): RowsById {
  let largest = 0;
  for (let node = 0; node < nodeCount; node++) if (nodeId[node]! > largest) largest = nodeId[node]!;
  return largest < nodeCount * MOST_SPARSE ? denseIndex(nodeId, largest) : sparseIndex(nodeId);
}

function denseIndex(nodeId: ArrayLike<number>, largest: number): RowsById {
  const rows = new Uint32Array(largest + 1);
  for (let node = 0; node < nodeId.length; node++) rows[nodeId[node]!] = node + 1;
  return { get: (id) => (id <= largest ? rows[id]! - 1 : -1) };
}

/** Open addressing; at most half of the slots are used. */
function sparseIndex(nodeId: ArrayLike<number>): RowsById {
  const mask = 2 ** Math.ceil(Math.log2(Math.max(2, nodeId.length * 2))) - 1;
  const rows = new Uint32Array(mask + 1);
  const first = (id: number) => Math.imul(id | 0, 0x9e3779b1) >>> 0;
  for (let node = 0; node < nodeId.length; node++) {
    let slot = first(nodeId[node]!) & mask;
    while (rows[slot] !== 0) slot = (slot + 1) & mask;
    rows[slot] = node + 1;
  }
  return {
    get(id) {
      for (let slot = first(id) & mask; rows[slot] !== 0; slot = (slot + 1) & mask) {
        if (nodeId[rows[slot]! - 1] === id) return rows[slot]! - 1;
      }
      return -1;
    },
  };
}
