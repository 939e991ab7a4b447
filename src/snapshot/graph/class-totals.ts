import type { ConstructorRow } from '../../protocol/snapshot';
import type { Sizes } from '../reading/shared-memory';
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

/**
 * Count, self size and least distance of every class. What has no size is not counted. Source: DevTools,
 * `buildAggregates`.
 * @param length How many classes there are.
 */
export function countClasses(
  classOf: Uint32Array,
  shallowSize: Sizes,
  distances: Int32Array,
  length: number,
): ClassCounts {
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
