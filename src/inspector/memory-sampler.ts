import { isCancelled } from '../protocol/errors';
import type { MemorySample } from '../protocol/samples';
import { Listeners, type Subscription } from './listeners';
import { MemoryReader } from './memory';
import type { InspectorSession } from './session';

/** A sample that could not be taken in its time. */
export interface SampleGap {
  readonly reason: string;
}

/**
 * Reads a target's memory at an interval. A target that is too busy to answer is not asked again before it does, so
 * that calls never pile up in it.
 */
export class MemorySampler {
  readonly #reader: MemoryReader;
  readonly #sampled = new Listeners<MemorySample>();
  readonly #missed = new Listeners<SampleGap>();
  readonly #ended = new AbortController();
  #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(session: InspectorSession, options: { intervalMs: number }) {
    this.#reader = new MemoryReader(session);
    this.#intervalMs = options.intervalMs;
    // Not before the constructor's caller could subscribe.
    this.#timer = setTimeout(() => void this.#sample(), 0);
  }

  onSample(listener: (sample: MemorySample) => void): Subscription {
    return this.#sampled.add(listener);
  }

  onGap(listener: (gap: SampleGap) => void): Subscription {
    return this.#missed.add(listener);
  }

  set intervalMs(intervalMs: number) {
    if (intervalMs === this.#intervalMs) return;
    this.#intervalMs = intervalMs;
    // Between two samples the new interval counts from now; during one it counts from its end.
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#sample(), intervalMs);
  }

  async #sample(): Promise<void> {
    this.#timer = undefined;
    const startedAt = performance.now();
    try {
      const sample = await this.#reader.read({ signal: this.#ended.signal });
      if (!this.#ended.signal.aborted) this.#sampled.fire(sample);
    } catch (error) {
      if (!isCancelled(error))
        this.#missed.fire({ reason: error instanceof Error ? error.message : String(error) });
    }
    if (this.#ended.signal.aborted) return;
    const elapsed = performance.now() - startedAt;
    this.#timer = setTimeout(() => void this.#sample(), Math.max(0, this.#intervalMs - elapsed));
  }

  dispose(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    this.#reader.dispose();
    this.#sampled.clear();
    this.#missed.clear();
  }
}
