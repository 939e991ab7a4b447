import type { InspectorSession } from '../../inspector/session';
import type { Accusation } from './accuse';
import { type AllocatingFunction, whoAllocates } from './allocations';
import type { AddingPlace } from './call-sites';
import type { Cohort } from './cohorts';
import { handleCalls, resourcesOf } from './handle-calls';
import { watchMutators } from './mutators';
import { NotedCalls } from './noted-calls';
import type { SuspectCollection, Suspects } from './suspects';
import { timerCalls } from './timer-calls';

/** So many suspects are worth the extra round. */
const mostWatched = 10;
const watchedOperations = 20;
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
  { plan, locator, workload, signal, onProgress }: Accusation,
): Promise<AllocatingFunction | null> {
  if (!workload || workload.byHand) return null;
  onProgress?.('Sampling what is allocated');
  const found = await whoAllocates(session, locator, async () => {
    await workload.run(Math.min(plan.operations, watchedOperations), signal);
  });
  return found && found.share >= clearShare ? found : null;
}

/** The object whose own method takes in what grows below it: a target of events, a promise. */
function watchableHolder({ attribution: { owner } }: Cohort): number | null {
  const holder = owner?.steps.findLast(({ holder: { constructorName } }) =>
    /^(EventTarget|AbortSignal|Promise|MessagePort|BroadcastChannel|(Active)?Channel|FinalizationRegistry)$/.test(
      constructorName,
    ),
  );
  return holder?.holder.id ?? null;
}

function gain({ entries }: SuspectCollection): number {
  return entries.at(-1)! - Math.max(0, entries[0]!);
}
