import type { InspectorSession } from '../inspector/session';
import type { CensusRow } from '../protocol/census';

const prototypes = [
  ['map', 'Map.prototype'],
  ['set', 'Set.prototype'],
  ['array', 'Array.prototype'],
] as const;

/** Runs in the target: the largest of a list of collections, without calling anything that a program replaced. */
const largestFunction = `function (kind, limit, least) {
  const size = kind === 'array' ? null
    : Object.getOwnPropertyDescriptor(kind === 'map' ? Map.prototype : Set.prototype, 'size').get;
  const rows = [];
  for (let i = 0; i < this.length; i++) {
    let entries = 0;
    try { entries = size ? Reflect.apply(size, this[i], []) : this[i].length; } catch { continue; }
    if (entries >= least) rows.push([entries, i]);
  }
  rows.sort((a, b) => b[0] - a[0]);
  const list = this;
  const nameOf = (value) => {
    if (value === null || typeof value !== 'object') return typeof value;
    const own = Object.getPrototypeOf(value);
    const maker = own && Object.getOwnPropertyDescriptor(own, 'constructor');
    return (maker && typeof maker.value === 'function' && maker.value.name) || 'Object';
  };
  return rows.slice(0, limit).map(([entries, i]) => {
    const holds = [];
    let seen = 0;
    const values = kind === 'map' ? Map.prototype.values.call(list[i])
      : kind === 'set' ? Set.prototype.values.call(list[i]) : list[i].slice(0, 5);
    for (const value of values) {
      if (seen++ === 5) break;
      const name = nameOf(value);
      if (!holds.includes(name)) holds.push(name);
    }
    return { entries, holds, collection: list[i] };
  });
}`;

/**
 * Counts the largest Maps, Sets and arrays of a living target: V8 lists them by their prototypes (after a
 * collection of its own), the sizes are read inside the target, and all handles are released. Far cheaper than a
 * snapshot, but it names no holders.
 */
export async function takeCensus(
  session: InspectorSession,
  { limit = 30, minEntries = 10 }: { limit?: number; minEntries?: number } = {},
): Promise<CensusRow[]> {
  const { connection } = session;
  const objectGroup = 'heapwright-census';
  const rows: CensusRow[] = [];
  try {
    for (const [kind, expression] of prototypes) {
      const { result: prototype } = await connection.send('Runtime.evaluate', { expression, objectGroup });
      const { objects } = await connection.send('Runtime.queryObjects', {
        prototypeObjectId: prototype.objectId!,
        objectGroup,
      });
      const { result: list } = await connection.send('Runtime.callFunctionOn', {
        objectId: objects.objectId!,
        functionDeclaration: largestFunction,
        arguments: [{ value: kind }, { value: limit }, { value: minEntries }],
        objectGroup,
      });
      const { result: items } = await connection.send('Runtime.getProperties', {
        objectId: list.objectId!,
        ownProperties: true,
      });
      for (const item of items) {
        if (!/^\d+$/.test(item.name) || !item.value?.objectId) continue;
        rows.push(await rowOf(session, kind, item.value.objectId, objectGroup));
      }
    }
  } finally {
    if (connection.isOpen) await connection.send('Runtime.releaseObjectGroup', { objectGroup });
  }
  return rows.sort((a, b) => b.entries - a.entries).slice(0, limit);
}

async function rowOf(
  { connection }: InspectorSession,
  kind: CensusRow['kind'],
  objectId: string,
  objectGroup: string,
): Promise<CensusRow> {
  const { result: facts } = await connection.send('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: 'function () { return { entries: this.entries, holds: this.holds }; }',
    returnByValue: true,
  });
  const { result: collection } = await connection.send('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: 'function () { return this.collection; }',
    objectGroup,
  });
  const { heapSnapshotObjectId } = await connection.send('HeapProfiler.getHeapObjectId', {
    objectId: collection.objectId!,
  });
  return { kind, objectId: Number(heapSnapshotObjectId) || null, ...facts.value };
}
