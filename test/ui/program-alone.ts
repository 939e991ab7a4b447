import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { isAlive } from '../unit/inspector/target-program';
import { HeapPanel } from './workbench/heap-panel';
import { Workbench } from './workbench/workbench';

/** A program that was started in a folder of its own, apart from the tests, and a window that is open on that folder. */
export class ProgramAlone {
  readonly pid: number;
  readonly workbench: Workbench;
  readonly panel: HeapPanel;
  readonly #folder: string;

  private constructor(folder: string, pid: number, workbench: Workbench) {
    this.#folder = folder;
    this.pid = pid;
    this.workbench = workbench;
    this.panel = new HeapPanel(workbench);
  }

  /**
   * @param files Their texts by their names.
   * @param command For the shell; the program prints its process id once it is ready.
   */
  static async start(files: Readonly<Record<string, string>>, command: string): Promise<ProgramAlone> {
    const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-program-')));
    for (const [name, text] of Object.entries(files)) await fs.writeFile(path.join(folder, name), text);
    const pid = await startAlone(folder, command);
    return new ProgramAlone(folder, pid, await Workbench.open({ workspace: folder }));
  }

  async close(): Promise<void> {
    await this.workbench.close();
    if (isAlive(this.pid)) process.kill(this.pid);
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}

/** Starts a program that does not count as a child of the tests; its process id is the first thing that it prints. */
async function startAlone(folder: string, command: string): Promise<number> {
  const shell = spawn('sh', ['-c', `${command} &`], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  return await new Promise((resolve) => shell.stdout.once('data', (text) => resolve(Number(text))));
}
