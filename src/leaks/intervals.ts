import type { InspectorSession } from '../inspector/session';
import type { ScriptLocation } from '../protocol/snapshot';

/** A repeating timer that runs in a process. */
export interface RunningInterval {
  readonly everyMs: number;
  /** Of the function that it calls; empty for one without a name. */
  readonly functionName: string;
  readonly location: ScriptLocation | null;
}

const MOST_INTERVALS = 100;

/** Runs in the target, on the list of all timers. `_repeat` is what Node itself tells intervals by. */
const REPEATING = `function (limit) {
  const found = [];
  for (let i = 0; i < this.length && found.length < limit; i++) {
    const timer = this[i];
    if (typeof timer._repeat === 'number' && !timer._destroyed && typeof timer._onTimeout === 'function')
      found.push({ everyMs: timer._repeat, name: timer._onTimeout.name, call: timer._onTimeout });
  }
  return found;
}`;

/** The timer classes of Node have no name that a program could reach: one is made and cleared for its prototype. */
const PROTOTYPE = `(function () {
  const timer = setTimeout(function () {}, 1000);
  clearTimeout(timer);
  return Object.getPrototypeOf(timer);
})()`;

/** The intervals that run in a living process, with the functions that they call. */
export async function runningIntervals(
  { connection }: InspectorSession,
  signal?: AbortSignal,
): Promise<RunningInterval[]> {
  const objectGroup = 'heapwright-intervals';
  const options = { signal };
  try {
    const { result: prototype } = await connection.send(
      'Runtime.evaluate',
      { expression: PROTOTYPE, objectGroup, silent: true },
      options,
    );
    if (!prototype.objectId) return [];
    const { objects } = await connection.send(
      'Runtime.queryObjects',
      { prototypeObjectId: prototype.objectId, objectGroup },
      options,
    );
    const { result: found } = await connection.send(
      'Runtime.callFunctionOn',
      {
        objectId: objects.objectId!,
        functionDeclaration: REPEATING,
        arguments: [{ value: MOST_INTERVALS }],
        objectGroup,
        silent: true,
      },
      options,
    );
    const { result: items } = await connection.send(
      'Runtime.getProperties',
      { objectId: found.objectId!, ownProperties: true },
      options,
    );
    const ids = items.flatMap(({ name, value }) =>
      /^\d+$/.test(name) && value?.objectId ? [value.objectId] : [],
    );
    return await Promise.all(ids.map((id) => readInterval(id)));
  } finally {
    if (connection.isOpen) await connection.send('Runtime.releaseObjectGroup', { objectGroup });
  }

  async function readInterval(objectId: string): Promise<RunningInterval> {
    const { result } = await connection.send(
      'Runtime.getProperties',
      { objectId, ownProperties: true },
      options,
    );
    const own = (name: string) => result.find((property) => property.name === name)?.value;
    const call = own('call')?.objectId;
    const { internalProperties = [] } = call
      ? await connection.send('Runtime.getProperties', { objectId: call, ownProperties: true }, options)
      : {};
    const place = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value;
    return {
      everyMs: Number(own('everyMs')?.value),
      functionName: String(own('name')?.value ?? ''),
      location: place
        ? { scriptId: Number(place.scriptId), line: place.lineNumber, column: place.columnNumber ?? 0 }
        : null,
    };
  }
}
