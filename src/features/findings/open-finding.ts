import * as vscode from 'vscode';
import { HeapwrightError } from '../../protocol/errors';
import type { TrackedFindings } from './tracked-findings';

/** Opens the line that declares what grew, in the editor beside the panel if the panel fills the only one. */
export async function openFinding(tracked: TrackedFindings, key: string, place?: 'added'): Promise<void> {
  const found = tracked.byKey(key);
  const added = place === 'added' ? found?.finding.addedAt : undefined;
  if (found && added) return await showPosition(added.file, added.line - 1, added.column - 1);
  if (!found) {
    throw new HeapwrightError(
      'file-not-found',
      'The source line of this finding is not known.',
      'Its script has no source map, or the snapshot was opened without its script table.',
    );
  }
  await showPosition(found.file, found.line, (found.finding.location?.column ?? 1) - 1);
}

/** Line and column count from zero. */
async function showPosition(file: string, line: number, column: number): Promise<void> {
  const document = await openDocument(file);
  const position = document.validatePosition(
    new vscode.Position(Math.min(line, document.lineCount - 1), column),
  );
  const beside = vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputWebview;
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
