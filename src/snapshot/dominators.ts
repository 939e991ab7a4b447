import type { SnapshotColumns } from './reader';

const ROOT = 0;

/** The dominator tree in rows: children of node i are child[firstChild[i]] to child[firstChild[i + 1] - 1]. */
export interface DominatorTree {
  /** The immediate dominator of each node; the root's is itself. */
  readonly parent: Uint32Array;
  readonly firstChild: Uint32Array;
  readonly child: Uint32Array;
}

/** Depth-first order over essential edges: numbers from 1, 0 for none. */
interface Order {
  /** Number of a node. */
  readonly number: Uint32Array;
  /** Node of a number. */
  readonly vertex: Uint32Array;
  /** Number of the parent of a number in the spanning tree. */
  readonly parent: Uint32Array;
}

/**
 * Dominators over the essential edges and the retained sizes that follow from them, by Semi-NCA (Georgiadis,
 * Tarjan, Werneck: "Finding Dominators in Practice", 2006), whose semidominators take path compression and whose
 * dominators are then found by climbing, which on heaps is never far. What essential edges do not reach hangs below
 * the root, as in DevTools. Retained sizes in bytes.
 */
export function computeDominators(
  graph: SnapshotColumns & {
    readonly firstRetainer: Uint32Array;
    readonly retainerEdge: Uint32Array;
    readonly retainerNode: Uint32Array;
  },
  essential: Uint8Array,
  shallowSize: Float64Array,
): { dominators: DominatorTree; retainedSize: Float64Array } {
  const order = number(graph, essential);
  const dominator = immediateDominators(graph, essential, order);
  const { nodeCount } = graph;
  const parent = new Uint32Array(nodeCount);
  const retainedSize = shallowSize.slice();
  // From the last number to the first, each node is complete before its dominator takes it in.
  for (let i = nodeCount; i >= 2; i--) {
    const node = order.vertex[i]!;
    const above = order.vertex[dominator[i]!]!;
    parent[node] = above;
    retainedSize[above]! += retainedSize[node]!;
  }
  return { dominators: { parent, ...children(parent, nodeCount) }, retainedSize };
}

function number(
  graph: SnapshotColumns & { readonly firstRetainer: Uint32Array; readonly retainerEdge: Uint32Array },
  essential: Uint8Array,
): Order {
  const { nodeCount, firstEdge, edgeTo } = graph;
  const numbers = new Uint32Array(nodeCount);
  const vertex = new Uint32Array(nodeCount + 1);
  const parent = new Uint32Array(nodeCount + 1);
  const stack = new Uint32Array(nodeCount + 1);
  const nextEdge = firstEdge.slice(0, nodeCount);
  let count = 0;

  const visit = (start: number) => {
    let depth = 0;
    numbers[start] = ++count;
    vertex[count] = start;
    parent[count] = start === ROOT ? 0 : 1;
    stack[depth++] = start;
    while (depth > 0) {
      const node = stack[depth - 1]!;
      const end = firstEdge[node + 1]!;
      let edge = nextEdge[node]!;
      for (; edge < end; edge++) {
        const child = edgeTo[edge]!;
        if (numbers[child] !== 0 || essential[edge] === 0) continue;
        numbers[child] = ++count;
        vertex[count] = child;
        parent[count] = numbers[node]!;
        stack[depth++] = child;
        edge++;
        break;
      }
      nextEdge[node] = edge;
      if (edge === end && stack[depth - 1] === node) depth--;
    }
  };

  visit(ROOT);
  // First what nothing essential leads to, with all that hangs on it; then what is left, which are cycles.
  for (let node = 0; node < nodeCount && count < nodeCount; node++) {
    if (numbers[node] === 0 && isOrphan(graph, essential, node)) visit(node);
  }
  for (let node = 0; node < nodeCount && count < nodeCount; node++) if (numbers[node] === 0) visit(node);
  return { number: numbers, vertex, parent };
}

function isOrphan(
  {
    firstRetainer,
    retainerEdge,
  }: { readonly firstRetainer: Uint32Array; readonly retainerEdge: Uint32Array },
  essential: Uint8Array,
  node: number,
): boolean {
  for (let i = firstRetainer[node]!; i < firstRetainer[node + 1]!; i++) {
    if (essential[retainerEdge[i]!] === 1) return false;
  }
  return true;
}

/** By number: the number of the immediate dominator. */
function immediateDominators(
  graph: {
    readonly nodeCount: number;
    readonly firstRetainer: Uint32Array;
    readonly retainerEdge: Uint32Array;
    readonly retainerNode: Uint32Array;
  },
  essential: Uint8Array,
  { number: numbers, vertex, parent }: Order,
): Uint32Array {
  const { nodeCount, firstRetainer, retainerEdge, retainerNode } = graph;
  const semi = new Uint32Array(nodeCount + 1);
  const label = new Uint32Array(nodeCount + 1);
  const ancestor = new Uint32Array(nodeCount + 1);
  const path = new Uint32Array(nodeCount + 1);
  for (let i = 1; i <= nodeCount; i++) {
    semi[i] = i;
    label[i] = i;
  }

  /** The number with the least semidominator on the path from `v` up to the forest's root, which is left out. */
  const evaluate = (v: number): number => {
    if (ancestor[v] === 0) return v;
    let depth = 0;
    let at = v;
    while (ancestor[ancestor[at]!] !== 0) {
      path[depth++] = at;
      at = ancestor[at]!;
    }
    while (depth > 0) {
      const w = path[--depth]!;
      const up = ancestor[w]!;
      if (semi[label[up]!]! < semi[label[w]!]!) label[w] = label[up]!;
      ancestor[w] = ancestor[up]!;
    }
    return label[v]!;
  };

  const dominator = new Uint32Array(nodeCount + 1);
  for (let i = nodeCount; i >= 2; i--) {
    const node = vertex[i]!;
    let least = parent[i]!;
    for (let r = firstRetainer[node]!; r < firstRetainer[node + 1]!; r++) {
      if (essential[retainerEdge[r]!] === 0) continue;
      const candidate = semi[evaluate(numbers[retainerNode[r]!]!)]!;
      if (candidate < least) least = candidate;
    }
    semi[i] = least;
    ancestor[i] = parent[i]!;
  }
  for (let i = 2; i <= nodeCount; i++) {
    let above = parent[i]!;
    while (above > semi[i]!) above = dominator[above]!;
    dominator[i] = above;
  }
  return dominator;
}

function children(parent: Uint32Array, nodeCount: number): { firstChild: Uint32Array; child: Uint32Array } {
  const firstChild = new Uint32Array(nodeCount + 1);
  for (let node = 0; node < nodeCount; node++) if (node !== ROOT) firstChild[parent[node]! + 1]!++;
  for (let node = 0; node < nodeCount; node++) firstChild[node + 1]! += firstChild[node]!;
  const next = firstChild.slice(0, nodeCount);
  const child = new Uint32Array(Math.max(0, nodeCount - 1));
  for (let node = 0; node < nodeCount; node++) if (node !== ROOT) child[next[parent[node]!]!++] = node;
  return { firstChild, child };
}
