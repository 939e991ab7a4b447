import { existsSync, readFileSync, renameSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { HeapwrightError } from '../../protocol/errors';
import type { SnapshotEntry } from '../../protocol/panel';

/** A snapshot of the library, with where it lies. */
export interface StoredSnapshot extends SnapshotEntry {
  /** Absolute path of the .heapsnapshot file. */
  readonly file: string;
  /** False for a file that the user opened from elsewhere: it is listed, but never deleted. */
  readonly owned: boolean;
}

const INDEX = 'snapshots.json';

/**
 * The snapshots in the extension's storage and those opened from elsewhere. The list is written after each change,
 * so that it survives a restart; an entry whose file is gone is dropped when the list is read.
 */
export class SnapshotLibrary implements vscode.Disposable {
  readonly folder: string;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  #entries: readonly StoredSnapshot[] = [];
  #writing: Promise<void> = Promise.resolve();

  readonly onDidChange = this.#changed.event;

  constructor(folder: string, log: vscode.LogOutputChannel) {
    this.folder = folder;
    this.#log = log;
  }

  /**
   * Reads the list of an earlier run, at once, as the extension starts. A list that cannot be read is set aside, never
   * overwritten.
   */
  load(): void {
    const index = path.join(this.folder, INDEX);
    let text: string;
    try {
      text = readFileSync(index, 'utf8');
    } catch {
      return;
    }
    try {
      this.#entries = parseIndex(text).filter(({ file }) => existsSync(file));
    } catch (error) {
      const aside = `${index}.${Date.now()}.broken`;
      renameSync(index, aside);
      this.#log.warn(`The list of snapshots could not be read (${error}); it was kept as ${aside}`);
    }
    this.#changed.fire();
  }

  /** Oldest first. */
  get entries(): readonly StoredSnapshot[] {
    return this.#entries;
  }

  find(id: string): StoredSnapshot | undefined {
    return this.#entries.find((entry) => entry.id === id);
  }

  /** Like {@link find}, for callers that were handed an id by the user interface. */
  require(id: string): StoredSnapshot {
    const entry = this.find(id);
    if (entry) return entry;
    throw new HeapwrightError(
      'file-not-found',
      'That snapshot is no longer in the list.',
      'It may have been deleted in another window; take a new one.',
    );
  }

  /** A path for a new snapshot. Creates the folder. */
  async newFile(takenAt: number): Promise<string> {
    try {
      await fs.mkdir(this.folder, { recursive: true });
    } catch (error) {
      throw new HeapwrightError(
        'storage-unwritable',
        `The storage folder ${this.folder} cannot be written.`,
        'Check its permissions and the free space of its disk.',
        { cause: error },
      );
    }
    const stamp = new Date(takenAt).toISOString().replaceAll(/[:.]/g, '-');
    return path.join(this.folder, `${stamp}.heapsnapshot`);
  }

  async add(entry: StoredSnapshot): Promise<void> {
    this.#entries = [...this.#entries.filter((other) => other.id !== entry.id), entry].sort(
      (a, b) => a.takenAt - b.takenAt,
    );
    await this.#save();
  }

  /** Takes a snapshot out of the list; its file goes too when it is ours. */
  async remove(id: string): Promise<void> {
    const entry = this.require(id);
    if (entry.owned) {
      await fs.rm(entry.file, { force: true });
      await fs.rm(scriptTableOf(entry.file), { force: true });
    }
    this.#entries = this.#entries.filter((other) => other.id !== id);
    await this.#save();
  }

  /** Copies the snapshot and its script table to where the user wants them. */
  async saveAs(id: string, destination: string): Promise<void> {
    const { file } = this.require(id);
    await fs.copyFile(file, destination);
    const scripts = scriptTableOf(file);
    if (await exists(scripts)) await fs.copyFile(scripts, scriptTableOf(destination));
  }

  /** One write at a time, and a rename at its end: a crash leaves the old list or the new one. */
  async #save(): Promise<void> {
    this.#changed.fire();
    this.#writing = this.#writing
      .catch(() => {})
      .then(async () => {
        await fs.mkdir(this.folder, { recursive: true });
        const index = path.join(this.folder, INDEX);
        await fs.writeFile(`${index}.new`, JSON.stringify({ version: 1, snapshots: this.#entries }, null, 2));
        await fs.rename(`${index}.new`, index);
      });
    await this.#writing;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** The script table is kept beside the snapshot, so that its objects stay clickable after a reload. */
export function scriptTableOf(file: string): string {
  return `${file}.scripts.json`;
}

async function exists(file: string): Promise<boolean> {
  return await fs.access(file).then(
    () => true,
    () => false,
  );
}

function parseIndex(text: string): StoredSnapshot[] {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null || !('snapshots' in parsed))
    throw new Error('no list in it');
  const { snapshots } = parsed;
  if (!Array.isArray(snapshots)) throw new Error('the list is not an array');
  return snapshots.filter(isStoredSnapshot);
}

function isStoredSnapshot(value: unknown): value is StoredSnapshot {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<Record<keyof StoredSnapshot, unknown>>;
  return (
    typeof entry.id === 'string' &&
    typeof entry.name === 'string' &&
    typeof entry.file === 'string' &&
    typeof entry.takenAt === 'number' &&
    typeof entry.fileBytes === 'number' &&
    typeof entry.targetTitle === 'string' &&
    typeof entry.processKey === 'string' &&
    typeof entry.owned === 'boolean'
  );
}
