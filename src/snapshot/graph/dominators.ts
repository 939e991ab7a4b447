import type { Sizes } from '../reading/shared-memory';
import { type DepthFirst, ROOT } from './depth-first';

/** The dominator tree by node. The root is nobody's child, so that 0 says "none". */
export interface DominatorTree {
  /** The immediate dominator; the root's is itself. */
  readonly parent: Uint32Array;
  readonly firstChild: Uint32Array;
  readonly nextSibling: Uint32Array;
}

/**
 * Dominators over the essential edges, by Semi-NCA (Georgiadis, Tarjan, Werneck: "Finding Dominators in Practice",
 * 2006): semidominators with path compression, then climbing, which on heaps is never far.
 *
 * Two things are our own. An edge from above has its start as candidate, so that the search has folded those into
 * one number, and only edges between branches of the tree are evaluated. And the best there can be ends the search
 * for it: that is the root where an edge comes from below a later child of the root, and the child c of the root
 * where no edge enters the part of the tree below c from outside. Hubs that thousands of objects lead to are done
 * after a few of them.
 */
export function findDominators(search: DepthFirst): Dominators {
  const { parent, highest: semi } = search;
  const { least, ancestor } = findSemidominators(search);
  const count = parent.length - 1;
  // Whoever walked these ways has no more use for them.
  const dominator = ancestor;
  for (let i = 2; i <= count; i++) {
    const bound = semi[i]!;
    let above = parent[i]!;
    while (above > bound) above = dominator[above]!;
    dominator[i] = above;
  }
  return { dominator, spare: least };
}

/** By number. */
export interface Dominators {
  readonly dominator: Uint32Array;
  /** Memory that was worked in, for whoever needs some. */
  readonly spare: Uint32Array;
}

/** Turns `highest` into the semidominators. */
function findSemidominators(search: DepthFirst) {
  const { state, vertex, parent, highest, crossNext, crossFrom } = search;
  const [least, ancestor, path] = search.spare;
  const count = parent.length - 1;
  const semi = highest;
  // By number: the least semidominator on the way up that was walked so far, and where that way goes on.
  least.set(highest);
  ancestor.set(parent);
  const branches = firstOfBranches(parent);
  let branch = branches.length - 1;
  let last = count;
  // Whether an edge leads from outside to a node of this branch that was done; if not, none gets above its first.
  let isEntered = false;
  for (let i = count; i >= 2; i--) {
    const first = branches[branch]!;
    let best = semi[i]!;
    let edge = state[vertex[i]! * 2 + 1]!;
    // Edges from later branches stand first in the chain.
    if (edge !== 0 && crossFrom[edge]! > last) best = 1;
    const bound = isEntered ? 1 : first;
    for (; edge !== 0 && best > bound; edge = crossNext[edge]!) {
      let at = crossFrom[edge]!;
      if (ancestor[at]! > i) {
        let depth = 0;
        do {
          path[depth++] = at;
          at = ancestor[at]!;
        } while (ancestor[at]! > i);
        // Down again: each step learns the least above it, and goes on from where the way ended.
        const end = ancestor[at]!;
        let above = least[at]!;
        while (depth > 0) {
          at = path[--depth]!;
          if (above < least[at]!) least[at] = above;
          else above = least[at]!;
          ancestor[at] = end;
        }
      }
      const candidate = least[at]!;
      if (candidate < best) best = candidate;
    }
    semi[i] = best;
    least[i] = best;
    if (i === first) {
      branch--;
      last = i - 1;
      isEntered = false;
    } else if (best === 1) isEntered = true;
  }
  return { least, ancestor };
}

/** The numbers of the root's children: each begins a branch that ends before the next. */
function firstOfBranches(parent: Uint32Array): number[] {
  const first: number[] = [];
  for (let i = 2; i < parent.length; i++) if (parent[i] === 1) first.push(i);
  return first;
}

/**
 * The tree by node, and what each node retains: the sum of the sizes of all that it dominates. It takes the memory
 * of the search, which is of no use afterwards.
 */
export function addUpRetained(
  { vertex, state, highest }: DepthFirst,
  { dominator, spare }: Dominators,
  shallowSize: Sizes,
): { dominators: DominatorTree; retainedSize: Sizes } {
  const nodeCount = vertex.length - 1;
  const parent = highest.subarray(0, nodeCount);
  const firstChild = state.fill(0).subarray(0, nodeCount);
  const nextSibling = state.subarray(nodeCount);
  const retainedSize =
    shallowSize instanceof Uint32Array ? spare.subarray(0, nodeCount) : shallowSize.slice();
  retainedSize.set(shallowSize);
  // From the last number to the first, each node is complete before its dominator takes it in.
  for (let i = nodeCount; i >= 2; i--) {
    const node = vertex[i]!;
    const above = vertex[dominator[i]!]!;
    parent[node] = above;
    nextSibling[node] = firstChild[above]!;
    firstChild[above] = node;
    retainedSize[above]! += retainedSize[node]!;
  }
  parent[ROOT] = ROOT;
  return { dominators: { parent, firstChild, nextSibling }, retainedSize };
}
