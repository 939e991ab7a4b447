import { retainingRows } from '../answers/paths';
import { type HeapGraph, ROOT } from '../graph/heap-graph';

/** Which part of a heap is wanted. */
export interface Part {
  /** All that the object retains. */
  readonly subtree: boolean;
  /** So many of the shortest ways from the roots to it. */
  readonly paths: number;
}

/** A flag for each node that is part of it: the root, the object, and what was asked for. */
export function keptNodes(graph: HeapGraph, node: number, part: Part): Uint8Array {
  const kept = new Uint8Array(graph.nodeCount);
  kept[ROOT] = 1;
  kept[node] = 1;
  if (part.subtree) keepDominated(graph, node, kept);
  for (const path of retainingRows(graph, node, part.paths)) for (const step of path) kept[step] = 1;
  return kept;
}

function keepDominated({ firstDominated, dominated }: HeapGraph, top: number, kept: Uint8Array): void {
  const stack = [top];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const child of dominated.subarray(firstDominated[node], firstDominated[node + 1])) {
      kept[child] = 1;
      stack.push(child);
    }
  }
}
