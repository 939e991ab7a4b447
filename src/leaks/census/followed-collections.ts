import type { CensusKind, CensusRow, CollectionPlace, LivingCollection } from '../../protocol/census';
import { queriedKinds } from './counter';

interface Followed {
  readonly row: CensusRow;
  /** The times of the readings, in ms, and the entries then; oldest first. */
  readonly times: number[];
  readonly entries: number[];
}

/** So many readings are kept of each: at one a second, two minutes; then every second one goes, and it is four. */
const mostReadings = 120;
/** The rate is that of this time at most, in ms. */
const rateWindowMs = 300_000;
/** In a shorter time a burst looks like growth. */
const leastRateMs = 5000;

/** What the counts and readings of one census say together: sizes over time, rates, and who holds what. */
export class FollowedCollections {
  readonly #followed = new Map<number, Followed>();
  readonly #places = new Map<number, CollectionPlace | null>();

  get ids(): number[] {
    return [...this.#followed.keys()];
  }

  /** Largest first; without what is Node's own. */
  get rows(): LivingCollection[] {
    return [...this.#followed.values()]
      .filter(({ row }) => this.#places.get(row.id) !== null)
      .map((followed) => this.#living(followed))
      .sort((a, b) => b.entries - a.entries);
  }

  /** How many of them only Node itself holds. */
  get ofNode(): number {
    return this.ids.filter((id) => this.#places.get(id) === null).length;
  }

  /**
   * A count found these: they are followed on, and others of the kinds that it counts no longer, unless somebody knows
   * who holds them.
   */
  count(rows: readonly CensusRow[], at: number): void {
    const found = new Set(rows.map(({ id }) => id));
    for (const [id, { row }] of this.#followed) {
      if (isQueried(row.kind) && !found.has(id) && !this.#places.get(id)) this.#forget(id);
    }
    for (const row of rows) this.add(row, at);
  }

  add(row: CensusRow, at: number): void {
    const before = this.#followed.get(row.id);
    const followed = { row, times: before?.times ?? [], entries: before?.entries ?? [] };
    this.#followed.set(row.id, followed);
    note(followed, row.entries, at);
  }

  /** The entries of what still lives; what is missing is gone. */
  read(entries: readonly (readonly [id: number, entries: number])[], at: number): void {
    const living = new Map(entries);
    for (const [id, followed] of this.#followed) {
      const count = living.get(id);
      if (count === undefined) this.#forget(id);
      else note(followed, count, at);
    }
  }

  /** Who holds it; null when that is Node itself. */
  place(id: number, place: CollectionPlace | null): void {
    if (this.#followed.has(id)) this.#places.set(id, place);
  }

  /** Those of which nobody knows yet who holds them. */
  get unplaced(): number[] {
    return this.ids.filter((id) => !this.#places.has(id));
  }

  #forget(id: number): void {
    this.#followed.delete(id);
    this.#places.delete(id);
  }

  #living({ row, times, entries }: Followed): LivingCollection {
    return {
      ...row,
      entries: entries.at(-1)!,
      perMinute: rateOf(times, entries),
      series: [...entries],
      place: this.#places.get(row.id) ?? null,
    };
  }
}

function isQueried(kind: CensusKind): boolean {
  return (queriedKinds as readonly CensusKind[]).includes(kind);
}

function note({ times, entries }: Followed, count: number, at: number): void {
  if (times.length === mostReadings) {
    for (const column of [times, entries])
      column.splice(0, column.length, ...column.filter((_, i) => i % 2 === 1));
  }
  times.push(at);
  entries.push(count);
}

/** Entries gained per minute within the window. */
function rateOf(times: readonly number[], entries: readonly number[]): number | null {
  const last = times.length - 1;
  const first = times.findIndex((time) => time >= times[last]! - rateWindowMs);
  const elapsedMs = times[last]! - times[first]!;
  if (elapsedMs < leastRateMs) return null;
  return twoFigures(((entries[last]! - entries[first]!) / elapsedMs) * 60_000);
}

/** More figures of a rate are chance, and change with every reading. */
function twoFigures(rate: number): number {
  return Math.abs(rate) < 100 ? Math.round(rate) : Number(rate.toPrecision(2));
}
