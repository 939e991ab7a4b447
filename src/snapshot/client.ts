import * as path from 'node:path';
import type { OwnerAnswer, OwnerQuery } from '../protocol/owners';
import type {
  CollectionRow,
  CollectionSeriesRow,
  ConstructorDiffRow,
  ConstructorRow,
  ConstructorSeriesRow,
  ContextRow,
  DuplicateStringRow,
  EdgeRow,
  HeapStatistics,
  ListenerTableRow,
  LoadProgress,
  NodeRow,
  Page,
  RetainingPath,
  SnapshotInfo,
  SurvivorRow,
  SwellingSlotRow,
} from '../protocol/snapshot';
import type {
  ConstructorColumn,
  DiffColumn,
  InstanceColumn,
  PageRequest,
  SeriesRequest,
  SnapshotCalls,
  SnapshotMethod,
} from '../protocol/snapshot-rpc';
import { type Start, ThreadClient } from '../protocol/thread-client';
import type { SnapshotWorkerData } from './threads/mailbox';
import { startMembers } from './threads/start-members';

/** How the worker is started together with the threads that help it. */
function withMembers(memberFile: string): Start {
  const { links, dispose } = startMembers(memberFile);
  const workerData: SnapshotWorkerData = { links };
  return { options: { workerData, transferList: links.map(({ port }) => port) }, dispose };
}

/** What every question takes besides its parameters. */
export interface AskOptions {
  readonly signal?: AbortSignal;
}

/**
 * The snapshot engine: a worker thread that holds the loaded snapshots, behind typed calls. When the thread dies, all
 * open questions and all later ones on its snapshots are told so; opening a file starts a new one.
 */
export class SnapshotEngine {
  readonly #thread: ThreadClient<SnapshotCalls, LoadProgress>;

  /** @param workerFile Absolute path of the bundled src/snapshot/worker.ts; threads/member.ts's lies beside it. */
  constructor(workerFile: string) {
    const memberFile = path.join(path.dirname(workerFile), 'snapshot-member.js');
    this.#thread = new ThreadClient(workerFile, 'snapshot', () => withMembers(memberFile));
  }

  /**
   * Starts the threads ahead of the first file, while V8 still writes it: what they load and compile does not keep it
   * waiting. If they fail to start, the first call that needs them says so.
   */
  async start(): Promise<void> {
    await this.#thread.call('start', null).catch(() => {});
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
    const { handle, info } = await this.#thread.call('open', { file }, options);
    const { generation } = this.#thread;
    return new Snapshot(info, handle, async (method, parameters, askOptions) => {
      if (generation !== this.#thread.generation) throw this.#thread.died();
      return await this.#thread.call(method, parameters, askOptions);
    });
  }

  /** What came and went between two snapshots of one process, by constructor; largest growth first. */
  async diff(
    base: Snapshot,
    target: Snapshot,
    { signal, ...request }: PageRequest<DiffColumn> & AskOptions = {},
  ): Promise<Page<ConstructorDiffRow>> {
    return await this.#thread.call(
      'diff',
      { base: base.handle, target: target.handle, ...request },
      { signal },
    );
  }

  /** The collections of the last of `snapshots` (oldest first), followed through the series by object id. */
  async collectionSeries(
    snapshots: readonly Snapshot[],
    { signal, ...request }: SeriesRequest & AskOptions = {},
  ): Promise<CollectionSeriesRow[]> {
    const handles = snapshots.map(({ handle }) => handle);
    return await this.#thread.call('collectionSeries', { snapshots: handles, ...request }, { signal });
  }

  /** Every constructor's number and self size in each of `snapshots` (oldest first). */
  async constructorSeries(
    snapshots: readonly Snapshot[],
    options: AskOptions = {},
  ): Promise<ConstructorSeriesRow[]> {
    const handles = snapshots.map(({ handle }) => handle);
    return await this.#thread.call('constructorSeries', { snapshots: handles }, options);
  }

  /**
   * What snapshot `born` of a series (oldest first) has, the one before it has not, and all later ones still have; by
   * constructor, with the ids of up to `examples` objects each.
   */
  async survivors(
    snapshots: readonly Snapshot[],
    born: number,
    { examples = 10, ...options }: AskOptions & { examples?: number } = {},
  ): Promise<SurvivorRow[]> {
    const handles = snapshots.map(({ handle }) => handle);
    return await this.#thread.call('survivors', { snapshots: handles, born, examples }, options);
  }

