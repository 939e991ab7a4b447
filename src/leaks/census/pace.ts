/** A count may take so much of a target's time. */
const mostShare = 0.05;
/** More often nobody looks. */
const leastCountPauseMs = 10_000;
const leastReadPauseMs = 1000;

/** How long to wait after a count that took `durationMs`, so that all of them stay below 5 % of the target's time, in ms. */
export function pauseAfterCount(durationMs: number): number {
  return Math.max(leastCountPauseMs, pauseFor(durationMs));
}

/** The same after a mere reading of known sizes, which takes next to nothing. */
export function pauseAfterReading(durationMs: number): number {
  return Math.max(leastReadPauseMs, pauseFor(durationMs));
}

function pauseFor(durationMs: number): number {
  return Math.ceil(durationMs * (1 / mostShare - 1));
}
