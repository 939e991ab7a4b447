import type { InspectorSession } from '../../inspector/session';
import type { Finding } from '../../protocol/findings';
import type { Owner } from '../../protocol/owners';
import type { SourceLocator } from '../../source/locator';
import { findRemoval, type Removal } from '../../source/removals';
import type { Attribution } from '../attribution';
import { formatCount } from '../figures';
import { sampleAllocations, watchAdding } from './adding';
import type { AllocatingFunction } from './allocations';
import type { AddingPlace } from './call-sites';
import type { Cohort } from './cohorts';
import { readLimits, readTimeout } from './limits';
import type { HuntPlan } from './rounds';
import { type Settled, type Settlement, settle } from './settle';
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
  /** As measured in the rounds, in ms. */
  readonly msPerOperation: number;
  /** Work that was done beyond the rounds. */
  readonly moreOperations: number;
}

export interface Verdicts {
  /** Best first: the surest leaks, then the dearest per operation. */
  readonly findings: readonly Finding[];
  readonly settled: readonly Settled[];
}

/** A verdict, and the limit that its holder promises. */
interface Judged {
  readonly finding: Finding;
  /** By now. */
  readonly entries: number;
  readonly limit: Limit | null;
}

interface Limit {
  readonly sentence: string;
  readonly size: { readonly name: string; readonly value: number } | null;
}

/** Turns suspects into verdicts. */
export async function accuse(
  session: InspectorSession,
  { collections, cohorts }: Suspects,
  accusation: Accusation,
): Promise<Verdicts> {
  const adding = await watchAdding(session, { collections, cohorts }, accusation);
  const judged: Judged[] = [];
  const stopped: Settled[] = [];
  for (const suspect of collections) {
    const added = adding.get(suspect.row.id)?.[0] ?? null;
    const verdict = await judgeCollection(session, suspect, added, accusation);
    if (verdict && 'sentence' in verdict) stopped.push(verdict);
    else if (verdict) judged.push(verdict);
  }
  const findings: Finding[] = judged.map(({ finding }) => finding);
  for (const cohort of cohorts) {
    const added = adding.get(cohort.objectId)?.[0] ?? null;
    const alone = cohorts.length === 1 && collections.length === 0;
    const allocating = added === null && alone ? await sampleAllocations(session, accusation) : null;
    const finding = await judgeCohort(session, cohort, added, allocating, accusation);
    if (finding) findings.push(finding);
  }
  const { settled, broken } = await settleAll(session, judged, accusation);
  const isSettled = new Set(settled.map(({ key }) => key));
  return {
    settled: [...stopped, ...settled],
    findings: findings
      .filter(({ key }) => !isSettled.has(key))
      .map((finding) => broken.find(({ key }) => key === finding.key) ?? finding)
      .sort(
        (a, b) =>
          Number(b.level === 'leak') - Number(a.level === 'leak') ||
          (b.perOperation?.bytes ?? 0) - (a.perOperation?.bytes ?? 0),
      ),
  };
}

/** Drives what has a limit until it is reached, where that is not too far. */
async function settleAll(
  session: InspectorSession,
  judged: readonly Judged[],
  { plan, workload, msPerOperation, signal, onProgress }: Accusation,
): Promise<Settlement> {
  const limited = judged.flatMap(({ finding, entries, limit }) =>
    limit?.size ? [{ finding, entries, limit: limit.size }] : [],
  );
  if (!workload || limited.length === 0) return { settled: [], broken: [] };
  const { operations } = plan;
  return settle(session, limited, { operations, workload, msPerOperation, signal, onProgress });
}

