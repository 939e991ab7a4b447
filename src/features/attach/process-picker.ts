import * as vscode from 'vscode';
import { listLocalProcesses } from '../../inspector/discovery/local-processes';
import { HeapwrightError } from '../../protocol/errors';
import { formatBytes } from '../../protocol/figures';
import type { LocalProcess } from '../../protocol/targets';

interface ProcessItem extends vscode.QuickPickItem {
  readonly process?: LocalProcess;
}

/** How long the list stands before it is looked at again, ms. */
const LOOK_AGAIN_MS = 1500;

/**
 * Lets the user choose among the Node processes of this machine. The list is alive: a program that is started while it
 * is open comes in, one that ends goes, and the chosen row stays chosen. It stays open until something is chosen or it is
 * dismissed, which gives undefined.
 */
export function pickProcess(): Promise<LocalProcess | undefined> {
  const picker = vscode.window.createQuickPick<ProcessItem>();
  picker.title = 'Attach to Node Process';
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.keepScrollPosition = true;
  picker.busy = true;
  // The program that is missed may be started in a terminal meanwhile; and a panel that takes the focus late closes nothing.
  picker.ignoreFocusOut = true;
  const searching = new AbortController();
  let again: NodeJS.Timeout | undefined;

  return new Promise<LocalProcess | undefined>((resolve, reject) => {
    const look = async () => {
      try {
        const processes = await listLocalProcesses({ signal: searching.signal });
        if (!searching.signal.aborted) show(picker, processes.filter(isNotOurHost));
      } catch (error) {
        if (searching.signal.aborted) return;
        // A list that stands is better than none: only the first look has nothing else to give.
        if (picker.busy) return reject(error);
      }
      picker.busy = false;
      if (!searching.signal.aborted) again = setTimeout(() => void look(), LOOK_AGAIN_MS);
    };
    picker.onDidAccept(() => {
      const chosen = picker.selectedItems[0]?.process;
      if (!chosen) return;
      resolve(chosen);
      picker.hide();
    });
    picker.onDidHide(() => resolve(undefined));
    picker.show();
    void look();
  }).finally(() => {
    searching.abort();
    clearTimeout(again);
    picker.dispose();
  });
}

/** Rows are drawn anew only when processes came or went, so that nothing moves under the mouse for a change in figures. */
function show(picker: vscode.QuickPick<ProcessItem>, processes: readonly LocalProcess[]): void {
  const identity = ({ pid, title, inspector }: LocalProcess) =>
    `${pid} ${title} ${inspector ? `${inspector.host}:${inspector.port}` : ''}`;
  const shown = picker.items.flatMap(({ process }) => (process ? [identity(process)] : []));
  const found = processes.map(identity);
  if (!picker.busy && shown.toSorted().join('\n') === found.toSorted().join('\n')) return;
  const [active] = picker.activeItems;
  picker.items = toItems(processes);
  const same = picker.items.filter(({ process }) => process && process.pid === active?.process?.pid);
  if (same.length > 0) picker.activeItems = same;
  picker.placeholder =
    processes.length > 0
      ? 'Choose the process whose heap you want to see'
      : 'No Node process of yours is running on this machine; one that starts will come up here';
}

/** The editor's own processes (its server, watchers, language services) are not what anybody came for. */
export function isNotOurHost({ commandLine }: LocalProcess): boolean {
  return !commandLine.includes(vscode.env.appRoot);
}

/** Those with an open inspector first: they need nothing more than a click. */
function toItems(processes: readonly LocalProcess[]): ProcessItem[] {
  const open = processes.filter((process) => process.inspector);
  const closed = processes.filter((process) => !process.inspector);
  return [...section('Inspector open', open), ...section('Inspector closed', closed)];
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
