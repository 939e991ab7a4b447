import type { MemorySample } from '../protocol/samples';
import type { CallOptions } from './connection';
import type { InspectorSession } from './session';

/**
 * The reading function, made once per session: it takes `node:v8` from wherever this Node offers it and returns an
 * array of numbers, since a string of digits is the cheapest thing to send back. Where there is no way to `v8` (an
 * old ES module entry), the heap limit is unknown and 0.
 */
const READER = `(function () {
  var v8 = null;
  try {
    if (process.getBuiltinModule) v8 = process.getBuiltinModule('v8');
    else if (process.mainModule) v8 = process.mainModule.require('v8');
    else if (typeof require === 'function') v8 = require('v8');
  } catch (error) {}
  return function () {
    var m = process.memoryUsage();
    var limit = v8 ? v8.getHeapStatistics().heap_size_limit : 0;
    return [Date.now(), m.heapUsed, m.heapTotal, m.rss, m.external, m.arrayBuffers || 0, limit].join();
  };
})()`;

/** Reads a target's memory over and over at the price of one small call each; it holds one object in the target. */
export class MemoryReader {
  readonly #session: InspectorSession;
  #functionId: string | undefined;

  constructor(session: InspectorSession) {
    this.#session = session;
  }

  /** @throws `inspector-closed`, `target-timeout`, `cancelled` */
  async read(options: CallOptions = {}): Promise<MemorySample> {
    this.#functionId ??= await this.#prepare(options);
    const { result } = await this.#session.connection.send(
      'Runtime.callFunctionOn',
      {
        objectId: this.#functionId,
        functionDeclaration: 'function () { return this(); }',
        returnByValue: true,
        silent: true,
      },
      options,
    );
    const [at, heapUsed, heapTotal, rss, external, arrayBuffers, heapLimit] = String(result.value)
      .split(',')
      .map(Number) as [number, number, number, number, number, number, number];
    return { at, heapUsed, heapTotal, rss, external, arrayBuffers, heapLimit };
  }

  async #prepare(options: CallOptions): Promise<string> {
    const { result } = await this.#session.connection.send(
      'Runtime.evaluate',
      { expression: READER, includeCommandLineAPI: true, silent: true, objectGroup: 'heapwright' },
      options,
    );
    if (!result.objectId) throw new Error('The target made no reading function');
    return result.objectId;
  }

  /** Lets go of the function in the target. */
  dispose(): void {
    if (this.#functionId === undefined || !this.#session.connection.isOpen) return;
    void this.#session.connection
      .send('Runtime.releaseObject', { objectId: this.#functionId })
      .catch(() => {});
  }
}

/** One reading. */
export async function readMemory(
  session: InspectorSession,
  options: CallOptions = {},
): Promise<MemorySample> {
  const reader = new MemoryReader(session);
  try {
    return await reader.read(options);
  } finally {
    reader.dispose();
  }
}
