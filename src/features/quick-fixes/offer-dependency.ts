import * as path from 'node:path';
import * as vscode from 'vscode';
import { HeapwrightError } from '../../protocol/errors';
import { addArguments, packageManagerOf } from './package-manager';

/** A package that a rewrite needs and the project does not have. */
export interface MissingDependency {
  readonly name: string;
  readonly range: string;
  /** Absolute path of the package.json that should list it. */
  readonly packageJson: string;
  /** The file that now imports it. */
  readonly source: string;
}

/** After a rewrite: offers to add what it imports, by the package manager that the lock file names. */
export async function offerDependency(missing: MissingDependency): Promise<void> {
  const folder = path.dirname(missing.packageJson);
  const manager = await packageManagerOf(folder);
  const add = `Add with ${manager}`;
  const answer = await vscode.window.showInformationMessage(
    `${path.basename(missing.source)} now needs the package ${missing.name}, which ` +
      `${vscode.workspace.asRelativePath(missing.packageJson)} does not list.`,
    add,
  );
  if (answer !== add) return;
  const code = await runTask(
    `Add ${missing.name}`,
    manager,
    addArguments(manager, missing.name, missing.range),
    folder,
  );
  if (code === 0) return;
  throw new HeapwrightError(
    'launch-failed',
    `${manager} could not add ${missing.name}.`,
    `Its terminal says why; add "${missing.name}": "${missing.range}" to ${missing.packageJson} by hand otherwise.`,
  );
}

/** Runs a command in a terminal that the user sees. The exit code, or undefined when it did not start. */
async function runTask(
  name: string,
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<number | undefined> {
  const task = new vscode.Task(
    { type: 'heapwright', name },
    vscode.TaskScope.Workspace,
    name,
    'Heapwright',
    new vscode.ShellExecution(command, [...args], { cwd }),
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, close: false, clear: false };
  const ended = new Promise<number | undefined>((resolve) => {
    const subscription = vscode.tasks.onDidEndTaskProcess((event) => {
      if (event.execution.task.name !== name) return;
      subscription.dispose();
      resolve(event.exitCode);
    });
  });
  await vscode.tasks.executeTask(task);
  return await ended;
}
