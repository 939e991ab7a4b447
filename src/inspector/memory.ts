import type { MemorySample } from '../protocol/samples';
import type { CallOptions } from './connection';
import type { InspectorSession } from './session';

/**
 * The reading function, made once per session. It returns digits, since a short string is the cheapest thing to send
 * back. It takes `node:v8` from wherever this Node offers it to scripts. The command line API would offer it always,
 * but a function that was made with it keeps the console's `require`, and with it every module, in its retaining paths.
 */
const READER = `(function () {
  var v8 = null;
  try {
    if (process.getBuiltinModule) v8 = process.getBuiltinModule('v8');
    else if (process.mainModule) v8 = process.mainModule.require('v8');
  } catch (error) {}
  return function () {
    var m = process.memoryUsage();
    var limit = v8 ? v8.getHeapStatistics().heap_size_limit : 0;
    return [Date.now(), m.heapUsed, m.heapTotal, m.rss, m.external, m.arrayBuffers || 0, limit].join();
  };
})()`;

/** For an ES module entry on a Node without `process.getBuiltinModule`: a number, which holds nothing. */
const LIMIT_ONCE = `require('v8').getHeapStatistics().heap_size_limit`;

/** Reads a target's memory over and over at the price of one small call each; it holds one object in the target. */
export class MemoryReader {
  readonly #session: InspectorSession;
  #functionId: string | undefined;
  /** Bytes, where the reading function cannot ask for it. */
  #limitOnce: number | undefined;

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
    const limit = heapLimit || (await this.#readLimitOnce(options));
    return { at, heapUsed, heapTotal, rss, external, arrayBuffers, heapLimit: limit };
  }

  async #readLimitOnce(options: CallOptions): Promise<number> {
    this.#limitOnce ??= await this.#session
      .evaluate<number>(LIMIT_ONCE, { ...options, commandLineApi: true })
      .catch(() => 0);
    return this.#limitOnce;
  }

  async #prepare(options: CallOptions): Promise<string> {
    const { result } = await this.#session.connection.send(
      'Runtime.evaluate',
      { expression: READER, silent: true, objectGroup: 'heapwright' },
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
