import { type ChildProcess, spawn } from 'node:child_process';
import { cancelled, HeapwrightError } from '../protocol/errors';
import { listInspectorTargets } from './discovery/inspector-endpoint';
import { Listeners, type Subscription } from './listeners';
import { connect, type InspectorSession } from './session';

/** A program to be started with its inspector open. */
export type LaunchRequest = {
  readonly title: string;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A CommonJS file that is loaded before the program. */
  readonly preload?: string;
} & (
  | {
      readonly kind: 'program';
      /** Absolute path. */
      readonly program: string;
      readonly args: readonly string[];
      /** The `node` to run it with; the one on PATH by default. */
      readonly nodePath?: string;
    }
  | { readonly kind: 'script'; readonly manager: string; readonly script: string }
);

/** How long a launched program may take to print its inspector's address, in ms. */
const OPENING_MS = 30_000;
/** Between SIGTERM and SIGKILL, in ms. */
const GRACE_MS = 2000;

/**
 * Starts a program with an inspector on a free loopback port and waits for the first process of the user's own that
 * opened one. The programs of a package manager (npm itself) open one too and are passed over.
 * @throws `launch-failed` with what the program printed, `cancelled`; nothing is left running then.
 */
export async function launch(
  request: LaunchRequest,
  options: { signal?: AbortSignal } = {},
): Promise<LaunchedTarget> {
  const target = new LaunchedTarget(start(request), request.title);
  try {
    await target.opened(options.signal);
    return target;
  } catch (error) {
    target.dispose();
    throw error;
  }
}

/** Both forms run in a process group of their own, so that whatever they start ends with them. */
function start(request: LaunchRequest): ChildProcess {
  const env: NodeJS.ProcessEnv = { ...process.env, ...request.env, FORCE_COLOR: '1' };
  // What the editor set for its own Node would make the user's one something else.
  for (const name of Object.keys(env))
    if (/^(ELECTRON_|VSCODE_)/.test(name)) Reflect.deleteProperty(env, name);
  const detached = process.platform !== 'win32';
  const stdio: ['pipe', 'pipe', 'pipe'] = ['pipe', 'pipe', 'pipe'];
  if (request.kind === 'program') {
    const preload = request.preload ? ['--require', request.preload] : [];
    const args = ['--inspect=127.0.0.1:0', ...preload, request.program, ...request.args];
    return spawn(request.nodePath ?? 'node', args, { cwd: request.cwd, env, detached, stdio });
  }
  const preload = request.preload ? ` --require ${quoted(request.preload)}` : '';
  const nodeOptions = `${env.NODE_OPTIONS ?? ''} --inspect=127.0.0.1:0${preload}`.trim();
  return spawn(request.manager, ['run', request.script], {
    cwd: request.cwd,
    env: { ...env, NODE_OPTIONS: nodeOptions },
    detached,
    stdio,
    // npm is a batch file on Windows.
    shell: process.platform === 'win32',
  });
}

/** As NODE_OPTIONS wants a path that may have blanks or backslashes. */
function quoted(file: string): string {
  return `"${file.replaceAll(/[\\"]/g, '\\$&')}"`;
}

/** A program that Heapwright started; it ends with {@link dispose}. */
export class LaunchedTarget {
  readonly title: string;
  readonly #child: ChildProcess;
  readonly #output = new Listeners<string>();
  readonly #exited = new Listeners<{ readonly message: string }>();
  /** The last of what it printed, for the message of a launch that failed. */
  #tail = '';
  /** Printed before anybody listened. */
  #early: string[] | null = [];
  #urls: string[] = [];
  #exit: string | undefined;
  #chosen: string | undefined;
  readonly #progress = new Listeners<void>();

  constructor(child: ChildProcess, title: string) {
    this.title = title;
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => this.#print(text));
    }
    child.stdin?.on('error', () => {});
    child.on('error', (error) => this.#end(error.message));
    child.on('exit', (code, signal) => this.#end(signal ? `ended by ${signal}` : `exited with code ${code}`));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What it prints, from its start on. */
  onOutput(listener: (text: string) => void): Subscription {
    const early = this.#early ?? [];
    this.#early = null;
    for (const text of early) listener(text);
    return this.#output.add(listener);
  }

  onExit(listener: (exit: { readonly message: string }) => void): Subscription {
    return this.#exited.add(listener);
  }

  /** Sends text to its standard input. */
  write(text: string): void {
    if (this.#child.stdin?.writable) this.#child.stdin.write(text);
  }

  /** Sends a signal to it and to all that it started. */
  kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#exit !== undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }

  /** Waits until a process of the user's own has its inspector open. */
  async opened(signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + OPENING_MS;
    for (let next = 0; ; ) {
      if (signal?.aborted) throw cancelled();
      const url = this.#urls[next];
      if (url !== undefined) {
        next++;
        if (await isUsersOwn(url, signal)) {
          this.#chosen = url;
          return;
        }
        continue;
      }
      if (this.#exit !== undefined || performance.now() > deadline) throw this.#failure();
      await this.#changed(signal);
    }
  }

  /** A session with the program. */
  async session(signal?: AbortSignal): Promise<InspectorSession> {
    if (this.#chosen === undefined) throw this.#failure();
    try {
      return await connect({ url: this.#chosen }, { signal });
    } catch (error) {
      // A program that fails at once opens its inspector first; why it failed is in what it printed.
      await this.#changed(signal);
      throw this.#exit === undefined ? error : this.#failure();
    }
  }

  #print(text: string): void {
    this.#tail = (this.#tail + text).slice(-2000);
    for (const [, url] of text.matchAll(/Debugger listening on (ws:\/\/\S+)/g)) if (url) this.#urls.push(url);
    if (this.#early) this.#early.push(text);
    this.#output.fire(text);
    this.#progress.fire();
  }

  #end(message: string): void {
    if (this.#exit !== undefined) return;
    this.#exit = message;
    this.#exited.fire({ message: `${this.title} ${message}.` });
    this.#progress.fire();
  }

  async #changed(signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        subscription.dispose();
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const subscription = this.#progress.add(done);
      const timer = setTimeout(done, 1000);
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  #failure(): HeapwrightError {
    const said = this.#tail.trim().split('\n').slice(-5).join('\n');
    return new HeapwrightError(
      'launch-failed',
      this.#exit === undefined
        ? `${this.title} opened no inspector within ${OPENING_MS / 1000} s.`
        : `${this.title} ${this.#exit} before it could be attached${said ? `: ${said}` : ''}.`,
      'Check that it starts in a terminal, and that "node" is on the PATH of VS Code.',
    );
  }

  dispose(): void {
    this.kill('SIGTERM');
    const force = setTimeout(() => this.kill('SIGKILL'), GRACE_MS);
    force.unref();
    this.#output.clear();
  }
}

/** False for the package manager's own process, which sees NODE_OPTIONS as well. */
async function isUsersOwn(url: string, signal?: AbortSignal): Promise<boolean> {
  const { hostname, port } = new URL(url);
  try {
    const [target] = await listInspectorTargets({ host: hostname, port: Number(port) }, { signal });
    const script = target ? `${target.url} ${target.title}` : '';
    return !/[\\/](npm|npx|pnpm|yarn|corepack)(-cli)?\.c?js\b|[\\/]node_modules[\\/](npm|corepack)[\\/]/.test(
      script,
    );
  } catch {
    return false;
  }
}
