import type { InspectorSession } from '../../inspector/session';
import type { Finding } from '../../protocol/findings';
import type { SourceLocator } from '../../source/locator';
import { findRemoval, type Removal } from '../../source/removals';
import type { Attribution } from '../attribution';
import { formatCount } from '../figures';
import type { Cohort } from './cohorts';
import { readLimits } from './limits';
import { type AddingPlace, watchMutators } from './mutators';
import type { HuntPlan } from './rounds';
import { trendOf } from './steadiness';
import type { SuspectCollection, Suspects } from './suspects';
import { judge } from './verdicts';
import type { Workload } from './workloads';

export interface Accusation {
  readonly plan: HuntPlan;
  readonly locator: SourceLocator;
  /** What to run while adding is watched; null to leave that out. */
  readonly workload: Workload | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

/** So many suspects are worth the extra round. */
const mostWatched = 10;
const watchedOperations = 20;

/** Turns suspects into verdicts, best first: the surest leaks, then the dearest per operation. */
export async function accuse(
  session: InspectorSession,
  { collections, cohorts }: Suspects,
  accusation: Accusation,
): Promise<Finding[]> {
  const { plan, locator, workload, signal, onProgress } = accusation;
  const watched = [...collections].sort((a, b) => gain(b) - gain(a)).slice(0, mostWatched);
  let adding = new Map<number, AddingPlace[]>();
  if (workload && watched.length > 0) {
    onProgress?.('Watching who adds entries');
    const operations = Math.min(plan.operations, watchedOperations);
    adding = await watchMutators(
      session,
      watched.map(({ row }) => row.id),
      locator,
      async () => {
        await workload.run(operations, signal);
      },
    );
  }
  const findings: Finding[] = [];
  for (const suspect of collections) {
    const finding = await judgeCollection(
      session,
      suspect,
      adding.get(suspect.row.id)?.[0] ?? null,
      accusation,
    );
    if (finding) findings.push(finding);
  }
  for (const cohort of cohorts) {
    const finding = await judgeCohort(session, cohort, accusation);
    if (finding) findings.push(finding);
  }
  return findings.sort(
    (a, b) =>
      Number(b.level === 'leak') - Number(a.level === 'leak') ||
      (b.perOperation?.bytes ?? 0) - (a.perOperation?.bytes ?? 0),
  );
}

function gain({ entries }: SuspectCollection): number {
  return entries.at(-1)! - Math.max(0, entries[0]!);
}

async function judgeCollection(
  session: InspectorSession,
  suspect: SuspectCollection,
  added: AddingPlace | null,
  { plan, locator }: Accusation,
): Promise<Finding | null> {
  const { attribution, row, entries, retainedSizes } = suspect;
  const trend = trendOf(entries, plan.operations, suspect.idleEntries);
  const removal = await removalOf(attribution, locator);
  const bytes = Math.max(0, trendOf(retainedSizes, plan.operations, null).perOperation);
  const { level, confidence, reasons } = judge({
    name: attribution.name,
    unit: 'entries',
    counts: entries,
    trend,
    bytesPerOperation: bytes,
    operations: plan.operations,
    idleMs: plan.idleMs,
    removal,
    addingLineKnown: added !== null,
  });
  if (level === null) return null;
  const limit = await limitOf(session, attribution, entries.at(-1)!, plan.idleMs);
  return {
    key: attribution.key,
    level: limit ? 'watch' : level,
    kind: attribution.kind === 'listeners' ? 'listener' : row.kind,
    objectId: row.id,
    name: attribution.name,
    holder: attribution.holder,
    path: attribution.path,
    location: attribution.location,
    addedAt: added?.position ?? null,
    package: attribution.package,
    entries: entries.slice(1),
    retainedSizes: retainedSizes.slice(1),
    holds: suspect.holds,
    perOperation: { objects: round(trend.perOperation), bytes: Math.round(bytes) },
    confidence: limit ? Math.min(confidence, 0.5) : confidence,
    reasons: [...reasons, ...(limit ? [limit] : []), ...addingWords(added)],
  };
}

function addingWords(added: AddingPlace | null): string[] {
  if (!added) return ['The line that adds entries was not seen.'];
  if (!added.ownCode) return [];
  return [`Your code leads there from ${added.ownCode.file}:${added.ownCode.line}.`];
}

/** The holder of the collection, or one above it, may say how large or how old its entries may become. */
async function limitOf(
  session: InspectorSession,
  { owner, name }: Attribution,
  entries: number,
  idleMs: number,
): Promise<string | null> {
  for (const { holder } of owner.steps.slice(-3)) {
    if (holder.type !== 'object' || holder.name === 'system / Context') continue;
    const limits = await readLimits(session, holder.id);
    if (limits?.size && limits.size.value >= entries) {
      return `Its holder allows ${limits.size.name} = ${formatCount(limits.size.value)}, which ${name} has not reached yet.`;
    }
    if (limits?.age && limits.age.value > idleMs) {
      return `Its holder lets entries live for ${limits.age.name} = ${formatCount(limits.age.value)} ms: rest longer than that to be sure.`;
    }
  }
  return null;
}

async function removalOf({ owner }: Attribution, locator: SourceLocator): Promise<Removal | null> {
  const { anchor, steps } = owner;
  const properties = steps.slice(1).filter(({ edge }) => edge.type === 'property' && edge.name !== '_events');
  const name = properties.at(-1)?.edge.name ?? ('name' in anchor ? anchor.name : null);
  const scriptId =
    anchor.kind === 'variable'
      ? anchor.from[0]?.scriptId
      : anchor.kind === 'export'
        ? anchor.scriptId
        : 'at' in anchor
          ? anchor.at.scriptId
          : undefined;
  if (name === null || scriptId === undefined || name.startsWith('<')) return null;
  return findRemoval(locator, scriptId, name);
}

async function judgeCohort(
  session: InspectorSession,
  cohort: Cohort,
  { plan }: Accusation,
): Promise<Finding | null> {
  const { attribution, constructorName, counts, selfSizes, idleCount } = cohort;
  const trend = trendOf(counts, plan.operations, idleCount);
  const bytes = Math.max(0, trendOf(selfSizes, plan.operations, null).perOperation);
  const { level, confidence, reasons } = judge({
    name: attribution.name,
    unit: `${constructorName} objects more`,
    counts,
    trend,
    bytesPerOperation: bytes,
    operations: plan.operations,
    idleMs: plan.idleMs,
    removal: null,
    addingLineKnown: false,
  });
  if (level === null) return null;
  const limit = attribution.owner
    ? await limitOf(session, { ...attribution, owner: attribution.owner }, counts.at(-1)!, plan.idleMs)
    : null;
  return {
    key: attribution.key,
    level: limit ? 'watch' : level,
    kind: cohort.kind,
    objectId: cohort.objectId,
    name: attribution.name,
    holder: attribution.holder,
    path: attribution.path,
    location: attribution.location,
    addedAt: null,
    package: attribution.package,
    entries: counts.slice(1),
    retainedSizes: selfSizes.slice(1),
    holds: [{ constructorName, count: counts.at(-1)! }],
    perOperation: { objects: round(trend.perOperation), bytes: Math.round(bytes) },
    confidence: round(Math.max(0, limit ? Math.min(confidence, 0.5) : confidence - 0.05)),
    reasons: [
      ...reasons,
      ...(limit ? [limit] : []),
      'No single collection grew: the newest of these objects were followed to the holder that was there before.',
    ],
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
