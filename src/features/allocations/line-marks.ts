import * as vscode from 'vscode';
import type { LineShare } from '../../allocations/profile-explorer';
import { formatBytes } from '../../protocol/figures';

/** Behind each line that allocates: "allocates 38 % here". Edits move the marks with their lines. */
export class LineMarks implements vscode.Disposable {
  readonly #decoration = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('editorCodeLens.foreground') },
    overviewRulerColor: new vscode.ThemeColor('charts.orange'),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  readonly #subscription: vscode.Disposable;
  #byFile = new Map<string, readonly LineShare[]>();
  /** Files edited since they were measured: their lines are no longer those of the profile. */
  readonly #edited = new Set<string>();

  constructor() {
    this.#subscription = vscode.Disposable.from(
      vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.#byFile.has(document.fileName))
          this.#edited.add(document.fileName);
      }),
    );
  }

  get shown(): boolean {
    return this.#byFile.size > 0;
  }

  show(lines: readonly LineShare[]): void {
    this.#edited.clear();
    this.#byFile = new Map();
    for (const line of lines) this.#byFile.set(line.file, [...(this.#byFile.get(line.file) ?? []), line]);
    this.#draw();
  }

  clear(): void {
    this.show([]);
  }

  #draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const { fileName, lineCount } = editor.document;
      if (this.#edited.has(fileName)) continue;
      const lines = (this.#byFile.get(fileName) ?? []).filter(({ line }) => line <= lineCount);
      editor.setDecorations(
        this.#decoration,
        lines.map((share) => decorationOf(editor.document, share)),
      );
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#decoration.dispose();
  }
}

function decorationOf(document: vscode.TextDocument, line: LineShare): vscode.DecorationOptions {
  const { end } = document.lineAt(line.line - 1).range;
  const callsMore = line.totalShare >= 2 * line.share;
  const text = `allocates ${percent(line.share)} here${callsMore ? `, ${percent(line.totalShare)} with calls` : ''}`;
  return {
    range: new vscode.Range(end, end),
    hoverMessage: `What begins in this line allocated ${formatBytes(line.self)} by itself and ${formatBytes(line.total)} with what it called, while it was recorded.`,
    renderOptions: { after: { contentText: text } },
  };
}

function percent(share: number): string {
  return `${share >= 0.0995 ? Math.round(share * 100) : Math.round(share * 1000) / 10} %`;
}
