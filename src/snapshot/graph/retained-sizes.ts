import type { ColumnMemory } from '../reading/column-memory';
import { type Sizes, sharedSizes } from '../reading/shared-memory';
import { mostClasses } from './class-totals';
import { type DepthFirst, ROOT } from './depth-first';
import type { Dominators } from './dominators';
import { at, GraphKernel } from './graph-kernel';

/** What each node and each class retains, in bytes. */
export interface RetainedSizes {
  readonly retainedSize: Sizes;
  /** The root is its own dominator. */
  readonly dominatorOf: Uint32Array;
  /**
   * By class. On each path of the dominator tree only the topmost object of a class counts, so that nested ones count
   * once; what has no size of its own counts nowhere.
   */
  readonly byClass: Float64Array;
}

/** What is added up, by node. */
export interface OwnSizes {
  /** Bytes. */
  readonly shallowSize: Sizes;
  readonly classOf: Uint32Array;
  /** How many classes there are. */
  readonly classes: number;
}

/**
 * What each node retains: the sum of the sizes of all that it dominates; and the same by class. The dominator tree is
 * walked in the order of the numbers, in which neighbours lie next to each other in memory. Source: DevTools,
 * `calculateRetainedSizes`, `calculateClassesRetainedSize`.
 * @returns In the memory of the search, which is used up.
 */
export function addUpRetained(search: DepthFirst, dominator: Dominators, own: OwnSizes): RetainedSizes {
  const { vertex, parent, highest, lastCross, cross, memory } = search;
  const nodeCount = vertex.length - 1;
  const isNarrow = own.shallowSize instanceof Uint32Array;
  const numbers: ByNumber = {
    vertex,
    dominator,
    size: isNarrow ? highest : sharedSizes(nodeCount + 1, Number.POSITIVE_INFINITY),
    classAt: new Uint32Array(lastCross.buffer, lastCross.byteOffset, nodeCount + 1),
    firstChild: new Uint32Array(cross.buffer, cross.byteOffset, nodeCount + 1),
    nextSibling: new Uint32Array(cross.buffer, cross.byteOffset + 4 * (nodeCount + 1), nodeCount + 1),
  };
  const nodes = {
    dominatorOf: parent.subarray(0, nodeCount),
    retainedSize: isNarrow
      ? numbers.classAt.subarray(0, nodeCount)
      : sharedSizes(nodeCount, Number.POSITIVE_INFINITY),
  };
  const byClass =
    addUpCompiled(numbers, nodes, own, search.sums, memory) ?? addUpScripted(numbers, nodes, own);
  nodes.dominatorOf[ROOT] = ROOT;
  return { ...nodes, byClass };
}

/** Columns with a row per number of the search; the first one is empty. */
interface ByNumber {
  readonly vertex: Uint32Array;
  readonly dominator: Dominators;
  readonly size: Sizes;
  /** The class of a node; one more than there are for a node without a size of its own. */
  readonly classAt: Uint32Array;
  readonly firstChild: Uint32Array;
  readonly nextSibling: Uint32Array;
}

/** Columns with a row per node. */
type ByNode = Pick<RetainedSizes, 'dominatorOf' | 'retainedSize'>;

/** How many words the sums by class take. */
export function sumsLength(nodeCount: number): number {
  return 3 * (mostClasses(nodeCount) + 1);
}

/** Null when the memory does not allow it. */
function addUpCompiled(
  { vertex, dominator, size, classAt, firstChild, nextSibling }: ByNumber,
  { dominatorOf, retainedSize }: ByNode,
  { shallowSize, classOf, classes }: OwnSizes,
  room: Uint32Array,
  memory: ColumnMemory,
): Float64Array | null {
  const kernel = GraphKernel.on(memory, [
    ...[vertex, dominator, size, classAt, firstChild, nextSibling],
    ...[dominatorOf, retainedSize, shallowSize, classOf, room],
  ]);
  if (!kernel || 3 * (classes + 1) > room.length) return null;
  const { run } = kernel;
  const end = vertex.length;
  const sums = new Float64Array(room.buffer, room.byteOffset, classes + 1).fill(0);
  const isAbove = new Uint8Array(room.buffer, room.byteOffset + 8 * (classes + 1), classes + 1).fill(0);
  isAbove[classes] = 1;
  const owns = [at(vertex), at(shallowSize), at(classOf), classes, at(size), at(classAt)];
  kernel.inSteps(1, end, (from, to) => run.bringToNumbers(from, to, ...owns));
  firstChild.fill(0);
  const tree = [dominator, size, firstChild, nextSibling].map(at);
  // From the last number to the first, each node is complete before its dominator takes it in.
  kernel.inSteps(2, end, (from, to) => run.addToDominators(end + 1 - from, end + 2 - to, ...tree));
  const walk = [dominator, size, classAt, firstChild, nextSibling, sums, isAbove].map(at);
  for (let number = 1; number !== 0; ) number = run.walkClasses(number, classes, ...walk) >>> 0;
  const results = [vertex, dominator, size, dominatorOf, retainedSize].map(at);
  kernel.inSteps(1, end, (from, to) => run.bringToNodes(from, to, ...results));
  return sums.slice(0, classes);
}

function addUpScripted(numbers: ByNumber, nodes: ByNode, own: OwnSizes): Float64Array {
  const { vertex, dominator, size, classAt } = numbers;
  const { shallowSize, classOf, classes } = own;
  const count = vertex.length - 1;
  for (let i = 1; i <= count; i++) {
    const node = vertex[i]!;
    const bytes = shallowSize[node]!;
    size[i] = bytes;
    classAt[i] = bytes === 0 ? classes : classOf[node]!;
  }
  for (let i = count; i >= 2; i--) size[dominator[i]!]! += size[i]!;
  const byClass = addUpClasses(numbers, classes);
  for (let i = 1; i <= count; i++) {
    const node = vertex[i]!;
    nodes.dominatorOf[node] = vertex[dominator[i]!]!;
    nodes.retainedSize[node] = size[i]!;
  }
  return byClass;
}

function addUpClasses(
  { dominator, size, classAt, firstChild, nextSibling }: ByNumber,
  classes: number,
): Float64Array {
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
