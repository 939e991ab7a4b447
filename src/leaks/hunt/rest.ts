import { setTimeout as wait } from 'node:timers/promises';
import type { InspectorSession } from '../../inspector/session';
import { cancelled } from '../../protocol/errors';
import type { Snapshot, SnapshotEngine } from '../../snapshot/client';
import { countLiving } from './live-counts';
import { captureRound, cleanMemory, type HuntPlan, type MeasuredRounds, type RoundRecord } from './rounds';
import type { SuspectCollection, Suspects } from './suspects';

export interface Rested {
  readonly round: RoundRecord;
  /** With what each of them was after the rest. */
  readonly suspects: Suspects;
}

/**
 * Looks at the suspects again when the target has rested: what drained meanwhile was a backlog. Collections are
 * counted where they live, which costs nothing; only kinds of objects without a collection, and collections of plain
 * numbers, take one more snapshot.
 * @param restingSince When the work ended, by `performance.now()`.
 */
export async function observeRest(
  session: InspectorSession,
  engine: SnapshotEngine,
  measured: MeasuredRounds,
  suspects: Suspects,
  plan: HuntPlan,
  restingSince: number,
  signal?: AbortSignal,
): Promise<Rested> {
  const left = plan.idleMs - (performance.now() - restingSince);
  if (left > 0) {
    await wait(left, undefined, { signal }).catch(() => {
      throw cancelled();
    });
  }
  const workMs = performance.now() - restingSince;
  const needsSnapshot =
    suspects.cohorts.length > 0 || suspects.collections.some(({ holds }) => holds.length === 0);
  if (!needsSnapshot) {
    const memory = await cleanMemory(session, signal);
    const collections: SuspectCollection[] = [];
    for (const suspect of suspects.collections) {
      collections.push({ ...suspect, idleEntries: await livingEntries(session, suspect) });
    }
    const round = { ...memory, operations: 0, failed: 0, workMs, captureMs: 0, analyseMs: 0 };
    return { round, suspects: { ...suspects, collections } };
  }
  const { opening, record } = await captureRound(session, engine, plan, measured.captures.length, signal);
  const { capture, analyseMs } = await opening;
  try {
    const baseline = measured.captures[0]!.snapshot;
    return {
      round: { ...record, analyseMs, operations: 0, failed: 0, workMs },
      suspects: await fromSnapshot(engine, baseline, capture.snapshot, suspects, signal),
    };
  } finally {
    await capture.snapshot.dispose();
  }
}

/** Null when none of its members can be counted. */
async function livingEntries(
  session: InspectorSession,
  { memberIds, entries }: SuspectCollection,
): Promise<number | null> {
  const counts = await countLiving(session, memberIds, 'length');
  const known = counts.filter((count) => count !== null);
  if (known.length === 0) return null;
  const sum = known.reduce((total, count) => total + count, 0);
  // It may hold things that a snapshot does not show; more than was seen there is no growth of the rest's.
  return Math.min(sum, entries.at(-1)!);
}

async function fromSnapshot(
  engine: SnapshotEngine,
  baseline: Snapshot,
  idle: Snapshot,
  suspects: Suspects,
  signal?: AbortSignal,
): Promise<Suspects> {
  // What is not among those that hold more than at the baseline drained.
  const rows = await engine.collectionSeries([baseline, idle], {
    minEntries: 1,
    growing: 'any',
    limit: 20_000,
    signal,
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const collections: SuspectCollection[] = [];
  for (const suspect of suspects.collections) {
    let idleEntries = 0;
    for (const id of suspect.memberIds) {
      idleEntries += byId.get(id)?.entries.at(-1) ?? 0;
    }
    collections.push({ ...suspect, idleEntries });
  }
  const { rows: constructors } = await idle.constructors({ limit: 100_000, sortBy: 'count', signal });
  const counts = new Map(constructors.map(({ key, count }) => [key, count]));
  const cohorts = suspects.cohorts.map((cohort) => ({
    ...cohort,
    idleCount: (counts.get(cohort.constructorKey) ?? 0) - cohort.baselineCount,
  }));
  return { collections, cohorts };
}
