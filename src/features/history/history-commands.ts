import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { exportRun } from '../../history/export-run';
import type { RunArchive } from '../../history/run-archive';
import { HeapwrightError } from '../../protocol/errors';
import { formatBytes, formatCount, formatMs } from '../../protocol/figures';
import type { PictureFormat, RunFormat, RunSummary } from '../../protocol/history';
import type { LivePanel } from '../panel/panel';
import type { HistoryView } from './history-view';
import type { RunRecorder } from './run-recorder';

interface Parts {
  readonly recorder: RunRecorder;
  readonly history: HistoryView;
  readonly panel: LivePanel;
}

interface FormatItem extends vscode.QuickPickItem {
  readonly extension: string;
  readonly format: RunFormat | PictureFormat;
}

const FORMATS: readonly FormatItem[] = [
  { label: 'CSV', description: 'one row per sample, for a spreadsheet', extension: 'csv', format: 'csv' },
  { label: 'JSON', description: 'samples, alerts, operations, findings', extension: 'json', format: 'json' },
  {
    label: 'OpenMetrics',
    description: 'text with times, for Prometheus and its like',
    extension: 'om.txt',
    format: 'openmetrics',
  },
  { label: 'SVG', description: 'picture of the chart as it is shown', extension: 'svg', format: 'svg' },
  { label: 'PNG', description: 'picture of the chart as it is shown', extension: 'png', format: 'png' },
];

/** "Export Run…": the run of the tab's button, else the one that is recorded, else one of the list. */
export async function exportRunAs(parts: Parts, id: unknown): Promise<void> {
  const { recorder } = parts;
  const { archive } = recorder;
  recorder.flush();
  const runId = typeof id === 'string' ? id : (recorder.recording ?? (await pickRun(archive, 'Export Run')));
  if (runId === undefined) return;
  // Asked for from the panel, which may take the focus back while it draws.
  const choice = await vscode.window.showQuickPick(FORMATS, {
    title: 'Export Run',
    placeHolder: 'As what?',
    ignoreFocusOut: true,
  });
  if (!choice) return;
  const { summary } = await archive.read(runId);
  const target = await askWhere(summary, choice);
  if (!target) return;
  const { format } = choice;
  const content =
    format === 'svg' || format === 'png'
      ? await pictureOf(parts, runId, format)
      : exportRun(await archive.read(runId), format);
  await fs.writeFile(target.fsPath, content);
  void vscode.window.showInformationMessage(`${path.basename(target.fsPath)} was written.`);
}

/** "Delete Run…": asks first, since a run cannot be had again. */
export async function deleteRun({ history, recorder }: Parts, id: unknown): Promise<void> {
  const { archive } = recorder;
  const runId = typeof id === 'string' ? id : await pickRun(archive, 'Delete Run');
  if (runId === undefined) return;
  if (runId === recorder.recording) {
    throw new HeapwrightError(
      'bad-argument',
      'This run is being recorded.',
      'Detach from the process first.',
    );
  }
  const { summary } = await archive.read(runId);
  const remove = 'Delete';
  const answer = await vscode.window.showWarningMessage(
    `Delete the run of ${summary.title}?`,
    { modal: true, detail: describe(summary) },
    remove,
  );
  if (answer !== remove) return;
  await archive.delete(runId);
  await history.refresh();
}

/** The page draws it: there the theme's colours are, and what the user has chosen to see. */
async function pictureOf(
  { panel, history, recorder }: Parts,
  runId: string,
  format: PictureFormat,
): Promise<string | Buffer> {
  const isLive = runId === recorder.recording;
  if (!isLive) await history.choose(runId);
  panel.show({ tab: isLive ? 'memory' : 'history' });
  const picture = await panel.picture(format);
  return format === 'png' ? Buffer.from(picture, 'base64') : picture;
}

async function pickRun(archive: RunArchive, title: string): Promise<string | undefined> {
  const runs = await archive.list();
  if (runs.length === 0) {
    throw new HeapwrightError(
      'bad-argument',
      'No run was recorded yet.',
      'Attach to a process: what is watched is kept by itself.',
    );
  }
  const items = runs.map((run) => ({ label: run.title, description: describe(run), id: run.id }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.id;
}

async function askWhere(run: RunSummary, { extension, label }: FormatItem): Promise<vscode.Uri | undefined> {
  const program = run.title.replaceAll(/[^\w.-]+/g, '-');
  const name = `${program}-${new Date(run.from).toISOString().slice(0, 19).replaceAll(':', '-')}.${extension}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return await vscode.window.showSaveDialog({
    title: 'Export Run',
    defaultUri: folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(path.resolve(name)),
    filters: { [label]: [extension] },
  });
}

function describe({ from, to, samples, peakHeapUsed }: RunSummary): string {
  return `${new Date(from).toLocaleString()}, ${formatMs(to - from)}, ${formatCount(samples)} samples, heap up to ${formatBytes(peakHeapUsed)}`;
}
