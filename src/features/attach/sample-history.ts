import type { MemorySample, SampleGap } from '../../protocol/samples';

/**
 * The samples of one attachment, bounded. When it is full, every second sample of the older half goes: a whole
 * working day stays visible, the last hour at full resolution, and memory stays flat.
 */
export class SampleHistory {
  readonly #capacity: number;
  #samples: MemorySample[] = [];

  constructor(capacity = 20_000) {
    this.#capacity = capacity;
  }

  add(sample: MemorySample): void {
    if (this.#samples.length >= this.#capacity) this.#thin();
    const { last } = this;
    if (last) this.#samples[this.#samples.length - 1] = slim(last);
    this.#samples.push(sample);
  }

  get last(): MemorySample | undefined {
    return this.#samples.at(-1);
  }

  get all(): readonly MemorySample[] {
    return this.#samples;
  }

  #thin(): void {
    const half = this.#samples.length >> 1;
    const kept: MemorySample[] = [];
    let gap: SampleGap | undefined;
    for (const [index, sample] of this.#samples.entries()) {
      gap ??= sample.gap;
      if (index < half && index % 2 === 1) continue;
      // The gap before a sample that goes is one before the next.
      kept.push(gap ? { ...sample, gap } : sample);
      gap = undefined;
    }
    this.#samples = kept;
  }
}

/** Lists belong to the newest sample; of older ones only the figures are shown. */
function slim(sample: MemorySample): MemorySample {
  const { runtime } = sample;
  return runtime ? { ...sample, runtime: { ...runtime, spaces: [], resources: null } } : sample;
}
