import type { MemorySample } from '../../protocol/samples';

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
    this.#samples = this.#samples.filter((_, index) => index >= half || index % 2 === 0);
  }
}
