import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Protocol } from 'devtools-protocol';
import { HeapwrightError } from '../protocol/errors';
import type { InspectorAddress, ScriptRecord, TargetInfo } from '../protocol/targets';
import { type CallOptions, Connection } from './connection';
import { isLoopbackHost, listedTitle, resolveInspectorUrl } from './discovery/inspector-url';
import { scriptTitle } from './discovery/script-title';
import { Listeners, type Subscription } from './listeners';

/** Why a session is over, in one sentence. */
export interface SessionEnd {
  readonly message: string;
}

/** What the target tells of itself when it is attached. */
interface TargetFacts {
  readonly pid: number;
  readonly version: string;
  /** Only Deno has it. */
  readonly deno?: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly startedAt: number;
}

/** Plain ES5 and no handles left behind: it runs in any Node, in a worker, and in a paused target. */
const FACTS = `(typeof process !== 'object' ? '{}' : JSON.stringify({
  pid: process.pid, version: process.version, deno: process.versions.deno, argv: process.argv, cwd: process.cwd ? process.cwd() : '',
  startedAt: Math.round(performance.timeOrigin) }))`;

/** A promise that is rejected before we await it must not end the program as one that nobody handles. */
const HANDLED = `(function (value) { if (value instanceof Promise) value.then(null, function () {}); return value; })`;

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** How long the handshake and the first answer may take, in ms. */
  readonly timeoutMs?: number;
  /** The user confirmed a host that is not this machine. */
  readonly allowRemote?: boolean;
  /** What it is called where the target itself does not tell. */
  readonly title?: string;
}

/**
 * Attaches to an inspector. Other debuggers may stay attached: V8 gives each connection a session of its own.
 * @throws `not-an-inspector`, `inspector-busy`, `host-not-loopback`, `target-timeout`, `cancelled`.
 */
export async function connect(
  target: InspectorAddress | { readonly url: string },
  options: ConnectOptions = {},
): Promise<InspectorSession> {
  const timeoutMs = options.timeoutMs ?? 5000;
  const input = 'url' in target ? target.url : formatAddress(target);
  const { url, address, title } = await resolveInspectorUrl(input, { ...options, timeoutMs });
  const connection = await Connection.open(url, { signal: options.signal, timeoutMs });
  try {
    const facts = await readFacts(connection, { signal: options.signal, timeoutMs });
    // Other engines than Node's do not know it.
    await connection
      .send(
        'NodeRuntime.notifyWhenWaitingForDisconnect',
        { enabled: true },
        { signal: options.signal, timeoutMs },
      )
      .catch(() => {});
    return new InspectorSession(connection, {
      id: randomUUID(),
      title: facts.argv
        ? scriptTitle(facts.argv, facts.cwd ?? null)
        : (options.title ??
          (await listedTitle({ url, address }, { signal: options.signal, timeoutMs })) ??
          title),
      pid: facts.pid ?? null,
      nodeVersion: facts.deno ? null : (facts.version ?? null),
      ...(facts.deno ? { denoVersion: facts.deno } : {}),
      url,
      workingDirectory: facts.cwd || null,
      isLocal: isLoopbackHost(address.host),
      startedAt: facts.startedAt ?? null,
    });
  } catch (error) {
    connection.dispose();
    throw error;
  }
}

/** A program that was just started answers before it knows itself; another engine never does. */
const FACTS_TRIES = 10;
const FACTS_PAUSE_MS = 50;

export async function readFacts(
  connection: Connection,
  options: { readonly signal: AbortSignal | undefined; readonly timeoutMs: number },
): Promise<Partial<TargetFacts>> {
  for (let attempt = 1; ; attempt++) {
    const { result } = await connection.send(
      'Runtime.evaluate',
      { expression: FACTS, returnByValue: true, silent: true },
      options,
    );
    const facts: Partial<TargetFacts> = typeof result.value === 'string' ? JSON.parse(result.value) : {};
    if (facts.pid !== undefined || attempt === FACTS_TRIES) return facts;
    await sleep(FACTS_PAUSE_MS);
  }
}

/** One attached V8. */
export class InspectorSession {
  readonly info: TargetInfo;
  readonly connection: Connection;
  /** ms by our own stopwatch, `performance.now()`. */
  readonly attachedAt = performance.now();
  readonly #ended = new Listeners<SessionEnd>();
  #captures = 0;
  #lastCaptureMs = Number.NEGATIVE_INFINITY;

