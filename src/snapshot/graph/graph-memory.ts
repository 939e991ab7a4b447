import { ColumnMemory, roundUp } from '../reading/column-memory';
import type { SnapshotFormat } from '../reading/format';
import { mostClasses } from './class-totals';
import { classRoomLength } from './compiled-classes';

/** A heap of fewer nodes is done before WebAssembly has started. */
const FEWEST_NODES = 1 << 15;

/** Arrays that may end before the next line of the cache. */
const MOST_ARRAYS = 64;

/**
 * Memory for a snapshot's columns and for all that is computed before it is open, in one stretch where that is possible
 * and worth it, with `moreBytes` for those who read them. A share of it is never written to.
 */
export function memoryFor(
  format: SnapshotFormat,
  { fewestNodes = FEWEST_NODES, moreBytes = 0 }: { fewestNodes?: number | undefined; moreBytes?: number },
): ColumnMemory {
  if (format.nodeCount < fewestNodes) return ColumnMemory.none();
  return ColumnMemory.of(MOST_ARRAYS * roundUp(1) + bytesFor(format) + moreBytes);
}

function bytesFor(format: SnapshotFormat): number {
  const { nodeCount, edgeCount, location } = format;
  // Bytes of each array; where it is made is told beside it.
  const node =
    // nodeColumns: types, detachedness; names, ids, sizes, first edges.
    2 +
    4 * 4 +
    // readInParallel: locations.
    4 * (location?.width ?? 0) +
    // computeGraph: distances, classes, owners, places.
    4 * 4 +
    // roomForShallow: sizes, stack.
    3 * 4 +
    // roomForDistances: flags, and one of the bytes for names.
    1 / 8 +
    1 +
    // searchDepthFirst: five columns, three words of stack, two of other edges, flags.
    (5 + 3 + 2) * 4 +
    1;
  // edgeColumns, roomForDistances, searchDepthFirst.
  const edge = 2 * 4 + 1 + 2 * 4;
  // roomForCounts, sumsLength.
  const perClass = (4 + 3) * 4;
  const classes = perClass * (mostClasses(nodeCount) + 1) + 4 * classRoomLength(format);
  return node * (nodeCount + 1) + edge * edgeCount + classes;
}
