import type { SampleRow } from '../../protocol/history';
import { ROW_COLUMNS, rowToSample, sampleToRow } from '../../protocol/sample-rows';
import type { GapReason, MemorySample } from '../../protocol/samples';

const WIDTH = ROW_COLUMNS.length;
const TIME = ROW_COLUMNS.findIndex(({ name }) => name === 'time_ms');
const GAP = ROW_COLUMNS.findIndex(({ name }) => name === 'gap');
const GAP_MS = ROW_COLUMNS.findIndex(({ name }) => name === 'gap_ms');
const FIRST_ROOM = 1024;

/**
 * The samples of one attachment, bounded: rows of figures in one array, 4 MB when it is full. Then every second sample
 * of the older half goes: a whole working day stays visible, the last hours at full resolution, and memory stays flat.
 */
export class SampleHistory {
  readonly #capacity: number;
  /** Row after row; NaN where a sample does not tell a figure. */
  #figures: Float64Array;
  #length = 0;
  /** Gap reasons as numbers: each is its place here. */
  readonly #reasons: GapReason[] = [];
  #last: MemorySample | undefined;

  constructor(capacity = 20_000) {
    this.#capacity = capacity;
    this.#figures = new Float64Array(WIDTH * Math.min(capacity, FIRST_ROOM));
  }

  add(sample: MemorySample): void {
    if (this.#length === this.#capacity) this.#thin();
    if (this.#length * WIDTH === this.#figures.length) this.#grow();
    const row = sampleToRow(sample);
    const start = this.#length++ * WIDTH;
    for (let i = 0; i < WIDTH; i++) {
      const value = row[i] ?? Number.NaN;
      this.#figures[start + i] = typeof value === 'string' ? this.#codeOf(value as GapReason) : value;
    }
    this.#last = sample;
  }

  get length(): number {
    return this.#length;
  }

  /** The newest sample, whole. */
  get last(): MemorySample | undefined {
    return this.#last;
  }

  /** All samples, without the lists (heap spaces, resources) of the older ones. Made anew at each call. */
  get all(): readonly MemorySample[] {
    return this.since(Number.NEGATIVE_INFINITY);
  }

  /** The samples from a moment on, ms since the epoch; as {@link all}. */
  since(at: number): readonly MemorySample[] {
    let first = this.#length;
    while (first > 0 && this.#figures[(first - 1) * WIDTH + TIME]! >= at) first--;
    const samples: MemorySample[] = [];
    for (let i = first; i < this.#length - 1; i++) samples.push(this.#sample(i));
    if (this.#last && first < this.#length) samples.push(this.#last);
    return samples;
  }

  #sample(index: number): MemorySample {
    const row: (number | string | null)[] = [];
    for (let i = 0; i < WIDTH; i++) {
      const value = this.#figures[index * WIDTH + i]!;
      if (Number.isNaN(value)) row.push(null);
      else row.push(i === GAP ? this.#reasons[value]! : value);
    }
    // What came from a sample is one.
    return rowToSample(row satisfies SampleRow)!;
  }

  #codeOf(reason: GapReason): number {
    const known = this.#reasons.indexOf(reason);
    return known >= 0 ? known : this.#reasons.push(reason) - 1;
  }

  #grow(): void {
    const larger = new Float64Array(Math.min(2 * this.#figures.length, WIDTH * this.#capacity));
    larger.set(this.#figures);
    this.#figures = larger;
  }

  #thin(): void {
    const half = this.#length >> 1;
    let kept = 0;
    for (let i = 0; i < this.#length; i++) {
      if (i < half && i % 2 === 1) {
        // The gap before a sample that goes is one before the next.
        if (Number.isNaN(this.#figures[(i + 1) * WIDTH + GAP]!)) this.#copyGap(i, i + 1);
        continue;
      }
      this.#figures.copyWithin(kept * WIDTH, i * WIDTH, (i + 1) * WIDTH);
      kept++;
    }
    this.#length = kept;
  }

  #copyGap(from: number, to: number): void {
    for (const column of [GAP, GAP_MS]) {
      this.#figures[to * WIDTH + column] = this.#figures[from * WIDTH + column]!;
    }
  }
}
