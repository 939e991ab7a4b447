import { linkTarget, type SnapshotColumns } from '../reading/columns';
import type { Sizes } from '../reading/shared-memory';
import type { ClassTable } from './classes';
import type { DominatorTree } from './dominators';

export { ROOT } from './depth-first';

/** What is computed from the columns before constructors can be shown. All arrays have a row per node. */
export interface GraphColumns extends SnapshotColumns {
  /** Bytes, with internal nodes added to their owners as DevTools does. */
  readonly shallowSize: Sizes;
  readonly retainedSize: Sizes;
  readonly distance: Int32Array;
  readonly dominators: DominatorTree;
  readonly classes: ClassTable;
}

/** The edges by where they lead, in the order of the file. */
export interface Retainers {
  /** The edges that lead to node i are retainerEdge[firstRetainer[i]] to ...[firstRetainer[i + 1] - 1]. */
  readonly firstRetainer: Uint32Array;
  readonly retainerEdge: Uint32Array;
  /** Where those edges start. */
  readonly retainerNode: Uint32Array;
}

/** A snapshot that is open. Its retainers are linked when they are first asked for: no table needs them. */
export interface HeapGraph extends GraphColumns, Retainers {}

/** Makes the graph of its columns. */
export function toHeapGraph(columns: GraphColumns): HeapGraph {
  let linked: Retainers | undefined;
  const link = () => {
    linked ??= linkRetainers(columns);
    return linked;
  };
  return {
    ...columns,
    get firstRetainer() {
      return link().firstRetainer;
    },
    get retainerEdge() {
      return link().retainerEdge;
    },
    get retainerNode() {
      return link().retainerNode;
    },
  };
}

function linkRetainers({ nodeCount, edgeCount, firstEdge, edgeLink }: SnapshotColumns): Retainers {
  const firstRetainer = new Uint32Array(nodeCount + 1);
  for (let edge = 0; edge < edgeCount; edge++) firstRetainer[linkTarget(edgeLink[edge]!) + 1]!++;
  for (let node = 0; node < nodeCount; node++) firstRetainer[node + 1]! += firstRetainer[node]!;
  const next = firstRetainer.slice(0, nodeCount);
  const retainerEdge = new Uint32Array(edgeCount);
  const retainerNode = new Uint32Array(edgeCount);
  for (let node = 0; node < nodeCount; node++) {
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const slot = next[linkTarget(edgeLink[edge]!)]!++;
      retainerEdge[slot] = edge;
      retainerNode[slot] = node;
    }
  }
  return { firstRetainer, retainerEdge, retainerNode };
}
