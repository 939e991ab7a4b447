import * as vscode from 'vscode';
import { listLocalProcesses } from '../../inspector/discovery/local-processes';
import { formatBytes } from '../../protocol/figures';
import type { LocalProcess } from '../../protocol/targets';
import { isNotOurHost } from '../attach/process-picker';

interface ProcessItem extends vscode.QuickPickItem {
  readonly process: LocalProcess;
}

/** Lets the user tick processes of this machine. Undefined when dismissed. */
export async function chooseProcesses(
  isWatched: (process: LocalProcess) => boolean,
): Promise<LocalProcess[] | undefined> {
  const items = listLocalProcesses().then((processes) =>
    processes
      .filter(isNotOurHost)
      .sort((a, b) => a.title.localeCompare(b.title) || (a.startedAt ?? 0) - (b.startedAt ?? 0))
      .map((process) => toItem(process, isWatched(process))),
  );
  const chosen = await vscode.window.showQuickPick(items, {
    title: 'Watch Processes Together',
    placeHolder: 'Tick the processes whose memory you want to see beside each other',
    canPickMany: true,
    matchOnDescription: true,
  });
  return chosen?.map(({ process }) => process);
}

function toItem(process: LocalProcess, picked: boolean): ProcessItem {
  const facts = [`pid ${process.pid}`];
  if (process.rss !== null) facts.push(formatBytes(process.rss));
  facts.push(process.inspector ? `inspector ${process.inspector.port}` : 'inspector closed');
  return { label: process.title, description: facts.join(' · '), picked, process };
}