async function judgeCollection(
  session: InspectorSession,
  suspect: SuspectCollection,
  added: AddingPlace | null,
  { plan, locator, moreOperations }: Accusation,
): Promise<Judged | Settled | null> {
  const { attribution, row, entries, retainedSizes } = suspect;
  const trend = trendOf(entries, plan.operations, {
    operations: moreOperations,
    later: suspect.laterEntries,
    idle: suspect.idleEntries,
  });
  const removal = await removalOf(attribution.owner, locator);
  const bytes = Math.max(0, trendOf(retainedSizes, plan.operations).perOperation);
  const { level, stopped, confidence, reasons } = judge({
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
  if (stopped) return stoppedAt(attribution, suspect.laterEntries ?? suspect.idleEntries ?? entries.at(-1)!);
  if (level === null) return null;
  const limit = await limitOf(session, attribution, entries.at(-1)!, plan.idleMs);
  const finding: Finding = {
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
    reasons: [...reasons, ...addingWords(added), ...(limit ? [limit.sentence] : [])],
  };
  return { finding, entries: suspect.laterEntries ?? entries.at(-1)!, limit };
}

function stoppedAt({ key, name, location }: Attribution, entries: number): Settled {
  return { key, name, location, sentence: `${name} stopped growing at ${formatCount(entries)} entries.` };
}

function addingWords(added: AddingPlace | null): string[] {
  if (!added) return ['The line that adds entries was not seen.'];
  if (!added.ownCode) return [];
  return [`Your code leads there from ${added.ownCode.file}:${added.ownCode.line}.`];
}

function allocatingWords({ name, share }: AllocatingFunction): string {
  return `What stays is made in ${name} (${Math.round(share * 100)} % of it, by samples, which tell functions but no lines).`;
}

/** The holder of the collection, or one above it, may say how large or how old its entries may become. */
async function limitOf(
  session: InspectorSession,
  { owner, name }: Attribution,
  entries: number,
  idleMs: number,
): Promise<Limit | null> {
  for (const { holder } of owner.steps.slice(-3)) {
    if (holder.type !== 'object' || holder.name === 'system / Context') continue;
    const limits = await readLimits(session, holder.id);
    if (limits?.size && limits.size.value >= entries) {
      const { name: limitName, value } = limits.size;
      const sentence = `Its holder allows ${limitName} = ${formatCount(value)}, which ${name} has not reached yet.`;
      return { sentence, size: limits.size };
    }
    if (limits?.age && limits.age.value > idleMs) {
      const { name: limitName, value } = limits.age;
      const sentence = `Its holder lets entries live for ${limitName} = ${formatCount(value)} ms: rest longer than that to be sure.`;
      return { sentence, size: null };
    }
  }
  return null;
}

/** Longer than this a timeout holds what it will call for as good as ever, in ms. */
const longTimeoutMs = 15 * 60_000;

/** Timeouts end by themselves; their number is limited by how long they take. */
async function endOf(session: InspectorSession, { kind, objectId }: Cohort): Promise<Limit | null> {
  const delayMs = kind === 'timer' ? await readTimeout(session, objectId) : null;
  if (delayMs === null || delayMs > longTimeoutMs) return null;
  const sentence =
    delayMs === 0
      ? 'Those that were looked at have ended by themselves since.'
      : `They end by themselves after ${formatCount(delayMs)} ms: rest longer than that to be sure.`;
  return { sentence, size: null };
}

async function removalOf({ anchor, steps }: Owner, locator: SourceLocator): Promise<Removal | null> {
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
  added: AddingPlace | null,
  allocating: AllocatingFunction | null,
  { plan, locator, moreOperations }: Accusation,
): Promise<Finding | null> {
  const { attribution, constructorName, counts, selfSizes, idleCount } = cohort;
  const trend = trendOf(counts, plan.operations, {
    operations: moreOperations,
    later: null,
    idle: idleCount,
  });
  const bytes = Math.max(0, trendOf(selfSizes, plan.operations).perOperation);
  const { level, confidence, reasons } = judge({
    name: attribution.name,
    unit: `${constructorName} objects more`,
    counts,
    trend,
    bytesPerOperation: bytes,
    operations: plan.operations,
    idleMs: plan.idleMs,
    removal: attribution.owner ? await removalOf(attribution.owner, locator) : null,
    addingLineKnown: added !== null,
  });
  if (level === null) return null;
  const limit = attribution.owner
    ? await limitOf(session, { ...attribution, owner: attribution.owner }, counts.at(-1)!, plan.idleMs)
    : await endOf(session, cohort);
  return {
    key: attribution.key,
    level: limit ? 'watch' : level,
    kind: cohort.kind,
    objectId: cohort.objectId,
    name: attribution.name,
    holder: attribution.holder,
    path: attribution.path,
    location: attribution.location,
    addedAt: added?.position ?? allocating?.position ?? null,
    package: attribution.package,
    entries: counts.slice(1),
    retainedSizes: selfSizes.slice(1),
    holds: [{ constructorName, count: counts.at(-1)! }],
    perOperation: { objects: round(trend.perOperation), bytes: Math.round(bytes) },
    confidence: round(Math.max(0, limit ? Math.min(confidence, 0.5) : confidence - 0.05)),
    reasons: [
      ...reasons,
      ...(allocating ? [allocatingWords(allocating)] : addingWords(added)),
      ...(limit ? [limit.sentence] : []),
      'No single collection grew: the newest of these objects were followed to the holder that was there before.',
    ],
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
