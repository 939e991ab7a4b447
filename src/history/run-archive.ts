import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { HeapwrightError } from '../protocol/errors';
import type { Run, RunSummary } from '../protocol/history';
import { parseRun } from './run-lines';
import { runFile } from './run-writer';

export interface ArchiveLimits {
  readonly maxRuns: number;
  readonly maxBytes: number;
}

interface FoundFile {
  readonly id: string;
  readonly file: string;
  readonly bytes: number;
  readonly changedAt: number;
}

/** What was written to a moment ago may be a run that another window records. */
const LIVE_MS = 60_000;

/** The runs on disk. What a summary took reading a whole file for is remembered while the file does not change. */
export class RunArchive {
  readonly folder: string;
  readonly #known = new Map<string, { readonly changedAt: number; readonly summary: RunSummary }>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Newest first. Files that are no runs are passed over. */
  async list(): Promise<RunSummary[]> {
    const summaries: RunSummary[] = [];
    for (const { id, file, bytes, changedAt } of await this.#files()) {
      const known = this.#known.get(id);
      if (known?.changedAt === changedAt && known.summary.fileBytes === bytes) {
        summaries.push(known.summary);
        continue;
      }
      const summary = parseRun(await fs.readFile(file, 'utf8').catch(() => ''))?.summary;
      if (!summary || summary.samples === 0) continue;
      this.#known.set(id, { changedAt, summary });
      summaries.push(summary);
    }
    return summaries.sort((a, b) => b.from - a.from);
  }

  /** @throws `file-not-found` */
  async read(id: string): Promise<Run> {
    const run = parseRun(await fs.readFile(this.#file(id), 'utf8').catch(() => ''));
    if (run) return run;
    throw new HeapwrightError(
      'file-not-found',
      'This run is not there any more.',
      'Choose another one of the list.',
    );
  }

  async delete(id: string): Promise<void> {
    this.#known.delete(id);
    await fs.rm(this.#file(id), { force: true });
  }

  /** Deletes the oldest runs until the rest is within `limits`, but none that is being written; how many went. */
  async cleanUp({ maxRuns, maxBytes }: ArchiveLimits): Promise<number> {
    const files = (await this.#files()).sort((a, b) => b.changedAt - a.changedAt);
    let bytes = 0;
    let deleted = 0;
    for (const [index, file] of files.entries()) {
      bytes += file.bytes;
      if (index < maxRuns && bytes <= maxBytes) continue;
      if (Date.now() - file.changedAt < LIVE_MS) continue;
      await this.delete(file.id);
      deleted++;
    }
    return deleted;
  }

  /** An id comes back from the page: it must not lead out of the folder. */
  #file(id: string): string {
    return runFile(this.folder, path.basename(id));
  }

  async #files(): Promise<FoundFile[]> {
    const names = await fs.readdir(this.folder).catch(() => [] as string[]);
    const found = await Promise.all(
      names.map(async (name): Promise<FoundFile | null> => {
        if (path.extname(name) !== '.jsonl') return null;
        const file = path.join(this.folder, name);
        const stat = await fs.stat(file).catch(() => null);
        return stat && { id: path.basename(name, '.jsonl'), file, bytes: stat.size, changedAt: stat.mtimeMs };
      }),
    );
    return found.filter((file) => file !== null);
  }
}
