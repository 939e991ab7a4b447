import type { OwnerStep } from '../../protocol/owners';

/** One object on the way up from what is held. */
export interface Visit {
  /** Index in the graph. */
  readonly node: number;
  /** By which it holds the one below. */
  readonly edge: OwnerStep['edge'] | null;
  /** The visit one step nearer to the object. */
  readonly below: Visit | null;
  readonly cost: number;
}

/** A binary heap of visits: the cheapest first; of equals the one nearer to the roots, then the one that came first. */
export class VisitQueue {
  readonly #distance: Int32Array;
  readonly #heap: { readonly visit: Visit; readonly order: number }[] = [];
  #put = 0;

  constructor(distance: Int32Array) {
    this.#distance = distance;
  }

  put(visit: Visit): void {
    const heap = this.#heap;
    heap.push({ visit, order: this.#put++ });
    for (let at = heap.length - 1; at > 0; ) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(at, above)) break;
      this.#swap(at, above);
      at = above;
    }
  }

  take(): Visit | null {
    const heap = this.#heap;
    const first = heap[0];
    if (!first) return null;
    const last = heap.pop()!;
    if (heap.length === 0) return first.visit;
    heap[0] = last;
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && this.#isBefore(child, least)) least = child;
      }
      if (least === at) return first.visit;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a]!, this.#heap[b]!];
    const order =
      x.visit.cost - y.visit.cost || this.#distance[x.visit.node]! - this.#distance[y.visit.node]!;
    return (order || x.order - y.order) < 0;
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}
