import { linkTarget, type SnapshotColumns } from '../reading/columns';
import type { Sizes } from '../reading/shared-memory';
import type { ClassTotals } from './class-totals';
import type { ClassTable } from './classes';

import { ROOT } from './depth-first';

export { ROOT };

/** What is computed from the columns before constructors can be shown. All arrays have a row per node. */
export interface GraphColumns extends SnapshotColumns {
  /** Bytes, with internal nodes added to their owners as DevTools does. */
  readonly shallowSize: Sizes;
  readonly retainedSize: Sizes;
  readonly distance: Int32Array;
  /** The immediate dominator; the root's is itself. */
  readonly dominatorOf: Uint32Array;
  readonly classes: ClassTable;
  readonly classTotals: ClassTotals;
}

/** The edges by where they lead, in the order of the file. */
export interface Retainers {
  /** The edges that lead to node i are retainerEdge[firstRetainer[i]] to ...[firstRetainer[i + 1] - 1]. */
  readonly firstRetainer: Uint32Array;
  readonly retainerEdge: Uint32Array;
  /** Where those edges start. */
  readonly retainerNode: Uint32Array;
}

/** The dominator tree from above. */
export interface Dominated {
  /** What node i dominates immediately is dominated[firstDominated[i]] to ...[firstDominated[i + 1] - 1]. */
  readonly firstDominated: Uint32Array;
  readonly dominated: Uint32Array;
}

/** A snapshot that is open. What no table of constructors needs is linked when it is first asked for. */
export interface HeapGraph extends GraphColumns, Retainers, Dominated {}

/** Makes the graph of its columns. */
export function toHeapGraph(columns: GraphColumns): HeapGraph {
  let linked: Retainers | undefined;
  const link = () => {
    linked ??= linkRetainers(columns);
    return linked;
  };
  let tree: Dominated | undefined;
  const linkTree = () => {
    tree ??= linkDominated(columns);
    return tree;
  };
  return {
    ...columns,
    get firstDominated() {
      return linkTree().firstDominated;
    },
    get dominated() {
      return linkTree().dominated;
    },
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

function linkRetainers({ nodeCount, edgeCount, firstEdge, edgeLink, memory }: SnapshotColumns): Retainers {
  const firstRetainer = memory.cleared(nodeCount + 1);
  for (let edge = 0; edge < edgeCount; edge++) firstRetainer[linkTarget(edgeLink[edge]!) + 1]!++;
  for (let node = 0; node < nodeCount; node++) firstRetainer[node + 1]! += firstRetainer[node]!;
  const next = firstRetainer.slice(0, nodeCount);
  const retainerEdge = memory.numbers(edgeCount);
  const retainerNode = memory.numbers(edgeCount);
  for (let node = 0; node < nodeCount; node++) {
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const slot = next[linkTarget(edgeLink[edge]!)]!++;
      retainerEdge[slot] = edge;
      retainerNode[slot] = node;
    }
  }
  return { firstRetainer, retainerEdge, retainerNode };
}

function linkDominated({ nodeCount, dominatorOf, memory }: GraphColumns): Dominated {
  const firstDominated = memory.cleared(nodeCount + 1);
  for (let node = 0; node < nodeCount; node++) if (node !== ROOT) firstDominated[dominatorOf[node]! + 1]!++;
  for (let node = 0; node < nodeCount; node++) firstDominated[node + 1]! += firstDominated[node]!;
  const next = firstDominated.slice(0, nodeCount);
  const dominated = memory.numbers(Math.max(0, nodeCount - 1));
  for (let node = 0; node < nodeCount; node++) {
    if (node !== ROOT) dominated[next[dominatorOf[node]!]!++] = node;
  }
  return { firstDominated, dominated };
}
