import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { HeapwrightError } from '../../protocol/errors';
import { formatBytes } from '../../protocol/figures';
import { type SnapshotLibrary, type StoredSnapshot, scriptTableOf } from './snapshot-library';

interface SnapshotItem extends vscode.QuickPickItem {
  readonly entry: StoredSnapshot;
}

/** Lets the user choose a snapshot of the library, newest first. Undefined when dismissed. */
export async function pickSnapshot(
  library: SnapshotLibrary,
  title: string,
): Promise<StoredSnapshot | undefined> {
  requireAny(library);
  const chosen = await vscode.window.showQuickPick(toItems(library), { title, matchOnDescription: true });
  return chosen?.entry;
}

/** Lets the user choose the members of a series. Undefined when dismissed. */
export async function pickSeries(
  library: SnapshotLibrary,
  preselected: ReadonlySet<string>,
): Promise<StoredSnapshot[] | undefined> {
  requireAny(library);
  const items = toItems(library).map((item) => ({ ...item, picked: preselected.has(item.entry.id) }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: 'Compare Snapshots',
    placeHolder: 'Choose three or more of one run (two show a first hint)',
    canPickMany: true,
    matchOnDescription: true,
  });
  return chosen?.map((item) => item.entry).sort((a, b) => a.takenAt - b.takenAt);
}

/** "Open Heap Snapshot File…": lists a file from elsewhere without copying it. */
export async function openSnapshotFile(library: SnapshotLibrary): Promise<StoredSnapshot | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Open Heap Snapshot',
      filters: { 'Heap snapshots': ['heapsnapshot', 'heaptimeline'] },
    })) ?? [];
  if (!uri) return undefined;
  const known = library.entries.find((entry) => entry.file === uri.fsPath);
  if (known) return known;
  const { size, mtimeMs } = await fs.stat(uri.fsPath);
  const entry: StoredSnapshot = {
    id: createHash('sha256').update(uri.fsPath).digest('hex').slice(0, 32),
    name: path.basename(uri.fsPath),
    takenAt: mtimeMs,
    fileBytes: size,
    targetTitle: path.dirname(uri.fsPath),
    processKey: await processKeyBeside(uri.fsPath),
    file: uri.fsPath,
    owned: false,
  };
  await library.add(entry);
  return entry;
}

/** "Save Snapshot As…" */
export async function saveSnapshot(library: SnapshotLibrary, entry: StoredSnapshot): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(entry.file));
  const destination = await vscode.window.showSaveDialog({
    title: 'Save Heap Snapshot As',
    defaultUri: vscode.Uri.joinPath(folder, `${entry.name.replaceAll(/[^\w.-]+/g, '-')}.heapsnapshot`),
    filters: { 'Heap snapshots': ['heapsnapshot'] },
  });
  if (destination) await library.saveAs(entry.id, destination.fsPath);
}

/** "Delete Snapshot": asks first, since a snapshot of a past state cannot be taken again. */
export async function deleteSnapshot(library: SnapshotLibrary, entry: StoredSnapshot): Promise<boolean> {
  const remove = entry.owned ? 'Delete' : 'Remove from List';
  const answer = await vscode.window.showWarningMessage(
    entry.owned ? `Delete ${entry.name}?` : `Remove ${entry.name} from the list?`,
    {
      modal: true,
      detail: entry.owned
        ? `${formatBytes(entry.fileBytes)}, taken ${new Date(entry.takenAt).toLocaleString()} from ${entry.targetTitle}.`
        : `The file ${entry.file} stays where it is.`,
    },
    remove,
  );
  if (answer !== remove) return false;
  await library.remove(entry.id);
  return true;
}

function toItems(library: SnapshotLibrary): SnapshotItem[] {
  return library.entries.toReversed().map((entry) => ({
    label: entry.name,
    description: `${formatBytes(entry.fileBytes)} · ${new Date(entry.takenAt).toLocaleTimeString()}`,
    detail: entry.targetTitle,
    entry,
  }));
}

function requireAny(library: SnapshotLibrary): void {
  if (library.entries.length > 0) return;
  throw new HeapwrightError(
    'file-not-found',
    'There is no snapshot yet.',
    'Attach to a process and run "Heapwright: Take Heap Snapshot".',
  );
}

/** Files that our own capture wrote know their process; any other file is a process of its own. */
async function processKeyBeside(file: string): Promise<string> {
  try {
    const table: unknown = JSON.parse(await fs.readFile(scriptTableOf(file), 'utf8'));
    if (
      typeof table === 'object' &&
      table !== null &&
      'processKey' in table &&
      typeof table.processKey === 'string'
    ) {
      return table.processKey;
    }
  } catch {
    // No table beside it.
  }
  return `folder:${path.dirname(file)}`;
}
