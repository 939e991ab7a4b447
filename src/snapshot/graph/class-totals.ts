import type { ConstructorRow } from '../../protocol/snapshot';
import { ROOT } from './depth-first';
import type { HeapGraph } from './heap-graph';

/** Per class, in the order of the class table; sizes in bytes. */
export interface ClassTotals {
  readonly count: Uint32Array;
  readonly selfSize: Float64Array;
  readonly retainedSize: Float64Array;
  readonly distance: Int32Array;
}

/**
 * Count, self size, retained size and least distance of every class. What has no size is not counted. The retained
 * size counts only the topmost instance on each path of the dominator tree, so that nested ones count once.
 * Source: DevTools, `buildAggregates` and `calculateClassesRetainedSize`.
 */
export function totalClasses(graph: HeapGraph): ClassTotals {
  const { nodeCount, shallowSize, distance, classes } = graph;
  const { classOf } = classes;
  const length = classes.names.length;
  const totals = {
    count: new Uint32Array(length),
    selfSize: new Float64Array(length),
    retainedSize: new Float64Array(length),
    distance: new Int32Array(length).fill(0x7fffffff),
  };
  for (let node = 0; node < nodeCount; node++) {
    const size = shallowSize[node]!;
    if (size === 0) continue;
    const ofClass = classOf[node]!;
    totals.count[ofClass]!++;
    totals.selfSize[ofClass]! += size;
    if (distance[node]! < totals.distance[ofClass]!) totals.distance[ofClass] = distance[node]!;
  }
  addRetained(graph, totals.retainedSize);
  return totals;
}

/** Walks the dominator tree, without a stack, and notes which classes stand above the current node. */
function addRetained(
  { nodeCount, shallowSize, retainedSize, classes, dominators }: HeapGraph,
  sums: Float64Array,
) {
  const { parent, firstChild, nextSibling } = dominators;
  const { classOf } = classes;
  const isAbove = new Uint8Array(classes.names.length);
  // The nodes that set their class's flag, and take it back on the way up.
  const isTopmost = new Uint8Array(nodeCount);
  for (let node = ROOT; ; ) {
    const ofClass = classOf[node]!;
    const child = firstChild[node]!;
    if (isAbove[ofClass] === 0 && shallowSize[node] !== 0) {
      sums[ofClass]! += retainedSize[node]!;
      if (child !== 0) {
        isAbove[ofClass] = 1;
        isTopmost[node] = 1;
      }
    }
    if (child !== 0) {
      node = child;
      continue;
    }
    while (node !== ROOT && nextSibling[node] === 0) {
      node = parent[node]!;
      if (isTopmost[node] === 1) isAbove[classOf[node]!] = 0;
    }
    if (node === ROOT) return;
    node = nextSibling[node]!;
  }
}

/** The rows of a table of constructors; those without any object are left out. */
export function constructorRows({ classes }: HeapGraph, totals: ClassTotals): ConstructorRow[] {
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
