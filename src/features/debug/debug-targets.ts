import * as vscode from 'vscode';
import { Connection } from '../../inspector/connection';
import { connect } from '../../inspector/session';
import { HeapwrightError } from '../../protocol/errors';
import type { AttachedTarget } from '../attach/attached-target';
import { requireTrust } from '../attach/process-picker';
import type { TargetSlot } from '../attach/target-slot';
import { readSettings } from '../workbench/settings';

/** What the JavaScript debugger calls programs in Node; `node` is the name of its launch configurations. */
const NODE_TYPES = ['pwa-node', 'node'];

/** In the program: where its own inspector listens, beside the debugger's proxy. */
const OWN_URL = `(process.getBuiltinModule ? process.getBuiltinModule('inspector') : require('inspector')).url()`;

/**
 * Programs that VS Code's JavaScript debugger runs, as targets. The debugger's proxy is asked where the program's own
 * inspector listens; from then on Heapwright has a connection of its own, so that breakpoints and profiling do not get
 * in each other's way, and snapshots do not go through the debugger.
 */
export class DebugTargets implements vscode.Disposable {
  readonly #slot: TargetSlot;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: vscode.Disposable[];
  /** The sessions that have a program behind them, by the session that the launch configuration started. */
  readonly #programs = new Map<string, vscode.DebugSession>();

  constructor(slot: TargetSlot, log: vscode.LogOutputChannel) {
    this.#slot = slot;
    this.#log = log;
    this.#subscriptions = [
      vscode.debug.onDidStartDebugSession((session) => void this.#started(session)),
      vscode.debug.onDidTerminateDebugSession((session) => {
        for (const [root, program] of this.#programs)
          if (program.id === session.id) this.#programs.delete(root);
      }),
    ];
  }

  /**
   * Attaches to the program of a debug session, of the active one by default; does nothing when it is attached.
   * @throws `target-not-found` when no Node program is debugged, `target-timeout`, `not-an-inspector`
   */
  async profile(session = vscode.debug.activeDebugSession): Promise<AttachedTarget> {
    requireTrust();
    const program = session && this.#programOf(session);
    if (!program) throw nothingDebugged();
    const timeoutMs = readSettings().attachTimeoutMs;
    const url = await inspectorOf(program, timeoutMs);
    const { current } = this.#slot;
    if (current?.info.url === url) return current;
    return this.#slot.attach(await connect({ url }, { timeoutMs }));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #started(session: vscode.DebugSession): Promise<void> {
    if (!NODE_TYPES.includes(session.type) || !session.parentSession) return;
    const root = session.parentSession.id;
    // The first is the program itself; others are processes that it started.
    if (!this.#programs.has(root)) this.#programs.set(root, session);
    if (!readSettings().debugAutoAttach || this.#slot.current || !vscode.workspace.isTrusted) return;
    try {
      await this.profile(session);
    } catch (error) {
      this.#log.warn(`Profiling ${session.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** A session without a parent stands for a launch configuration and answers nothing of the program. */
  #programOf(session: vscode.DebugSession): vscode.DebugSession | undefined {
    if (!NODE_TYPES.includes(session.type)) return undefined;
    return session.parentSession ? session : this.#programs.get(session.id);
  }
}

/** `ws://127.0.0.1:port/id` of a debugged program. */
async function inspectorOf(program: vscode.DebugSession, timeoutMs: number): Promise<string> {
  const proxy = await proxyOf(program, timeoutMs);
  const address = `ws://${proxy.host}:${proxy.port}${proxy.path ?? ''}`;
  const connection = await Connection.open(address, { timeoutMs });
  try {
    const { result } = await connection.send(
      'Runtime.evaluate',
      { expression: OWN_URL, returnByValue: true, silent: true, includeCommandLineAPI: true },
      { timeoutMs },
    );
    if (typeof result.value === 'string') return result.value;
  } finally {
    connection.dispose();
  }
  throw new HeapwrightError(
    'not-an-inspector',
    `${program.name} has no inspector that Heapwright can reach beside the debugger.`,
    'Start the program with "node --inspect" and attach to it.',
  );
}

interface Proxy {
  readonly host: string;
  readonly port: number;
  readonly path?: string;
}

const PROXY_PAUSE_MS = 100;

/** The debugger does not know a session yet when it tells that it has started: it is asked until it does. */
async function proxyOf({ id }: vscode.DebugSession, timeoutMs: number): Promise<Proxy> {
  for (const deadline = performance.now() + timeoutMs; ; ) {
    const proxy = await vscode.commands.executeCommand<Proxy | undefined>(
      'extension.js-debug.requestCDPProxy',
      id,
    );
    if (proxy) return proxy;
    if (performance.now() > deadline) throw nothingDebugged();
    await new Promise((resolve) => setTimeout(resolve, PROXY_PAUSE_MS));
  }
}

function nothingDebugged(): HeapwrightError {
  return new HeapwrightError(
    'target-not-found',
    'No Node program is being debugged.',
    'Start one with F5, or use "Heapwright: Attach to Node Process…".',
  );
}
