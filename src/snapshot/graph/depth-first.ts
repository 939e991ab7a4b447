import { linkTarget, linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';

export const ROOT = 0;

/**
 * The essential edges of a heap as a depth-first search meets them. Nodes have numbers from 1 (the root) in the
 * order of the visit; all columns but `state` have a row per number, and row 0 is empty.
 */
export interface DepthFirst {
  /**
   * Two words per node, which are always wanted together: its number, and the last of the edges that lead to it from
   * another branch of the tree, 0 for none.
   */
  readonly state: Uint32Array;
  /** Node of a number. */
  readonly vertex: Uint32Array;
  /** Number of the parent in the spanning tree; what the root does not reach hangs on the root. */
  readonly parent: Uint32Array;
  /** The least number that leads here by an edge from above: the parent, or an ancestor of it. */
  readonly highest: Uint32Array;
  /**
   * All other edges lead from a higher number to a lower one. They hang in chains from the last one that was met:
   * crossNext[edge] is the one before it, 0 the end; crossFrom[edge] is the number where it starts.
   */
  readonly crossNext: Uint32Array;
  readonly crossFrom: Uint32Array;
  /** Memory that the search has worked in, for whoever goes on: a word per number and array. */
  readonly spare: readonly [Uint32Array, Uint32Array, Uint32Array];
}

/**
 * Searches from the root over the edges that keep their target alive for the purpose of dominators. Not essential
 * are weak edges, edges to oneself, shortcuts other than the root's, edges from what only V8 owns to what the program
 * owns, and, of the two edges that lead to the value of a WeakMap, the one from the table.
 *
 * What the program owns is all that the global objects reach without weak edges. They are visited first, so that it
 * is known by then: it is what has been met so far. Source of the rules: DevTools, `computeIsEssentialEdge` and
 * `markPageOwnedNodes`.
 * @param state Memory for {@link DepthFirst.state}: two words per node, all zero.
 */
export function searchDepthFirst(columns: SnapshotColumns, state: Uint32Array): DepthFirst {
  const search = new Search(columns, state);
  search.visitOwned();
  search.visitRoot();
  search.visitUnreachable();
  return search.result();
}

class Search {
  readonly #columns: SnapshotColumns;
  readonly state: Uint32Array;
  readonly vertex: Uint32Array;
  readonly parent: Uint32Array;
  readonly highest: Uint32Array;
  readonly crossNext: Uint32Array;
  readonly crossFrom: Uint32Array;
  readonly stackNumber: Uint32Array;
  readonly stackEdge: Uint32Array;
  readonly stackEnd: Uint32Array;
  #count = 1;
  /** Row 0 means none. */
  #crossCount = 1;
  /** Numbers up to this one are owned by the program. */
  #ownedCount = 0;
  /** Further nodes that it owns, by edges that are not essential; null when there are none. */
  #ownedOtherwise: Uint8Array | null = null;
  /** Where edges led that are not essential but make their targets owned. */
  readonly #skipped: number[] = [];

  constructor(columns: SnapshotColumns, state: Uint32Array) {
    this.#columns = columns;
    const { nodeCount, edgeCount } = columns;
    this.state = state;
    this.vertex = new Uint32Array(nodeCount + 1);
    this.parent = new Uint32Array(nodeCount + 1);
    this.highest = new Uint32Array(nodeCount + 1);
    // Room for every edge; memory that is never written to is never taken.
    this.crossNext = new Uint32Array(edgeCount + 1);
    this.crossFrom = new Uint32Array(edgeCount + 1);
    this.stackNumber = new Uint32Array(nodeCount + 1);
    this.stackEdge = new Uint32Array(nodeCount + 1);
    this.stackEnd = new Uint32Array(nodeCount + 1);
    this.state[ROOT * 2] = 1;
    this.vertex[1] = ROOT;
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
          strings.get(nodeName[node]!) === '(Document DOM trees)');
      if (isOwned && node !== ROOT) this.#visitFromRoot(node);
    }
    this.#ownedCount = this.#count;
    this.#markSkipped();
  }

  /** The rest of the root's edges. */
  visitRoot(): void {
    const { firstEdge, edgeLink } = this.#columns;
    for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++) {
      const node = linkTarget(edgeLink[edge]!);
      if (linkType(edgeLink[edge]!) !== EdgeType.weak && node !== ROOT) this.#visitFromRoot(node);
    }
  }

  /** First what nothing essential leads to, with all that hangs on it; then what is left, which are cycles. */
  visitUnreachable(): void {
    const rest = this.#unreached();
    const isHeld = this.#heldBy(rest);
    for (const node of rest) if (this.state[node * 2] === 0 && !isHeld.has(node)) this.#visit(node, 1);
    for (const node of rest) if (this.state[node * 2] === 0) this.#visit(node, 1);
  }

  result(): DepthFirst {
    return {
      state: this.state,
      vertex: this.vertex,
      parent: this.parent,
      highest: this.highest,
      crossNext: this.crossNext,
      crossFrom: this.crossFrom,
      spare: [this.stackNumber, this.stackEdge, this.stackEnd],
    };
  }

  #visitFromRoot(node: number): void {
    const known = this.state[node * 2]!;
    if (known === 0) this.#visit(node, 1);
    else this.highest[known] = 1;
  }

  /** Visits `start` and all that is new below it. One long loop: this is the most costly search of all. */
  #visit(start: number, above: number): void {
    const { firstEdge, edgeLink } = this.#columns;
    const { state, vertex, parent, highest } = this;
    const { crossNext, crossFrom, stackNumber, stackEdge, stackEnd } = this;
    let crossCount = this.#crossCount;
    const isOwned = this.#ownedCount === 0;

    let number = this.#enter(start, above);
    let count = number;
    let edge = firstEdge[start]!;
    let end = firstEdge[start + 1]!;
    let depth = 0;
    for (;;) {
      if (edge === end) {
        if (depth === 0) break;
        number = stackNumber[--depth]!;
        edge = stackEdge[depth]!;
        end = stackEnd[depth]!;
        continue;
      }
      const link = edgeLink[edge++]!;
      const type = linkType(link);
      if (type === EdgeType.weak) continue;
      const child = linkTarget(link);
      if (type === EdgeType.shortcut || type === EdgeType.fromTable) {
        if (isOwned) this.#skipped.push(child);
        continue;
      }
      const at = child << 1;
      const known = state[at]!;
      if (!isOwned && this.#isBarred(number, child, known)) continue;
      if (known === 0) {
        state[at] = ++count;
        vertex[count] = child;
        parent[count] = number;
        highest[count] = number;
        const first = firstEdge[child]!;
        const last = firstEdge[child + 1]!;
        if (first === last) continue;
        stackNumber[depth] = number;
        stackEdge[depth] = edge;
        stackEnd[depth++] = end;
        number = count;
        edge = first;
        end = last;
      } else if (known < number) {
        // A node often holds another one twice.
        const before = state[at + 1]!;
        if (crossFrom[before] === number) continue;
        crossNext[crossCount] = before;
        crossFrom[crossCount] = number;
        state[at + 1] = crossCount++;
      } else if (highest[known]! > number) {
        highest[known] = number;
      }
    }
    this.#crossCount = crossCount;
    this.#count = count;
  }

  /** Gives the next number to a node that hangs on the root. */
  #enter(node: number, above: number): number {
    const number = ++this.#count;
    this.state[node * 2] = number;
    this.vertex[number] = node;
    this.parent[number] = above;
    this.highest[number] = above;
    return number;
  }

  /** An edge from what only V8 owns to what the program owns. */
  #isBarred(number: number, child: number, known: number): boolean {
    const otherwise = this.#ownedOtherwise;
    if (number <= this.#ownedCount || otherwise?.[this.vertex[number]!] === 1) return false;
    return (known > 1 && known <= this.#ownedCount) || otherwise?.[child] === 1;
  }

  /** What the program owns by edges that are not essential, and all that hangs on it. */
  #markSkipped(): void {
    const { nodeCount, firstEdge, edgeLink } = this.#columns;
    const stack = this.#skipped.filter((node) => this.state[node * 2] === 0);
    if (stack.length === 0) return;
    const owned = new Uint8Array(nodeCount);
    for (const node of stack) owned[node] = 1;
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
        const child = linkTarget(edgeLink[edge]!);
        if (linkType(edgeLink[edge]!) === EdgeType.weak || owned[child] === 1 || this.state[child * 2] !== 0)
          continue;
        owned[child] = 1;
        stack.push(child);
      }
    }
    this.#ownedOtherwise = owned;
  }

  /** What has no number yet. In most heaps it is nothing but a few leftovers. */
  #unreached(): number[] {
    const rest: number[] = [];
    const { state } = this;
    if (this.#count === this.#columns.nodeCount) return rest;
    for (let at = 0; at < state.length; at += 2) if (state[at] === 0) rest.push(at >> 1);
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
        if (child === node || this.state[child * 2] !== 0 || type === EdgeType.weak) continue;
        if (type === EdgeType.shortcut || type === EdgeType.fromTable) continue;
        if (!isOwned && this.#ownedOtherwise?.[child] === 1) continue;
        held.add(child);
      }
    }
    return held;
  }
}
