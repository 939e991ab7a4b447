import * as vscode from 'vscode';
import type { Command, Parts } from './command';
import { codeCommands, findingCommands, moduleCommands } from './finding-commands';
import { attachCommands, debugCommands, processCommands } from './process-commands';
import { historyCommands, huntCommands, operationCommands } from './run-commands';
import { allocationCommands, snapshotCommands } from './snapshot-commands';

/** Registers every command of package.json. Each one's errors are shown here, once. */
export function registerCommands(parts: Parts): vscode.Disposable {
  const registrations: Command[] = [
    ...attachCommands(parts),
    ...processCommands(parts),
    ...debugCommands(parts),
    ...snapshotCommands(parts),
    ...findingCommands(parts),
    ...allocationCommands(parts),
    ...moduleCommands(parts),
    ...huntCommands(parts),
    ...historyCommands(parts),
    ...operationCommands(parts),
    ...codeCommands(parts),
  ];
  return vscode.Disposable.from(
    ...registrations.map(([id, title, run]) =>
      vscode.commands.registerCommand(id, (...args: unknown[]) =>
        parts.notifier.guard(title, () => run(...args)),
      ),
    ),
  );
}
