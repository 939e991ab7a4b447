import { GAP_WORDS, type MemorySample } from '../../protocol/samples';
import { PACE_SERIES, SERIES, type SeriesStyle } from './series';

/** A pause of the target, or of the machine, this much longer than the interval is a gap in the lines. */
const GAP_FACTOR = 3;
/** More than a day at one a second; 12 MB. */
const MOST_SAMPLES = 100_000;
const FIRST_ROOM = 1024;
/** What {@link SampleColumns.recent} reaches back, ms. */
const RECENT_MS = 60_000;

/** A stretch without samples, in seconds, with a word why; '' where it is not known. */
export interface ChartGap {
  readonly from: number;
  readonly to: number;
  readonly word: string;
}

/** Times in seconds, then one column per series, as uPlot wants them. Nothing is drawn across a gap. */
export interface ChartData {
  readonly columns: [Float64Array, ...Float64Array[]];
  readonly gaps: readonly ChartGap[];
}

/**
 * The samples that the charts draw, as columns of numbers: an hour takes as much memory as a row of objects for a
 * minute. Bounded; the oldest go first.
 */
export class SampleColumns {
  #recent: MemorySample[] = [];
  readonly #series: readonly SeriesStyle[] = [...SERIES, ...PACE_SERIES];
  #columns: Float64Array[] = [];
  #length = 0;
  #gaps: ChartGap[] = [];
  readonly #mostSamples: number;

  constructor(mostSamples = MOST_SAMPLES) {
    this.#mostSamples = mostSamples;
    this.#clear();
  }

  /** The samples of the last minute, whole. */
  get recent(): readonly MemorySample[] {
    return this.#recent;
  }

  get last(): MemorySample | null {
    return this.#recent.at(-1) ?? null;
  }

  get length(): number {
    return this.#length;
  }

  /** Of the large chart. */
  get sizes(): ChartData {
    return this.#view(0, SERIES.length);
  }

  /** Of the low chart. */
  get pace(): ChartData {
    return this.#view(SERIES.length, PACE_SERIES.length);
  }

  reset(samples: readonly MemorySample[], intervalMs: number): void {
    this.#clear();
    for (const sample of samples) this.add(sample, intervalMs);
  }

  add(sample: MemorySample, intervalMs: number): void {
    const { last } = this;
    if (last && sample.at <= last.at) return;
    if (this.#length === this.#mostSamples) this.#dropOldest();
    if (this.#length === this.#columns[0]!.length) this.#grow();
    if (last) this.#noteGap(last.at, sample, intervalMs);
    const row = this.#length++;
    this.#columns[0]![row] = sample.at / 1000;
    for (const [i, { value }] of this.#series.entries()) this.#columns[i + 1]![row] = value(sample) ?? 0;
    this.#recent.push(sample);
    while (this.#recent[0]!.at <= sample.at - RECENT_MS) this.#recent.shift();
  }

  #noteGap(lastAt: number, { at, gap }: MemorySample, intervalMs: number): void {
    const times = this.#columns[0]!;
    const row = this.#length;
    // Old samples of a long history stand further apart than the interval by themselves; a gap is judged by both.
    const spacing = row > 1 ? (times[row - 1]! - times[row - 2]!) * 1000 : intervalMs;
    if (!gap && at - lastAt <= GAP_FACTOR * Math.max(intervalMs, spacing)) return;
    this.#gaps.push({ from: lastAt / 1000, to: at / 1000, word: gap ? GAP_WORDS[gap.reason] : '' });
  }

  #view(from: number, count: number): ChartData {
    const [times, ...columns] = this.#columns.map((column) => column.subarray(0, this.#length));
    return { columns: [times!, ...columns.slice(from, from + count)], gaps: this.#gaps };
  }

  #clear(): void {
    this.#recent = [];
    this.#length = 0;
    this.#gaps = [];
    this.#columns = [null, ...this.#series].map(() => new Float64Array(FIRST_ROOM));
  }

  #grow(): void {
    const room = Math.min(this.#mostSamples, 2 * this.#length);
    this.#columns = this.#columns.map((column) => {
      const larger = new Float64Array(room);
      larger.set(column);
      return larger;
    });
  }

  #dropOldest(): void {
    const dropped = Math.ceil(this.#mostSamples / 10);
    for (const column of this.#columns) column.copyWithin(0, dropped, this.#length);
    this.#length -= dropped;
    const first = this.#columns[0]![0]!;
    this.#gaps = this.#gaps.filter(({ to }) => to > first);
  }
}
