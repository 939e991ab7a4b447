import { Worker } from 'node:worker_threads';
import { cancelled, fromPlainError, HeapwrightError } from '../protocol/errors';
import type {
  CollectionRow,
  CollectionSeriesRow,
  ConstructorDiffRow,
  ConstructorRow,
  EdgeRow,
  LoadProgress,
  NodeRow,
  Page,
  RetainingPath,
  SnapshotInfo,
} from '../protocol/snapshot';
import type {
  ConstructorColumn,
  DiffColumn,
  InstanceColumn,
  PageRequest,
  SeriesRequest,
  SnapshotCalls,
  SnapshotMethod,
  SnapshotRequest,
  SnapshotResponse,
} from '../protocol/snapshot-rpc';

/** What every question takes besides its parameters. */
export interface AskOptions {
  readonly signal?: AbortSignal;
}

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((progress: LoadProgress) => void) | undefined;
}

/**
 * The snapshot engine: a worker thread that holds the loaded snapshots, behind typed calls. When the thread dies, all
 * open questions and all later ones on its snapshots are told so; opening a file starts a new one.
 */
export class SnapshotEngine {
  readonly #workerFile: string;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #generation = 0;
  #lastCall = 0;

  /** @param workerFile Absolute path of the bundled src/snapshot/worker.ts. */
  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  /**
   * Loads a .heapsnapshot file: when it resolves, sizes and distances are computed.
   * @throws `file-not-found`, `not-a-snapshot`, `snapshot-truncated`, `snapshot-corrupt`, `worker-out-of-memory`,
   *   `worker-crashed`, `cancelled`.
   */
  async open(
    file: string,
    options: AskOptions & { onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<Snapshot> {
    this.#worker ??= this.#start();
    const generation = this.#generation;
    const { handle, info } = await this.#ask('open', { file }, options);
    return new Snapshot(info, handle, (method, parameters, askOptions) => {
      if (generation !== this.#generation) throw died();
      return this.#ask(method, parameters, askOptions);
    });
  }

  /** What came and went between two snapshots of one process, by constructor; largest growth first. */
  async diff(
    base: Snapshot,
    target: Snapshot,
    { signal, ...request }: PageRequest<DiffColumn> & AskOptions = {},
  ): Promise<Page<ConstructorDiffRow>> {
    return await this.#ask('diff', { base: base.handle, target: target.handle, ...request }, { signal });
  }

  /** The collections of the last of `snapshots` (oldest first), followed through the series by object id. */
  async collectionSeries(
    snapshots: readonly Snapshot[],
    { signal, ...request }: SeriesRequest & AskOptions = {},
  ): Promise<CollectionSeriesRow[]> {
    return await this.#ask(
      'collectionSeries',
      { snapshots: snapshots.map(({ handle }) => handle), ...request },
      { signal },
    );
  }

  async #ask<Method extends SnapshotMethod>(
    method: Method,
    parameters: SnapshotCalls[Method]['parameters'],
    options: AskOptions & { onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<SnapshotCalls[Method]['answer']> {
    const worker = this.#worker;
    if (!worker) throw died();
    if (options.signal?.aborted) throw cancelled();
    const call = ++this.#lastCall;
    const cancel = new SharedArrayBuffer(4);
    const abort = () => Atomics.store(new Int32Array(cancel), 0, 1);
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<SnapshotCalls[Method]['answer']>((resolve, reject) => {
        this.#pending.set(call, { resolve, reject, onProgress: options.onProgress });
        const request: SnapshotRequest<Method> = { call, method, parameters, cancel };
        worker.postMessage(request);
      });
    } finally {
      this.#pending.delete(call);
      options.signal?.removeEventListener('abort', abort);
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#workerFile, { name: 'heapwright-snapshots' });
    worker.unref();
    worker.on('message', (response: SnapshotResponse) => this.#settle(response));
    worker.on('error', (error) => this.#lost(worker, lost(error)));
    worker.on('exit', () => this.#lost(worker, died()));
    return worker;
  }

  #settle(response: SnapshotResponse): void {
    const pending = this.#pending.get(response.call);
    if (!pending) return;
    if ('progress' in response) pending.onProgress?.(response.progress);
    else if ('error' in response) pending.reject(fromPlainError(response.error));
    else pending.resolve(response.answer as never);
  }

  #lost(worker: Worker, error: HeapwrightError): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#generation++;
    for (const pending of this.#pending.values()) pending.reject(error);
  }

  /** Ends the thread; all memory of the snapshots is freed. */
  async dispose(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#lost(worker, died());
    await worker.terminate();
  }
}

type Ask = <Method extends SnapshotMethod>(
  method: Method,
  parameters: SnapshotCalls[Method]['parameters'],
  options?: AskOptions,
) => Promise<SnapshotCalls[Method]['answer']>;

/** A loaded snapshot. Ids are V8's object ids; sizes are bytes. */
export class Snapshot {
  readonly info: SnapshotInfo;
  /** Names it to the worker. */
  readonly handle: number;
  readonly #ask: Ask;

  constructor(info: SnapshotInfo, handle: number, ask: Ask) {
    this.info = info;
    this.handle = handle;
    this.#ask = ask;
  }

  /** Constructors, largest retained size first; `filter` is a part of the name, in any case. */
  async constructors(
    options: PageRequest<ConstructorColumn> & { filter?: string } & AskOptions = {},
  ): Promise<Page<ConstructorRow>> {
    const { signal, ...request } = options;
    return await this.#ask('constructors', { snapshot: this.handle, ...request }, { signal });
  }

  /** The objects of a constructor, by its row's `key`. */
  async instances(
    constructorKey: string,
    options: PageRequest<InstanceColumn> & AskOptions = {},
  ): Promise<Page<NodeRow>> {
    const { signal, ...request } = options;
    return await this.#ask('instances', { snapshot: this.handle, constructorKey, ...request }, { signal });
  }

  async node(id: number): Promise<NodeRow | null> {
    return await this.#ask('node', { snapshot: this.handle, id });
  }

  /** What an object holds, edge by edge. */
  async properties(id: number, options: PageRequest<never> & AskOptions = {}): Promise<Page<EdgeRow>> {
    const { signal, ...request } = options;
    return await this.#ask('properties', { snapshot: this.handle, id, ...request }, { signal });
  }

  /** Who holds an object, edge by edge; each row's `node` is the holder. */
  async retainers(id: number, options: PageRequest<never> & AskOptions = {}): Promise<Page<EdgeRow>> {
    const { signal, ...request } = options;
    return await this.#ask('retainers', { snapshot: this.handle, id, ...request }, { signal });
  }

  /** Up to `count` of the shortest retaining paths, each through another direct holder. */
  async retainingPaths(id: number, count: number, options: AskOptions = {}): Promise<RetainingPath[]> {
    return await this.#ask('retainingPaths', { snapshot: this.handle, id, count }, options);
  }

  /** The constructors of what a collection holds, most frequent first. */
  async holds(id: number, limit: number): Promise<{ constructorName: string; count: number }[]> {
    return await this.#ask('holds', { snapshot: this.handle, id, limit });
  }

  /** Closures that were made in a Context, with their places. */
  async closuresOfContext(id: number, limit: number): Promise<NodeRow[]> {
    return await this.#ask('closuresOfContext', { snapshot: this.handle, id, limit });
  }

  /** All collections with at least `minEntries`, most entries first. */
  async collections(
    options: { minEntries?: number; limit?: number } & AskOptions = {},
  ): Promise<Page<CollectionRow>> {
    const { signal, ...request } = options;
    return await this.#ask('collections', { snapshot: this.handle, ...request }, { signal });
  }

  /** Frees its memory in the worker. */
  async dispose(): Promise<void> {
    await this.#ask('close', { snapshot: this.handle }).catch(() => {});
  }
}

function died(): HeapwrightError {
  return new HeapwrightError(
    'worker-crashed',
    'The analysis thread has ended, and the open snapshots with it.',
    'Open the snapshot again.',
  );
}

function lost(error: unknown): HeapwrightError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new HeapwrightError(
      'worker-out-of-memory',
      'The analysis ran out of memory.',
      'Close other snapshots and open this one again.',
      { cause: error },
    );
  }
  return new HeapwrightError(
    'worker-crashed',
    `The analysis thread failed: ${error instanceof Error ? error.message : String(error)}.`,
    'Open the snapshot again; please report it if it fails again.',
    { cause: error },
  );
}
