import type { DepthFirst } from './depth-first';
import { at, GraphKernel } from './graph-kernel';
import { GROUP } from './visits';

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
  const { parent, highest, lastCross, cross, memory } = search;
  const [ancestor, path] = search.spare;
  const columns = [parent, highest, lastCross, cross, ancestor, path];
  const kernel = GraphKernel.on(memory, columns);
  if (!kernel) return climb(search, findSemidominators(search));
  kernel.run.findDominators(parent.length - 1, ...columns.map(at));
  return ancestor;
}

/** Of each number; 0 and 1 have none. */
export type Dominators = Uint32Array;

/** Goes up from each parent to the semidominator or above. */
function climb({ parent, spare: [ancestor] }: DepthFirst, semi: Int32Array): Dominators {
  // Whoever walked these ways has no more use for them.
  const dominator = ancestor;
  for (let i = 2; i < parent.length; i++) {
    const bound = semi[i]!;
    let above = parent[i]!;
    while (above > bound) above = dominator[above]!;
    dominator[i] = above;
  }
  return dominator;
}

function findSemidominators(search: DepthFirst): Int32Array {
  const { parent, highest, lastCross, cross } = search;
  const [ancestor, path] = search.spare;
  const count = parent.length - 1;
  // By number: the least semidominator on the way up that was walked so far, and where that way goes on.
  const least = highest;
  ancestor.set(parent);
  // A number's edges are done when its semidominator is known, which takes their place.
  const semi = lastCross;
  const branches = firstOfBranches(parent);
  let branch = branches.length - 1;
  let last = count;
  // Whether an edge leads from outside to a node of this branch that was done; if not, none gets above its first.
  let isEntered = false;
  for (let i = count; i >= 2; i--) {
    const first = branches[branch]!;
    let best = least[i]!;
    const bound = isEntered ? 1 : first;
    let place = lastCross[i]!;
    // Edges from later branches were met last.
    if (place !== 0 && startOf(cross, place) > last) best = 1;
    while (place !== 0 && best > bound) {
      let low = startOf(cross, place);
      if (ancestor[low]! > i) {
        let depth = 0;
        do {
          path[depth++] = low;
          low = ancestor[low]!;
        } while (ancestor[low]! > i);
        // Down again: each step learns the least above it, and goes on from where the way ended.
        const end = ancestor[low]!;
        let above = least[low]!;
        while (depth > 0) {
          low = path[--depth]!;
          if (above < least[low]!) least[low] = above;
          else above = least[low]!;
          ancestor[low] = end;
        }
      }
      const candidate = least[low]!;
      if (candidate < best) best = candidate;
      if (place < 0) break;
      if ((--place & (GROUP - 1)) === 0) place = cross[place]!;
    }
    semi[i] = best;
    least[i] = best;
    if (i === first) {
      branch--;
      last = i - 1;
      isEntered = false;
    } else if (best === 1) isEntered = true;
  }
  return semi;
}

/** Where the edge at a place of {@link DepthFirst.cross} starts. */
function startOf(cross: Int32Array, place: number): number {
  return place < 0 ? ~place : cross[place]!;
}

/** The numbers of the root's children: each begins a branch that ends before the next. */
function firstOfBranches(parent: Uint32Array): number[] {
  const first: number[] = [];
  for (let i = 2; i < parent.length; i++) if (parent[i] === 1) first.push(i);
  return first;
}
