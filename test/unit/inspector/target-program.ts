import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';

/** A real Node process that a test attaches to. */
export interface TargetProgram {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Of its inspector; '' when it was started without one. */
  readonly url: string;
  readonly folder: string;
  /** What it printed so far, both streams. */
  output(): string;
  dispose(): Promise<void>;
}

export interface ProgramOptions {
  readonly node?: string;
  readonly inspect?: boolean;
  /** `.cjs` or `.mjs`; the former by default. */
  readonly extension?: '.cjs' | '.mjs';
}

/** Writes `source` into a folder of its own, runs it, and waits until it prints "ready" (and its inspector is open). */
export async function startProgram(source: string, options: ProgramOptions = {}): Promise<TargetProgram> {
  const { node = process.execPath, inspect = true, extension = '.cjs' } = options;
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-target-'));
  const file = path.join(folder, `program${extension}`);
  await fs.writeFile(file, `${source}\nconsole.log('ready');\nsetInterval(() => {}, 1000);\n`);
  const flags = inspect ? ['--inspect=127.0.0.1:0'] : [];
  const child = spawn(node, [...flags, file], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (printed += data));
  const isReady = () => printed.includes('ready') && (!inspect || /ws:\/\/\S+/.test(printed));
  await until(isReady, () => `The program did not start: ${printed}`);
  return {
    child,
    pid: child.pid ?? 0,
    url: /ws:\/\/\S+/.exec(printed)?.[0] ?? '',
    folder,
    output: () => printed,
    async dispose() {
      child.kill('SIGKILL');
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until `condition` holds; fails after fifty seconds, on however busy a machine, with what `why` says. */
export async function until(condition: () => boolean, why: () => string): Promise<void> {
  for (const deadline = Date.now() + 50_000; !condition(); ) {
    if (Date.now() > deadline) throw new Error(why());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** False once the process is gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
