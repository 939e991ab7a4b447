import { isCancelled } from '../protocol/errors';
import type { MemorySample } from '../protocol/samples';
import { Listeners, type Subscription } from './listeners';
import { MemoryReader, type TimedSample } from './memory';
import { gapBetween, type SampleTimes } from './sample-gaps';
import { SampleTrouble } from './sample-trouble';
import type { InspectorSession } from './session';

/**
 * Reads a target's memory at an interval. A target that is too busy to answer is not asked again before it does, so
 * that calls never pile up in it; the next sample says why there was a gap.
 */
export class MemorySampler {
  readonly #session: InspectorSession;
  readonly #reader: MemoryReader;
  readonly #sampled = new Listeners<MemorySample>();
  readonly #trouble: SampleTrouble;
  readonly #ended = new AbortController();
  #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = performance.now();
  #last:
    | { readonly times: SampleTimes; readonly intervalMs: number; readonly sample: MemorySample }
    | undefined;
  /** Added to the target's clock, which was set back. */
  #clockOffsetMs = 0;

  constructor(session: InspectorSession, options: { intervalMs: number }) {
    this.#session = session;
    this.#reader = new MemoryReader(session, { observe: true });
    this.#trouble = new SampleTrouble(session);
    this.#intervalMs = options.intervalMs;
    // Not before the constructor's caller could subscribe.
    this.#schedule(0);
  }

  onSample(listener: (sample: MemorySample) => void): Subscription {
    return this.#sampled.add(listener);
  }

  /** With a sentence that says why no good samples come, or null when they come again. */
  onTrouble(listener: (trouble: string | null) => void): Subscription {
    return this.#trouble.onChange(listener);
  }

  set intervalMs(intervalMs: number) {
    if (intervalMs === this.#intervalMs) return;
    this.#intervalMs = intervalMs;
    // Between two samples the new interval counts from now; during one it counts from its end.
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#schedule(intervalMs);
  }

  #schedule(delayMs: number): void {
    this.#dueMs = performance.now() + delayMs;
    this.#timer = setTimeout(() => void this.#sample(), delayMs);
  }

  async #sample(): Promise<void> {
    this.#timer = undefined;
    const askedMs = performance.now();
    this.#trouble.asked();
    try {
      const timed = await this.#reader.read({ signal: this.#ended.signal });
      if (!this.#ended.signal.aborted) this.#take(timed, askedMs);
    } catch (error) {
      if (!isCancelled(error)) this.#trouble.failed(error instanceof Error ? error.message : String(error));
    }
    if (this.#ended.signal.aborted) return;
    this.#schedule(Math.max(0, this.#intervalMs - (performance.now() - askedMs)));
  }

  #take({ sample, uptimeMs }: TimedSample, askedMs: number): void {
    const { at } = sample;
    const answeredMs = performance.now();
    const times = { at, uptimeMs, dueMs: this.#dueMs, askedMs, answeredMs, hostAt: Date.now() };
    const last = this.#last;
    const gap = last
      ? gapBetween(last.times, times, {
          // The pace may have changed in between.
          intervalMs: Math.max(last.intervalMs, this.#intervalMs),
          captured: this.#session.capturedSince(last.times.answeredMs),
          stopped: this.#trouble.wasStopped,
        })
      : null;
    if (gap?.reason === 'clock-back') this.#clockOffsetMs += gap.ms;
    // A correction by some ms is no gap, but time does not run back for it.
    const shown = Math.max(at + this.#clockOffsetMs, last?.sample.at ?? 0);
    const told: MemorySample = { ...sample, at: shown, ...(gap ? { gap } : {}) };
    this.#last = { times, intervalMs: this.#intervalMs, sample: told };
    this.#trouble.answered(told);
    this.#sampled.fire(told);
  }

  dispose(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    this.#reader.dispose();
    this.#sampled.clear();
    this.#trouble.dispose();
  }
}
