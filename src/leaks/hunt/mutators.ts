import type { InspectorSession } from '../../inspector/session';
import type { SourcePosition } from '../../protocol/source';
import type { SourceLocator } from '../../source/locator';

/** A place that added entries, as the target saw it while the object's mutators were watched. */
export interface AddingPlace {
  readonly position: SourcePosition;
  readonly times: number;
  /** The nearest frame outside `node_modules`, when the adding line is inside. */
  readonly ownCode: SourcePosition | null;
}

/** The most call sites that are kept per object: a table, not stacks, so that nothing can fill the target. */
const mostSites = 50;

/**
 * Runs in the target with the growing object as `this`: shadows its mutators by own properties and, for entries
 * written as properties, puts a Proxy in front of its prototype. Returns a handle whose `stop` undoes all of it and
 * yields the call sites. An object that cannot be extended answers null. The proxy forwards every other operation.
 */
const watchFunction = `function (limit, selfUrl) {
  const target = this;
  if (!Object.isExtensible(target)) return null;
  const sites = new Map();
  const record = (skip) => {
    const before = Error.prepareStackTrace;
    const depth = Error.stackTraceLimit;
    Error.stackTraceLimit = 25;
    Error.prepareStackTrace = (_, frames) => frames;
    const holder = {};
    Error.captureStackTrace(holder, skip);
    const frames = holder.stack;
    Error.prepareStackTrace = before;
    Error.stackTraceLimit = depth;
    const places = [];
    for (const frame of Array.isArray(frames) ? frames : []) {
      const file = frame.getFileName() || frame.getScriptNameOrSourceURL();
      if (!file || file.startsWith('node:') || file.startsWith('internal/')) continue;
      places.push([file, frame.getLineNumber(), frame.getColumnNumber()]);
      if (places.length === 12) break;
    }
    if (places.length === 0) return;
    const key = JSON.stringify(places[0]);
    const known = sites.get(key);
    if (known) known.times++;
    else if (sites.size < limit) sites.set(key, { places, times: 1 });
  };
  const shadowed = [];
  for (const name of ['set', 'add', 'push', 'unshift', 'splice', 'concat', 'on', 'once', 'addListener',
    'prependListener', 'addEventListener']) {
    const original = target[name];
    if (typeof original !== 'function' || Object.prototype.hasOwnProperty.call(target, name)) continue;
    const wrapper = function (...args) { record(wrapper); return Reflect.apply(original, this, args); };
    Object.defineProperty(target, name, { value: wrapper, configurable: true, writable: true, enumerable: false });
    shadowed.push(name);
  }
  const prototype = Object.getPrototypeOf(target);
  let proxied = false;
  if (!(target instanceof Map || target instanceof Set)) {
    const proxy = new Proxy(prototype === null ? Object.create(null) : prototype, {
      set(base, key, value, receiver) {
        if (receiver === target) record(undefined);
        return Reflect.set(base, key, value, receiver);
      },
    });
    try { Object.setPrototypeOf(target, proxy); proxied = true; } catch {}
  }
  return {
    stop() {
      for (const name of shadowed) delete target[name];
      if (proxied) Object.setPrototypeOf(target, prototype);
      return JSON.stringify([...sites.values()]);
    },
  };
}`;

interface Site {
  readonly places: readonly (readonly [file: string, line: number, column: number])[];
  readonly times: number;
}

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
    if (handles.size > 0) await work();
  } finally {
    for (const [id, handle] of handles) {
      const { result } = await connection.send('Runtime.callFunctionOn', {
        objectId: handle,
        functionDeclaration: 'function () { return this.stop(); }',
        returnByValue: true,
      });
      const sites: Site[] = typeof result.value === 'string' ? JSON.parse(result.value) : [];
      found.set(id, await placesOf(sites, locator));
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

async function placesOf(sites: readonly Site[], locator: SourceLocator): Promise<AddingPlace[]> {
  const places: AddingPlace[] = [];
  for (const { places: frames, times } of [...sites].sort((a, b) => b.times - a.times)) {
    const positions: SourcePosition[] = [];
    for (const [file, line, column] of frames) {
      const position = await positionOf(locator, file, line, column);
      if (position) positions.push(position);
    }
    const [first] = positions;
    if (!first) continue;
    const inPackage = /[\\/]node_modules[\\/]/.test(first.file);
    const own = positions.find(({ file }) => !/[\\/]node_modules[\\/]/.test(file)) ?? null;
    places.push({ position: first, times, ownCode: inPackage ? own : null });
  }
  return places;
}

async function positionOf(
  locator: SourceLocator,
  file: string,
  line: number,
  column: number,
): Promise<SourcePosition | null> {
  const scriptId = locator.scriptOf(file);
  if (scriptId === null) return { file, line, column };
  const position = await locator.position({ scriptId, line: line - 1, column: column - 1 });
  if (!position) return null;
  const { originalName: _, ...plain } = position;
  return plain;
}
