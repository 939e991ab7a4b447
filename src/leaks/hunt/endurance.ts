import type { InspectorSession } from '../../inspector/session';
import { formatCount } from '../../protocol/figures';
import { countLiving } from './live-counts';
import type { HuntPlan, MeasuredRounds } from './rounds';
import { trendOf } from './steadiness';
import type { SuspectCollection, Suspects } from './suspects';
import type { Workload } from './workloads';

/** What was worked beyond the measured rounds. */
export interface MoreWork {
  readonly operations: number;
  readonly failed: number;
  readonly workMs: number;
}

export const noMoreWork: MoreWork = { operations: 0, failed: 0, workMs: 0 };

/** So many times the work of the rounds, to see a cache fill up or a batch being written. */
const times = 4;
const mostMs = 4000;
/** A leak must not end the program that is hunted in. */
const mostBytes = 100_000_000;
/** More failures than this share say nothing of what the work does. */
const mostFailures = 0.1;

export interface EndurancePlan {
  readonly plan: HuntPlan;
  readonly workload: Workload;
  readonly measured: MeasuredRounds;
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

/**
 * Works on without snapshots and counts the suspects in the target: what three rounds took for growth may stop at a
 * size that nobody wrote down. The work is limited in time and in what it may leave behind.
 */
export async function workOn(
  session: InspectorSession,
  suspects: Suspects,
  { plan, workload, measured, signal, onProgress }: EndurancePlan,
): Promise<{ readonly suspects: Suspects; readonly more: MoreWork }> {
  const operations = operationsToDo(plan, measured);
  const { collections: found, cohorts, swellings } = suspects;
  const nothing = found.length + cohorts.length + swellings.length === 0;
  const uncounted = { suspects: withoutGrownRoom(suspects), more: noMoreWork };
  if (nothing || workload.byHand || operations < plan.operations) return uncounted;
  onProgress?.(`Working on: ${formatCount(operations)} more operations`);
  const startedAt = performance.now();
  const counted = await countAgain(session, found, plan, operations, workload, signal);
  const left = operations - counted.operations;
  const { failed } = left > 0 ? await workload.run(left, signal) : { failed: 0 };
  const more = { operations, failed: failed + counted.failed, workMs: performance.now() - startedAt };
  if (more.failed > operations * mostFailures) return uncounted;
  const collections: SuspectCollection[] = [];
  for (const suspect of counted.collections) {
    const laterEntries = suspect.countedLater ? null : await livingEntries(session, suspect);
    collections.push({ ...suspect, laterEntries });
  }
  return { suspects: { ...suspects, collections }, more };
}

/** That a table doubled once says nothing. */
function withoutGrownRoom(suspects: Suspects): Suspects {
  return { ...suspects, collections: suspects.collections.filter(({ onlyRoomGrew }) => !onlyRoomGrew) };
}

interface CountedAgain {
  readonly collections: readonly SuspectCollection[];
  readonly operations: number;
  readonly failed: number;
}

/**
 * A snapshot shows no plain numbers, only how much room there is for them. Collections of numbers are counted in the
 * target instead, in as many rounds once more.
 */
async function countAgain(
  session: InspectorSession,
  found: readonly SuspectCollection[],
  plan: HuntPlan,
  mostOperations: number,
  workload: Workload,
  signal?: AbortSignal,
): Promise<CountedAgain> {
  const ofNumbers = found.filter(({ holds }) => holds.length === 0);
  const operations = plan.rounds * plan.operations;
  if (ofNumbers.length === 0 || operations > mostOperations) {
    const collections = found.filter(({ onlyRoomGrew }) => !onlyRoomGrew);
    return { collections, operations: 0, failed: 0 };
  }
  const entries = new Map<SuspectCollection, number[]>(ofNumbers.map((one) => [one, []]));
  let failed = 0;
  for (let round = 0; round <= plan.rounds; round++) {
    if (round > 0) failed += (await workload.run(plan.operations, signal)).failed;
    for (const [one, counts] of entries) counts.push((await livingEntries(session, one)) ?? 0);
  }
  const collections = found.flatMap((one) => {
    const counts = entries.get(one);
    if (!counts) return one;
    if (one.onlyRoomGrew && !trendOf(counts, plan.operations).grewEveryRound) return [];
    return { ...one, entries: counts, countedLater: true };
  });
  return { collections, operations, failed };
}

/** The entries of a suspect by now; null when it is gone. */
export async function livingEntries(
  session: InspectorSession,
  { memberIds }: SuspectCollection,
): Promise<number | null> {
  const counts = await countLiving(session, memberIds, 'length');
  const known = counts.filter((count) => count !== null);
  return known.length === 0 ? null : known.reduce((total, count) => total + count, 0);
}

function operationsToDo({ rounds, operations }: HuntPlan, measured: MeasuredRounds): number {
  const [baseline, ...worked] = measured.rounds;
  const last = worked.at(-1)!;
  const done = worked.reduce((sum, round) => sum + round.operations, 0);
  const workMs = worked.reduce((sum, round) => sum + round.workMs, 0);
  const bytesOf = (round: typeof last) => round.heapUsedBytes + round.externalBytes;
  const left = Math.max(1, bytesOf(last) - bytesOf(baseline!)) / done;
  const affordable = Math.min((mostMs * done) / Math.max(1, workMs), mostBytes / left);
  return Math.min(times * rounds * operations, Math.floor(affordable));
}
