import type { Finding } from '../../protocol/findings';
import type { Comparison } from '../compare';
import { compareOutcomes, type HuntOutcome } from './compare-hunts';
import type { RoundRecord } from './rounds';
import type { Settled } from './settle';

/** The outcome of a hunt. The command line prints it as JSON: docs/hunt-report.schema.json. */
export interface HuntReport {
  readonly schema: 1;
  readonly target: {
    readonly title: string;
    readonly pid: number | null;
    readonly nodeVersion: string | null;
    /** Absent for all but Deno. */
    readonly denoVersion?: string;
    readonly url: string;
    readonly workingDirectory: string | null;
  };
  readonly workload: string;
  readonly plan: {
    readonly rounds: number;
    readonly operations: number;
    readonly warmup: number;
    readonly idleMs: number;
  };
  readonly baseline: RoundRecord;
  readonly rounds: readonly RoundRecord[];
  readonly idle: RoundRecord | null;
  /** Best first. */
  readonly verdicts: readonly Finding[];
  /** What grew until it reached a limit of its own, and then no more. */
  readonly settled: readonly Settled[];
  /** What judging took beyond reading the snapshots, and the whole hunt, in ms. */
  readonly analysisMs: number;
  readonly durationMs: number;
}

/** Compares a hunt with one of the same program before a change. */
export function compareHunts(before: HuntReport, after: HuntReport): Comparison {
  return compareOutcomes(outcomeOf(before), outcomeOf(after));
}

/** What of a report is compared. */
export function outcomeOf({ verdicts, plan, rounds, settled }: HuntReport): HuntOutcome {
  const heapUsed = rounds.map(({ heapUsedBytes }) => heapUsedBytes);
  return { verdicts, operations: plan.operations, heapUsed, settled };
}

/** The report as the JSON schema has it. */
export function toJson(report: HuntReport, comparison: Comparison | null): object {
  return {
    ...report,
    ...(comparison ? { comparison: { summary: comparison.summary, sentences: comparison.sentences } } : {}),
  };
}
