import { randomUUID } from 'node:crypto';
import type { InspectorAddress } from '../protocol/targets';
import { Connection } from './connection';
import { isLoopbackHost, resolveInspectorUrl } from './discovery/inspector-url';
import { type ConnectOptions, formatAddress, InspectorSession, readFacts } from './session';
import type { RunningThread } from './thread-roster';
import { connectToWorker, WorkerClient } from './worker-client';

/**
 * Attaches to a worker thread of a Node process, whose heap is its own: what it says of the heap is the thread's, its
 * resident memory is that of the whole process.
 * @param workerId Node's number of the thread.
 * @throws `target-not-found` when there is no such thread, `not-an-inspector`, `target-timeout`, `cancelled`
 */
export async function connectWorker(
  process: InspectorAddress,
  workerId: string,
  options: ConnectOptions = {},
): Promise<InspectorSession> {
  const timeoutMs = options.timeoutMs ?? 5000;
  const { url, address } = await resolveInspectorUrl(formatAddress(process), { ...options, timeoutMs });
  const { signal } = options;
  const { connection, title, scriptUrl } = await connectToWorker(url, workerId, { signal, timeoutMs });
  try {
    const facts = await readFacts(connection, { signal, timeoutMs });
    return new InspectorSession(connection, {
      id: randomUUID(),
      title: `${threadTitle({ url: scriptUrl, title })} (worker ${workerId})`,
      pid: facts.pid ?? null,
      nodeVersion: facts.version ?? null,
      url: connection.url,
      workingDirectory: facts.cwd || null,
      isLocal: isLoopbackHost(address.host),
      startedAt: facts.startedAt ?? null,
      workerId,
    });
  } catch (error) {
    connection.dispose();
    throw error;
  }
}

/**
 * A worker thread over the connection that its process is attached by; it ends with that. Nothing is asked of the
 * thread: one that is busy or waits is attached all the same.
 */
export function sessionOfThread(
  { connection: parent, info }: InspectorSession,
  { id, sessionId, title, url }: RunningThread,
): InspectorSession {
  const client = new WorkerClient(parent, sessionId, { isShared: true });
  return new InspectorSession(Connection.over(`${parent.url}#worker-${id}`, client), {
    ...info,
    id: randomUUID(),
    title: `${threadTitle({ url, title })} (worker ${id})`,
    startedAt: null,
    workerId: id,
  });
}

/** What a person calls a worker thread: the name of its script's file, else what Node calls it. */
export function threadTitle({ url, title }: { readonly url: string; readonly title: string }): string {
  return url.split('/').at(-1) || title;
}
