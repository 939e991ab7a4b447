import { formatBytes, formatCount, formatSeries } from '../../protocol/figures';
import type { FindingLevel } from '../../protocol/findings';
import type { CheckedRemoval } from './excuses';
import { evenEnough, evenTail, type Trend } from './steadiness';

/** What was measured of one suspect. */
export interface Evidence {
  readonly name: string;
  /** "entries", "Timeout objects". */
  readonly unit: string;
  readonly counts: readonly number[];
  readonly trend: Trend;
  readonly bytesPerOperation: number;
  readonly operations: number;
  readonly idleMs: number;
  /** Code that takes entries out, by its name; null when none was seen or it was not looked for. */
  readonly removal: Pick<CheckedRemoval, 'kind' | 'position' | 'never'> | null;
  readonly addingLineKnown: boolean;
}

export interface Judgement {
  readonly level: FindingLevel | null;
  /** True for what grew in the rounds and not in the work after them. */
  readonly stopped: boolean;
  readonly confidence: number;
  readonly reasons: readonly string[];
}

/** Fewer objects per operation are chance. */
const leastPerOperation = 0.01;
/** An idle pause that takes back this share shows a backlog. */
const backlogShare = 0.2;
/** One that takes back this share shows that all is well. */
const drainedShare = 0.8;
/** More work that brings less than this share of what it should shows that the growth is over. */
const stoppedShare = 0.1;
/** And less than this that it is ending. */
const slowedShare = 0.6;
const leakConfidence = 0.7;

/**
 * Tells leak from watch by slopes, never by levels: a leak grows in every round, by steps that follow the operations,
 * and keeps what it has through an idle pause. Growth that code bounds, that a timer empties or that flattens is at
 * most to be watched; what an idle pause drains is nothing (level null).
 */
export function judge(evidence: Evidence): Judgement {
  const { trend, removal } = evidence;
  const reasons = measuredWords(evidence);
  const nothing = { level: null, stopped: false, confidence: 0, reasons };
  if (!trend.grewEveryRound || trend.perOperation < leastPerOperation) return nothing;
  if (trend.drained !== null && trend.drained >= drainedShare) return nothing;
  if (trend.continued !== null && trend.continued < stoppedShare) return { ...nothing, stopped: true };
  const steady = !trend.flattens && (trend.evenness >= evenEnough || trend.tailEvenness >= evenTail);
  const excuses = excuseWords(evidence, steady);
  const confidence = confidenceOf(evidence, steady);
  const level = excuses.length === 0 && confidence >= leakConfidence ? 'leak' : 'watch';
  const missing = missingWords(evidence);
  const shown = level === 'watch' ? Math.min(confidence, leakConfidence - 0.05) : confidence;
  if (removal?.kind === 'removes') {
    const why = removal.never ?? 'did not keep up here';
    reasons.push(`Code removes from it at ${place(removal)}, but ${why}.`);
  }
  return {
    level,
    stopped: false,
    confidence: Math.round(shown * 100) / 100,
    reasons: [...reasons, ...excuses, ...missing],
  };
}

function confidenceOf({ trend, removal, addingLineKnown }: Evidence, steady: boolean): number {
  const whole =
    Math.abs(trend.perOperation - Math.round(trend.perOperation)) < 0.03 && trend.perOperation > 0.9;
  return Math.min(
    0.99,
    0.5 +
      (steady ? 0.15 : 0) +
      0.15 * Math.max(trend.evenness, trend.tailEvenness) +
      (whole ? 0.1 : 0) +
      (trend.receded !== null && trend.receded < backlogShare ? 0.08 : 0) +
      (addingLineKnown ? 0.04 : 0) -
      (removal?.kind === 'removes' ? 0.05 : 0),
  );
}

function measuredWords({ unit, counts, trend, bytesPerOperation, operations }: Evidence): string[] {
  const rounds = trend.steps.length;
  const words = [
    `${formatSeries(counts)} ${unit} over ${rounds} rounds of ${formatCount(operations)} operations.`,
    `That is ${formatCount(round2(trend.perOperation))} per operation; the smallest step is ${Math.round(trend.evenness * 100)} % of the largest.`,
  ];
  if (bytesPerOperation > 0)
    words.push(`Each operation leaves about ${formatBytes(bytesPerOperation)} behind.`);
  if (trend.continued !== null) {
    const share = Math.round(trend.continued * 100);
    words.push(
      `${formatCount(trend.moreOperations)} more operations brought ${share} % of the growth that they should.`,
    );
  }
  if (trend.drained !== null) {
    words.push(
      trend.drained < 0.01
        ? 'An idle pause took nothing back.'
        : `An idle pause took back ${Math.round(trend.drained * 100)} % of the growth.`,
    );
  }
  return words;
}

function excuseWords({ trend, removal }: Evidence, steady: boolean): string[] {
  const words: string[] = [];
  if (!steady)
    words.push('Its growth does not follow the number of operations: it may be a cache that still fills.');
  if (trend.continued !== null && trend.continued < slowedShare)
    words.push('It grows more slowly by now: it may be a cache that still fills.');
  if (trend.receded !== null && trend.receded >= backlogShare)
    words.push('It drains when the work stops: a backlog.');
  if (removal?.kind === 'bounded') {
    words.push(`Code at ${place(removal)} removes from it past a size that was not reached yet.`);
  }
  if (removal?.kind === 'timed')
    words.push(`A timer removes from it at ${place(removal)}: watch it for longer than that.`);
  if (removal?.kind === 'swept')
    words.push(`Code at ${place(removal)} sweeps it from time to time: watch it for longer than that.`);
  return words;
}

function missingWords({ trend, idleMs }: Evidence): string[] {
  const words: string[] = [];
  if (trend.steps.length < 3)
    words.push(`${trend.steps.length} rounds cannot tell backlog from leak: run more.`);
  if (idleMs === 0) words.push('No idle pause was measured: a backlog would look the same.');
  return words;
}

function place({ position }: NonNullable<Evidence['removal']>): string {
  if (!position) return 'a line that was not found';
  return `${position.file.split(/[\\/]/).at(-1)}:${position.line}`;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
