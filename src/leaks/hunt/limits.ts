import type { InspectorSession } from '../../inspector/session';

/** Names under which caches and pools keep the size they may grow to. */
const limitNames = [
  'max',
  'maxSize',
  'maxEntries',
  'maxKeys',
  'maxLength',
  'maxItems',
  'limit',
  'capacity',
  'cacheSize',
  'maxCacheSize',
  'maxWeight',
];

/** Names under which they keep how long an entry may live, with the unit of the number in ms. */
const ageNames: Readonly<Record<string, number>> = {
  ttl: 1,
  ttlMs: 1,
  maxAge: 1,
  maxAgeMs: 1,
  stdTTL: 1000,
};

/**
 * V8 takes nearly every call for a possible side effect, so the look-ups are written out one by one: plain reads and
 * comparisons only. A getter that changes nothing (`get max()`) is run.
 */
const limitsFunction = `function () {
  const pick = { size: null, age: null };
  let holder = this;
  ${lookUps()}
  holder = this.options;
  if (typeof holder === 'object' && holder !== null) { ${lookUps()} }
  holder = this.opts;
  if (typeof holder === 'object' && holder !== null) { ${lookUps()} }
  return pick;
}`;

function lookUps(): string {
  const read = (list: string, name: string) =>
    `if (pick.${list} === null && typeof holder.${name} === 'number' && holder.${name} > 0 && holder.${name} < 1e15)
      pick.${list} = { name: '${name}', value: holder.${name} };`;
  return [
    ...limitNames.map((name) => read('size', name)),
    ...Object.keys(ageNames).map((name) => read('age', name)),
  ].join('\n');
}

export interface Limits {
  /** Entries that it may hold. */
  readonly size: { readonly name: string; readonly value: number } | null;
  /** How long an entry may live, in ms. */
  readonly age: { readonly name: string; readonly value: number } | null;
}

/**
 * Asks a living object how large or how old it may grow: its own or inherited numeric property `max`, `limit`,
 * `maxAge` and the like, or that of its `options`. V8 refuses to run anything that would change the target. Null when
 * the object is gone.
 */
export async function readLimits(session: InspectorSession, objectId: number): Promise<Limits | null> {
  const limits = (await ask(session, objectId, limitsFunction)) as Limits | null;
  if (!limits) return null;
  const { size, age } = limits;
  return { size, age: age && { name: age.name, value: age.value * ageNames[age.name]! } };
}

/** For a timeout of Node that is not repeated, in how many ms it ends: 0 when it did; null for an interval. */
export async function readTimeout(session: InspectorSession, objectId: number): Promise<number | null> {
  const delayMs = await ask(
    session,
    objectId,
    `function () { return typeof this._repeat === 'number' ? -1 : this._idleTimeout; }`,
  );
  if (typeof delayMs !== 'number') return 0;
  return delayMs > 0 ? delayMs : null;
}

/** What a function without side effects says of a living object; null when the object is gone. */
async function ask(
  session: InspectorSession,
  objectId: number,
  functionDeclaration: string,
): Promise<unknown> {
  const { connection } = session;
  const group = 'heapwright-limits';
  try {
    const { result: object } = await connection.send('HeapProfiler.getObjectByHeapObjectId', {
      objectId: String(objectId),
      objectGroup: group,
    });
    if (!object.objectId) return null;
    const { result } = await connection.send('Runtime.callFunctionOn', {
      objectId: object.objectId,
      functionDeclaration,
      returnByValue: true,
      throwOnSideEffect: true,
      silent: true,
    });
    return result.value ?? null;
  } catch {
    return null;
  } finally {
    if (connection.isOpen) {
      await connection.send('Runtime.releaseObjectGroup', { objectGroup: group }).catch(() => {});
    }
  }
}