  constructor(connection: Connection, info: TargetInfo) {
    this.connection = connection;
    this.info = info;
    connection.onDidClose(() => void endOf(info).then((message) => this.#ended.fire({ message })));
    connection.on('NodeRuntime.waitingForDisconnect', () => {
      // Node keeps a process that is through until its debuggers have left: we must not be what it waits for.
      connection.dispose();
      this.#ended.fire({ message: 'The process has ended.' });
    });
  }

  /** Fires once when the target is gone; not after {@link dispose}. */
  onDidClose(listener: (end: SessionEnd) => void): Subscription {
    return this.#ended.add(listener);
  }

  /**
   * The value of an expression, by value; a promise is awaited. `commandLineApi` gives it `require` where Node offers
   * it.
   * @throws `inspector-closed`, `target-timeout`, `cancelled`, and an Error with the target's own message when the
   *   expression throws or its promise is rejected.
   */
  async evaluate<T>(
    expression: string,
    options: CallOptions & { commandLineApi?: boolean } = {},
  ): Promise<T> {
    // V8's own `awaitPromise` lets go of the promise while it waits, and fails when a collection comes in between: so
    // it is asked for as an object first, whose handle keeps it.
    const objectGroup = `heapwright-${randomUUID()}`;
    try {
      const { result, exceptionDetails } = await this.connection.send(
        'Runtime.evaluate',
        {
          expression: `${HANDLED}((\n${expression}\n))`,
          objectGroup,
          silent: true,
          includeCommandLineAPI: options.commandLineApi ?? false,
        },
        options,
      );
      if (exceptionDetails) throw thrownBy(exceptionDetails);
      return (await this.#valueOf(result, options)) as T;
    } finally {
      if (this.connection.isOpen) {
        await this.connection.send('Runtime.releaseObjectGroup', { objectGroup }).catch(() => {});
      }
    }
  }

  async #valueOf(
    { objectId, subtype, value }: Protocol.Runtime.RemoteObject,
    options: CallOptions,
  ): Promise<unknown> {
    if (!objectId) return value;
    const { result, exceptionDetails } =
      subtype === 'promise'
        ? await this.connection.send(
            'Runtime.awaitPromise',
            { promiseObjectId: objectId, returnByValue: true },
            options,
          )
        : await this.connection.send(
            'Runtime.callFunctionOn',
            {
              objectId,
              functionDeclaration: 'function () { return this; }',
              returnByValue: true,
              silent: true,
            },
            options,
          );
    if (exceptionDetails) throw thrownBy(exceptionDetails);
    return result.value;
  }

  /** Marks the time in which the target stands still because of a capture; disposed at its end. */
  capturing(): Subscription {
    this.#captures++;
    return {
      dispose: () => {
        this.#captures--;
        this.#lastCaptureMs = performance.now();
      },
    };
  }

  /** Whether a capture was under way at some time since `ms` by our stopwatch, `performance.now()`. */
  capturedSince(ms: number): boolean {
    return this.#captures > 0 || this.#lastCaptureMs >= ms;
  }

  /** Forces a full collection and waits for its end. */
  async collectGarbage(options: CallOptions = {}): Promise<void> {
    await this.connection.send('HeapProfiler.collectGarbage', undefined, options);
  }

  /**
   * The scripts that V8 knows now, and whether it is stopped at a breakpoint. The debugger is on only while they are
   * listed, with all pauses skipped, so that a `debugger` statement of the program does not stop it meanwhile.
   */
  async scripts(options: CallOptions = {}): Promise<{ scripts: readonly ScriptRecord[]; paused: boolean }> {
    let scripts: ScriptRecord[] = [];
    let paused = false;
    const subscriptions = [
      this.connection.on('Debugger.scriptParsed', ({ scriptId, url, sourceMapURL }) => {
        if (url !== '') scripts.push({ scriptId: Number(scriptId), url, sourceMapUrl: sourceMapURL ?? '' });
      }),
      this.connection.on('Debugger.paused', () => {
        paused = true;
      }),
    ];
    try {
      await this.connection.send('Debugger.setSkipAllPauses', { skip: true }, options).catch(() => {});
      await this.connection.send('Debugger.enable', {}, options);
      await this.connection.send('Debugger.setSkipAllPauses', { skip: true }, options);
      scripts = await Promise.all(scripts.map((script) => this.#withSource(script, options)));
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
      if (this.connection.isOpen) await this.connection.send('Debugger.disable', undefined).catch(() => {});
    }
    return { scripts, paused };
  }

  /** The file of a script that a loader transformed holds another text than V8 ran; a module of a bundle has no file. */
  async #withSource(script: ScriptRecord, options: CallOptions): Promise<ScriptRecord> {
    const hasFile = /^(file:|\/|[A-Za-z]:[\\/])/.test(script.url) && !/\.([cm]?tsx?|jsx)$/.test(script.url);
    if (script.sourceMapUrl === '' || hasFile) return script;
    const asked = { scriptId: String(script.scriptId) };
    const answer = await this.connection
      .send('Debugger.getScriptSource', asked, options)
      // V8 may have let go of it meanwhile.
      .catch(() => null);
    return answer ? { ...script, source: answer.scriptSource } : script;
  }

  dispose(): void {
    this.#ended.clear();
    this.connection.dispose();
  }
}

/** A process that was killed is still listed for a moment, until its parent has taken notice. */
const LISTED_MS = 300;

function thrownBy({ exception, text }: Protocol.Runtime.ExceptionDetails): Error {
  return new Error(exception?.description ?? text);
}

/** The process may be alive with its inspector closed; the two are told apart by asking the system. */
async function endOf({ pid, isLocal, workerId }: TargetInfo): Promise<string> {
  if (workerId !== undefined) return 'The worker thread has ended.';
  if (pid === null || !isLocal) return 'The process has ended, or closed its inspector.';
  for (const deadline = performance.now() + LISTED_MS; performance.now() < deadline; ) {
    if (!isListed(pid)) return 'The process has ended.';
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return 'The connection was closed, but the process is still running: its inspector was closed or restarted.';
}

function isListed(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

export function formatAddress({ host, port }: InspectorAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The error for a target that went away while something was asked of it. */
export function targetExited(doing: string, cause?: unknown): HeapwrightError {
  return new HeapwrightError(
    'target-exited',
    `The process ended ${doing}.`,
    'Nothing half-done was kept. Start it again and attach.',
    { cause },
  );
}
