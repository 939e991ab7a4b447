import { cancelled } from '../../protocol/errors';
import type { Owner } from '../../protocol/owners';
import type { Snapshot, SnapshotEngine } from '../../snapshot/client';
import type { SourceLocator } from '../../source/locator';
import { attribute, attributeOwner } from '../attribution';
import { foldGrowth, type GrownCollection, joinSiblings } from '../folding';
import { holdsWeakly } from '../holds-weakly';
import { type Cohort, findCohorts, isNodesOwn, isUnnamed } from './cohorts';
import type { HuntPlan, MeasuredRounds } from './rounds';
import { trendOf } from './steadiness';
import { findSwelling, type Swelling } from './swelling';

/** A collection, or several of one owner, that gained entries in every round. */
export interface SuspectCollection extends GrownCollection {
  /** Object ids of all that count as this one. */
  readonly memberIds: readonly number[];
  /** Baseline first. */
  readonly entries: readonly number[];
  readonly retainedSizes: readonly number[];
  /** True where the entries are those of further rounds, counted in the target. */
  readonly countedLater?: boolean;
  /** True for one of plain numbers whose room grew, but not in every round: only counting tells whether it grows. */
  readonly onlyRoomGrew?: boolean;
  /** After more work than the rounds'; null where that was not done or cannot be counted. */
  readonly laterEntries: number | null;
  /** After a rest; null until that was looked at. */
  readonly idleEntries: number | null;
  readonly holds: readonly { readonly constructorName: string; readonly count: number }[];
}

export interface Suspects {
  readonly collections: readonly SuspectCollection[];
  readonly cohorts: readonly Cohort[];
  readonly swellings: readonly Swelling[];
}

const mostCandidates = 150;

/**
 * Collections that grew in every round, folded to their accumulation points, and cohorts and values that they do not
 * explain.
 */
export async function findSuspects(
  engine: SnapshotEngine,
  { captures }: MeasuredRounds,
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
  const grown: GrownCollection[] = [];
  for (const row of rows) {
    if (signal?.aborted) throw cancelled();
    if (holdsWeakly(row)) continue;
    const attribution = await attribute(last, row.id, locator, signal);
    if (!attribution) continue;
    if (trendOf(row.entries, plan.operations).grewEveryRound) grown.push({ row, attribution });
  }
  const collections: SuspectCollection[] = [];
  const joined = await joinSiblings(grown, (owner) => attributeOwner(last, owner, locator, signal));
  for (const group of foldGrowth(joined)) {
    collections.push({
      ...group,
      entries: group.row.entries,
      retainedSizes: group.row.retainedSizes,
      laterEntries: null,
      idleEntries: null,
      holds: await last.holds(group.row.id, 5),
    });
  }
  const explained = new Set(grown.map(({ row }) => row.id));
  for (const one of await withGrownRoom(engine, snapshots, locator, signal)) {
    if (!explained.has(one.row.id)) collections.push(one);
  }
  const search = { snapshots, operations: plan.operations, locator, explained, signal };
  const known = new Set(collections.map(({ attribution }) => attribution.key));
  const instances = new Set(collections.flatMap(({ attribution }) => instanceOf(attribution.owner)));
  const isNew = ({ key, owner }: { readonly key: string; readonly owner: Owner | null }) =>
    !known.has(key) && !(owner && instanceOf(owner).some((id) => instances.has(id)));
  const keepsHandles = collections.some(({ holds }) =>
    holds.some(({ constructorName }) => isHandleName(constructorName)),
  );
  const cohorts = (await findCohorts(search)).filter(
    (cohort) =>
      isNew(cohort.attribution) &&
      !(keepsHandles && isUnnamed(cohort)) &&
      !(collections.length > 0 && isNodesOwn(cohort)),
  );
  for (const { attribution } of cohorts) known.add(attribution.key);
  const swellings = (await findSwelling(engine, search)).filter(({ attribution }) => isNew(attribution));
  return { collections, cohorts, swellings };
}

/** Collections of plain numbers, which a snapshot does not show: their tables double now and then. */
async function withGrownRoom(
  engine: SnapshotEngine,
  snapshots: readonly Snapshot[],
  locator: SourceLocator,
  signal?: AbortSignal,
): Promise<SuspectCollection[]> {
  const last = snapshots.at(-1)!;
  const rows = await engine.collectionSeries(snapshots, {
    minEntries: 1,
    growing: 'overall',
    limit: mostCandidates,
    signal,
  });
  const found: SuspectCollection[] = [];
  for (const row of rows) {
    const { entries, retainedSizes } = row;
    const shrank = entries.some((count, round) => count < (entries[round - 1] ?? 0));
    if (shrank || holdsWeakly(row) || (await last.holds(row.id, 1)).length > 0) continue;
    const attribution = await attribute(last, row.id, locator, signal);
    if (!attribution) continue;
    const later = { laterEntries: null, idleEntries: null, onlyRoomGrew: true };
    found.push({ row, attribution, memberIds: [row.id], entries, retainedSizes, holds: [], ...later });
  }
  return found;
}

/** A collection of them is where they leak. */
function isHandleName(constructorName: string): boolean {
  return /Socket|Request|Response|Stream|Agent|Connection/.test(constructorName);
}

/** What grows in step in several fields of one instance (a cache's keys and values) is one leak. */
function instanceOf({ anchor, anchorNode }: Owner): number[] {
  return anchor.kind === 'field' && anchorNode ? [anchorNode.id] : [];
}
