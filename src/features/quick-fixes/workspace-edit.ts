import * as vscode from 'vscode';
import type { FileEdit, TextChange } from '../../protocol/code';

/**
 * The edits as one undoable step over all files. New files come first: so no text asks for a file that is not there yet,
 * and undoing while VS Code still creates it can't leave it behind. Offsets count in the text that the analyzer was
 * given. What the user should choose, such as a limit, becomes a placeholder that is selected when the edit has been made.
 * @param confirmation Shows the edit in the refactor preview first, under this heading.
 */
export async function toWorkspaceEdit(
  edits: readonly FileEdit[],
  confirmation?: string,
): Promise<vscode.WorkspaceEdit> {
  const edit = new vscode.WorkspaceEdit();
  const metadata = confirmation ? { needsConfirmation: true, label: confirmation } : undefined;
  const newFirst = [...edits].sort((a, b) => Number(b.create) - Number(a.create));
  for (const { file, create, changes } of newFirst) {
    const uri = vscode.Uri.file(file);
    if (create) {
      const contents = Buffer.from(changes.map(({ text }) => text).join(''));
      edit.createFile(uri, { ignoreIfExists: false, contents }, metadata);
      continue;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    const parts = changes.map((change) => toTextEdit(document, change));
    if (metadata) edit.set(uri, parts.map((part) => [part, metadata] as const) as Parts);
    else edit.set(uri, parts);
  }
  return edit;
}

type Parts = [vscode.TextEdit | vscode.SnippetTextEdit, vscode.WorkspaceEditEntryMetadata][];

function toTextEdit(
  document: vscode.TextDocument,
  { start, end, text, placeholder }: TextChange,
): vscode.TextEdit | vscode.SnippetTextEdit {
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  if (!placeholder) return new vscode.TextEdit(range, text);
  const snippet = new vscode.SnippetString()
    .appendText(text.slice(0, placeholder.start))
    .appendPlaceholder(text.slice(placeholder.start, placeholder.end))
    .appendText(text.slice(placeholder.end));
  return new vscode.SnippetTextEdit(range, snippet);
}
