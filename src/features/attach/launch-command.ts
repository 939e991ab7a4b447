import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { type LaunchRequest, launch } from '../../inspector/launch';
import { HeapwrightError } from '../../protocol/errors';
import { packageManagerOf } from '../quick-fixes/package-manager';
import { signalOf } from '../workbench/cancellation';
import type { AttachedTarget } from './attached-target';
import { LaunchTerminal } from './launch-terminal';
import { requireTrust } from './process-picker';
import type { TargetSlot } from './target-slot';

interface LaunchItem extends vscode.QuickPickItem {
  readonly request?: LaunchRequest;
}

/** "Launch and Profile…": the current file or an npm script of the workspace, in a terminal of its own. */
export async function launchAndProfile(slot: TargetSlot): Promise<AttachedTarget | undefined> {
  const chosen = await pickProgram('Launch and Profile', [MEASURE]);
  if (chosen === MEASURE) await vscode.commands.executeCommand('heapwright.measureModules');
  return chosen?.request ? await launchRequest(slot, chosen.request) : undefined;
}

const MEASURE: LaunchItem = {
  label: '$(package) Launch and Measure Modules...',
  description: 'what each import costs at load',
};

/** Lets the user choose what to start. Undefined when dismissed. */
export async function pickLaunchRequest(title: string): Promise<LaunchRequest | undefined> {
  return (await pickProgram(title, []))?.request;
}

async function pickProgram(title: string, more: readonly LaunchItem[]): Promise<LaunchItem | undefined> {
  requireTrust();
  const items = [...currentFileItems(), ...(await scriptItems())];
  if (items.length === 0) throw nothingToLaunch();
  const separator = { label: '', kind: vscode.QuickPickItemKind.Separator };
  return await vscode.window.showQuickPick([...items, ...(more.length > 0 ? [separator, ...more] : [])], {
    title,
    placeHolder: 'The current file, or a script of package.json',
    matchOnDescription: true,
  });
}

/** Starts a program in a terminal of its own and attaches to it, in place of what was attached. */
export async function launchRequest(slot: TargetSlot, request: LaunchRequest): Promise<AttachedTarget> {
  return await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Launching ${request.title}`,
      cancellable: true,
    },
    async (_progress, token) => {
      const { signal, dispose } = signalOf(token);
      try {
        const launched = await launch(request, { signal });
        const terminal = new LaunchTerminal(launched, request.title);
        try {
          return slot.attach(await launched.session(signal), { launched: { terminal, request } });
        } catch (error) {
          terminal.dispose();
          throw error;
        }
      } finally {
        dispose();
      }
    },
  );
}

function currentFileItems(): LaunchItem[] {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme !== 'file' || !/\.[cm]?[jt]s$/.test(document.fileName)) return [];
  const folder =
    vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? path.dirname(document.fileName);
  const title = path.relative(folder, document.fileName);
  return [
    { label: 'Current file', kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(file-code) ${title}`,
      description: 'node --inspect',
      request: { kind: 'program', title, program: document.fileName, args: [], cwd: folder },
    },
  ];
}

/** The scripts of the package.json files at the roots of the workspace. */
async function scriptItems(): Promise<LaunchItem[]> {
  const items: LaunchItem[] = [];
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const cwd = folder.uri.fsPath;
    const scripts = await readScripts(path.join(cwd, 'package.json'));
    if (scripts.length === 0) continue;
    const manager = await packageManagerOf(cwd);
    items.push({ label: `${manager} scripts of ${folder.name}`, kind: vscode.QuickPickItemKind.Separator });
    for (const [script, command] of scripts) {
      const title = `${manager} run ${script}`;
      items.push({
        label: `$(package) ${script}`,
        description: command,
        request: { kind: 'script', title, manager, script, cwd },
      });
    }
  }
  return items;
}

async function readScripts(packageJson: string): Promise<[string, string][]> {
  try {
    const parsed: unknown = JSON.parse(await fs.readFile(packageJson, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('scripts' in parsed)) return [];
    const { scripts } = parsed;
    if (typeof scripts !== 'object' || scripts === null) return [];
    return Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  } catch {
    return [];
  }
}

function nothingToLaunch(): HeapwrightError {
  return new HeapwrightError(
    'launch-failed',
    'There is nothing to launch.',
    'Open a JavaScript file, or a folder whose package.json has scripts.',
  );
}
