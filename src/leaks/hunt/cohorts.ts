import { cancelled } from '../../protocol/errors';
import type { FindingKind } from '../../protocol/findings';
import type { Owner, OwnerAlias } from '../../protocol/owners';
import type { ConstructorRow, NodeRow } from '../../protocol/snapshot';
import type { Snapshot } from '../../snapshot/client';
import type { SourceLocator } from '../../source/locator';
import { attributeOwner } from '../attribution';
import { findOwner, type OwnerSearch } from '../owners';
import { type CohortAttribution, fromCallback, isHandle, unnamedHandle } from './callbacks';
import { fromNodesOwn } from './kept-by-node';
import { evenEnough, evenTail, trendOf } from './steadiness';

/** Objects of one kind that every round left behind, and who holds them, where no growing collection explains them. */
export interface Cohort {
  readonly kind: FindingKind;
  readonly constructorName: string;
  /** One of the newest. */
  readonly objectId: number;
  readonly attribution: CohortAttribution;
  /** The whole way from the declaration to one of the newest; the attribution's owner ends where the growth begins. */
  readonly wayToNewest: Owner | null;
  /** Whether the slot that the attribution names has another value after each round: the head of a chain. */
  readonly isReassigned: boolean;
  /** `owner`: the attribution's; `handle`: native code of Node keeps the object itself; `unknown`: something of Node's. */
  readonly hold: 'owner' | 'handle' | 'unknown';
  /** Objects of the kind more than at the baseline, in each capture. */
  readonly counts: readonly number[];
  /** After a rest; null until that was looked at. */
  readonly idleCount: number | null;
  readonly selfSizes: readonly number[];
  readonly constructorKey: string;
  /** Objects of the kind at the baseline. */
  readonly baselineCount: number;
}

/** A kind must leave at least one object per this many operations to count as following the work. */
const operationsPerObject = 4;
/** What Node keeps for itself must leave so many. */
const leastByNode = 0.9;
const mostConstructors = 40;
const samples = 8;
const chainVisits = 1500;
/** And in all: what is looked at last is the smallest. */
const allVisits = 20_000;

interface Grower {
  readonly row: ConstructorRow;
  readonly counts: number[];
  readonly selfSizes: number[];
  readonly baselineCount: number;
}

/** Where suspects without a collection are looked for. */
export interface SuspectSearch {
  /** Baseline first. */
  readonly snapshots: readonly Snapshot[];
  readonly operations: number;
  readonly locator: SourceLocator;
  /** Collections that are findings already: what they hold is theirs. */
  readonly explained: ReadonlySet<number>;
  readonly signal?: AbortSignal;
}

/**
 * Finds leaks that no single collection shows: chains, listeners, promise reactions, timers, closures, buffers. Of
 * each constructor that gained objects in every round the newest objects are sampled, and each is led up to the
 * nearest holder that was there before the first round: the accumulation point. Samples that lie in a growing
 * collection, or among objects of another finding, are explained by it.
 */
export async function findCohorts(search: SuspectSearch): Promise<Cohort[]> {
  const growers = await steadyGrowers(search);
  const cohorts = new Map<string, Cohort>();
  const budget = { left: allVisits };
  const knownAliases: OwnerAlias[] = [];
  for (const grower of growers) {
    if (search.signal?.aborted) throw cancelled();
    // What is left unlooked at would seem to be Node's own.
    if (budget.left <= 0 && cohorts.size > 0) break;
    const cohort = await explain(grower, search, { budget, knownAliases });
    if (!cohort) continue;
    const known = cohorts.get(cohort.attribution.key);
    if (!known || rankOf(cohort.kind) > rankOf(known.kind)) cohorts.set(cohort.attribution.key, cohort);
  }
  const found = [...cohorts.values()];
  // What hangs on a handle goes with it; of handles without a name one stands for its parser and the like.
  const handles = found.filter(({ hold }) => hold === 'handle');
  const unnamed = handles.filter(isUnnamed);
  const lead = unnamed.find(({ attribution }) => attribution.name === 'Socket') ?? unnamed[0];
  const named = found.filter((one) => !isNodesOwn(one));
  return found.filter((one) => {
    // What Node keeps for what is found already goes with it, and one variable of Node's stands for the rest.
    if (isNodesOwn(one)) return named.length === 0 && one === found[0];
    if (isUnnamed(one)) return one === lead && unnamed.length === handles.length;
    return one.hold !== 'unknown' || one.kind === 'timer' || handles.length === 0;
  });
}

