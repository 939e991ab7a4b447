/** How a count moved over the rounds of a hunt. */
export interface Trend {
  /** What each round added. */
  readonly steps: readonly number[];
  readonly total: number;
  /** Per operation, over all rounds; without the first where a cold start inflated it. */
  readonly perOperation: number;
  readonly grewEveryRound: boolean;
  /** Smallest step by largest, 0 to 1: one for growth that follows the work. */
  readonly evenness: number;
  /** The same without the first round, which a cold start inflates. */
  readonly tailEvenness: number;
  /**
   * True where each round added less than the one before, by more than chance: what grows towards a number that is
   * finite.
   */
  readonly flattens: boolean;
  /** Work beyond the rounds; 0 where none was done. */
  readonly moreOperations: number;
  /** Of the growth that more work should have brought, the share that came; null when none was done. */
  readonly continued: number | null;
  /** The share of all growth that an idle pause took back, 0 to 1; null when there was no pause. */
  readonly drained: number | null;
  /** What the pause took back, by what the rounds brought: work after them may leave a backlog many times as long. */
  readonly receded: number | null;
}

/** Steps that differ by less than this share follow the work. */
export const evenEnough = 0.6;
/** The later rounds alone must agree better, since a cold start inflates only the first. */
export const evenTail = 0.85;

/** What was counted after the rounds. */
export interface Afterwards {
  /** Work beyond the rounds, in operations. */
  readonly operations: number;
  /** The count right after that work; null when it was counted only after the rest. */
  readonly later: number | null;
  /** The count after an idle pause; null when none was measured. */
  readonly idle: number | null;
}

/**
 * @param counts One count before the first round and one after each; -1 where the object was not born yet.
 */
export function trendOf(
  counts: readonly number[],
  operations: number,
  { operations: more, later, idle }: Afterwards = { operations: 0, later: null, idle: null },
): Trend {
  const present = counts.map((count) => Math.max(0, count));
  const steps = present.slice(1).map((count, index) => count - present[index]!);
  const [first, last] = [present[0]!, present.at(-1)!];
  const total = last - first;
  const evenness = evennessOf(steps);
  const tailEvenness = evennessOf(steps.slice(1));
  const typical = evenness < evenEnough && tailEvenness >= evenTail ? steps.slice(1) : steps;
  const perOperation = sum(typical) / Math.max(1, typical.length * operations);
  const after = later ?? idle;
  const most = Math.max(last, later ?? last);
  return {
    steps,
    total,
    perOperation,
    grewEveryRound: steps.length > 0 && steps.every((step) => step > 0),
    evenness,
    tailEvenness,
    flattens: flattens(steps),
    moreOperations: more,
    continued: more === 0 || after === null || total <= 0 ? null : (after - last) / (perOperation * more),
    drained: idle === null || total <= 0 ? null : clamp((most - Math.max(0, idle)) / (most - first)),
    receded: idle === null || total <= 0 ? null : Math.max(0, most - Math.max(0, idle)) / total,
  };
}

/** Counts of independent events differ by about the root of their sum; all in all it must be far more than that. */
function flattens(steps: readonly number[]): boolean {
  if (steps.length < 3) return false;
  const chance = (a: number, b: number) => Math.sqrt(Math.max(1, a + b));
  const falls = steps.slice(1).every((step, index) => steps[index]! - step > chance(steps[index]!, step));
  const [first, last] = [steps[0]!, steps.at(-1)!];
  return falls && first - last > 2.5 * chance(first, last);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function evennessOf(steps: readonly number[]): number {
  if (steps.length === 0) return 0;
  const most = Math.max(...steps);
  return most <= 0 ? 0 : Math.max(0, Math.min(...steps)) / most;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
