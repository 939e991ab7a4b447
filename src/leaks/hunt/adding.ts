import type { InspectorSession } from '../../inspector/session';
import type { OwnerStep } from '../../protocol/owners';
import type { SourcePosition } from '../../protocol/source';
import { findOnlyAssignment } from '../../source/assignments';
import type { SourceLocator } from '../../source/locator';
import type { Accusation } from './accuse';
import { type AllocatingFunction, whoAllocates } from './allocations';
import type { AddingPlace } from './call-sites';
import type { Cohort } from './cohorts';
import { nameInScript } from './excuses';
import { handleCalls, resourcesOf } from './handle-calls';
import { watchMutators } from './mutators';
import { NotedCalls } from './noted-calls';
import type { SuspectCollection, Suspects } from './suspects';
import { timerCalls } from './timer-calls';

/** So many suspects are worth the extra round. */
const mostWatched = 10;
const watchedOperations = 20;
/** And as many as fit in this time where samples must tell, in ms. */
const sampledMs = 2000;
/** A function that makes less of what stays is not named. */
const clearShare = 0.5;

/** Who adds to each suspect, by its object id: one small round more in which the target notes the callers. */
export async function watchAdding(
  session: InspectorSession,
  { collections, cohorts }: Suspects,
  { plan, locator, workload, signal, onProgress }: Accusation,
): Promise<ReadonlyMap<number, readonly AddingPlace[]>> {
  const growing = [...collections].sort((a, b) => gain(b) - gain(a)).slice(0, mostWatched);
  const timers = cohorts.filter(({ kind }) => kind === 'timer');
  const handles = cohorts.filter(({ hold, kind }) => hold === 'handle' && kind !== 'timer');
  const holders = cohorts.flatMap((cohort) => {
    const id = watchableHolder(cohort);
    return id === null ? [] : [{ cohort, id }];
  });
  const adding = new Map<number, readonly AddingPlace[]>();
  if (!workload || growing.length + timers.length + handles.length + holders.length === 0) return adding;
  onProgress?.('Watching who adds entries');
  const operations = Math.min(plan.operations, watchedOperations);
  const ids = [...growing.map(({ row }) => row.id), ...holders.map(({ id }) => id)];
  const mutating = async () => {
    const places = await watchMutators(session, ids, locator, async () => {
      await workload.run(operations, signal);
    });
    for (const [id, found] of places) adding.set(id, found);
  };
  const starting = async () => {
    if (timers.length === 0) return mutating();
    const calls = await NotedCalls.watch(session, locator, timerCalls, mutating);
    for (const { objectId, attribution } of timers) {
      const callback = attribution.name.startsWith('callback of ') ? '' : attribution.name;
      adding.set(objectId, await calls.placesWhere((note) => note === callback));
    }
  };
  if (handles.length === 0) await starting();
  else {
    const calls = await NotedCalls.watch(session, locator, handleCalls, starting);
    for (const { objectId, constructorName } of handles) {
      const resources = resourcesOf(constructorName);
      adding.set(objectId, await calls.placesWhere((note) => resources?.test(note) ?? true));
    }
  }
  for (const { cohort, id } of holders) adding.set(cohort.objectId, adding.get(id) ?? []);
  return adding;
}

/** One more small round: where what stays is made. Only for a suspect that is alone, since samples tell no kinds. */
export async function sampleAllocations(
  session: InspectorSession,
  { plan, locator, workload, msPerOperation, signal, onProgress }: Accusation,
): Promise<AllocatingFunction | null> {
  if (!workload || workload.byHand) return null;
  onProgress?.('Sampling what is allocated');
  // The more of them, the smaller the part of what stays anyway: connections, compiled code.
  const affordable = Math.floor(sampledMs / Math.max(0.1, msPerOperation));
  const operations = Math.min(plan.operations, Math.max(watchedOperations, affordable));
  const found = await whoAllocates(session, locator, async () => {
    await workload.run(operations, signal);
  });
  return found && found.share >= clearShare ? found : null;
}

/**
 * Where the source gives what grows its next value, for what no wrapped method can see: a variable or field that gets
 * the newest link of a chain, a link that gets the next one. Null where that is not one place alone.
 */
export async function assigningPlace(
  { attribution: { owner }, constructorName, wayToNewest, isReassigned, kind }: Cohort,
  locator: SourceLocator,
): Promise<SourcePosition | null> {
  if (!owner || !/^(closure|instances|string|external)$/.test(kind)) return null;
  const named = nameInScript(owner);
  if (!named) return null;
  if (isReassigned) return findOnlyAssignment(locator, named.scriptId, named.name);
  const link = wayToNewest?.steps.at(-1);
  if (link?.edge.type !== 'property' || link.holder.constructorName !== constructorName) return null;
  return findOnlyAssignment(locator, named.scriptId, link.edge.name);
}

/** The object whose own method takes in what grows below it: a target of events, a promise. */
function watchableHolder({ attribution: { owner }, wayToNewest }: Cohort): number | null {
  // One that is made when it is first asked for (the signal of a controller) may have come with the growth.
  const step = owner?.steps.findLast(takesIn) ?? wayToNewest?.steps.find(takesIn);
  return step?.holder.id ?? null;
}

function takesIn({ holder: { constructorName } }: OwnerStep): boolean {
  return /^(EventTarget|AbortSignal|Promise|MessagePort|BroadcastChannel|(Active)?Channel|FinalizationRegistry)$/.test(
    constructorName,
  );
}

function gain({ entries }: SuspectCollection): number {
  return entries.at(-1)! - Math.max(0, entries[0]!);
}
