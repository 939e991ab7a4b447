import { rmSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { EXACT, type ModuleReport, REPORT_FOLDER } from '../protocol/module-report';
import { parseReport } from './report-file';

/** What a window that was killed has left is removed after this long, in ms. */
const STALE_MS = 24 * 3600 * 1000;

/** A folder of its own into which one measured program, and those that it starts, write. Gone with `dispose`. */
export class ReportFolder {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param parent Holds nothing but such folders. */
  static async create(parent: string): Promise<ReportFolder> {
    await fs.mkdir(parent, { recursive: true });
    for (const name of await fs.readdir(parent)) {
      const left = path.join(parent, name);
      const stats = await fs.stat(left).catch(() => null);
      if (stats && Date.now() - stats.mtimeMs > STALE_MS) await fs.rm(left, { recursive: true, force: true });
    }
    return new ReportFolder(await fs.mkdtemp(path.join(parent, 'run-')));
  }

  /** What the meter has to find in its environment. */
  environment(exact: boolean): Record<string, string> {
    return { [REPORT_FOLDER]: this.#folder, [EXACT]: exact ? '1' : '0' };
  }

  /**
   * The report of a process, or of the one with the most modules: others are its helpers. Null while there is none. With
   * when it was written, in ms since the epoch.
   */
  async read(
    pid: number | null,
  ): Promise<{ readonly report: ModuleReport; readonly writtenAt: number } | null> {
    const names = await fs.readdir(this.#folder).catch((): string[] => []);
    const wanted = names.includes(`${pid}.json`)
      ? [`${pid}.json`]
      : names.filter((name) => name.endsWith('.json'));
    const read = await Promise.all(wanted.map((name) => this.#readOne(name)));
    const [largest] = read
      .filter((each) => each !== null)
      .sort((a, b) => b.report.modules.length - a.report.modules.length);
    return largest ?? null;
  }

  async #readOne(name: string): Promise<{ report: ModuleReport; writtenAt: number } | null> {
    const file = path.join(this.#folder, name);
    try {
      const { mtimeMs } = await fs.stat(file);
      const report = parseReport(await fs.readFile(file, 'utf8'));
      return report && { report, writtenAt: mtimeMs };
    } catch {
      // Replaced by a newer one at this moment.
      return null;
    }
  }

  /** At once: a window that closes waits for nothing. */
  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
