import type { Finding } from '../../protocol/findings';
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
