import * as vscode from 'vscode';
import { listLocalProcesses } from '../../inspector/discovery/local-processes';
import { HeapwrightError } from '../../protocol/errors';
import { formatBytes } from '../../protocol/figures';
import type { LocalProcess } from '../../protocol/targets';

interface ProcessItem extends vscode.QuickPickItem {
  readonly process?: LocalProcess;
}

const REFRESH: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('refresh'), tooltip: 'Look Again' };

/** Lets the user choose among the Node processes of this machine. Undefined when dismissed. */
export function pickProcess(): Promise<LocalProcess | undefined> {
  const picker = vscode.window.createQuickPick<ProcessItem>();
  picker.title = 'Attach to Node Process';
  picker.placeholder = 'Choose the process whose heap you want to see';
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.buttons = [REFRESH];
  const searching = new AbortController();

  const refresh = async (reject: (error: unknown) => void) => {
    picker.busy = true;
    try {
      const processes = (await listLocalProcesses({ signal: searching.signal })).filter(isNotOurHost);
      picker.items = toItems(processes);
      if (processes.length === 0) picker.placeholder = 'No Node process of yours is running on this machine';
    } catch (error) {
      if (!searching.signal.aborted) reject(error);
    } finally {
      picker.busy = false;
    }
  };

  return new Promise<LocalProcess | undefined>((resolve, reject) => {
    picker.onDidAccept(() => {
      const chosen = picker.selectedItems[0]?.process;
      if (!chosen) return;
      resolve(chosen);
      picker.hide();
    });
    picker.onDidHide(() => resolve(undefined));
    picker.onDidTriggerButton(() => void refresh(reject));
    picker.show();
    void refresh(reject);
  }).finally(() => {
    searching.abort();
    picker.dispose();
  });
}

/** The editor's own processes (its server, watchers, language services) are not what anybody came for. */
export function isNotOurHost({ commandLine }: LocalProcess): boolean {
  return !commandLine.includes(vscode.env.appRoot);
}

/** Those with an open inspector first: they need nothing more than a click. */
function toItems(processes: readonly LocalProcess[]): ProcessItem[] {
  const open = processes.filter((process) => process.inspector);
  const closed = processes.filter((process) => !process.inspector);
  return [
    ...section('Inspector open', open),
    ...section('Inspector closed (Heapwright asks before it opens it)', closed),
  ];
}

function section(label: string, processes: readonly LocalProcess[]): ProcessItem[] {
  if (processes.length === 0) return [];
  const newestFirst = [...processes].sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
  return [{ label, kind: vscode.QuickPickItemKind.Separator }, ...newestFirst.map(toItem)];
}

function toItem(process: LocalProcess): ProcessItem {
  const facts = [`pid ${process.pid}`];
  if (process.inspector) facts.push(`inspector ${process.inspector.host}:${process.inspector.port}`);
  if (process.rss !== null) facts.push(formatBytes(process.rss));
  return {
    label: `$(${process.inspector ? 'debug-alt' : 'circle-outline'}) ${process.title}`,
    description: facts.join(' · '),
    detail: process.workingDirectory ?? undefined,
    process,
  };
}

/** Asks before a signal is sent to somebody's process. Rejects as cancelled when the user declines. */
export async function confirmOpenInspector(process: LocalProcess): Promise<boolean> {
  const open = 'Open Inspector';
  const answer = await vscode.window.showWarningMessage(
    `${process.title} (pid ${process.pid}) has no open inspector. Open it?`,
    {
      modal: true,
      detail:
        'Heapwright sends SIGUSR1, which makes Node listen for debuggers on this machine’s loopback address. ' +
        'A program that uses SIGUSR1 for something of its own will do that instead.',
    },
    open,
  );
  return answer === open;
}

/** For a workspace that is not trusted: attaching runs code in the target. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new HeapwrightError(
    'no-permission',
    'This workspace is in Restricted Mode.',
    'Trust it (command "Workspaces: Manage Workspace Trust") to attach to and launch programs.',
  );
}
