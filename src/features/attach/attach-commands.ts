import * as vscode from 'vscode';
import { isLoopback, resolveInspectorUrl } from '../../inspector/discovery/inspector-url';
import { openInspector } from '../../inspector/discovery/open-inspector';
import { connect } from '../../inspector/session';
import { connectWorker } from '../../inspector/worker-session';
import { cancelled } from '../../protocol/errors';
import type { LocalProcess, OtherTarget, WorkerThread } from '../../protocol/targets';
import { signalOf } from '../workbench/cancellation';
import { readSettings } from '../workbench/settings';
import type { AttachedTarget } from './attached-target';
import { confirmOpenInspector, pickProcess, requireTrust } from './process-picker';
import type { TargetSlot } from './target-slot';

/** "Attach to Node Process…": pick, open the inspector if the user agrees, connect. Undefined when dismissed. */
export async function attachToProcess(slot: TargetSlot): Promise<AttachedTarget | undefined> {
  requireTrust();
  const process = await pickProcess();
  return process ? await attachTo(slot, process) : undefined;
}

/** Attaches to a process of this machine; undefined when its inspector is closed and the user leaves it so. */
export async function attachTo(slot: TargetSlot, process: LocalProcess): Promise<AttachedTarget | undefined> {
  if (!process.inspector && !(await confirmOpenInspector(process))) return undefined;
  return await withAttachProgress(process.title, async (signal) => {
    const address = process.inspector ?? (await openInspector(process.pid, { signal }));
    const session = await connect(address, {
      signal,
      timeoutMs: readSettings().attachTimeoutMs,
    });
    return slot.attach(session);
  });
}

/** Attaches to a tab of a browser, or to another engine. */
export async function attachToOther(slot: TargetSlot, { url, title }: OtherTarget): Promise<AttachedTarget> {
  return await withAttachProgress(title, async (signal) => {
    const session = await connect({ url }, { signal, title, timeoutMs: readSettings().attachTimeoutMs });
    return slot.attach(session);
  });
}

/** Attaches to a worker thread of a process whose inspector is open; undefined when it was closed meanwhile. */
export async function attachToWorker(
  slot: TargetSlot,
  process: LocalProcess,
  { id, title }: WorkerThread,
): Promise<AttachedTarget | undefined> {
  const { inspector } = process;
  if (!inspector) return undefined;
  return await withAttachProgress(title, async (signal) => {
    const session = await connectWorker(inspector, id, { signal, timeoutMs: readSettings().attachTimeoutMs });
    return slot.attach(session);
  });
}

/** "Attach by Inspector URL…": anything that names an inspector, on this machine unless the user confirms. */
export async function attachByUrl(slot: TargetSlot): Promise<AttachedTarget | undefined> {
  requireTrust();
  const input = await vscode.window.showInputBox({
    title: 'Attach by Inspector URL',
    prompt:
      'The URL that Node printed ("Debugger listening on ws://…"), or host:port, or a port of this machine',
    placeHolder: '127.0.0.1:9229',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'Type a ws:// URL, host:port or a port.' : undefined),
  });
  if (input === undefined) return undefined;
  const allowRemote = await confirmHost(input.trim());
  return await withAttachProgress(input.trim(), async (signal) => {
    const resolved = await resolveInspectorUrl(input.trim(), { signal, allowRemote });
    const session = await connect(resolved, {
      signal,
      allowRemote,
      timeoutMs: readSettings().attachTimeoutMs,
    });
    return slot.attach(session);
  });
}

/** The inspector protocol is unencrypted and may run any code: another host needs the user's word. */
async function confirmHost(input: string): Promise<boolean> {
  if (isLoopback(input)) return false;
  const attach = 'Attach Anyway';
  const answer = await vscode.window.showWarningMessage(
    'Attach to another machine?',
    {
      modal: true,
      detail:
        `${input} is not on this machine. The inspector protocol is not encrypted, and a heap snapshot carries ` +
        'every string of the process over the network. An SSH tunnel to a loopback port is safer.',
    },
    attach,
  );
  if (answer !== attach) throw cancelled();
  return true;
}

async function withAttachProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Attaching to ${title}`, cancellable: true },
    async (_progress, token) => {
      const { signal, dispose } = signalOf(token);
      try {
        return await work(signal);
      } finally {
        dispose();
      }
    },
  );
}
