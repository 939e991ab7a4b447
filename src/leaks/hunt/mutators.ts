import type { InspectorSession } from '../../inspector/session';
import type { SourceLocator } from '../../source/locator';
import { type AddingPlace, callSitesSource, mostSites, placesOf, stopWatching } from './call-sites';

/**
 * Runs in the target with the growing object as `this`: shadows its mutators by own properties and, for entries
 * written as properties, puts a Proxy in front of its prototype. Returns a handle whose `stop` undoes all of it and
 * yields the call sites. An object that cannot be extended answers null. The proxy forwards every other operation.
 */
const watchFunction = `function (limit) {
  const target = this;
  if (!Object.isExtensible(target)) return null;
  ${callSitesSource}
  const calls = callSites(limit);
  const shadowed = [];
  for (const name of ['set', 'add', 'push', 'unshift', 'splice', 'concat', 'on', 'once', 'addListener',
    'prependListener', 'addEventListener', 'then', 'catch', 'finally', 'subscribe', 'register']) {
    const original = target[name];
    if (typeof original !== 'function' || Object.prototype.hasOwnProperty.call(target, name)) continue;
    const wrapper = function (...args) { calls.record(wrapper); return Reflect.apply(original, this, args); };
    Object.defineProperty(target, name, { value: wrapper, configurable: true, writable: true, enumerable: false });
    shadowed.push([name, wrapper]);
  }
  const prototype = Object.getPrototypeOf(target);
  let proxied = null;
  if (![Map, Set, Promise, EventTarget].some((type) => target instanceof type)) {
    const proxy = new Proxy(prototype === null ? Object.create(null) : prototype, {
      set(base, key, value, receiver) {
        if (receiver === target) calls.record();
        return Reflect.set(base, key, value, receiver);
      },
    });
    try { Object.setPrototypeOf(target, proxy); proxied = proxy; } catch {}
  }
  return calls.handle(() => {
    // What the program put there meanwhile stays.
    for (const [name, wrapper] of shadowed)
      if (Object.getOwnPropertyDescriptor(target, name)?.value === wrapper) delete target[name];
    if (proxied && Object.getPrototypeOf(target) === proxied) Object.setPrototypeOf(target, prototype);
  });
}`;

/**
 * Watches who adds to objects while `work` runs, then leaves the target as it was: mutators, prototypes and remote
 * handles. Objects that are frozen, or gone, are left out.
 * @param objectIds V8's heap object ids.
 * @returns For each id the adding places, the busiest first.
 */
export async function watchMutators(
  session: InspectorSession,
  objectIds: readonly number[],
  locator: SourceLocator,
  work: () => Promise<void>,
): Promise<Map<number, AddingPlace[]>> {
  const { connection } = session;
  const group = 'heapwright-mutators';
  const handles = new Map<number, string>();
  const found = new Map<number, AddingPlace[]>();
  try {
    for (const id of objectIds) {
      const handle = await watchOne(session, id, group);
      if (handle) handles.set(id, handle);
    }
    await work();
  } finally {
    // One that cannot be stopped keeps none of the others from it.
    const stopped = await Promise.allSettled([...handles].map(([, handle]) => stopWatching(session, handle)));
    for (const [i, id] of [...handles.keys()].entries()) {
      const sites = stopped[i]!;
      if (sites.status === 'fulfilled') found.set(id, await placesOf(sites.value, locator));
    }
    if (connection.isOpen) await connection.send('Runtime.releaseObjectGroup', { objectGroup: group });
  }
  return found;
}

async function watchOne(session: InspectorSession, id: number, group: string): Promise<string | null> {
  const { connection } = session;
  try {
    const { result: object } = await connection.send('HeapProfiler.getObjectByHeapObjectId', {
      objectId: String(id),
      objectGroup: group,
    });
    if (!object.objectId) return null;
    const { result } = await connection.send('Runtime.callFunctionOn', {
      objectId: object.objectId,
      functionDeclaration: watchFunction,
      arguments: [{ value: mostSites }],
      objectGroup: group,
      silent: true,
    });
    return result.objectId ?? null;
  } catch {
    // The object died since the capture, or V8 keeps it to itself: the finding stays without its adding line.
    return null;
  }
}
