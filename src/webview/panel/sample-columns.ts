import type { MemorySample } from '../../protocol/samples';
import { SERIES } from './series';

/** A pause of the target, or of the machine, this much longer than the interval is a gap in the lines. */
const GAP_FACTOR = 3;
const MOST_SAMPLES = 50_000;

/** Times in seconds, then one column per series, as uPlot wants them; null where a line is broken. */
export type ChartData = [number[], ...(number | null)[][]];

/** The samples that the chart draws, as columns; bounded, the oldest go first. */
export class SampleColumns {
  data: ChartData = empty();
  last: MemorySample | null = null;

  reset(samples: readonly MemorySample[], intervalMs: number): void {
    this.data = empty();
    this.last = null;
    for (const sample of samples) this.add(sample, intervalMs);
  }

  add(sample: MemorySample, intervalMs: number): void {
    const [times, ...columns] = this.data;
    if (this.last && sample.at <= this.last.at) return;
    // Old samples of a long history stand further apart than the interval by themselves; a gap is judged by both.
    const spacing = times.length > 1 ? (times.at(-1)! - times.at(-2)!) * 1000 : intervalMs;
    const isLate = this.last && sample.at - this.last.at > GAP_FACTOR * Math.max(intervalMs, spacing);
    if (this.last && (isLate || sample.gap)) {
      times.push(this.last.at / 1000 + 0.001);
      for (const column of columns) column.push(null);
    }
    times.push(sample.at / 1000);
    for (const [i, { key }] of SERIES.entries()) columns[i]!.push(sample[key]);
    this.last = sample;
    if (times.length > MOST_SAMPLES) for (const column of this.data) column.splice(0, MOST_SAMPLES / 10);
  }
}

function empty(): ChartData {
  return [[], ...SERIES.map(() => [] as (number | null)[])];
}
