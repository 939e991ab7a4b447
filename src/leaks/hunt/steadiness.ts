/** How a count moved over the rounds of a hunt. */
export interface Trend {
  /** What each round added. */
  readonly steps: readonly number[];
  readonly total: number;
  /** Per operation, over all rounds. */
  readonly perOperation: number;
  readonly grewEveryRound: boolean;
  /** Smallest step by largest, 0 to 1: one for growth that follows the work. */
  readonly evenness: number;
  /** The same without the first round, which a cold start inflates. */
  readonly tailEvenness: number;
  /** The share of the growth that an idle pause took back, 0 to 1; null when there was no pause. */
  readonly drained: number | null;
}

/**
 * @param counts One count before the first round and one after each; -1 where the object was not born yet.
 * @param idle The count after an idle pause, null when none was measured.
 */
export function trendOf(counts: readonly number[], operations: number, idle: number | null): Trend {
  const present = counts.map((count) => Math.max(0, count));
  const steps = present.slice(1).map((count, index) => count - present[index]!);
  const total = present.at(-1)! - present[0]!;
  return {
    steps,
    total,
    perOperation: steps.length > 0 ? total / (steps.length * operations) : 0,
    grewEveryRound: steps.length > 0 && steps.every((step) => step > 0),
    evenness: evennessOf(steps),
    tailEvenness: evennessOf(steps.slice(1)),
    drained: idle === null || total <= 0 ? null : clamp((present.at(-1)! - Math.max(0, idle)) / total),
  };
}

function evennessOf(steps: readonly number[]): number {
  if (steps.length === 0) return 0;
  const most = Math.max(...steps);
  return most <= 0 ? 0 : Math.max(0, Math.min(...steps)) / most;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
