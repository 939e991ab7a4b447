/** A count may take so much of a target's time. */
const mostShare = 0.05;
/** More often nobody looks: five kinds, one after another, in ten seconds. */
const leastCountPauseMs = 2000;
const leastReadPauseMs = 1000;

/** How long to wait after a count of one kind that took `durationMs`, so that all of it stays below 5 % of the target's time, in ms. */
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
