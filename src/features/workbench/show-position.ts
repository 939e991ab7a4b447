import * as vscode from 'vscode';
import { HeapwrightError } from '../../protocol/errors';

/**
 * Opens a file at a place, beside the panel if that fills the only editor. Line and column count from zero.
 * @throws `file-not-found`.
 */
export async function showPosition(file: string, line: number, column: number): Promise<void> {
  const document = await openDocument(file);
  const position = document.validatePosition(
    new vscode.Position(Math.min(line, document.lineCount - 1), column),
  );
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const beside = input instanceof vscode.TabInputWebview || input instanceof vscode.TabInputCustom;
  // Where the file is shown already it stays, whichever group has the focus at the moment.
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn;
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: shown ?? (beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active),
    selection: new vscode.Range(position, position),
  });
  editor.revealRange(
    new vscode.Range(position, position),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

async function openDocument(file: string): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  } catch (error) {
    throw new HeapwrightError(
      'file-not-found',
      `${file} cannot be opened.`,
      'The program was built elsewhere, or its source has moved since; open its folder in this window.',
      { cause: error },
    );
  }
}