  /** Variables and properties that were given larger values in each snapshot, by `minGrowth` bytes at least. */
  async swellingSlots(
    snapshots: readonly Snapshot[],
    { minGrowth, limit = 50, ...options }: AskOptions & { minGrowth: number; limit?: number },
  ): Promise<SwellingSlotRow[]> {
    const handles = snapshots.map(({ handle }) => handle);
    return await this.#thread.call('swellingSlots', { snapshots: handles, minGrowth, limit }, options);
  }

  /** Ends the thread; all memory of the snapshots is freed. */
  async dispose(): Promise<void> {
    await this.#thread.dispose();
  }
}

/** What {@link Snapshot.cut} writes. */
export interface CutOptions {
  readonly subtree?: boolean;
  readonly paths?: number;
  readonly redact?: boolean;
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

  /** The nearest declaration that holds an object. */
  async owner(query: OwnerQuery, options: AskOptions = {}): Promise<OwnerAnswer> {
    return await this.#ask('owner', { snapshot: this.handle, query }, options);
  }

  /** All collections with at least `minEntries`, most entries first. */
  async collections(
    options: { minEntries?: number; limit?: number } & AskOptions = {},
  ): Promise<Page<CollectionRow>> {
    const { signal, ...request } = options;
    return await this.#ask('collections', { snapshot: this.handle, ...request }, { signal });
  }

  /** What would be freed with an object, one level down the dominator tree; {@link SnapshotInfo.rootId} starts it. */
  async dominated(
    id: number,
    options: PageRequest<InstanceColumn> & AskOptions = {},
  ): Promise<Page<NodeRow>> {
    const { signal, ...request } = options;
    return await this.#ask('dominated', { snapshot: this.handle, id, ...request }, { signal });
  }

  /** What the heap is made of, in bytes. */
  async statistics(options: AskOptions = {}): Promise<HeapStatistics> {
    return await this.#ask('statistics', { snapshot: this.handle }, options);
  }

  /** Texts that stand in the heap more than once, most wasted bytes first. */
  async duplicateStrings(
    options: PageRequest<'text' | 'count' | 'size' | 'waste'> & AskOptions = {},
  ): Promise<Page<DuplicateStringRow>> {
    const { signal, ...request } = options;
    return await this.#ask('duplicateStrings', { snapshot: this.handle, ...request }, { signal });
  }

  /** Scopes that closures keep alive, with their variables, largest retained size first. */
  async contexts(limit: number, options: AskOptions = {}): Promise<ContextRow[]> {
    return await this.#ask('contexts', { snapshot: this.handle, limit }, options);
  }

  /** EventEmitters with their listeners, most first. */
  async listenerTables(limit: number, options: AskOptions = {}): Promise<ListenerTableRow[]> {
    return await this.#ask('listenerTables', { snapshot: this.handle, limit }, options);
  }

  /**
   * Objects that meet a query such as `class:Map retained>1MB`, `prop:userId`, `@1234` or a part of a name.
   * @throws `bad-argument` that says what can be written.
   */
  async search(
    query: string,
    options: PageRequest<InstanceColumn> & AskOptions = {},
  ): Promise<Page<NodeRow>> {
    const { signal, ...request } = options;
    return await this.#ask('search', { snapshot: this.handle, query, ...request }, { signal });
  }

  /**
   * Writes a part of the heap to `file`, as a snapshot that other tools open too: an object with all that it retains
   * (`subtree`), and `paths` of the shortest ways from the roots to it. With `redact`, contents of strings and numbers
   * and the keys of dictionaries are replaced; names of properties, classes and functions stay.
   * @throws `bad-argument` when there is no such object, `storage-full`, `storage-unwritable`.
   */
  async cut(
    id: number,
    file: string,
    { subtree = true, paths = 1, redact = false, ...options }: CutOptions & AskOptions = {},
  ): Promise<{ nodeCount: number }> {
    return await this.#ask('cut', { snapshot: this.handle, id, file, subtree, paths, redact }, options);
  }

  /** Frees its memory in the worker. */
  async dispose(): Promise<void> {
    await this.#ask('close', { snapshot: this.handle }).catch(() => {});
  }
}
