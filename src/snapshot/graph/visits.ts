import { linkTarget, linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType } from '../reading/format';
import type { SearchRoom } from './depth-first';
import { at, GraphKernel } from './graph-kernel';

/** Words of a group of {@link DepthFirst.cross}. */
export const GROUP = 4;

/** The loop of a depth-first search, which goes down from one node after the other. */
export interface Visits {
  /** How many nodes have a number; the root has the first. */
  readonly count: number;
  /** Gives `start`, a child of the number `above`, the next number, and goes nowhere from there. */
  enter(start: number, above: number): void;
  /** Visits `start`, a child of the number `above`, and all that is new below it. */
  visit(start: number, above: number): void;
  /** What has been met is owned by the program, and nothing else that is met from now on. */
  setOwned(): void;
  /** Except for nodes with a flag in {@link SearchRoom.isOwned}. */
  setOwnedOtherwise(): void;
  /** Where edges led until then that are not essential but make their targets owned. */
  readonly skipped: readonly number[];
}

/** The loop as WebAssembly where the memory allows it, else as JavaScript. */
export function startVisits(columns: SnapshotColumns, room: SearchRoom): Visits {
  const { numberOf, vertex, parent, highest, lastCross, cross, stack, isOwned } = room;
  const { firstEdge, edgeLink, memory } = columns;
  const arrays = [firstEdge, edgeLink, numberOf, vertex, parent, highest, lastCross, cross];
  const kernel = GraphKernel.on(memory, [...arrays, stack, isOwned]);
  if (!kernel) return new ScriptedVisits(columns, room);
  kernel.run.startSearch(...arrays.map(at), at(cross) + cross.byteLength, at(stack));
  return new CompiledVisits(kernel, room);
}

class CompiledVisits implements Visits {
  readonly #kernel: GraphKernel;
  readonly #room: SearchRoom;

  constructor(kernel: GraphKernel, room: SearchRoom) {
    this.#kernel = kernel;
    this.#room = room;
  }

  get count(): number {
    return this.#kernel.run.count.value >>> 0;
  }

  enter(start: number, above: number): void {
    this.#kernel.run.enter(start, above);
  }

  visit(start: number, above: number): void {
    this.#kernel.run.visit(start, above);
  }

  setOwned(): void {
    this.#kernel.run.setOwned();
  }

  setOwnedOtherwise(): void {
    this.#kernel.run.setOwnedOtherwise(at(this.#room.isOwned));
  }

  get skipped(): readonly number[] {
    const { cross } = this.#room;
    return Array.from(cross.subarray(((this.#kernel.run.skipped.value >>> 0) - at(cross)) / 4));
  }
}

/** Whether edges of a type never keep their targets alive. */
function isInessential(type: number): boolean {
  return type === EdgeType.weak || type === EdgeType.shortcut || type === EdgeType.fromTable;
}

class ScriptedVisits implements Visits {
  readonly #columns: SnapshotColumns;
  readonly #room: SearchRoom;
  count = 1;
  readonly skipped: number[] = [];
  /** Where the next group goes; place 0 means none. */
  #nextGroup = GROUP;
  /** Numbers up to this one are owned by the program. */
  #ownedCount = 0;
  #ownedOtherwise: Uint8Array | null = null;

  constructor(columns: SnapshotColumns, room: SearchRoom) {
    this.#columns = columns;
    this.#room = room;
  }

  setOwned(): void {
    this.#ownedCount = this.count;
  }

  setOwnedOtherwise(): void {
    this.#ownedOtherwise = this.#room.isOwned;
  }

  visit(start: number, above: number): void {
    const { firstEdge, edgeLink } = this.#columns;
    const { numberOf, vertex, parent, highest, lastCross, cross, stack } = this.#room;
    const length = numberOf.length;
    const stackNumber = stack.subarray(0, length);
    const stackEdge = stack.subarray(length, 2 * length);
    const stackEnd = stack.subarray(2 * length);
    let nextGroup = this.#nextGroup;
    const isOwned = this.#ownedCount === 0;

    this.enter(start, above);
    let number = this.count;
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
        if (isOwned && type !== EdgeType.weak) this.skipped.push(child);
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
    this.count = count;
  }

  enter(node: number, above: number): void {
    const { numberOf, vertex, parent, highest } = this.#room;
    const number = ++this.count;
    numberOf[node] = number;
    vertex[number] = node;
    parent[number] = above;
    highest[number] = above;
  }

  /** An edge from what only V8 owns to what the program owns. */
  #isBarred(number: number, child: number, known: number): boolean {
    const otherwise = this.#ownedOtherwise;
    if (number <= this.#ownedCount || otherwise?.[this.#room.vertex[number]!] === 1) return false;
    return (known > 1 && known <= this.#ownedCount) || otherwise?.[child] === 1;
  }
}
