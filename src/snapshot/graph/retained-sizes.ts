import { type Sizes, sharedSizes } from '../reading/shared-memory';
import { type DepthFirst, ROOT } from './depth-first';
import type { Dominators } from './dominators';

/** By number in the search. */
export interface Retained {
  /** Bytes. */
  readonly size: Sizes;
  /** The class of a node; one more than there are for a node without a size of its own. */
  readonly classAt: Uint32Array;
}

/**
 * What each node retains: the sum of the sizes of all that it dominates.
 * @param shallowSize By node, in bytes.
 * @param classOf By node.
 * @param classes How many classes there are.
 * @returns In the memory of the search, as all that follows: each column of it is used until nobody needs it.
 */
export function addUpRetained(
  { vertex, highest, lastCross }: DepthFirst,
  dominator: Dominators,
  shallowSize: Sizes,
  classOf: Uint32Array,
  classes: number,
): Retained {
  const count = vertex.length - 1;
  const size = shallowSize instanceof Uint32Array ? highest : sharedSizes(count + 1, Infinity);
  const classAt = new Uint32Array(lastCross.buffer);
  for (let i = 1; i <= count; i++) {
    const node = vertex[i]!;
    const own = shallowSize[node]!;
    size[i] = own;
    classAt[i] = own === 0 ? classes : classOf[node]!;
  }
  // From the last number to the first, each node is complete before its dominator takes it in.
  for (let i = count; i >= 2; i--) size[dominator[i]!]! += size[i]!;
  return { size, classAt };
}

/**
 * What the objects of each class retain together, in bytes. On each path of the dominator tree only the topmost one
 * counts, so that nested ones count once; what has no size of its own counts nowhere. Source: DevTools,
 * `calculateClassesRetainedSize`.
 *
 * The tree is walked in the order of the numbers, in which neighbours lie next to each other in memory.
 * @param classes How many classes there are.
 */
export function addUpClasses(
  { cross }: DepthFirst,
  dominator: Dominators,
  { size, classAt }: Retained,
  classes: number,
): Float64Array {
  const { length } = dominator;
  const firstChild = new Uint32Array(cross.buffer, 0, length);
  const nextSibling = new Uint32Array(cross.buffer, 4 * length, length);
  linkChildren(dominator, firstChild, nextSibling);
  const sums = new Float64Array(classes + 1);
  const isAbove = new Uint8Array(classes + 1);
  isAbove[classes] = 1;
  for (let i = 1; ; ) {
    const ofClass = classAt[i]!;
    const child = firstChild[i]!;
    // Those that set their class's flag take it back on the way up.
    if (isAbove[ofClass] === 1) classAt[i] = classes;
    else {
      sums[ofClass]! += size[i]!;
      if (child !== 0) isAbove[ofClass] = 1;
    }
    if (child !== 0) {
      i = child;
      continue;
    }
    while (i !== 1 && nextSibling[i] === 0) {
      i = dominator[i]!;
      if (classAt[i]! < classes) isAbove[classAt[i]!] = 0;
    }
    if (i === 1) return sums.subarray(0, classes);
    i = nextSibling[i]!;
  }
}

function linkChildren(dominator: Uint32Array, firstChild: Uint32Array, nextSibling: Uint32Array): void {
  firstChild.fill(0);
  for (let i = dominator.length - 1; i >= 2; i--) {
    const above = dominator[i]!;
    nextSibling[i] = firstChild[above]!;
    firstChild[above] = i;
  }
}

/** Immediate dominators and retained sizes by node, in the memory of the search; the root is its own dominator. */
export function toNodes(
  { vertex, parent, lastCross }: DepthFirst,
  dominator: Dominators,
  { size }: Retained,
): { dominatorOf: Uint32Array; retainedSize: Sizes } {
  const nodeCount = vertex.length - 1;
  const dominatorOf = parent.subarray(0, nodeCount);
  const retainedSize =
    size instanceof Uint32Array
      ? new Uint32Array(lastCross.buffer, 0, nodeCount)
      : sharedSizes(nodeCount, Infinity);
  for (let i = 1; i <= nodeCount; i++) {
    const node = vertex[i]!;
    dominatorOf[node] = vertex[dominator[i]!]!;
    retainedSize[node] = size[i]!;
  }
  dominatorOf[ROOT] = ROOT;
  return { dominatorOf, retainedSize };
}
