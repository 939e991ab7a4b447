import { cancelled, HeapwrightError } from '../../protocol/errors';
import type { InspectorAddress } from '../../protocol/targets';
import { listInspectorTargets } from './inspector-endpoint';
import { firstInspector } from './inspector-probe';
import { handlesOpeningSignal, hasProcFilesystem, listeningPorts, otherProgram } from './proc-filesystem';

const DEFAULT_ADDRESS: InspectorAddress = { host: '127.0.0.1', port: 9229 };
const POLL_MS = 50;

/**
 * Opens the inspector of a running Node process with SIGUSR1 and waits until it answers. Where `/proc` tells which
 * ports a process listens on, only a port of that very process counts; elsewhere the default port does, if it was
 * free before.
 * @throws `target-not-found`, `no-permission`, `target-timeout` (nothing opened within `timeoutMs`), `cancelled`.
 */
export async function openInspector(
  pid: number,
  options: { signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<InspectorAddress> {
  if (process.platform === 'win32') throw signalless(pid);
  const own = await hasProcFilesystem();
  const portTaken = own ? false : await answers(DEFAULT_ADDRESS, options.signal);
  if (portTaken) throw taken(pid);
  const timeoutMs = options.timeoutMs ?? 5000;
  const deadline = performance.now() + timeoutMs;
  const other = own ? await otherProgram(pid) : null;
  if (other !== null) throw notNode(pid, other);
  if (own) await waitForHandler(pid, deadline, options.signal);
  sendSignal(pid);
  while (performance.now() < deadline) {
    if (options.signal?.aborted) throw cancelled();
    const candidates = own ? await listeningPorts(pid) : [DEFAULT_ADDRESS];
    const open = await firstInspector(candidates, options.signal);
    if (open) return open;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const occupied = own && (await answers(DEFAULT_ADDRESS, options.signal));
  throw occupied ? taken(pid) : silent(pid, timeoutMs);
}

/** Node handles the signal some time after its start; before that, and where it is told not to, the signal is deadly. */
async function waitForHandler(pid: number, deadline: number, signal?: AbortSignal): Promise<void> {
  while ((await handlesOpeningSignal(pid)) === false) {
    if (signal?.aborted) throw cancelled();
    if (performance.now() >= deadline) throw deaf(pid);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function sendSignal(pid: number): void {
  try {
    process.kill(pid, 'SIGUSR1');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH') {
      throw new HeapwrightError(
        'target-not-found',
        `Process ${pid} has ended.`,
        'Choose another one; the list is read anew each time.',
        { cause: error },
      );
    }
    throw new HeapwrightError(
      'no-permission',
      `Process ${pid} belongs to another user.`,
      'Start it with "node --inspect", or run VS Code as the same user.',
      { cause: error },
    );
  }
}

async function answers(address: InspectorAddress, signal?: AbortSignal): Promise<boolean> {
  return await listInspectorTargets(address, { signal, timeoutMs: 500 }).then(
    () => true,
    () => false,
  );
}

/** To others the signal means something else: nginx opens its logs anew. */
function notNode(pid: number, program: string): HeapwrightError {
  return new HeapwrightError(
    'target-not-found',
    `Process ${pid} runs ${program}, not Node.`,
    'Choose a Node process; if it is Node under another name, start it with "--inspect" and give the address that it prints.',
  );
}

function taken(pid: number): HeapwrightError {
  return new HeapwrightError(
    'inspector-busy',
    `Process ${pid} could not open its inspector: port ${DEFAULT_ADDRESS.port} is taken by another process.`,
    'End the other debugged process, or start this one with "node --inspect=0".',
  );
}

function silent(pid: number, timeoutMs: number): HeapwrightError {
  return new HeapwrightError(
    'target-timeout',
    `Process ${pid} did not open its inspector within ${timeoutMs} ms.`,
    'It may handle SIGUSR1 itself, be blocked in synchronous work, or be started with --disable-sigusr1: start it with "node --inspect".',
  );
}

function deaf(pid: number): HeapwrightError {
  return new HeapwrightError(
    'no-permission',
    `Process ${pid} would be ended by the signal that opens an inspector: it does not handle it.`,
    'It was started with --disable-sigusr1, or is still starting: start it with "node --inspect".',
  );
}

function signalless(pid: number): HeapwrightError {
  return new HeapwrightError(
    'no-permission',
    `Process ${pid} cannot be told to open its inspector: Windows has no signals.`,
    'Start it with "node --inspect", or with "Launch and Profile".',
  );
}
