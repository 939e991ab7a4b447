import type { InspectorSession } from '../../inspector/session';

/** What counts as an entry of an array: every place in it, or only those that hold something. */
export type ArrayCount = 'length' | 'filled';

/** The entries of the collection that is `this`, whatever a program made of its methods. */
const countFunction = `function (filledOnly) {
  try { return Reflect.apply(Object.getOwnPropertyDescriptor(Map.prototype, 'size').get, this, []); } catch {}
  try { return Reflect.apply(Object.getOwnPropertyDescriptor(Set.prototype, 'size').get, this, []); } catch {}
  if (!Array.isArray(this)) return Reflect.ownKeys(this).length;
  if (!filledOnly) return this.length;
  let count = 0;
  for (let i = 0; i < this.length; i++) if (this[i] !== undefined) count++;
  return count;
}`;

/**
 * Counts living collections by their object ids, in the target and without a snapshot.
 * @returns One number per id, in order; null for an object that is gone.
 */
export async function countLiving(
  session: InspectorSession,
  objectIds: readonly number[],
  arrays: ArrayCount,
): Promise<(number | null)[]> {
  const { connection } = session;
  const objectGroup = 'heapwright-count';
  const counts: (number | null)[] = [];
  try {
    for (const id of objectIds) {
      try {
        const { result: object } = await connection.send('HeapProfiler.getObjectByHeapObjectId', {
          objectId: String(id),
          objectGroup,
        });
        const { result } = await connection.send('Runtime.callFunctionOn', {
          objectId: object.objectId,
          functionDeclaration: countFunction,
          arguments: [{ value: arrays === 'filled' }],
          returnByValue: true,
          silent: true,
        });
        counts.push(typeof result.value === 'number' ? result.value : null);
      } catch {
        if (!connection.isOpen) throw new Error('The target went away while it was counted');
        counts.push(null);
      }
    }
    return counts;
  } finally {
    if (connection.isOpen) await connection.send('Runtime.releaseObjectGroup', { objectGroup });
  }
}
