import { linkTarget, linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';
import { clearedNumbers, sharedNumbers } from '../reading/shared-memory';

export const ROOT = 0;

/** Words of a group of {@link DepthFirst.cross}. */
export const GROUP = 4;

/** Whether edges of a type never keep their targets alive. */
function isInessential(type: number): boolean {
  return type === EdgeType.weak || type === EdgeType.shortcut || type === EdgeType.fromTable;
}

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

class Search {
  readonly #columns: SnapshotColumns;
  /** Number of a node, 0 while it has none. */
  readonly numberOf: Uint32Array;
  readonly vertex: Uint32Array;
  readonly parent: Uint32Array;
  readonly highest: Uint32Array;
  readonly lastCross: Int32Array;
  readonly cross: Int32Array;
  readonly stackNumber: Uint32Array;
  readonly stackEdge: Uint32Array;
  readonly stackEnd: Uint32Array;
  #count = 1;
  /** Where the next group of {@link DepthFirst.cross} goes; place 0 means none. */
  #nextGroup = GROUP;
  /** Numbers up to this one are owned by the program. */
  #ownedCount = 0;
  /** Further nodes that it owns, by edges that are not essential; null when there are none. */
  #ownedOtherwise: Uint8Array | null = null;
  /** Where edges led that are not essential but make their targets owned. */
  readonly #skipped: number[] = [];

  constructor(columns: SnapshotColumns) {
    this.#columns = columns;
    const { nodeCount, edgeCount } = columns;
    this.numberOf = clearedNumbers(nodeCount + 1);
    this.vertex = sharedNumbers(nodeCount + 1);
    this.parent = sharedNumbers(nodeCount + 1);
    this.highest = sharedNumbers(nodeCount + 1);
    // Two edges to one node take a group, four take two; memory that is never written to is never taken.
    this.cross = new Int32Array(sharedNumbers(2 * (edgeCount + nodeCount + GROUP)).buffer);
    this.lastCross = new Int32Array(clearedNumbers(nodeCount + 1).buffer);
    this.stackNumber = sharedNumbers(nodeCount + 1);
    this.stackEdge = sharedNumbers(nodeCount + 1);
    this.stackEnd = sharedNumbers(nodeCount + 1);
    this.numberOf[ROOT] = 1;
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
    for (const node of rest) if (this.numberOf[node] === 0 && !isHeld.has(node)) this.#visit(node, 1);
    for (const node of rest) if (this.numberOf[node] === 0) this.#visit(node, 1);
  }

  result(): DepthFirst {
    return {
      vertex: this.vertex,
      parent: this.parent,
      highest: this.highest,
      lastCross: this.lastCross,
      cross: this.cross,
      spare: [this.stackNumber, this.stackEdge],
      numberOf: this.numberOf,
    };
  }

  #visitFromRoot(node: number): void {
    const known = this.numberOf[node]!;
    if (known === 0) this.#visit(node, 1);
    else this.highest[known] = 1;
  }

  /** Visits `start` and all that is new below it. One long loop: this is the most costly search of all. */
  #visit(start: number, above: number): void {
    const { firstEdge, edgeLink } = this.#columns;
    const { numberOf, vertex, parent, highest, lastCross, cross } = this;
    const { stackNumber, stackEdge, stackEnd } = this;
    let nextGroup = this.#nextGroup;
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
      const child = linkTarget(link);
      if (type >= EdgeType.shortcut && isInessential(type)) {
        if (isOwned && type !== EdgeType.weak) this.#skipped.push(child);
        continue;
      }
      const known = numberOf[child]!;
      if (!isOwned && this.#isBarred(number, child, known)) continue;
      if (known === 0) {
        numberOf[child] = ++count;
        vertex[count] = child;
        parent[count] = number;
        highest[count] = number;
        const first = firstEdge[child]!;
        const last = firstEdge[child + 1]!;
        if (first === last) continue;
        // Nobody comes back to a node that has no further edge.
        if (edge !== end) {
          stackNumber[depth] = number;
          stackEdge[depth] = edge;
          stackEnd[depth++] = end;
        }
        number = count;
        edge = first;
        end = last;
      } else if (known < number) {
        const place = lastCross[known]!;
        // A node often holds another one twice.
        if (place <= 0) {
          if (place === 0) lastCross[known] = ~number;
          else if (place !== ~number) {
            cross[nextGroup + 1] = ~place;
            cross[nextGroup + 2] = number;
            lastCross[known] = nextGroup + 2;
            nextGroup += GROUP;
          }
        } else if (cross[place] !== number) {
          let next = place + 1;
          if ((next & (GROUP - 1)) === 0) {
            cross[nextGroup] = place;
            next = nextGroup + 1;
            nextGroup += GROUP;
          }
          cross[next] = number;
          lastCross[known] = next;
        }
      } else if (highest[known]! > number) {
        highest[known] = number;
      }
    }
    this.#nextGroup = nextGroup;
    this.#count = count;
  }

  /** Gives the next number to a node that hangs on the root. */
  #enter(node: number, above: number): number {
    const number = ++this.#count;
    this.numberOf[node] = number;
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
    const stack = this.#skipped.filter((node) => this.numberOf[node] === 0);
    if (stack.length === 0) return;
    const owned = new Uint8Array(nodeCount);
    for (const node of stack) owned[node] = 1;
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
        const child = linkTarget(edgeLink[edge]!);
        if (linkType(edgeLink[edge]!) === EdgeType.weak || owned[child] === 1 || this.numberOf[child] !== 0)
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
    const { numberOf } = this;
    const { nodeCount } = this.#columns;
    if (this.#count === nodeCount) return rest;
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
        if (child === node || this.numberOf[child] !== 0 || type === EdgeType.weak) continue;
        if (type === EdgeType.shortcut || type === EdgeType.fromTable) continue;
        if (!isOwned && this.#ownedOtherwise?.[child] === 1) continue;
        held.add(child);
      }
    }
    return held;
  }
}
