import { HeapwrightError } from '../protocol/errors';
import type { CallOptions } from './connection';
import type { InspectorSession } from './session';

/** The global that holds, weakly, what a debugger was told to point out. */
const POINTED = '__heapwrightPointed';

/**
 * An expression that a debugger evaluates in a frame where `expression` has its meaning, so that
 * {@link pointedObjectId} finds the value. A WeakSet keeps nothing alive and adds no retainer to a snapshot, which a
 * WeakRef would do until the end of the job in which the program is stopped.
 */
export function pointingExpression(expression: string): string {
  return `void Object.defineProperty(globalThis, '${POINTED}', { value: new WeakSet([(${expression})]), configurable: true })`;
}

/**
 * V8's heap object id of what was pointed out. The id of an object is known after a snapshot that has it.
 * @throws `target-not-found` when nothing was pointed out, or it is gone
 */
export async function pointedObjectId(session: InspectorSession, options: CallOptions = {}): Promise<number> {
  const { connection } = session;
  const objectGroup = 'heapwright-pointed';
  try {
    const { result: set } = await connection.send(
      'Runtime.evaluate',
      { expression: `globalThis.${POINTED}`, objectGroup, silent: true },
      options,
    );
    // Only the inspector can look into a WeakSet.
    const entries = await internalProperty(session, set.objectId, '[[Entries]]', options);
    const { result: list } = entries
      ? await connection.send('Runtime.getProperties', { objectId: entries, ownProperties: true }, options)
      : { result: [] };
    const entry = list.find(({ name }) => name === '0')?.value?.objectId;
    const { result: parts } = entry
      ? await connection.send('Runtime.getProperties', { objectId: entry, ownProperties: true }, options)
      : { result: [] };
    const objectId = parts.find(({ name }) => name === 'value')?.value?.objectId;
    const { heapSnapshotObjectId } = objectId
      ? await connection.send('HeapProfiler.getHeapObjectId', { objectId }, options)
      : { heapSnapshotObjectId: '0' };
    const id = Number(heapSnapshotObjectId);
    if (id === 0) throw notThere('The object');
    return id;
  } finally {
    if (connection.isOpen) {
      await connection.send('Runtime.releaseObjectGroup', { objectGroup }).catch(() => {});
      await connection
        .send('Runtime.evaluate', { expression: `delete globalThis.${POINTED}`, silent: true })
        .catch(() => {});
    }
  }
}

/**
 * Makes an object of a snapshot that this session took a global variable of the program, called `heapwright1`,
 * `heapwright2`, … as DevTools' console does with `temp1`.
 * @returns The name.
 * @throws `target-not-found` when the object is gone, or is none that JavaScript can hold
 */
export async function exposeObject(
  session: InspectorSession,
  id: number,
  options: CallOptions = {},
): Promise<string> {
  const { connection } = session;
  const objectGroup = 'heapwright-exposed';
  try {
    const { result } = await connection
      .send('HeapProfiler.getObjectByHeapObjectId', { objectId: String(id), objectGroup }, options)
      .catch(() => ({ result: undefined }));
    if (!result?.objectId) throw notThere(`Object @${id}`);
    const { result: name } = await connection.send(
      'Runtime.callFunctionOn',
      { objectId: result.objectId, functionDeclaration: EXPOSE, returnByValue: true, silent: true },
      options,
    );
    return String(name.value);
  } finally {
    if (connection.isOpen)
      await connection.send('Runtime.releaseObjectGroup', { objectGroup }).catch(() => {});
  }
}

const EXPOSE = `function () {
  let number = 1;
  while (('heapwright' + number) in globalThis) number++;
  const name = 'heapwright' + number;
  Object.defineProperty(globalThis, name, { value: this, configurable: true, enumerable: false, writable: true });
  return name;
}`;

async function internalProperty(
  { connection }: InspectorSession,
  objectId: string | undefined,
  name: string,
  options: CallOptions,
): Promise<string | undefined> {
  if (!objectId) return undefined;
  const { internalProperties = [] } = await connection.send(
    'Runtime.getProperties',
    { objectId, ownProperties: true },
    options,
  );
  return internalProperties.find((property) => property.name === name)?.value?.objectId;
}

function notThere(what: string): HeapwrightError {
  return new HeapwrightError(
    'target-not-found',
    `${what} is not in the running program any more.`,
    'It was collected, or the snapshot is of another attachment: take a new one.',
  );
}
