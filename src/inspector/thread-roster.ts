import { Listeners, type Subscription } from './listeners';
import type { InspectorSession } from './session';
import { threadNumber } from './worker-client';

/** A worker thread that runs, and the session of the NodeWorker domain that leads to it. */
export interface RunningThread {
  /** Node's own number of it, `threadId`. */
  readonly id: string;
  readonly sessionId: string;
  readonly title: string;
  readonly url: string;
}

/**
 * The worker threads of an attached process, as they come and go, by its own connection: Node tells of each, and they
 * stay attached, so that no thread has its inspector opened and closed over and over. Other engines have none.
 */
export class ThreadRoster {
  readonly #session: InspectorSession;
  readonly #threads = new Map<string, RunningThread>();
  readonly #changed = new Listeners<void>();
  readonly #subscriptions: readonly Subscription[];

  constructor(session: InspectorSession) {
    this.#session = session;
    const { connection } = session;
    this.#subscriptions = [
      connection.on('NodeWorker.attachedToWorker', ({ sessionId, workerInfo }) => {
        if (!workerInfo) return;
        const { title, url } = workerInfo;
        this.#threads.set(sessionId, {
          id: threadNumber(workerInfo),
          sessionId,
          title: String(title),
          url: String(url),
        });
        this.#changed.fire();
      }),
      connection.on('NodeWorker.detachedFromWorker', ({ sessionId }) => {
        if (this.#threads.delete(sessionId)) this.#changed.fire();
      }),
    ];
    void connection.send('NodeWorker.enable', { waitForDebuggerOnStart: false }).catch(() => {});
  }

  get session(): InspectorSession {
    return this.#session;
  }

  /** In the order in which they started. */
  get threads(): readonly RunningThread[] {
    return [...this.#threads.values()];
  }

  onDidChange(listener: () => void): Subscription {
    return this.#changed.add(listener);
  }

  /** Lets go of the threads; the process stays attached. */
  dispose(): void {
    this.#changed.clear();
    for (const subscription of this.#subscriptions) subscription.dispose();
    if (this.#session.connection.isOpen)
      void this.#session.connection.send('NodeWorker.disable', undefined).catch(() => {});
  }
}
