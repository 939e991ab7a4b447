import { linkTarget, linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType, isIndexed, NodeType } from '../reading/format';
import { ROOT } from './depth-first';
import { at, GraphKernel } from './graph-kernel';
import { type WeakMapEdges, weakMapEdge } from './weak-map-edges';

/** What only V8's own roots reach sorts behind everything the program reaches. Source: DevTools. */
export const SYSTEM_DISTANCE = 100_000_000;
/** Not reached at all. */
export const NO_DISTANCE = -5;

/** Memory to work in. */
export interface DistanceRoom {
  /** A word per node and one more. */
  readonly queue: Uint32Array;
  /** A bit per node, in words: of all columns the one that is looked at most, and small enough to stay close. */
  readonly isMet: Uint32Array;
  /** A flag per string, all 0; may be shorter. */
  readonly isPairName: Uint8Array;
}

export function roomForDistances(
  { nodeCount, edgeCount, memory }: SnapshotColumns,
  queue: Uint32Array,
): DistanceRoom {
  // V8 has no string that is not the name of a node or an edge.
  return {
    queue,
    isMet: memory.numbers((nodeCount >>> 5) + 1),
    isPairName: memory.bytes(nodeCount + edgeCount),
  };
}

/**
 * The least number of steps from the program's roots to each node, breadth first: from the global objects at 1, then
 * from the root for what those do not reach. Weak edges do not count; neither do the map of sloppy functions that
 * hangs on a native context, the keys in descriptor arrays, and, of the two edges to a WeakMap's value, the first
 * that is met. Source: DevTools, `calculateDistances`.
 * @param distances Gets them, a row per node.
 */
export function computeDistances(
  columns: SnapshotColumns,
  weakMapEdges: WeakMapEdges,
  distances: Int32Array,
  room: DistanceRoom,
): void {
  const { queue } = room;
  const { nodeType, firstEdge, edgeLink } = columns;
  distances.fill(NO_DISTANCE);
  const search = new BreadthFirst(columns, weakMapEdges, distances, room);
  let length = 0;
  for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++) {
    const node = linkTarget(edgeLink[edge]!);
    if (nodeType[node] === NodeType.synthetic && !isDocumentTrees(columns, node)) continue;
    if (search.meet(node)) queue[length++] = node;
  }
  search.run(length, 1);
  search.meet(ROOT);
  queue[0] = ROOT;
  search.run(1, length > 0 ? SYSTEM_DISTANCE : 0);
}

function isDocumentTrees({ nodeName, strings }: SnapshotColumns, node: number): boolean {
  return strings.is(nodeName[node]!, '(Document DOM trees)');
}

/** How the edges of a node are treated. */
const Rule = { none: 0, nativeContext: 1, descriptors: 2 } as const;

/** Nodes at a time, so that it goes on in better code. */
const KERNEL_STEP = 1 << 14;

class BreadthFirst {
  readonly #columns: SnapshotColumns;
  readonly #weakMapEdges: WeakMapEdges;
  readonly #distances: Int32Array;
  readonly #queue: Uint32Array;
  readonly #isMet: Uint32Array;
  readonly #kernel: GraphKernel | null;
  readonly #sloppyFunctionMap: number;
  readonly #nativeContext: number;
  readonly #descriptors: number;
  /** Pairs of which one edge was met. */
  readonly #pending = new Set<number>();

  constructor(
    columns: SnapshotColumns,
    weakMapEdges: WeakMapEdges,
    distances: Int32Array,
    { queue, isMet, isPairName }: DistanceRoom,
  ) {
    this.#columns = columns;
    this.#weakMapEdges = weakMapEdges;
    this.#distances = distances;
    this.#queue = queue;
    this.#isMet = isMet.fill(0);
    this.#sloppyFunctionMap = columns.strings.indexOf('sloppy_function_map');
    this.#nativeContext = columns.strings.indexOf('system / NativeContext');
    this.#descriptors = columns.strings.indexOf('(map descriptors)');
    this.#kernel = this.#startKernel(isPairName);
  }

  /** Whether a node is new; from then on it is not. */
  meet(node: number): boolean {
    const word = this.#isMet[node >>> 5]!;
    const bit = 1 << (node & 31);
    this.#isMet[node >>> 5] = word | bit;
    return (word & bit) === 0;
  }

