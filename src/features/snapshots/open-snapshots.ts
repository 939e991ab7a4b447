import type { Disposable } from 'vscode';
import type { LoadProgress } from '../../protocol/snapshot';
import { type Snapshot, SnapshotEngine } from '../../snapshot/client';
import type { StoredSnapshot } from './snapshot-library';

/** A heap of 100 MB costs about as much memory once it is open; a series needs its members at the same time. */
const KEPT_OPEN = 6;

/**
 * Snapshots that are loaded in the engine, by id. The least recently asked for is closed when there are more than
 * a few. The engine, and with it its worker threads, starts with the first snapshot that is opened.
 */
export class OpenSnapshots implements Disposable {
  readonly #workerFile: string;
  readonly #open = new Map<string, Promise<Snapshot>>();
  #engine: SnapshotEngine | undefined;

  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  get engine(): SnapshotEngine {
    this.#engine ??= new SnapshotEngine(this.#workerFile);
    return this.#engine;
  }

  /** The loaded snapshot; loading is shared by all who ask meanwhile, and a failed one is tried again next time. */
  async get(
    entry: StoredSnapshot,
    options: { signal?: AbortSignal; onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<Snapshot> {
    const loading = this.#open.get(entry.id) ?? this.engine.open(entry.file, options);
    this.#open.delete(entry.id);
    this.#open.set(entry.id, loading);
    try {
      const snapshot = await loading;
      await this.#closeOldest();
      return snapshot;
    } catch (error) {
      if (this.#open.get(entry.id) === loading) this.#open.delete(entry.id);
      throw error;
    }
  }

  /** Frees the memory of one snapshot, if it is open. */
  async close(id: string): Promise<void> {
    const snapshot = this.#open.get(id);
    this.#open.delete(id);
    await (await snapshot?.catch(() => undefined))?.dispose();
  }

  async #closeOldest(): Promise<void> {
    const oldestFirst = [...this.#open.keys()];
    for (const id of oldestFirst.slice(0, Math.max(0, oldestFirst.length - KEPT_OPEN))) await this.close(id);
  }

  dispose(): void {
    this.#open.clear();
    void this.#engine?.dispose();
  }
}
