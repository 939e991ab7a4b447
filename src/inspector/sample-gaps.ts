import type { GapReason, SampleGap } from '../protocol/samples';

/** When one sample was asked for and came, by all the clocks there are. ms. */
export interface SampleTimes {
  /** The target's clock. */
  readonly at: number;
  /** The target's stopwatch; null where its engine has none. */
  readonly uptimeMs: number | null;
  /** Our stopwatch: when it should have been asked for, was asked for, and came. */
  readonly dueMs: number;
  readonly askedMs: number;
  readonly answeredMs: number;
  /** Our clock when it came. */
  readonly hostAt: number;
}

/** A pause of the target this much longer than the interval is a gap, from this many ms on. */
const FACTOR = 3;
const LEAST_GAP_MS = 500;
/** Clocks are corrected by some ms all the time. */
const CLOCK_JUMP_MS = 2000;

/**
 * Why there is a gap between two samples in a row; null when there is none. A machine that sleeps stops all stopwatches
 * and no clock (Linux, macOS); on Windows stopwatches run on, and the editor, which slept as well, asked late.
 */
export function gapBetween(
  before: SampleTimes,
  after: SampleTimes,
  { intervalMs, captured, stopped }: { intervalMs: number; captured: boolean; stopped: boolean },
): SampleGap | null {
  const waited = after.answeredMs - before.answeredMs;
  const jump = clockJump(before, after);
  const hostJump = after.hostAt - before.hostAt - waited;
  if (jump > CLOCK_JUMP_MS && hostJump > CLOCK_JUMP_MS) return { reason: 'asleep', ms: jump + waited };
  if (waited > Math.max(FACTOR * intervalMs, LEAST_GAP_MS)) {
    return { reason: reasonOf(after, captured, stopped), ms: waited };
  }
  if (jump > CLOCK_JUMP_MS) return { reason: 'clock-forward', ms: jump };
  if (jump < -CLOCK_JUMP_MS) return { reason: 'clock-back', ms: -jump };
  return null;
}

/** How far the target's clock went beyond what its stopwatch, or else ours, says. */
function clockJump(before: SampleTimes, after: SampleTimes): number {
  const passed =
    before.uptimeMs !== null && after.uptimeMs !== null
      ? after.uptimeMs - before.uptimeMs
      : after.answeredMs - before.answeredMs;
  return after.at - before.at - passed;
}

function reasonOf(
  { dueMs, askedMs, answeredMs }: SampleTimes,
  captured: boolean,
  stopped: boolean,
): GapReason {
  if (captured) return 'capture';
  const lateMs = askedMs - dueMs;
  const silentMs = answeredMs - askedMs;
  if (lateMs > silentMs) return 'not-asked';
  return stopped ? 'stopped' : 'no-answer';
}
