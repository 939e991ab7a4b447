import { cancelled, HeapwrightError } from '../protocol/errors';
import { formatBytes, formatCount, formatSeries } from '../protocol/figures';
import type { Finding } from '../protocol/findings';
import type { CollectionSeriesRow } from '../protocol/snapshot';
import type { ScriptRecord } from '../protocol/targets';
import type { Snapshot, SnapshotEngine } from '../snapshot/client';
import { SourceLocator } from '../source/locator';
import { type Attribution, attribute, attributeOwner } from './attribution';
import { type FoldedCollection, foldGrowth, type GrownCollection, joinSiblings } from './folding';
import { holdsWeakly } from './holds-weakly';

/** A snapshot with the script table that was written beside it. */
export interface SeriesSnapshot {
  readonly snapshot: Snapshot;
  readonly scripts: readonly ScriptRecord[];
}

export interface GrowthOptions {
  readonly signal?: AbortSignal;
  /** How many snapshots a suspicion needs; three by default. */
  readonly minimumSnapshots?: number;
  /** Two snapshots will do, as a first hint. */
  readonly allowTwo?: boolean;
  /** Built once by a caller that goes on to ask for other places; by default from the last snapshot's scripts. */
  readonly locator?: SourceLocator;
}

/** The largest growers are looked at; below these lie hundreds of arrays that gained an element or two. */
const mostCandidates = 120;

/**
 * Finds the collections that grew in every step of a series of snapshots of one process (oldest first) and says who
 * holds them and where that is declared. Collections that grow within a growing collection are folded into it, and
 * those that only Node or V8 holds are left out. Sorted by growth of the retained size.
 * @throws `bad-argument` when there are fewer snapshots than a suspicion needs; `cancelled`.
 */
export async function findGrowth(
  engine: SnapshotEngine,
  snapshots: readonly SeriesSnapshot[],
  options: GrowthOptions = {},
): Promise<Finding[]> {
  const minimum = options.allowTwo ? 2 : (options.minimumSnapshots ?? 3);
  const last = snapshots.at(-1);
  if (!last || snapshots.length < minimum) {
    throw new HeapwrightError(
      'bad-argument',
      `Growth over ${snapshots.length} snapshot${snapshots.length === 1 ? '' : 's'} proves nothing.`,
      `Take at least ${minimum} while the program works, then compare them.`,
    );
  }
  const { signal } = options;
  const rows = await engine.collectionSeries(
    snapshots.map(({ snapshot }) => snapshot),
    { minEntries: 2, growing: 'every', limit: mostCandidates, signal },
  );
  const locator = options.locator ?? new SourceLocator(last.scripts);
  const grown: GrownCollection[] = [];
  for (const row of rows) {
    if (signal?.aborted) throw cancelled();
    if (holdsWeakly(row) || !grewThroughout(row, minimum)) continue;
    const attribution = await attribute(last.snapshot, row.id, locator, signal);
    if (attribution) grown.push({ row, attribution });
  }
  const findings: Finding[] = [];
  const joined = await joinSiblings(grown, (owner) => attributeOwner(last.snapshot, owner, locator, signal));
  for (const group of foldGrowth(joined)) {
    const holds = await last.snapshot.holds(group.row.id, 5);
    findings.push(toFinding(group, holds, snapshots.length));
  }
  return findings.sort(
    (a, b) => gain(b.retainedSizes) - gain(a.retainedSizes) || gain(b.entries) - gain(a.entries),
  );
}

/** Born late, a collection may show fewer steps than the series has; two present values are no series. */
function grewThroughout({ entries }: CollectionSeriesRow, minimum: number): boolean {
  const present = entries.filter((count) => count >= 0);
  if (present.length >= minimum) return true;
  // Absent means empty for what is born at its first entry.
  return present.length === minimum - 1 && present.length >= 2;
}

function gain(values: readonly number[]): number {
  return values.at(-1)! - Math.max(0, values[0]!);
}

function toFinding(
  { row, attribution, memberIds }: FoldedCollection,
  holds: readonly { constructorName: string; count: number }[],
  snapshots: number,
): Finding {
  return {
    key: attribution.key,
    level: 'suspect',
    kind: attribution.kind ?? row.kind,
    objectId: row.id,
    name: attribution.name,
    holder: attribution.holder,
    path: attribution.path,
    location: attribution.location,
    addedAt: null,
    package: attribution.package,
    entries: row.entries,
    retainedSizes: row.retainedSizes,
    holds,
    perOperation: null,
    confidence: suspicion(row.entries),
    reasons: reasonsOf(row, attribution, memberIds.length, snapshots),
  };
}

/**
 * How sure entries alone make us, never above 0.7: steps of like size speak for growth with the work, a flattening
 * curve for a cache that fills.
 */
function suspicion(entries: readonly number[]): number {
  const steps = entries.slice(1).map((count, index) => Math.max(0, count) - Math.max(0, entries[index]!));
  if (steps.length < 2) return 0.3;
  const [first, latest] = [steps[0]!, steps.at(-1)!];
  const evenness = Math.min(first, latest) / Math.max(first, latest, 1);
  return Math.round((0.4 + 0.3 * (latest >= first ? 1 : evenness)) * 100) / 100;
}

function reasonsOf(
  row: CollectionSeriesRow,
  attribution: Attribution,
  members: number,
  snapshots: number,
): string[] {
  const reasons = [
    `Its entries grew in every one of ${snapshots} snapshots: ${formatSeries(row.entries)}.`,
    `It retains ${formatBytes(gain(row.retainedSizes))} more in the last snapshot than in the first.`,
  ];
  if (members > 1)
    reasons.push(`The figures are the sum of ${formatCount(members)} collections with this owner.`);
  if (!attribution.location) reasons.push('Its declaration could not be found in a source file.');
  reasons.push(
    snapshots < 3
      ? 'Two snapshots show a direction only: take one more after the same work.'
      : 'Snapshots alone cannot tell a leak from a cache that is still filling: hunt for leaks to be sure.',
  );
  return reasons;
}
