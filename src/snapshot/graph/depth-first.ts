import type { ColumnMemory } from '../reading/column-memory';
import { linkTarget, linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';
import { sumsLength } from './retained-sizes';
import { GROUP, startVisits, type Visits } from './visits';

export const ROOT = 0;

/**
 * The essential edges of a heap as a depth-first search meets them. Nodes have numbers from 1 (the root) in the
 * order of the visit; all columns have a row per number, and row 0 is empty.
 */
export interface DepthFirst {
  /** Node of a number. */
  readonly vertex: Uint32Array;
  /** Number of the parent in the spanning tree; what the root does not reach hangs on the root. */
  readonly parent: Uint32Array;
  /** The least number that leads here by an edge from above: the parent, or an ancestor of it. */
  readonly highest: Uint32Array;
  /**
   * All other edges lead from a higher number to a lower one. Of those that lead to a number, `lastCross` names the
   * one that was met last: 0 for none; the complement of its start where it is the only one; otherwise the place of
   * its start in `cross`. There starts stand in groups of four words, at places that can be divided by four: the
   * place of the last start of the group before, 0 for none, and then up to three starts.
   */
  readonly lastCross: Int32Array;
  readonly cross: Int32Array;
  /** Memory for whoever goes on: a word per number and array. The search itself is not needed for long either. */
  readonly spare: readonly [Uint32Array, Uint32Array];
  /** The number of each node, which nobody needs any more. */
  readonly numberOf: Uint32Array;
  /** Memory for sums by class: see {@link sumsLength}. */
  readonly sums: Uint32Array;
  /** Where all this lies, if it is one stretch. */
  readonly memory: ColumnMemory;
}

/**
 * Searches from the root over the edges that keep their target alive for the purpose of dominators. Not essential
 * are weak edges, edges to oneself, shortcuts other than the root's, edges from what only V8 owns to what the program
 * owns, and, of the two edges that lead to the value of a WeakMap, the one from the table.
 *
 * What the program owns is all that the global objects reach without weak edges. They are visited first, so that it
 * is known by then: it is what has been met so far. Source of the rules: DevTools, `computeIsEssentialEdge` and
 * `markPageOwnedNodes`.
 */
export function searchDepthFirst(columns: SnapshotColumns): DepthFirst {
  const search = new Search(columns);
  search.visitOwned();
  search.visitRoot();
  search.visitUnreachable();
  return search.result();
}

/** The memory of a search: see {@link DepthFirst}. */
export interface SearchRoom {
  readonly numberOf: Uint32Array;
  readonly vertex: Uint32Array;
  readonly parent: Uint32Array;
  readonly highest: Uint32Array;
  readonly lastCross: Int32Array;
  readonly cross: Int32Array;
  /** Three words per number. */
  readonly stack: Uint32Array;
  /** A flag per node: what the program owns by edges that are not essential. */
  readonly isOwned: Uint8Array;
  readonly sums: Uint32Array;
}

/**
 * First what becomes results; then, one after the other from `numberOf` to `cross`, what nobody needs once the snapshot
 * is loaded.
 */
function roomFor({ nodeCount, edgeCount, memory }: SnapshotColumns): SearchRoom {
  const parent = memory.numbers(nodeCount + 1);
  const lastCross = memory.cleared(nodeCount + 1);
  const numberOf = memory.cleared(nodeCount + 1);
  const vertex = memory.numbers(nodeCount + 1);
  const highest = memory.numbers(nodeCount + 1);
  const stack = memory.numbers(3 * (nodeCount + 1));
  // Two edges to one node take a group, four take two; memory that is never written to is never taken.
  const cross = signed(memory.numbers(2 * (edgeCount + nodeCount + GROUP)));
  const isOwned = memory.bytes(nodeCount);
  const sums = memory.numbers(sumsLength(nodeCount));
  return { numberOf, vertex, parent, highest, lastCross: signed(lastCross), cross, stack, isOwned, sums };
}

function signed({ buffer, byteOffset, length }: Uint32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}

class Search {
  readonly #columns: SnapshotColumns;
  readonly #room: SearchRoom;
  readonly #visits: Visits;
  /** Further nodes that the program owns, by edges that are not essential; null when there are none. */
  #ownedOtherwise: Uint8Array | null = null;

  constructor(columns: SnapshotColumns) {
    this.#columns = columns;
    this.#room = roomFor(columns);
    this.#room.numberOf[ROOT] = 1;
    this.#room.vertex[1] = ROOT;
    this.#visits = startVisits(columns, this.#room);
  }

  /** From the root's shortcuts, which lead to the global objects, and the trees of documents. */
  visitOwned(): void {
    const { firstEdge, edgeLink, nodeType, nodeName, strings } = this.#columns;
    for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++) {
      const node = linkTarget(edgeLink[edge]!);
      const isOwned =
        linkType(edgeLink[edge]!) === EdgeType.shortcut ||
        (linkType(edgeLink[edge]!) === EdgeType.element &&
          nodeType[node] === NodeType.synthetic &&
          strings.is(nodeName[node]!, '(Document DOM trees)'));
      if (isOwned && node !== ROOT) this.#visitFromRoot(node);
    }
    this.#markSkipped(this.#visits.skipped);
    this.#visits.setOwned();
  }

  /** The rest of the root's edges. */
  visitRoot(): void {
    const { firstEdge, edgeLink } = this.#columns;
    for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++) {
      const node = linkTarget(edgeLink[edge]!);
      if (linkType(edgeLink[edge]!) !== EdgeType.weak && node !== ROOT) this.#visitFromRoot(node);
    }
  }

  /**
   * First what nothing essential leads to, with all that hangs on it. What is left are cycles, and what hangs on those:
   * each of them is the root's own child, and its edges count for nothing. Source: DevTools,
   * `calculateDominatorsAndRetainedSizes`, where nothing that such edges say gets below the numbers of what is left.
   */
  visitUnreachable(): void {
    const rest = this.#unreached();
    const isHeld = this.#heldBy(rest);
    for (const node of rest)
      if (this.#room.numberOf[node] === 0 && !isHeld.has(node)) this.#visits.visit(node, 1);
    for (const node of rest) if (this.#room.numberOf[node] === 0) this.#visits.enter(node, 1);
  }

  result(): DepthFirst {
    const { nodeCount, memory } = this.#columns;
    const { stack, ...room } = this.#room;
    const spare = [
      stack.subarray(0, nodeCount + 1),
      stack.subarray(nodeCount + 1, 2 * (nodeCount + 1)),
    ] as const;
    return { ...room, spare, memory };
  }

  #visitFromRoot(node: number): void {
    const known = this.#room.numberOf[node]!;
    if (known === 0) this.#visits.visit(node, 1);
    else this.#room.highest[known] = 1;
  }

  /** What the program owns by edges that are not essential, and all that hangs on it. */
  #markSkipped(skipped: readonly number[]): void {
    const { firstEdge, edgeLink } = this.#columns;
    const { numberOf, isOwned } = this.#room;
    const stack = skipped.filter((node) => numberOf[node] === 0);
    if (stack.length === 0) return;
    for (const node of stack) isOwned[node] = 1;
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
        const child = linkTarget(edgeLink[edge]!);
        if (linkType(edgeLink[edge]!) === EdgeType.weak || isOwned[child] === 1 || numberOf[child] !== 0)
          continue;
        isOwned[child] = 1;
        stack.push(child);
      }
    }
    this.#ownedOtherwise = isOwned;
    this.#visits.setOwnedOtherwise();
  }

  /** What has no number yet. In most heaps it is nothing but a few leftovers. */
  #unreached(): number[] {
    const rest: number[] = [];
    const { numberOf } = this.#room;
    const { nodeCount } = this.#columns;
    if (this.#visits.count === nodeCount) return rest;
    for (let node = 0; node < nodeCount; node++) if (numberOf[node] === 0) rest.push(node);
    return rest;
  }

  /** The nodes that one of `nodes` leads to by an essential edge. */
  #heldBy(nodes: readonly number[]): Set<number> {
    const { firstEdge, edgeLink } = this.#columns;
    const held = new Set<number>();
    for (const node of nodes) {
      const isOwned = this.#ownedOtherwise?.[node] === 1;
      for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
        const child = linkTarget(edgeLink[edge]!);
        const type = linkType(edgeLink[edge]!);
        if (child === node || this.#room.numberOf[child] !== 0 || type === EdgeType.weak) continue;
        if (type === EdgeType.shortcut || type === EdgeType.fromTable) continue;
        if (!isOwned && this.#ownedOtherwise?.[child] === 1) continue;
        held.add(child);
      }
    }
    return held;
  }
}
