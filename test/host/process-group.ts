import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface GroupOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * A process with all that it starts. Ended as a whole: asked first, forced after a while, and forced at once when
 * the process that owns it exits. Its output is collected and handed to `onOutput`.
 */
export class ProcessGroup {
  readonly child: ChildProcess;
  readonly #onExit = () => this.#signal('SIGKILL');
  #output = '';
  #listeners: ((text: string) => void)[] = [];

  constructor(command: string, args: readonly string[], options: GroupOptions = {}) {
    this.child = spawn(command, args, {
      ...options,
      // A group of its own, so that one signal reaches all. On Windows taskkill walks the tree instead.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Failing to start is told by `exitCode` and `running` too; without a listener it would end the whole run.
    this.child.on('error', (error) => this.#collect(`${error.message}\n`));
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.#collect(text));
    }
    process.on('exit', this.#onExit);
    exitOnSignals();
  }

  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  onOutput(listener: (text: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves with the first match in the output. Rejects when the process ends or `timeoutMs` passes without one. */
  async waitForOutput(pattern: RegExp, timeoutMs = 30_000): Promise<RegExpExecArray> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match) return match;
      if (!this.running || Date.now() > deadline) {
        throw new Error(
          `${this.child.spawnargs.join(' ')} never printed ${pattern}. It printed:\n${this.#output}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends the process and all that it started; resolves when they are gone. */
  async end(graceMs = 3000): Promise<void> {
    process.off('exit', this.#onExit);
    this.#signal('SIGTERM');
    const deadline = Date.now() + graceMs;
    while (this.#alive() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    if (this.#alive()) this.#signal('SIGKILL');
    if (this.running) await once(this.child, 'exit');
  }

  #alive(): boolean {
    if (this.child.pid === undefined) return false;
    if (process.platform === 'win32') return this.running;
    try {
      process.kill(-this.child.pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined || !this.#alive()) return;
    if (process.platform === 'win32') {
      spawn('taskkill', ['/pid', String(this.child.pid), '/T', '/F'], { stdio: 'ignore' });
      return;
    }
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // It ended between the question and the signal.
    }
  }

  #collect(text: string): void {
    // The start and the end of a talkative process are what anybody reads.
    this.#output = (this.#output + text).slice(-1_000_000);
    for (const listener of this.#listeners) listener(text);
  }
}

let listening = false;

/**
 * A signal that nobody handles ends Node without its exit event, and the groups would live on: so it becomes an exit.
 * Whoever handles the signal itself, as `npm start` does, is left to it.
 */
function exitOnSignals(): void {
  if (listening) return;
  listening = true;
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  }
}
