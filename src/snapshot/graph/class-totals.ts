import type { ConstructorRow } from '../../protocol/snapshot';
import type { ColumnMemory } from '../reading/column-memory';
import type { SnapshotColumns } from '../reading/columns';
import type { Sizes } from '../reading/shared-memory';
import { at, GraphKernel } from './graph-kernel';
import type { HeapGraph } from './heap-graph';

/** Per class, in the order of the class table; sizes in bytes. */
export interface ClassCounts {
  readonly count: Uint32Array;
  readonly selfSize: Float64Array;
  readonly distance: Int32Array;
}

export interface ClassTotals extends ClassCounts {
  /** Nested objects of one class count once. */
  readonly retainedSize: Float64Array;
}

/** More classes than this are rare: JavaScript counts them. */
const MOST_CLASSES = 1 << 20;

/** How many classes of a snapshot there is memory for; a small heap has more classes than nodes. */
export function mostClasses(nodeCount: number): number {
  return Math.min(MOST_CLASSES, nodeCount + 1024);
}

/** The memory to count the classes of a snapshot in. */
export function roomForCounts({ nodeCount, memory }: SnapshotColumns): Uint32Array {
  return memory.numbers(4 * mostClasses(nodeCount));
}

/** Columns to count, and memory to do it in. */
export interface CountJob {
  readonly classOf: Uint32Array;
  readonly shallowSize: Sizes;
  readonly distance: Int32Array;
  /** How many classes there are. */
  readonly length: number;
  /** See {@link roomForCounts}. */
  readonly room: Uint32Array;
}

/**
 * Count, self size and least distance of every class. What has no size is not counted. Source: DevTools,
 * `buildAggregates`.
 */
export function countClasses(job: CountJob, memory: ColumnMemory): ClassCounts {
  const { classOf, shallowSize, distance, length, room } = job;
  const kernel = GraphKernel.on(memory, [classOf, shallowSize, distance, room]);
  if (!kernel || 4 * length > room.length) return countScripted(job);
  const most = room.length / 4;
  const counts = {
    selfSize: new Float64Array(room.buffer, room.byteOffset, length).fill(0),
    count: room.subarray(2 * most, 2 * most + length).fill(0),
    distance: new Int32Array(room.buffer, room.byteOffset + 12 * most, length).fill(0x7fffffff),
  };
  const columns = [classOf, shallowSize, distance, counts.count, counts.selfSize, counts.distance].map(at);
  kernel.inSteps(0, shallowSize.length, (from, to) => kernel.run.countClasses(from, to, ...columns));
  return {
    count: counts.count.slice(),
    selfSize: counts.selfSize.slice(),
    distance: counts.distance.slice(),
  };
}

function countScripted({ classOf, shallowSize, distance: distances, length }: CountJob): ClassCounts {
  const count = new Uint32Array(length);
  const selfSize = new Float64Array(length);
  const distance = new Int32Array(length).fill(0x7fffffff);
  for (let node = 0; node < shallowSize.length; node++) {
    const size = shallowSize[node]!;
    if (size === 0) continue;
    const ofClass = classOf[node]!;
    count[ofClass]!++;
    selfSize[ofClass]! += size;
    if (distances[node]! < distance[ofClass]!) distance[ofClass] = distances[node]!;
  }
  return { count, selfSize, distance };
}

/** The rows of a table of constructors; those without any object are left out. */
export function constructorRows({ classes, classTotals: totals }: HeapGraph): ConstructorRow[] {
  return classes.names.flatMap((name, i) =>
    totals.count[i] === 0
      ? []
      : [
          {
            key: classes.keys[i]!,
            name,
            count: totals.count[i]!,
            selfSize: totals.selfSize[i]!,
            retainedSize: totals.retainedSize[i]!,
            distance: totals.distance[i]!,
          },
        ],
  );
}
