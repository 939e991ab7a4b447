import type { Finding } from '../../protocol/findings';
import { type Comparison, compareReports, type SeriesOutcome } from '../compare';
import type { RoundRecord } from './rounds';

/** The outcome of a hunt. The command line prints it as JSON: docs/hunt-report.schema.json. */
export interface HuntReport {
  readonly schema: 1;
  readonly target: {
    readonly title: string;
    readonly pid: number | null;
    readonly nodeVersion: string | null;
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
  /** What judging took beyond reading the snapshots, and the whole hunt, in ms. */
  readonly analysisMs: number;
  readonly durationMs: number;
}

/** Compares a hunt with one of the same program before a change. */
export function compareHunts(before: HuntReport, after: HuntReport): Comparison {
  return compareReports(outcomeOf(before), outcomeOf(after));
}

function outcomeOf({ verdicts, rounds }: HuntReport): SeriesOutcome {
  return {
    findings: verdicts.filter(({ level }) => level === 'leak'),
    totalSizes: rounds.map(({ heapUsedBytes }) => heapUsedBytes),
  };
}

/** The report as the JSON schema has it. */
export function toJson(report: HuntReport, comparison: Comparison | null): object {
  return {
    ...report,
    ...(comparison ? { comparison: { summary: comparison.summary, sentences: comparison.sentences } } : {}),
  };
}
