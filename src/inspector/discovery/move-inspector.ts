import { setTimeout as sleep } from 'node:timers/promises';
import type { InspectorAddress } from '../../protocol/targets';
import { Connection } from '../connection';
import { firstInspector } from './inspector-probe';
import { resolveInspectorUrl } from './inspector-url';
import { openInspector } from './open-inspector';
import { hasProcFilesystem, listeningPorts } from './proc-filesystem';

const POLL_MS = 50;

/** Runs in the target: closing waits for its debuggers to leave, so it comes after our own has. */
const MOVE = `setTimeout(function () {
  var inspector = process.getBuiltinModule
    ? process.getBuiltinModule('inspector')
    : process.mainModule.require('inspector');
  inspector.close();
  inspector.open(0, '127.0.0.1');
}, 0)`;

/**
 * Opens the inspectors of several running processes, one after the other. A signal opens each on the one default port,
 * so the inspector of each but the last is moved to a free port before the next process is told; this needs `/proc`
 * to find it again, and elsewhere only the first can be opened.
 * @param options.opened Called for each process with its address, or with why it could not be opened.
 * @throws `cancelled`
 */
export async function openInspectors(
  pids: readonly number[],
  options: {
    signal?: AbortSignal;
    timeoutMs?: number;
    opened: (pid: number, outcome: InspectorAddress | Error) => void;
  },
): Promise<void> {
  for (const pid of pids) {
    options.signal?.throwIfAborted();
    try {
      const address = await openInspector(pid, options);
      options.opened(pid, await moveInspector(pid, address, options));
    } catch (error) {
      options.signal?.throwIfAborted();
      options.opened(pid, error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/**
 * Moves an inspector that was just opened to a free port; where it cannot be found there, it stays where it is.
 * Nobody else may be attached to it: a process waits for its debuggers before it closes its inspector.
 */
async function moveInspector(
  pid: number,
  address: InspectorAddress,
  { signal, timeoutMs = 5000 }: { signal?: AbortSignal; timeoutMs?: number },
): Promise<InspectorAddress> {
  if (!(await hasProcFilesystem())) return address;
  const { url } = await resolveInspectorUrl(`${address.host}:${address.port}`, { signal });
  const connection = await Connection.open(url, { signal, timeoutMs });
  try {
    await connection.send('Runtime.evaluate', { expression: MOVE, silent: true }, { signal, timeoutMs });
  } finally {
    connection.dispose();
  }
  for (const deadline = performance.now() + timeoutMs; performance.now() < deadline; ) {
    const ports = (await listeningPorts(pid)).filter(({ port }) => port !== address.port);
    const moved = await firstInspector(ports, signal);
    if (moved) return moved;
    await sleep(POLL_MS, undefined, { signal });
  }
  return address;
}