/** What nobody but Node's own code holds. */
export function isNodesOwn({ hold, attribution }: Cohort): boolean {
  return hold === 'unknown' && attribution.location === null;
}

/** A handle of which only its kind is known. */
export function isUnnamed({ hold, attribution }: Cohort): boolean {
  return hold === 'handle' && attribution.location === null;
}

/** Compares the number of objects of each constructor; what came and went within a round does not matter. */
async function steadyGrowers({ snapshots, operations, signal }: SuspectSearch): Promise<Grower[]> {
  const rounds: Map<string, ConstructorRow>[] = [];
  for (const snapshot of snapshots) {
    const { rows } = await snapshot.constructors({ limit: 100_000, sortBy: 'count', signal });
    rounds.push(new Map(rows.map((row) => [row.key, row])));
  }
  const series = (key: string, pick: (row: ConstructorRow) => number) => {
    const values = rounds.map((rows) => {
      const row = rows.get(key);
      return row ? pick(row) : 0;
    });
    return values.map((value) => value - values[0]!);
  };
  const growers: Grower[] = [];
  for (const row of rounds[snapshots.length - 1]!.values()) {
    if (isInternalName(row.name)) continue;
    const counts = series(row.key, ({ count }) => count);
    const trend = trendOf(counts, operations);
    // A cold start inflates the first round.
    if (!trend.grewEveryRound || (trend.evenness < evenEnough && trend.tailEvenness < evenTail)) continue;
    if (trend.perOperation < 1 / operationsPerObject) continue;
    const selfSizes = series(row.key, ({ selfSize }) => selfSize);
    growers.push({ row, counts, selfSizes, baselineCount: rounds[0]!.get(row.key)?.count ?? 0 });
  }
  return growers.sort((a, b) => b.selfSizes.at(-1)! - a.selfSizes.at(-1)!).slice(0, mostConstructors);
}

/** V8's own bookkeeping: shapes, code, feedback, stores. Functions, strings and Contexts are a program's. */
function isInternalName(name: string): boolean {
  if (/^\((string|concatenated string|symbol)\)$/.test(name)) return false;
  return /^\(.*\)$/.test(name) || (name.startsWith('system / ') && name !== 'system / Context');
}

/** Samples that one holder explains. */
interface Group {
  readonly attribution: CohortAttribution;
  readonly node: NodeRow;
  readonly owner: Owner | null;
  votes: number;
}

async function explain(
  grower: Grower,
  search: SuspectSearch,
  shared: Pick<OwnerSearch, 'budget' | 'knownAliases'>,
): Promise<Cohort | null> {
  const { snapshots, locator, explained, signal } = search;
  const last = snapshots.at(-1)!;
  const newest = await newestInstances(grower.row.key, last, snapshots.at(-2)!, signal);
  if (newest.length === 0) return null;
  const groups = new Map<string, Group>();
  let unnamed: NodeRow | null = null;
  let inside = 0;
  let nameless = 0;
  const born = snapshots[0]!;
  for (const node of newest) {
    // The rest would be the same: what lies in a finding already, or what no declaration leads to.
    if (inside > samples / 2 || nameless > (groups.size > 0 ? samples / 2 : 2)) break;
    const owner = await findOwner(last, node.id, locator, {
      signal,
      mostVisits: chainVisits,
      ...shared,
      before: { snapshot: born, linkName: grower.row.name },
    });
    if (owner?.steps.some(({ holder }) => explained.has(holder.id))) {
      inside++;
      continue;
    }
    const attribution =
      (owner && (await attributeOwner(last, await uptoOldest(owner, born), locator, signal))) ??
      (await fromCallback(last, node, locator, grower.row.name));
    if (!attribution) {
      nameless++;
      unnamed ??= node;
      continue;
    }
    const group = groups.get(attribution.key) ?? { attribution, node, owner, votes: 0 };
    group.votes++;
    groups.set(attribution.key, group);
  }
  const best =
    [...groups.values()].sort((a, b) => b.votes - a.votes)[0] ??
    (unnamed && (await handleGroup(last, unnamed, grower))) ??
    (unnamed && (await nodesGroup(last, unnamed, grower, search, shared.budget)));
  if (!best || inside * 2 >= newest.length) return null;
  if (best.votes * 2 < newest.length - inside - nameless) return null;
  const { attribution, node } = best;
  const hold = attribution.owner ? 'owner' : (await isHandle(last, node.id)) ? 'handle' : 'unknown';
  const kind = kindOf(grower.row.name, attribution);
  return {
    kind: hold === 'handle' && kind === 'instances' ? 'handle' : kind,
    constructorName: grower.row.name,
    objectId: node.id,
    attribution,
    wayToNewest: best.owner,
    isReassigned: attribution.owner ? await isReassigned(attribution.owner, snapshots) : false,
    hold,
    counts: grower.counts,
    idleCount: null,
    selfSizes: grower.selfSizes,
    constructorKey: grower.row.key,
    baselineCount: grower.baselineCount,
  };
}

