import type { ConstructorRow } from '../protocol/snapshot';
import { type HeapGraph, ROOT } from './graph';

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

/** Walks the dominator tree with the classes that stand above the current node. */
function addRetained(
  { nodeCount, shallowSize, retainedSize, classes, dominators }: HeapGraph,
  sums: Float64Array,
) {
  const { firstChild, child } = dominators;
  const { classOf } = classes;
  const above = new Uint8Array(classes.names.length);
  const stack = new Uint32Array(nodeCount);
  // A class stays "above" until the stack is as short as it was before the subtree was pushed.
  const untilDepth = new Int32Array(nodeCount + 1);
  const openClass = new Uint32Array(nodeCount + 1);
  let open = 0;
  untilDepth[0] = -1;
  let depth = 0;
  stack[depth++] = ROOT;
  while (depth > 0) {
    const node = stack[--depth]!;
    const ofClass = classOf[node]!;
    const first = firstChild[node]!;
    const last = firstChild[node + 1]!;
    if (above[ofClass] === 0 && shallowSize[node]! !== 0) {
      sums[ofClass]! += retainedSize[node]!;
      if (first !== last) {
        above[ofClass] = 1;
        open++;
        untilDepth[open] = depth;
        openClass[open] = ofClass;
      }
    }
    for (let i = first; i < last; i++) stack[depth++] = child[i]!;
    while (open > 0 && untilDepth[open] === depth) above[openClass[open--]!] = 0;
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
