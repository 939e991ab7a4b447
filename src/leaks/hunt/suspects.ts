import { cancelled } from '../../protocol/errors';
import type { CollectionSeriesRow } from '../../protocol/snapshot';
import type { SnapshotEngine } from '../../snapshot/client';
import type { SourceLocator } from '../../source/locator';
import { attribute } from '../attribution';
import { foldGrowth, type GrownCollection } from '../folding';
import type { Owner } from '../owners';
import { recount } from '../recount';
import { type Cohort, findCohorts } from './cohorts';
import type { HuntPlan, MeasuredRounds } from './rounds';
import { trendOf } from './steadiness';

/** A collection that gained entries in every round; its series are split into rounds and the idle capture. */
export interface SuspectCollection extends GrownCollection {
  readonly members: number;
  /** Baseline first. */
  readonly entries: readonly number[];
  readonly retainedSizes: readonly number[];
  readonly idleEntries: number | null;
  readonly holds: readonly { readonly constructorName: string; readonly count: number }[];
}

export interface Suspects {
  readonly collections: readonly SuspectCollection[];
  readonly cohorts: readonly Cohort[];
}

const mostCandidates = 150;

/** Collections that grew in every round, folded to their accumulation points, and cohorts that they do not explain. */
export async function findSuspects(
  engine: SnapshotEngine,
  { captures, idle }: MeasuredRounds,
  plan: HuntPlan,
  locator: SourceLocator,
  signal?: AbortSignal,
): Promise<Suspects> {
  const snapshots = captures.map(({ snapshot }) => snapshot);
  const last = snapshots.at(-1)!;
  const rows = await engine.collectionSeries(snapshots, {
    minEntries: 1,
    growing: 'every',
    limit: mostCandidates,
    signal,
  });
  const idleEntries = idle ? await entriesById(engine, [snapshots[0]!, idle.capture.snapshot], signal) : null;
  const counted = idle ? [...snapshots, idle.capture.snapshot] : snapshots;
  const grown: GrownCollection[] = [];
  for (const row of rows) {
    if (signal?.aborted) throw cancelled();
    const attribution = await attribute(last, row.id, locator, signal);
    if (!attribution) continue;
    const recounted = await recount(withIdle(row, idleEntries), counted);
    if (trendOf(recounted.entries.slice(0, snapshots.length), plan.operations, null).grewEveryRound)
      grown.push({ row: recounted, attribution });
  }
  const collections: SuspectCollection[] = [];
  for (const group of foldGrowth(grown)) {
    const rounds = snapshots.length;
    collections.push({
      ...group,
      entries: group.row.entries.slice(0, rounds),
      retainedSizes: group.row.retainedSizes,
      idleEntries: idleEntries ? group.row.entries[rounds]! : null,
      holds: await last.holds(group.row.id, 5),
    });
  }
  const cohorts = await findCohorts({
    snapshots,
    idle: idle?.capture.snapshot ?? null,
    operations: plan.operations,
    locator,
    explained: new Set(grown.map(({ row }) => row.id)),
    signal,
  });
  const known = new Set(collections.map(({ attribution }) => attribution.key));
  const instances = new Set(collections.flatMap(({ attribution }) => instanceOf(attribution.owner)));
  return {
    collections,
    cohorts: cohorts.filter(
      ({ attribution: { key, owner } }) =>
        !known.has(key) && !(owner && instanceOf(owner).some((id) => instances.has(id))),
    ),
  };
}

/** What grows in step in several fields of one instance (a cache's keys and values) is one leak. */
function instanceOf({ anchor, anchorNode }: Owner): number[] {
  return anchor.kind === 'field' && anchorNode ? [anchorNode.id] : [];
}

/** Collections that hold more than at the baseline; what is not here drained. */
async function entriesById(
  engine: SnapshotEngine,
  snapshots: Parameters<SnapshotEngine['collectionSeries']>[0],
  signal?: AbortSignal,
): Promise<Map<number, number>> {
  const rows = await engine.collectionSeries(snapshots, {
    minEntries: 1,
    growing: 'any',
    limit: 20_000,
    signal,
  });
  return new Map(rows.map((row) => [row.id, row.entries.at(-1)!]));
}

function withIdle(row: CollectionSeriesRow, idle: ReadonlyMap<number, number> | null): CollectionSeriesRow {
  return idle ? { ...row, entries: [...row.entries, idle.get(row.id) ?? 0] } : row;
}
