import { setTimeout as wait } from 'node:timers/promises';
import type { InspectorSession } from '../../inspector/session';
import { cancelled } from '../../protocol/errors';
import type { Snapshot, SnapshotEngine } from '../../snapshot/client';
import { livingEntries, type MoreWork } from './endurance';
import { captureRound, cleanMemory, type HuntPlan, type MeasuredRounds, type RoundRecord } from './rounds';
import type { SuspectCollection, Suspects } from './suspects';
import { swellingAfterRest } from './swelling';

export interface Rested {
  readonly round: RoundRecord;
  /** With what each of them was after the rest. */
  readonly suspects: Suspects;
}

/**
 * Looks at the suspects again when the target has rested: what drained meanwhile was a backlog. Collections are
 * counted where they live, which costs nothing; only kinds of objects without a collection, and collections of plain
 * numbers, take one more snapshot.
 * @param more What was worked since the rounds.
 * @param restingSince When the work ended, by `performance.now()`.
 */
export async function observeRest(
  session: InspectorSession,
  engine: SnapshotEngine,
  measured: MeasuredRounds,
  suspects: Suspects,
  plan: HuntPlan,
  more: MoreWork,
  restingSince: number,
  signal?: AbortSignal,
): Promise<Rested> {
  const left = plan.idleMs - (performance.now() - restingSince);
  if (left > 0) {
    await wait(left, undefined, { signal }).catch(() => {
      throw cancelled();
    });
  }
  const { operations, failed } = more;
  const worked = { operations, failed, workMs: more.workMs + performance.now() - restingSince };
  const needsSnapshot =
    suspects.cohorts.length > 0 ||
    suspects.swellings.length > 0 ||
    suspects.collections.some(({ holds, countedLater }) => holds.length === 0 && !countedLater);
  if (!needsSnapshot) {
    const memory = await cleanMemory(session, signal);
    const collections: SuspectCollection[] = [];
    for (const suspect of suspects.collections) {
      const living = await livingEntries(session, suspect);
      // It may hold things that a snapshot does not show; more than was seen there is no growth of the rest's.
      const idleEntries = living && Math.min(living, suspect.laterEntries ?? suspect.entries.at(-1)!);
      collections.push({ ...suspect, idleEntries });
    }
    const round = { ...memory, ...worked, captureMs: 0, analyseMs: 0 };
    return { round, suspects: { ...suspects, collections } };
  }
  const { opening, record } = await captureRound(session, engine, plan, measured.captures.length, signal);
  const { capture, analyseMs } = await opening;
  try {
    const baseline = measured.captures[0]!.snapshot;
    return {
      round: { ...record, analyseMs, ...worked },
      suspects: await fromSnapshot(session, engine, baseline, capture.snapshot, suspects, signal),
    };
  } finally {
    await capture.snapshot.dispose();
  }
}

async function fromSnapshot(
  session: InspectorSession,
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
    if (suspect.countedLater) {
      collections.push({ ...suspect, idleEntries: await livingEntries(session, suspect) });
      continue;
    }
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
  const swellings = await swellingAfterRest(engine, baseline, idle, suspects.swellings, signal);
  return { collections, cohorts, swellings };
}
