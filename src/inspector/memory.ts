import { HeapwrightError } from '../protocol/errors';
import type { HeapSpace, MemorySample, RuntimeSample } from '../protocol/samples';
import type { CallOptions } from './connection';
import { MAKE_READER, MODULES, MODULES_OF_CONSOLE, parseReading, type Reading } from './memory-script';
import type { InspectorSession } from './session';

/** A reading with the target's own stopwatch beside its clock. */
export interface TimedSample {
  readonly sample: MemorySample;
  /** ms since some moment, by a clock that nobody sets; null where the engine has none. */
  readonly uptimeMs: number | null;
}

/**
 * Reads a target's memory over and over at the price of one small call each. It holds one function in the target;
 * with `observe` that function also listens to garbage collections and watches the event loop.
 */
export class MemoryReader {
  readonly #session: InspectorSession;
  readonly #observe: boolean;
  /** The reading function in the target; null in an engine without `process`, undefined before there is one. */
  #functionId: string | null | undefined;

  constructor(session: InspectorSession, { observe }: { observe: boolean }) {
    this.#session = session;
    this.#observe = observe;
  }

  /** @throws `inspector-closed`, `target-timeout`, `cancelled`, `not-an-inspector` when what comes is no reading */
  async read(options: CallOptions = {}): Promise<TimedSample> {
    if (this.#functionId === undefined) this.#functionId = await this.#prepare(options);
    if (!this.#functionId) return await this.#readHeap(options);
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
    const reading = parseReading(result.value);
    if (!reading) throw new HeapwrightError('not-an-inspector', UNREADABLE, 'Detach and attach again.');
    return toSample(reading);
  }

  /** What every V8 tells over the protocol: a browser's page, another runtime. */
  async #readHeap(options: CallOptions): Promise<TimedSample> {
    const usage = await this.#session.connection.send('Runtime.getHeapUsage', undefined, options);
    if (!Number.isFinite(usage.usedSize) || !Number.isFinite(usage.totalSize))
      throw new HeapwrightError('not-an-inspector', UNREADABLE, 'Detach and attach again.');
    // Older engines tell the heap alone.
    const arrayBuffers = usage.backingStorageSize ?? 0;
    const external = (usage.embedderHeapUsedSize ?? 0) + arrayBuffers;
    const sample: MemorySample = {
      at: Date.now(),
      heapUsed: usage.usedSize,
      heapTotal: usage.totalSize,
      rss: 0,
      external,
      arrayBuffers,
      heapLimit: 0,
    };
    return { sample, uptimeMs: null };
  }

  /** Undefined where a thread may not be asked yet: its heap is read in the way of every V8 until then. */
  async #prepare(options: CallOptions): Promise<string | null | undefined> {
    const { connection } = this.#session;
    const evaluate = async (expression: string, includeCommandLineAPI: boolean) => {
      const parameters = { expression, includeCommandLineAPI, silent: true, objectGroup: 'heapwright' };
      return (await connection.send('Runtime.evaluate', parameters, options)).result.objectId;
    };
    const offered = await evaluate(MODULES, false);
    const mayAsk = offered !== undefined || !this.#mayBeStarting();
    if (!mayAsk && this.#observe) return undefined;
    const modules =
      offered ??
      (mayAsk ? await evaluate(MODULES_OF_CONSOLE, true) : undefined) ??
      (await evaluate('({})', false));
    if (modules === undefined) return null;
    const { result, exceptionDetails } = await connection.send(
      'Runtime.callFunctionOn',
      {
        objectId: modules,
        functionDeclaration: MAKE_READER,
        arguments: [{ value: this.#observe }],
        silent: true,
      },
      options,
    );
    void connection.send('Runtime.releaseObject', { objectId: modules }).catch(() => {});
    return exceptionDetails ? null : (result.objectId ?? null);
  }

  /**
   * An inspector interrupts a thread wherever it is, also while Node loads its own modules for it. What the console's `require`
   * then loads sees half of them: Node 18 lost `fs.realpathSync` over it, and the whole program ended by that error. A thread
   * that has begun with its script offers the modules itself, unless that is an ES module of an older Node.
   */
  #mayBeStarting(): boolean {
    const { info, attachedAt } = this.#session;
    return info.workerId !== undefined && performance.now() - attachedAt < LONGEST_START_MS;
  }

  /** Takes what was installed in the target out of it. */
  dispose(): void {
    const { connection } = this.#session;
    const objectId = this.#functionId;
    if (!objectId || !connection.isOpen) return;
    const functionDeclaration = 'function () { this.stop(); }';
    void connection
      .send('Runtime.callFunctionOn', { objectId, functionDeclaration, silent: true })
      .catch(() => {});
    void connection.send('Runtime.releaseObject', { objectId }).catch(() => {});
  }
}

/** One reading of sizes, without anything that has to be watched. */
export async function readMemory(
  session: InspectorSession,
  options: CallOptions = {},
): Promise<MemorySample> {
  const reader = new MemoryReader(session, { observe: false });
  try {
    return (await reader.read(options)).sample;
  } finally {
    reader.dispose();
  }
}

/** On however busy a machine a thread has begun with its script after that, ms. */
const LONGEST_START_MS = 5000;

const UNREADABLE = 'What the process answered is no reading of its memory.';

function toSample(reading: Reading): TimedSample {
  const [at, uptimeMs, heapUsed, heapTotal, rss, external, arrayBuffers, heap] = reading;
  const sizes = { at, heapUsed, heapTotal, rss, external, arrayBuffers, heapLimit: heap?.[0] ?? 0 };
  const runtime = toRuntime(reading);
  return { sample: runtime ? { ...sizes, runtime } : sizes, uptimeMs };
}

/** Undefined for a reading that was asked for sizes only. */
function toRuntime([, , , , , , , heap, spaces, gc, loop, cpuMs, resources]: Reading):
  | RuntimeSample
  | undefined {
  if (spaces === undefined) return undefined;
  const [, malloced = null, code = null, contexts = null, detachedContexts = null] = heap ?? [];
  return {
    malloced,
    code,
    contexts,
    detachedContexts,
    spaces: toSpaces(spaces ?? []),
    gc: gc ? { minor: gc[0], major: gc[1], steps: gc[2], pauseMs: gc[3], longestMs: gc[4] } : null,
    eventLoop: loop
      ? {
          meanDelayMs: atLeastZero(loop[0]),
          worstDelayMs: atLeastZero(loop[1]),
          utilisation: loop[2] ?? 0,
          turns: loop[3],
        }
      : null,
    cpuMs: cpuMs ?? null,
    resources: resources ?? null,
  };
}

/** Name, used and size of each, one after the other. */
function toSpaces(flat: readonly (string | number)[]): HeapSpace[] {
  const spaces: HeapSpace[] = [];
  for (let i = 0; i + 2 < flat.length; i += 3) {
    spaces.push({ name: String(flat[i]), used: Number(flat[i + 1]), size: Number(flat[i + 2]) });
  }
  return spaces;
}

/** A mean of nothing is NaN, which comes as null. */
function atLeastZero(ms: number | null): number {
  return Math.max(0, ms ?? 0);
}
