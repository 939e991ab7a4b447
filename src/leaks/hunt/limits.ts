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

/**
 * Asks a living object for the limit of its size: its own or inherited numeric property `max`, `limit`, `capacity`
 * and the like, or that of its `options`. V8 refuses to run anything that would change the target. Null when there is
 * none, or the object is gone.
 */
export async function readLimit(
  session: InspectorSession,
  objectId: number,
): Promise<{ readonly name: string; readonly value: number } | null> {
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
      functionDeclaration: `function (...names) {
        for (const holder of [this, this.options, this.opts]) {
          if (holder === null || typeof holder !== 'object') continue;
          for (const name of names) {
            const value = holder[name];
            if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return { name, value };
          }
        }
        return null;
      }`,
      arguments: limitNames.map((value) => ({ value })),
      returnByValue: true,
      throwOnSideEffect: true,
      silent: true,
    });
    return (result.value as { name: string; value: number } | null | undefined) ?? null;
  } catch {
    return null;
  } finally {
    if (connection.isOpen) {
      await connection.send('Runtime.releaseObjectGroup', { objectGroup: group }).catch(() => {});
    }
  }
}
