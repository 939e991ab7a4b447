import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { cancelled, HeapwrightError, isCancelled } from '../protocol/errors';
import type { ScriptRecord } from '../protocol/targets';
import { type InspectorSession, targetExited } from './session';

export interface CaptureProgress {
  /** 0 to 1; null while V8 does not say. */
  readonly fraction: number | null;
  readonly text: string;
}

export interface CaptureResult {
  readonly file: string;
  readonly fileBytes: number;
  readonly durationMs: number;
  /** Names one attachment to one process: object ids match between snapshots that share it. */
  readonly processKey: string;
  readonly scripts: readonly ScriptRecord[];
  /** The target stood at a breakpoint, so that what its stack holds is in the snapshot as well. */
  readonly paused: boolean;
}

/** The `<snapshot>.scripts.json` beside a snapshot. */
export interface ScriptTable {
  readonly version: 1;
  readonly processKey: string;
  readonly pid: number | null;
  readonly nodeVersion: string | null;
  /** ms since the epoch. */
  readonly takenAt: number;
  readonly scripts: readonly ScriptRecord[];
}

/** Reading from the target stops while more than this waits for the disk. */
const MOST_WAITING_BYTES = 8 << 20;
/** V8 reports progress while it walks the heap, which takes about this share of the whole; the rest is transfer. */
const WALK_SHARE = 0.6;

/**
 * Takes a heap snapshot and streams it to `file` without ever holding more than a few chunks. Until it is complete
 * and on disk it is called `<file>.partial`, which goes when anything fails; the script table is written beside it.
 * @throws `storage-full`, `storage-unwritable`, `target-exited`, `cancelled`.
 */
export async function captureSnapshot(
  session: InspectorSession,
  file: string,
  options: { signal?: AbortSignal; onProgress?: (progress: CaptureProgress) => void } = {},
): Promise<CaptureResult> {
  const startedAt = performance.now();
  const takenAt = Date.now();
  const partial = `${file}.partial`;
  const report = options.onProgress ?? (() => {});
  report({ fraction: 0, text: 'Asking for the scripts' });
  const sink = await SnapshotSink.open(partial, session);
  try {
    const { scripts, paused } = await session.scripts({ signal: options.signal });
    await stream(session, sink, report, options.signal);
    const fileBytes = await sink.finish();
    const processKey = processKeyOf(session);
    const table: ScriptTable = {
      version: 1,
      processKey,
      pid: session.info.pid,
      nodeVersion: session.info.nodeVersion,
      takenAt,
      scripts,
    };
    await fs.writeFile(`${file}.scripts.json`, JSON.stringify(table));
    await fs.rename(partial, file);
    report({ fraction: 1, text: 'Written' });
    return { file, fileBytes, durationMs: performance.now() - startedAt, processKey, scripts, paused };
  } catch (error) {
    await sink.abandon();
    await fs.rm(`${file}.scripts.json`, { force: true });
    if (isCancelled(error) || options.signal?.aborted) throw cancelled();
    if (error instanceof HeapwrightError) {
      throw error.code === 'inspector-closed' ? targetExited('during the capture', error) : error;
    }
    throw storageError(file, error);
  }
}

/**
 * The same for all captures through one attachment, and for no others: V8 forgets its object ids when an inspector
 * session ends, so that snapshots of two attachments to one process must not be compared by id. Source: V8,
 * `V8HeapProfilerAgentImpl::disable`.
 */
export function processKeyOf({ info }: InspectorSession): string {
  return `${info.pid ?? info.url}@${info.startedAt ?? 0}#${info.id}`;
}

/** Sends the command and writes the chunks that come, until V8 says that it was the last. */
async function stream(
  session: InspectorSession,
  sink: SnapshotSink,
  report: (progress: CaptureProgress) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { connection } = session;
  const subscriptions = [
    session.capturing(),
    connection.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
      sink.write(chunk);
      report({ fraction: null, text: `${Math.round(sink.bytes / 1e6)} MB written` });
    }),
    connection.on('HeapProfiler.reportHeapSnapshotProgress', ({ done, total }) => {
      if (total > 0)
        report({ fraction: WALK_SHARE * Math.min(1, done / total), text: 'V8 is walking the heap' });
    }),
  ];
  try {
    const done = connection.send('HeapProfiler.takeHeapSnapshot', { reportProgress: true }, { signal });
    await Promise.race([done, sink.failed]);
  } finally {
    for (const subscription of subscriptions) subscription.dispose();
    connection.resumeReading();
  }
}

/** A file that is written in order, at the disk's pace. */
class SnapshotSink {
  readonly #file: string;
  readonly #handle: fs.FileHandle;
  readonly #session: InspectorSession;
  readonly #fail: (error: unknown) => void;
  /** Rejects with the first error of the disk; never resolves. */
  readonly failed: Promise<never>;
  #writing: Promise<void> = Promise.resolve();
  #waiting = 0;
  #broken: unknown;
  bytes = 0;

  static async open(file: string, session: InspectorSession): Promise<SnapshotSink> {
    try {
      await fs.mkdir(path.dirname(file), { recursive: true });
      return new SnapshotSink(file, await fs.open(file, 'w'), session);
    } catch (error) {
      throw storageError(file, error);
    }
  }

  private constructor(file: string, handle: fs.FileHandle, session: InspectorSession) {
    this.#file = file;
    this.#handle = handle;
    this.#session = session;
    let fail: (error: unknown) => void = () => {};
    this.failed = new Promise((_, reject) => {
      fail = reject;
    });
    this.failed.catch(() => {});
    this.#fail = fail;
  }

  write(chunk: string): void {
    if (this.#broken !== undefined) return;
    const data = Buffer.from(chunk, 'utf8');
    this.#waiting += data.length;
    this.bytes += data.length;
    if (this.#waiting > MOST_WAITING_BYTES) this.#session.connection.pauseReading();
    this.#writing = this.#writing.then(() => this.#append(data));
  }

  async #append(data: Buffer): Promise<void> {
    if (this.#broken !== undefined) return;
    try {
      await this.#handle.writeFile(data);
    } catch (error) {
      this.#broken = error;
      this.#fail(error);
    }
    this.#waiting -= data.length;
    if (this.#waiting <= MOST_WAITING_BYTES / 2) this.#session.connection.resumeReading();
  }

  /** Everything on disk; the size in bytes. */
  async finish(): Promise<number> {
    await this.#writing;
    if (this.#broken !== undefined) throw this.#broken;
    await this.#handle.sync();
    await this.#handle.close();
    return this.bytes;
  }

  /** Closes and removes what was written so far. */
  async abandon(): Promise<void> {
    this.#broken ??= cancelled();
    await this.#writing;
    await this.#handle.close().catch(() => {});
    await fs.rm(this.#file, { force: true });
  }
}

function storageError(file: string, error: unknown): HeapwrightError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const folder = path.dirname(file);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new HeapwrightError(
      'storage-full',
      `The disk is full: the snapshot does not fit into ${folder}.`,
      'Delete snapshots that you no longer need, or free some space, and take it again.',
      { cause: error },
    );
  }
  return new HeapwrightError(
    'storage-unwritable',
    `The snapshot cannot be written to ${folder}: ${error instanceof Error ? error.message : String(error)}.`,
    'Check the permissions of that folder and the disk it lies on.',
    { cause: error },
  );
}