/** Whether what an owner's last step leads to was another object after the round before. */
async function isReassigned({ steps }: Owner, snapshots: readonly Snapshot[]): Promise<boolean> {
  const { edge, holder } = steps.at(-1)!;
  const values = snapshots.slice(-2).map(async (snapshot) => {
    const { rows } = await snapshot.properties(holder.id, { limit: 1000 });
    return rows.find(({ type, name }) => type === edge.type && name === edge.name)?.node.id;
  });
  const [before, after] = await Promise.all(values);
  return before !== undefined && after !== undefined && before !== after;
}

async function handleGroup(last: Snapshot, node: NodeRow, { row }: Grower): Promise<Group | null> {
  const attribution = await unnamedHandle(last, node, row.name);
  return attribution && { attribution, node, owner: null, votes: samples };
}

/** What only Node's own code or V8 holds, if it grows as surely as one for each operation. */
async function nodesGroup(
  last: Snapshot,
  node: NodeRow,
  { row, counts }: Grower,
  { snapshots, operations, locator, signal }: SuspectSearch,
  budget: OwnerSearch['budget'],
): Promise<Group | null> {
  if (trendOf(counts, operations).perOperation < leastByNode) return null;
  const before = { snapshot: snapshots[0]!, linkName: row.name };
  const search = { signal, mostVisits: chainVisits, budget, before };
  const attribution = await fromNodesOwn(last, node, locator, search);
  return attribution && { attribution, node, owner: null, votes: samples };
}

/** Keeps of an owner's steps those whose holders were there before: the rest came with the growth. */
async function uptoOldest(owner: Owner, born: Snapshot): Promise<Owner> {
  const steps = [];
  for (const step of owner.steps) {
    if (steps.length > 0 && (await born.node(step.holder.id)) === null) break;
    steps.push(step);
  }
  return { ...owner, steps };
}

/** Some of the objects that the last round left, spread over all that it left. */
async function newestInstances(
  key: string,
  last: Snapshot,
  before: Snapshot,
  signal?: AbortSignal,
): Promise<NodeRow[]> {
  const { rows } = await last.instances(key, { sortBy: 'id', descending: true, limit: 400, signal });
  const stride = Math.max(1, Math.floor(rows.length / (samples * 3)));
  const chosen: NodeRow[] = [];
  for (let index = 0; index < rows.length && chosen.length < samples; index += stride) {
    const row = rows[index]!;
    if ((await before.node(row.id)) === null) chosen.push(row);
  }
  return chosen;
}

const kindsByRank: readonly FindingKind[] = [
  'string',
  'instances',
  'closure',
  'external',
  'promise',
  'listener',
  'handle',
  'timer',
];

function rankOf(kind: FindingKind): number {
  return kindsByRank.indexOf(kind);
}

function kindOf(constructorName: string, { owner }: CohortAttribution): FindingKind {
  const listens = (owner?.steps ?? []).some(
    ({ edge }) => edge.name === '_events' || edge.name.includes('kEvents') || edge.name.includes('events'),
  );
  if (/Listener$/.test(constructorName) || listens) return 'listener';
  if (owner === null && /^(Timeout|Immediate|TimersList)$/.test(constructorName)) return 'timer';
  if (/^(Socket|TLSSocket|Server|TCP|Pipe|UDP|Http2Session|FSWatcher)$/.test(constructorName))
    return 'handle';
  const reacts = (owner?.steps ?? []).some(({ holder }) => /Promise/.test(holder.name));
  if (/^(Promise|system \/ PromiseReaction)$/.test(constructorName) || reacts) return 'promise';
  if (/^(ArrayBuffer|Buffer|Uint8Array|FastBuffer|system \/ JSArrayBufferData)$/.test(constructorName))
    return 'external';
  if (constructorName === 'Function' || constructorName === 'system / Context') return 'closure';
  if (/string\)$/.test(constructorName)) return 'string';
  return 'instances';
}
