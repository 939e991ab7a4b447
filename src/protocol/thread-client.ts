import { Worker, type WorkerOptions } from 'node:worker_threads';
import { cancelled, fromPlainError, HeapwrightError } from './errors';
import type { ThreadCalls, ThreadRequest, ThreadResponse } from './thread-messages';

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((progress: never) => void) | undefined;
}

export interface CallOptions<Progress> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** What a thread is started with, and what ends with it. */
export interface Start {
  readonly options: WorkerOptions;
  dispose(): void;
}

/**
 * Typed calls to a worker thread, which starts with the first one. When the thread dies, all open calls are told so,
 * and the next call starts a new one; `generation` tells the threads apart, for callers that keep things in them.
 */
export class ThreadClient<Calls extends ThreadCalls<Calls>, Progress = never> {
  readonly #workerFile: string;
  readonly #name: string;
  readonly #pending = new Map<number, Pending>();
  readonly #prepare: () => Start;
  #worker: Worker | undefined;
  #start: Start | undefined;
  #lastCall = 0;
  generation = 0;

  /**
   * @param workerFile Absolute path of the thread's bundle.
   * @param name What error messages call it: "analysis".
   * @param prepare Asked each time the thread starts.
   */
  constructor(workerFile: string, name: string, prepare = (): Start => ({ options: {}, dispose: () => {} })) {
    this.#prepare = prepare;
    this.#workerFile = workerFile;
    this.#name = name;
  }

  /** @throws what the thread throws, `worker-crashed`, `worker-out-of-memory`, `cancelled`. */
  async call<Method extends keyof Calls>(
    method: Method,
    parameters: Calls[Method]['parameters'],
    options: CallOptions<Progress> = {},
  ): Promise<Calls[Method]['answer']> {
    if (options.signal?.aborted) throw cancelled();
    this.#worker ??= this.#startThread();
    const worker = this.#worker;
    const call = ++this.#lastCall;
    const cancel = new SharedArrayBuffer(4);
    const abort = () => void Atomics.store(new Int32Array(cancel), 0, 1);
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<Calls[Method]['answer']>((resolve, reject) => {
        this.#pending.set(call, { resolve, reject, onProgress: options.onProgress });
        const request: ThreadRequest<Calls, Method> = { call, method, parameters, cancel };
        worker.postMessage(request);
        worker.ref();
      });
    } finally {
      this.#pending.delete(call);
      // An idle thread does not keep a command line alive.
      if (this.#pending.size === 0) worker.unref();
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /** The error of a call on something that an earlier thread held. */
  died(): HeapwrightError {
    return new HeapwrightError(
      'worker-crashed',
      `The ${this.#name} thread has ended, and what it had loaded with it.`,
      'Open it again.',
    );
  }

  #startThread(): Worker {
    this.#start = this.#prepare();
    const worker = new Worker(this.#workerFile, { ...this.#start.options, name: `heapwright-${this.#name}` });
    worker.on('message', (response: ThreadResponse) => this.#settle(response));
    worker.on('error', (error) => this.#lost(worker, this.#failed(error)));
    worker.on('exit', () => this.#lost(worker, this.died()));
    return worker;
  }

  #settle(response: ThreadResponse): void {
    const pending = this.#pending.get(response.call);
    if (!pending) return;
    if ('progress' in response) pending.onProgress?.(response.progress as never);
    else if ('error' in response) pending.reject(fromPlainError(response.error));
    else pending.resolve(response.answer as never);
  }

  #lost(worker: Worker, error: HeapwrightError): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#start?.dispose();
    this.generation++;
    for (const pending of this.#pending.values()) pending.reject(error);
  }

  #failed(error: unknown): HeapwrightError {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return new HeapwrightError(
        'worker-out-of-memory',
        `The ${this.#name} thread ran out of memory.`,
        'Close snapshots that you no longer need and try again.',
        { cause: error },
      );
    }
    return new HeapwrightError(
      'worker-crashed',
      `The ${this.#name} thread failed: ${error instanceof Error ? error.message : String(error)}.`,
      'Try again; please report it if it fails again.',
      { cause: error },
    );
  }

  /** Ends the thread; its memory is freed. */
  async dispose(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#lost(worker, this.died());
    await worker.terminate();
  }
}
