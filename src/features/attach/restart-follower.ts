import type * as vscode from 'vscode';
import { InspectorProbe } from '../../inspector/discovery/inspector-probe';
import { listLocalProcesses } from '../../inspector/discovery/local-processes';
import { connect } from '../../inspector/session';
import type { LocalProcess, TargetInfo } from '../../protocol/targets';
import { readSettings } from '../workbench/settings';
import type { AttachedTarget } from './attached-target';
import type { TargetSlot } from './target-slot';

/** A watcher restarts at once, but a compiler may stand before it. */
const PATIENCE_MS = 20_000;
const POLL_MS = 250;
/** Start times come in seconds on some systems. */
const CLOCK_SLACK_MS = 1500;

/**
 * Follows programs that watchers restart (`node --watch`, nodemon, `tsx watch`): when the target has ended and the
 * same script starts anew with its inspector open, it is attached without a click, and the time line goes on.
 */
export class RestartFollower implements vscode.Disposable {
  readonly #slot: TargetSlot;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: vscode.Disposable[];
  #following: AbortController | undefined;

  constructor(slot: TargetSlot, log: vscode.LogOutputChannel) {
    this.#slot = slot;
    this.#log = log;
    this.#subscriptions = [
      slot.onDidLose((target) => void this.#follow(target)),
      // Whatever the user attaches to meanwhile is what the window is for now.
      slot.onDidChange((target) => {
        if (target) this.#following?.abort();
      }),
    ];
  }

  dispose(): void {
    this.#following?.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #follow(lost: AttachedTarget): Promise<void> {
    this.#following?.abort();
    const { info } = lost;
    // What Heapwright launched ends with its terminal; a worker thread ends while its process goes on.
    const isProcess = info.isLocal && info.pid !== null && info.workerId === undefined;
    if (!isProcess || lost.launched || !readSettings().followRestarts) return;
    const following = new AbortController();
    this.#following = following;
    const { signal } = following;
    const probe = new InspectorProbe();
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; ) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (signal.aborted) return;
      try {
        // The watcher itself has the same script, but no inspector.
        const next = (await listLocalProcesses({ signal, probe })).find(
          (process) => process.inspector !== null && isSuccessor(process, info),
        );
        if (!next?.inspector) continue;
        const session = await connect(next.inspector, { signal, timeoutMs: readSettings().attachTimeoutMs });
        this.#log.info(`Followed ${info.title} from pid ${info.pid} to ${next.pid}`);
        this.#slot.attach(session, { before: lost });
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#log.debug(`Restart of ${info.title}: ${String(error)}`);
      }
    }
  }
}

/** The same script in the same folder, started after the one that has ended. */
function isSuccessor({ pid, title, workingDirectory, startedAt }: LocalProcess, lost: TargetInfo): boolean {
  if (pid === lost.pid || title !== lost.title) return false;
  if (
    workingDirectory !== null &&
    lost.workingDirectory !== null &&
    workingDirectory !== lost.workingDirectory
  ) {
    return false;
  }
  return startedAt === null || lost.startedAt === null || startedAt > lost.startedAt - CLOCK_SLACK_MS;
}
