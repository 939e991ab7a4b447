import { cancelled } from '../protocol/errors';
import type { LoadProgress } from '../protocol/snapshot';
import type { ByteSource } from './byte-scanner';
import { type ClassTable, classify } from './classes';
import { computeDistances } from './distances';
import { computeDominators, type DominatorTree } from './dominators';
import { findEssentialEdges, markPageOwned, weakMapEdgeReader } from './essential-edges';
import { readSnapshot, type SnapshotColumns } from './reader';
import { computeShallowSizes } from './shallow-sizes';

/** Row 0 is V8's synthetic root; every file that V8 writes starts with it. */
export const ROOT = 0;

/** A snapshot with everything that is needed before its constructors can be shown. All arrays have a row per node. */
export interface HeapGraph extends SnapshotColumns {
  /** The edges that lead to node i are retainerEdge[firstRetainer[i]] to ...[firstRetainer[i + 1] - 1]. */
  readonly firstRetainer: Uint32Array;
  readonly retainerEdge: Uint32Array;
  /** Where those edges start. */
  readonly retainerNode: Uint32Array;
  /** Bytes, with internal nodes added to their owners as DevTools does. */
  readonly shallowSize: Float64Array;
  readonly retainedSize: Float64Array;
  readonly distance: Int32Array;
  readonly dominators: DominatorTree;
  readonly classes: ClassTable;
  /** Row in `locations` (in fours) plus one; 0 for none. */
  readonly locationOf: Uint32Array;
}

/**
 * Reads a snapshot and computes sizes and distances.
 * @throws what {@link readSnapshot} throws.
 */
export function loadGraph(
  source: ByteSource,
  options: { signal?: AbortSignal; onProgress?: (progress: LoadProgress) => void } = {},
): HeapGraph {
  const report = options.onProgress ?? (() => {});
  const step = (phase: LoadProgress['phase'], fraction: number) => {
    if (options.signal?.aborted) throw cancelled();
    report({ phase, fraction });
  };
  const columns = readSnapshot(source, {
    signal: options.signal,
    onBytes: (bytes) => report({ phase: 'reading', fraction: 0.5 * Math.min(1, bytes / source.length) }),
  });
  step('linking', 0.5);
  const retainers = linkRetainers(columns);
  const readWeakMapEdge = weakMapEdgeReader(columns.strings);
  const pageOwned = markPageOwned(columns);
  const essential = findEssentialEdges(columns, pageOwned, readWeakMapEdge);
  step('sizes', 0.65);
  const shallowSize = computeShallowSizes(columns);
  step('dominators', 0.7);
  const { dominators, retainedSize } = computeDominators(
    { ...columns, ...retainers },
    essential,
    shallowSize,
  );
  step('sizes', 0.9);
  const distance = computeDistances(columns, readWeakMapEdge);
  const locationOf = indexLocations(columns);
  const classes = classify(columns, locationOf);
  step('sizes', 1);
  return { ...columns, ...retainers, shallowSize, retainedSize, distance, dominators, classes, locationOf };
}

/** The edges by where they lead, in the order of the file. */
function linkRetainers({ nodeCount, edgeCount, firstEdge, edgeTo }: SnapshotColumns) {
  const firstRetainer = new Uint32Array(nodeCount + 1);
  for (let edge = 0; edge < edgeCount; edge++) firstRetainer[edgeTo[edge]! + 1]!++;
  for (let node = 0; node < nodeCount; node++) firstRetainer[node + 1]! += firstRetainer[node]!;
  const next = firstRetainer.slice(0, nodeCount);
  const retainerEdge = new Uint32Array(edgeCount);
  const retainerNode = new Uint32Array(edgeCount);
  for (let node = 0; node < nodeCount; node++) {
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const slot = next[edgeTo[edge]!]!++;
      retainerEdge[slot] = edge;
      retainerNode[slot] = node;
    }
  }
  return { firstRetainer, retainerEdge, retainerNode };
}

function indexLocations({ nodeCount, locations }: SnapshotColumns): Uint32Array {
  const locationOf = new Uint32Array(nodeCount);
  for (let row = 0; row * 4 < locations.length; row++) locationOf[locations[row * 4]!] = row + 1;
  return locationOf;
}
