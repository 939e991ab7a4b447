import type { InspectorAddress, WorkerThread } from '../../protocol/targets';
import { Connection } from '../connection';
import { parseWorkerMessage, threadNumber } from '../worker-client';
import { resolveInspectorUrl } from './inspector-url';

/** Node tells of running workers at once when it is asked; one that is busy does not answer further questions. */
const LONGEST_ANSWER_MS = 400;

/** Runs in the worker: the bytes of its own heap. */
const HEAP_USED = 'process.memoryUsage().heapUsed';

interface Found {
  readonly id: string;
  readonly sessionId: string;
  readonly title: string;
  readonly url: string;
}

/**
 * The worker threads of a process, over a connection of its own. Not for a process that is being profiled: V8 forgets
 * its object ids when an inspector session ends; use {@link workersOf} there.
 * @throws `not-an-inspector`, `target-timeout`, `cancelled`
 */
export async function listWorkers(
  address: InspectorAddress,
  options: { signal?: AbortSignal } = {},
): Promise<WorkerThread[]> {
  const { url } = await resolveInspectorUrl(`${address.host}:${address.port}`, options);
  const connection = await Connection.open(url, { ...options, timeoutMs: 2000 });
  try {
    return await workersOf(connection, options);
  } finally {
    connection.dispose();
  }
}

/** The worker threads of a process by an open connection. */
export async function workersOf(
  connection: Connection,
  options: { signal?: AbortSignal } = {},
): Promise<WorkerThread[]> {
  const found: Found[] = [];
  const heapUsed = new Map<string, number>();
  let answered: () => void = () => {};
  const subscriptions = [
    connection.on('NodeWorker.attachedToWorker', ({ sessionId, workerInfo }) => {
      if (!workerInfo) return;
      found.push({ id: threadNumber(workerInfo), sessionId, title: workerInfo.title, url: workerInfo.url });
    }),
    connection.on('NodeWorker.receivedMessageFromWorker', ({ sessionId, message }) => {
      const answer = parseWorkerMessage(message)?.result as
        | { result?: { value?: unknown } }
        | null
        | undefined;
      const value = answer?.result?.value;
      if (typeof value === 'number') heapUsed.set(sessionId, value);
      if (heapUsed.size === found.length) answered();
    }),
  ];
  try {
    await connection.send('NodeWorker.enable', { waitForDebuggerOnStart: false }, options);
    const all = new Promise<void>((resolve) => {
      answered = resolve;
      if (found.length === 0) resolve();
      setTimeout(resolve, LONGEST_ANSWER_MS);
    });
    for (const { sessionId } of found) {
      const parameters = { expression: HEAP_USED, returnByValue: true, silent: true };
      const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: parameters });
      await connection.send('NodeWorker.sendMessageToWorker', { sessionId, message }, options);
    }
    await all;
  } finally {
    for (const subscription of subscriptions) subscription.dispose();
    if (connection.isOpen) await connection.send('NodeWorker.disable', undefined).catch(() => {});
  }
  return found.map(({ id, sessionId, title, url }) => ({
    id,
    title,
    url,
    heapUsed: heapUsed.get(sessionId) ?? null,
  }));
}
