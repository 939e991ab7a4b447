import { formatBytes } from '../protocol/figures';
import type { MemorySample } from '../protocol/samples';
import { lows, medianSlope, type TrendPoint, tau } from './trend';

/** A bound that memory must not reach. */
export interface WatchedLimit {
  /** "the heap limit", "the container's limit". */
  readonly name: string;
  readonly bytes: number;
  readonly of: 'heapUsed' | 'rss';
}

export interface MemoryAlert {
  /** `warning` and `alert` at their shares of a limit; `growth` when what collections leave keeps growing. */
  readonly kind: 'warning' | 'alert' | 'growth';
  readonly message: string;
}

/** From when on there is something to say. */
export interface AlertThresholds {
  /** Shares of a limit, 0 to 1. */
  readonly warning: number;
  readonly alert: number;
  /** How many samples growth is judged by, {@link PARTS} at least. */
  readonly growthSamples: number;
  /** How many times as much must be left after collections at the end of these. */
  readonly growthFactor: number;
}

export const USUAL_THRESHOLDS: AlertThresholds = {
  warning: 0.7,
  alert: 0.8,
  growthSamples: 60,
  growthFactor: 1.5,
};

/** A level is told again only after memory was so far below it. */
const REARM = 0.05;
/** So many samples in a row must be past a level: a single one may be garbage about to go. */
const CONFIRMING = 3;

/** The samples that growth is judged by are cut into so many parts. */
export const PARTS = 6;
/** What is left after collections must have grown by so many bytes at least. */
const LEAST_GROWTH_BYTES = 5e6;
/** The later half of the window has so much of the growth at least: a start that levels off has not. */
const STILL_GROWING = 0.25;
/** So many times as far as the samples go back, the growth that they show is carried forward: a minute tells of 100. */
const FORESIGHT = 100;
/** Kendall's tau: 1 when each part is higher than the one before. */
const STEADY = 0.8;

/**
 * Watches the memory of one process, sample by sample. The line that it judges by goes through the lowest sample of
 * each part of the window: that is what collections leave, so that a sawtooth is flat to it.
 */
export class MemoryWatch {
  readonly #thresholds: AlertThresholds;
  readonly #samples: MemorySample[] = [];
  /** By limit's name: the share whose level was told. */
  readonly #told = new Map<string, number>();
  readonly #past = new Map<string, number>();

  constructor(thresholds: AlertThresholds = USUAL_THRESHOLDS) {
    this.#thresholds = thresholds;
  }

  /** Takes a sample in; what there is to say about it. */
  add(sample: MemorySample, limits: readonly WatchedLimit[]): MemoryAlert[] {
    this.#samples.push(sample);
    if (this.#samples.length > this.#thresholds.growthSamples) this.#samples.shift();
    const alerts = limits.flatMap((limit) => this.#judgeLimit(sample, limit));
    const growth = this.#judgeGrowth();
    return growth ? [...alerts, growth] : alerts;
  }

  /**
   * When the first of `limits` is reached if it goes on so: null while nothing grows steadily, or where that is further
   * ahead than what was seen tells.
   */
  outlook(limits: readonly WatchedLimit[]): string | null {
    const seenMs = (this.#samples.at(-1)?.at ?? 0) - (this.#samples[0]?.at ?? 0);
    const reached = limits
      .map((limit) => ({ limit, ms: this.#timeTo(limit) }))
      .filter(({ ms }) => ms <= seenMs * FORESIGHT)
      .sort((a, b) => a.ms - b.ms)[0];
    if (!reached) return null;
    const { name, bytes } = reached.limit;
    return `At this rate ${name} of ${formatBytes(bytes)} is reached in ${formatDuration(reached.ms)}.`;
  }

  #judgeLimit(sample: MemorySample, limit: WatchedLimit): MemoryAlert[] {
    const share = limit.bytes > 0 ? sample[limit.of] / limit.bytes : 0;
    const told = this.#told.get(limit.name) ?? 0;
    if (told > 0 && share < told - REARM) this.#told.delete(limit.name);
    const level = this.#levelOf(share);
    const past = level ? (this.#past.get(limit.name) ?? 0) + 1 : 0;
    this.#past.set(limit.name, past);
    if (!level || past < CONFIRMING || level.share <= (this.#told.get(limit.name) ?? 0)) return [];
    this.#told.set(limit.name, level.share);
    const what = limit.of === 'rss' ? 'Resident memory' : 'The heap';
    const message = `${what} is at ${Math.round(share * 100)} % of ${limit.name} (${formatBytes(sample[limit.of])} of ${formatBytes(limit.bytes)}).`;
    return [{ kind: level.kind, message }];
  }

  #levelOf(share: number): { readonly kind: 'alert' | 'warning'; readonly share: number } | null {
    const { alert, warning } = this.#thresholds;
    if (share >= alert) return { kind: 'alert', share: alert };
    return share >= warning ? { kind: 'warning', share: warning } : null;
  }

  #judgeGrowth(): MemoryAlert | null {
    const { growthSamples, growthFactor } = this.#thresholds;
    if (this.#samples.length < growthSamples) return null;
    const lows = this.#lows('heapUsed').map(({ value }) => value);
    const [first, last] = [lows[0]!, lows.at(-1)!];
    if (last < first * growthFactor || last - first < LEAST_GROWTH_BYTES || tau(lows) < STEADY) return null;
    if (last - lows[lows.length >> 1]! < STILL_GROWING * (last - first)) return null;
    const seconds = Math.round((this.#samples.at(-1)!.at - this.#samples[0]!.at) / 1000);
    // The next alert needs as much growth again.
    this.#samples.length = 0;
    const message = `What collections leave of the heap has grown from ${formatBytes(first)} to ${formatBytes(last)} in ${formatDuration(seconds * 1000)}.`;
    return { kind: 'growth', message };
  }

  #timeTo({ of, bytes }: WatchedLimit): number {
    if (this.#samples.length < this.#thresholds.growthSamples / 2) return Number.POSITIVE_INFINITY;
    const lows = this.#lows(of);
    const perMs = medianSlope(lows);
    if (perMs <= 0 || tau(lows.map(({ value }) => value)) < STEADY) return Number.POSITIVE_INFINITY;
    return Math.max(0, (bytes - lows.at(-1)!.value) / perMs);
  }

  /** The lowest sample of each part of the window. */
  #lows(of: 'heapUsed' | 'rss'): TrendPoint[] {
    return lows(
      this.#samples.map((sample) => ({ at: sample.at, value: sample[of] })),
      Math.ceil(this.#thresholds.growthSamples / PARTS),
    );
  }
}

/** "40 s", "12 min", "3 h". */
function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
