import * as vscode from 'vscode';

/** The one output channel; its level is set by VS Code's own "Set Log Level" command. */
export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel('Heapwright', { log: true });
}
