import type { MemberReading } from './group-member';

/** What is kept of one process at each moment; null where it did not answer. Bytes. */
export interface GroupColumn {
  readonly heapUsed: (number | null)[];
  readonly rss: (number | null)[];
  /** The heap where garbage was collected since the reading before: what is kept for longer. */
  readonly kept: (number | null)[];
}

/**
 * What several processes used, on one time line: one row of readings per tick. Bounded: when it is full, every second
 * row of the older half goes, and columns of processes that are gone go when they are forgotten.
 */
export class GroupHistory {
  readonly #capacity: number;
  #times: number[] = [];
  readonly #columns = new Map<string, GroupColumn>();

  constructor(capacity = 1200) {
    this.#capacity = capacity;
  }

  /** ms since the epoch, by this machine's clock. */
  get times(): readonly number[] {
    return this.#times;
  }

  column(id: string): GroupColumn | undefined {
    return this.#columns.get(id);
  }

  /** One row: what each process answered at `at`. */
  add(at: number, readings: ReadonlyMap<string, MemberReading | null>): void {
    if (this.#times.length >= this.#capacity) this.#thin();
    const rows = this.#times.length;
    this.#times.push(at);
    for (const id of readings.keys()) {
      if (!this.#columns.has(id)) {
        this.#columns.set(id, { heapUsed: emptyRows(rows), rss: emptyRows(rows), kept: emptyRows(rows) });
      }
    }
    for (const [id, column] of this.#columns) {
      const reading = readings.get(id);
      column.heapUsed.push(reading?.heapUsed ?? null);
      column.rss.push(reading?.rss ?? null);
      column.kept.push(reading?.kept ?? null);
    }
  }

  /** Drops what is known of a process. */
  forget(id: string): void {
    this.#columns.delete(id);
  }

  clear(): void {
    this.#times = [];
    this.#columns.clear();
  }

  #thin(): void {
    const half = this.#times.length >> 1;
    const stays = <T>(values: T[]) => values.filter((_, index) => index >= half || index % 2 === 0);
    this.#times = stays(this.#times);
    for (const [id, { heapUsed, rss, kept }] of this.#columns) {
      this.#columns.set(id, { heapUsed: stays(heapUsed), rss: stays(rss), kept: stays(kept) });
    }
  }
}

function emptyRows(count: number): null[] {
  return new Array<null>(count).fill(null);
}
