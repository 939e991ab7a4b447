import type { InspectorSession } from '../../inspector/session';
import { formatCount } from '../../protocol/figures';
import type { Finding } from '../../protocol/findings';
import type { SourcePosition } from '../../protocol/source';
import type { Snapshot } from '../../snapshot/client';
import { findOnlyAssignment } from '../../source/assignments';
import type { SourceLocator } from '../../source/locator';
import type { Attribution } from '../attribution';
import { assigningPlace, sampleAllocations, watchAdding } from './adding';
import type { AllocatingFunction } from './allocations';
import type { AddingPlace } from './call-sites';
import type { Cohort } from './cohorts';
import { endOf, type Limit, limitOf, limitOfRemoval, nameInScript, removalOf } from './excuses';
import { homeOf } from './home';
import type { HuntPlan } from './rounds';
import { type Settled, type Settlement, settle } from './settle';
import { trendOf } from './steadiness';
import type { SuspectCollection, Suspects } from './suspects';
import type { Swelling } from './swelling';
import { judge } from './verdicts';
import type { Workload } from './workloads';

export interface Accusation {
  readonly plan: HuntPlan;
  /** The last of the rounds. */
  readonly snapshot: Snapshot;
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

/** Turns suspects into verdicts. */
export async function accuse(
  session: InspectorSession,
  { collections, cohorts, swellings }: Suspects,
  accusation: Accusation,
): Promise<Verdicts> {
  const adding = await watchAdding(session, { collections, cohorts, swellings }, accusation);
  const judged: Judged[] = [];
  const stopped: Settled[] = [];
  for (const suspect of collections) {
    const added = adding.get(suspect.row.id)?.[0] ?? null;
    const verdict = await judgeCollection(session, suspect, added, accusation);
    if (verdict && 'sentence' in verdict) stopped.push(verdict);
    else if (verdict) judged.push(verdict);
  }
  const findings: Finding[] = judged.map(({ finding }) => finding);
  const keptByNode = new Set<string>();
  for (const cohort of cohorts) {
    const added = adding.get(cohort.objectId)?.[0] ?? null;
    const alone = cohorts.length === 1 && collections.length === 0;
    const assigned = added === null ? await assigningPlace(cohort, accusation.locator) : null;
    const sampled = added === null && assigned === null && alone;
    const allocating = sampled ? await sampleAllocations(session, accusation) : null;
    const finding = await judgeCohort(session, cohort, { added, assigned, allocating }, accusation);
    if (finding) findings.push(finding);
    if (finding && cohort.attribution.owner === null && cohort.kind !== 'timer') keptByNode.add(finding.key);
  }
  for (const swelling of swellings) {
    const alone = swellings.length === 1 && cohorts.length + collections.length === 0;
    const named = nameInScript(swelling.attribution.owner);
    const assigned = named && (await findOnlyAssignment(accusation.locator, named.scriptId, named.name));
    const allocating = assigned === null && alone ? await sampleAllocations(session, accusation) : null;
    const finding = await judgeSwelling(session, swelling, { added: null, assigned, allocating }, accusation);
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
          // What only Node is seen to hold may be what a holder that has a name holds too.
          Number(keptByNode.has(a.key)) - Number(keptByNode.has(b.key)) ||
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
  { plan, snapshot, locator, moreOperations }: Accusation,
): Promise<Judged | Settled | null> {
  const { attribution, row, entries, retainedSizes } = suspect;
  const trend = trendOf(entries, plan.operations, {
    operations: suspect.countedLater ? 0 : moreOperations,
    later: suspect.laterEntries,
    idle: suspect.idleEntries,
  });
  const now = suspect.laterEntries ?? entries.at(-1)!;
  const each = now / suspect.memberIds.length;
  const removal = await removalOf(session, snapshot, attribution.owner, locator, each);
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
  const limit =
    (await limitOf(session, attribution, entries.at(-1)!, plan.idleMs)) ??
    limitOfRemoval(attribution, removal, now);
  const finding: Finding = {
    key: attribution.key,
    level: limit ? 'watch' : level,
    kind: attribution.kind === 'listeners' ? 'listener' : row.kind,
    objectId: row.id,
    name: attribution.name,
    holder: attribution.holder,
    path: attribution.path,
    ...(await homeOf(attribution, added?.position ?? null, locator)),
    addedAt: added?.position ?? null,
    entries: entries.slice(1),
    retainedSizes: retainedSizes.slice(1),
    holds: suspect.holds,
    perOperation: { objects: round(trend.perOperation), bytes: Math.round(bytes) },
    confidence: limit ? Math.min(confidence, 0.5) : confidence,
    reasons: [
      ...reasons,
      ...(suspect.countedLater ? ['A snapshot shows no numbers: they were counted in further rounds.'] : []),
      ...addingWords(added),
      ...(limit ? [limit.sentence] : []),
    ],
  };
  return { finding, entries: now, limit };
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

/** Who makes what stays, as far as it is known. */
interface Makers {
  /** The line that was seen to add. */
  readonly added: AddingPlace | null;
  /** The one place in the source that assigns. */
  readonly assigned: SourcePosition | null;
  /** The function that samples name. */
  readonly allocating: AllocatingFunction | null;
}

function positionOf({ added, assigned, allocating }: Makers): SourcePosition | null {
  return added?.position ?? assigned ?? allocating?.position ?? null;
}

function makersWords({ added, assigned, allocating }: Makers): string[] {
  if (assigned) return ['The source gives it a new value in one function only.'];
  return allocating ? [allocatingWords(allocating)] : addingWords(added);
}

async function judgeCohort(
  session: InspectorSession,
  cohort: Cohort,
  makers: Makers,
  { plan, snapshot, locator, moreOperations }: Accusation,
): Promise<Finding | null> {
  const { added } = makers;
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
    removal: attribution.owner ? await removalOf(session, snapshot, attribution.owner, locator) : null,
    addingLineKnown: added !== null || makers.assigned !== null,
  });
  if (level === null) return null;
  const limit = attribution.owner
    ? await limitOf(session, { ...attribution, owner: attribution.owner }, counts.at(-1)!, plan.idleMs)
    : await endOf(session, snapshot, locator, cohort);
  return {
    key: attribution.key,
    level: limit ? 'watch' : level,
    kind: cohort.kind,
    objectId: cohort.objectId,
    name: attribution.name,
    holder: attribution.holder,
    path: attribution.path,
    ...(await homeOf(attribution, positionOf(makers), locator)),
    addedAt: positionOf(makers),
    entries: counts.slice(1),
    retainedSizes: selfSizes.slice(1),
    holds: [{ constructorName, count: counts.at(-1)! }],
    perOperation: { objects: round(trend.perOperation), bytes: Math.round(bytes) },
    confidence: round(Math.max(0, limit ? Math.min(confidence, 0.5) : confidence - 0.05)),
    reasons: [
      ...reasons,
      ...makersWords(makers),
      ...(limit ? [limit.sentence] : []),
      'No single collection grew: the newest of these objects were followed to the holder that was there before.',
    ],
  };
}

async function judgeSwelling(
  session: InspectorSession,
  { kind, slot, attribution, idleSize }: Swelling,
  makers: Makers,
  { plan, snapshot, locator, moreOperations }: Accusation,
): Promise<Finding | null> {
  const afterwards = { operations: moreOperations, later: null, idle: idleSize };
  const trend = trendOf(slot.sizes, plan.operations, afterwards);
  const { level, confidence, reasons } = judge({
    name: attribution.name,
    unit: 'bytes',
    counts: slot.sizes,
    trend,
    bytesPerOperation: trend.perOperation,
    operations: plan.operations,
    idleMs: plan.idleMs,
    removal: await removalOf(session, snapshot, attribution.owner, locator),
    addingLineKnown: makers.assigned !== null,
  });
  if (level === null) return null;
  return {
    key: attribution.key,
    level,
    kind,
    objectId: slot.value.id,
    name: attribution.name,
    holder: attribution.holder,
    path: attribution.path,
    location: attribution.location,
    addedAt: positionOf(makers),
    package: attribution.package,
    unit: 'bytes',
    entries: slot.sizes.slice(1),
    retainedSizes: slot.sizes.slice(1),
    holds: [],
    perOperation: { objects: 0, bytes: Math.round(trend.perOperation) },
    confidence,
    reasons: [
      ...reasons,
      'It is one value that is replaced by a larger one each time.',
      ...makersWords(makers),
    ],
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