  /** Goes on from the first `length` nodes of the queue, which are at `distance`. */
  run(length: number, distance: number): void {
    let start = 0;
    let end = length;
    for (let steps = distance; start < end; steps++) {
      const next = this.#kernel ? this.#runKernel(this.#kernel, start, end) : this.#runLevel(start, end, end);
      this.#setDistances(start, end, steps);
      start = end;
      end = next;
    }
  }

  #startKernel(isPairName: Uint8Array): GraphKernel | null {
    const { isName } = this.#weakMapEdges;
    const isMet = this.#isMet;
    const queue = this.#queue;
    const kernel = GraphKernel.onHeap(this.#columns, [isMet, queue, this.#distances, isPairName]);
    if (!kernel || isName.length > isPairName.length) return null;
    isPairName.set(isName);
    const names = isName.length === 0 ? 0 : at(isPairName);
    kernel.run.startDistances(at(isMet), at(queue), names, this.#nativeContext, this.#descriptors);
    return kernel;
  }

  #setDistances(start: number, end: number, distance: number): void {
    const distances = this.#distances;
    const queue = this.#queue;
    if (!this.#kernel) for (let i = start; i < end; i++) distances[queue[i]!] = distance;
    else {
      const { run } = this.#kernel;
      this.#kernel.inSteps(start, end, (from, to) => run.setDistances(at(distances), from, to, distance));
    }
  }

  /** Like {@link #runLevel}; nodes with rules of their own are few, and done one by one. */
  #runKernel({ run }: GraphKernel, start: number, end: number): number {
    let next = end;
    for (let i = start; i < end; ) {
      const stop = Math.min(end, i + KERNEL_STEP);
      i = run.meetNext(i, stop, next);
      next = run.queueEnd.value >>> 0;
      if (i === stop) continue;
      next = this.#runLevel(i, i + 1, next);
      i++;
    }
    return next;
  }

  /** Adds what the nodes from `start` to `end` lead to behind `behind`; where that ends is returned. */
  #runLevel(start: number, end: number, behind: number): number {
    const { firstEdge, edgeLink, nodeType, nodeName, edgeName } = this.#columns;
    const { isName } = this.#weakMapEdges;
    const isMet = this.#isMet;
    const queue = this.#queue;
    const nativeContext = this.#nativeContext;
    const descriptors = this.#descriptors;
    let next = behind;
    for (let i = start; i < end; i++) {
      const node = queue[i]!;
      const type = nodeType[node];
      let rule: number = Rule.none;
      if (type === NodeType.hidden && nodeName[node] === nativeContext) rule = Rule.nativeContext;
      else if (type === NodeType.array && nodeName[node] === descriptors) rule = Rule.descriptors;
      for (let edge = firstEdge[node]!, last = firstEdge[node + 1]!; edge < last; edge++) {
        const link = edgeLink[edge]!;
        const child = linkTarget(link);
        const word = isMet[child >>> 5]!;
        const bit = 1 << (child & 31);
        if ((word & bit) !== 0) continue;
        const edgeKind = linkType(link);
        if (edgeKind === EdgeType.weak) continue;
        if (rule !== Rule.none && this.#isRuledOut(rule, edge)) continue;
        if (edgeKind === EdgeType.internal || edgeKind === EdgeType.fromTable) {
          const name = edgeName[edge]!;
          if (rule !== Rule.descriptors && isName[name] === 1 && this.#isFirstOfPair(name)) continue;
        }
        isMet[child >>> 5] = word | bit;
        queue[next++] = child;
      }
    }
    return next;
  }

  #isRuledOut(rule: number, edge: number): boolean {
    const { edgeLink, edgeName, strings } = this.#columns;
    const name = edgeName[edge]!;
    const isNumber = isIndexed(linkType(edgeLink[edge]!));
    if (rule === Rule.nativeContext) return !isNumber && name === this.#sloppyFunctionMap;
    const index = isNumber ? name : Number.parseInt(strings.get(name), 10);
    return !(index < 2 || index % 3 !== 1);
  }

  #isFirstOfPair(name: number): boolean {
    const pair = this.#weakMapEdges.pair[weakMapEdge(this.#weakMapEdges, name)]!;
    if (this.#pending.delete(pair)) return false;
    this.#pending.add(pair);
    return true;
  }
}
