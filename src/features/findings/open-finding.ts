import * as vscode from 'vscode';
import { HeapwrightError } from '../../protocol/errors';
import type { TrackedFindings } from './tracked-findings';

/** Opens the line that declares what grew, in the editor beside the panel if the panel fills the only one. */
export async function openFinding(tracked: TrackedFindings, key: string): Promise<void> {
  const found = tracked.byKey(key);
  if (!found) {
    throw new HeapwrightError(
      'file-not-found',
      'The source line of this finding is not known.',
      'Its script has no source map, or the snapshot was opened without its script table.',
    );
  }
  const document = await openDocument(found.file);
  const line = Math.min(found.line, document.lineCount - 1);
  const column = (found.finding.location?.column ?? 1) - 1;
  const position = document.validatePosition(new vscode.Position(line, column));
  const beside = vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputWebview;
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
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
