import { EventEmitter } from 'node:events';
import { HeapwrightError } from '../protocol/errors';
import { type CallOptions, Connection, type ProtocolClient } from './connection';
import type { Subscription } from './listeners';

/** A worker's message; null for what is none, since whatever listens at the port may send anything. */
export function parseWorkerMessage(text: unknown): WorkerMessage | null {
  try {
    const message: unknown = JSON.parse(String(text));
    return typeof message === 'object' && message !== null ? message : null;
  } catch {
    return null;
  }
}

/** Node tells of all running workers before it answers; a busy machine may take a moment longer. */
const LOOKING_MS = 1000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A message of the protocol as it comes from a worker: an answer, or an event. */
export interface WorkerMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/**
 * Speaks with a worker thread through the inspector of its process: each message goes inside one of the NodeWorker
 * domain. The connection to the process is its own, which ends with it, or shared with the process and other threads:
 * then only the thread is let go of.
 * Source: Node, `src/inspector/node_protocol.pdl`.
 */
export class WorkerClient extends EventEmitter implements ProtocolClient {
  readonly #parent: Connection;
  readonly #sessionId: string;
  readonly #isShared: boolean;
  readonly #waiting = new Map<number, Waiting>();
  readonly #subscriptions: Subscription[];
  #lastId = 0;
  #isOpen = true;

  constructor(parent: Connection, sessionId: string, { isShared }: { readonly isShared: boolean }) {
    super();
    this.#parent = parent;
    this.#sessionId = sessionId;
    this.#isShared = isShared;
    this.#subscriptions = [
      parent.on('NodeWorker.receivedMessageFromWorker', (event) => {
        if (event.sessionId !== sessionId) return;
        const message = parseWorkerMessage(event.message);
        if (message) this.#receive(message);
        else this.#end();
      }),
      parent.on('NodeWorker.detachedFromWorker', (event) => {
        if (event.sessionId === sessionId) this.#end();
      }),
      parent.onDidClose(() => this.#end()),
    ];
  }

  /** A shared socket carries the messages of others too: they wait as well. */
  readonly socket = {
    pause: () => this.#parent.pauseReading(),
    resume: () => this.#parent.resumeReading(),
  };

  send(method: string, parameters: unknown): Promise<unknown> {
    const id = ++this.#lastId;
    const message = JSON.stringify({ id, method, params: parameters });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#parent
        .send('NodeWorker.sendMessageToWorker', { sessionId: this.#sessionId, message })
        .catch((error: unknown) => {
          this.#waiting.delete(id);
          reject(error instanceof Error ? error : new Error(String(error)));
        });
    });
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#rejectAll();
    for (const subscription of this.#subscriptions) subscription.dispose();
    if (!this.#isShared) this.#parent.dispose();
    else if (this.#parent.isOpen)
      await this.#parent.send('NodeWorker.detach', { sessionId: this.#sessionId }).catch(() => {});
  }

  #receive({ id, method, params, result, error }: WorkerMessage): void {
    if (id === undefined) {
      if (method !== undefined) this.emit(method, params);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }

  #end(): void {
    if (!this.#isOpen) return;
    void this.close();
    this.emit('disconnect');
  }

  #rejectAll(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Error('The worker thread has ended.'));
  }
}

/**
 * A connection to the worker thread `id` ({@link threadNumber}) of the process behind the inspector at `url`.
 * @throws `target-not-found` when there is no such worker; what opening the connection to the process throws
 */
export async function connectToWorker(
  url: string,
  id: string,
  options: { signal?: AbortSignal; timeoutMs: number },
): Promise<{ connection: Connection; title: string; scriptUrl: string }> {
  const parent = await Connection.open(url, options);
  try {
    const found = await findWorker(parent, id, options);
    return {
      connection: Connection.over(
        `${url}#worker-${id}`,
        new WorkerClient(parent, found.sessionId, { isShared: false }),
      ),
      title: found.workerInfo.title,
      scriptUrl: found.workerInfo.url,
    };
  } catch (error) {
    parent.dispose();
    throw error;
  }
}

/**
 * The thread's own number, `threadId`, which Node tells in the title alone ("[worker 3] name", since Node 12): the
 * protocol's `workerId` numbers the threads anew for each connection, in no order.
 */
export function threadNumber({
  workerId,
  title,
}: {
  readonly workerId: string;
  readonly title: string;
}): string {
  return /^\[worker (\d+)\]/.exec(title)?.[1] ?? String(workerId);
}

interface AttachedWorker {
  readonly sessionId: string;
  readonly workerInfo: { readonly workerId: string; readonly title: string; readonly url: string };
}

/** Node attaches to all workers when it is asked for any; the others are let go at once. */
async function findWorker(parent: Connection, id: string, options: CallOptions): Promise<AttachedWorker> {
  let report: (worker: AttachedWorker) => void = () => {};
  const found = new Promise<AttachedWorker>((resolve) => {
    report = resolve;
  });
  parent.on('NodeWorker.attachedToWorker', (worker) => {
    if (!worker.workerInfo) return;
    if (threadNumber(worker.workerInfo) === id) report(worker);
    else void parent.send('NodeWorker.detach', { sessionId: worker.sessionId }).catch(() => {});
  });
  await parent.send('NodeWorker.enable', { waitForDebuggerOnStart: false }, options);
  let timer: NodeJS.Timeout | undefined;
  const missing = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(noWorker(id)), LOOKING_MS);
  });
  try {
    return await Promise.race([found, missing]);
  } finally {
    clearTimeout(timer);
  }
}

function noWorker(id: string): HeapwrightError {
  return new HeapwrightError(
    'target-not-found',
    `The process has no worker thread ${id} any more.`,
    'It has ended; choose another one.',
  );
}
