import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { captureSnapshot } from '../../inspector/capture';
import { readMemory } from '../../inspector/memory';
import type { InspectorSession } from '../../inspector/session';
import type { OperationMeasurement, StayedRow } from '../../protocol/operations';
import type { ConstructorDiffRow } from '../../protocol/snapshot';
import type { Snapshot, SnapshotEngine } from '../../snapshot/client';
import { cleanMemory } from '../hunt/rounds';

export interface MeasureProgress {
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

/** Snapshots tell what stayed; without them only memory is read, which takes a moment. */
export interface Exactly {
  readonly engine: SnapshotEngine;
  /** Absolute path of a folder for them while they are read. */
  readonly folder: string;
}

/** The constructors that are kept of a measurement. */
const mostConstructors = 150;

/**
 * An operation that has begun: the heap was cleaned and, if wanted, captured. {@link end} or
 * {@link dispose} frees what it holds.
 */
export class BegunOperation {
  readonly startedAt = Date.now();
  readonly #session: InspectorSession;
  readonly #exactly: Exactly | null;
  readonly #before: Capture | null;
  readonly #heapBefore: number;
  readonly #began = performance.now();

  /** @throws Whatever capturing throws; `cancelled`. */
  static async begin(
    session: InspectorSession,
    exactly: Exactly | null,
    progress: MeasureProgress = {},
  ): Promise<BegunOperation> {
    const before = exactly ? await capture(session, exactly, 'before', progress) : null;
    try {
      // The capture leaves garbage of its own.
      progress.onProgress?.('Collecting garbage');
      const { heapUsedBytes } = await cleanMemory(session, progress.signal);
      return new BegunOperation(session, exactly, before, heapUsedBytes);
    } catch (error) {
      void before?.opening.then((snapshot) => snapshot.dispose()).catch(() => {});
      throw error;
    }
  }

  private constructor(
    session: InspectorSession,
    exactly: Exactly | null,
    before: Capture | null,
    heapBefore: number,
  ) {
    this.#session = session;
    this.#exactly = exactly;
    this.#before = before;
    this.#heapBefore = heapBefore;
  }

  /** Measures what the work since {@link begin} left. */
  async end(progress: MeasureProgress = {}): Promise<OperationMeasurement> {
    const { signal, onProgress } = progress;
    const durationMs = performance.now() - this.#began;
    try {
      const { heapUsed: heapAfter } = await readMemory(this.#session, { signal });
      onProgress?.('Collecting garbage');
      const { heapUsedBytes: heapCollected } = await cleanMemory(this.#session, signal);
      const stayed = await this.#stayed(progress);
      const { startedAt } = this;
      return { startedAt, durationMs, heapBefore: this.#heapBefore, heapAfter, heapCollected, ...stayed };
    } finally {
      this.dispose();
    }
  }

  async #stayed(progress: MeasureProgress): Promise<Stayed> {
    if (!this.#exactly || !this.#before) return { keptBytes: null, netObjects: null, stayed: null };
    const { opening } = await capture(this.#session, this.#exactly, 'after', progress);
    progress.onProgress?.('Looking for what stayed');
    const after = await opening;
    try {
      const before = await this.#before.opening;
      const { rows } = await this.#exactly.engine.diff(before, after, {
        limit: 100_000,
        signal: progress.signal,
      });
      return toStayed(rows);
    } finally {
      await after.dispose();
    }
  }

  /** Frees the snapshot that was taken at the beginning. */
  dispose(): void {
    void this.#before?.opening.then((snapshot) => snapshot.dispose()).catch(() => {});
  }
}

/** A snapshot while the engine still reads it. */
interface Capture {
  readonly opening: Promise<Snapshot>;
}

async function capture(
  session: InspectorSession,
  { engine, folder }: Exactly,
  name: string,
  { signal, onProgress }: MeasureProgress,
): Promise<Capture> {
  onProgress?.('Collecting garbage');
  await cleanMemory(session, signal);
  onProgress?.(`Capturing the heap ${name} the work`);
  void engine.start();
  const file = path.join(folder, `${randomUUID()}.heapsnapshot`);
  await captureSnapshot(session, file, { signal });
  const opening = engine.open(file, { signal }).finally(async () => {
    await rm(file, { force: true });
    await rm(`${file}.scripts.json`, { force: true });
  });
  // Whoever waits for it hears of a failure; until then it is nobody's.
  opening.catch(() => {});
  return { opening };
}

type Stayed = Pick<OperationMeasurement, 'keptBytes' | 'netObjects' | 'stayed'>;

/** Not the program's objects, but what V8 needs to run it: most of it comes in the first runs. */
const enginesOwn = ['(compiled code)', '(object shape)', '(system)'];

/** By constructor, largest change first; constructors of the same name are one. */
function toStayed(rows: readonly ConstructorDiffRow[]): Stayed {
  const byName = new Map<string, StayedRow>();
  for (const { name, addedCount, removedCount, sizeDelta } of rows) {
    const before = byName.get(name);
    byName.set(name, {
      name,
      stayed: addedCount + (before?.stayed ?? 0),
      gone: removedCount + (before?.gone ?? 0),
      netBytes: sizeDelta + (before?.netBytes ?? 0),
    });
  }
  // What V8 shows of Node's native side is another one in each snapshot.
  const changed = [...byName.values()].filter((row) => row.netBytes !== 0 || row.stayed !== row.gone);
  const stayed = changed.sort((a, b) => Math.abs(b.netBytes) - Math.abs(a.netBytes));
  const theirs = stayed.filter(({ name }) => !enginesOwn.includes(name));
  return {
    keptBytes: theirs.reduce((sum, row) => sum + row.netBytes, 0),
    netObjects: theirs.reduce((sum, row) => sum + row.stayed - row.gone, 0),
    stayed: stayed.slice(0, mostConstructors),
  };
}
