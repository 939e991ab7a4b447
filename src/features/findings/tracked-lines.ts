import * as path from 'node:path';
import * as vscode from 'vscode';

/** A declaration at the line where it stands now, which edits above it may have moved. */
export interface TrackedLine {
  readonly key: string;
  readonly file: string;
  /** Counted from zero, in the text as it is now. */
  readonly line: number;
  /** The declaration was edited since it was measured: what was seen may no longer be true. */
  readonly changed: boolean;
}

interface Track {
  readonly key: string;
  readonly file: string;
  line: number;
  /** The declaration as it was measured; undefined until its document is open. */
  text: string | undefined;
  changed: boolean;
}

/**
 * Keeps declarations at their lines while the files are edited, and notices when one itself was edited (and when that
 * was undone).
 */
export class TrackedLines implements vscode.Disposable {
  readonly #moved = new vscode.EventEmitter<string>();
  readonly #subscriptions: vscode.Disposable[];
  #tracks: Track[] = [];

  /** A file whose declarations moved or changed. */
  readonly onDidMove = this.#moved.event;

  constructor() {
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => this.#remember(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.#follow(event)),
      this.#moved,
    ];
  }

  get files(): ReadonlySet<string> {
    return new Set(this.#tracks.map(({ file }) => file));
  }

  in(file: string): readonly TrackedLine[] {
    return this.#tracks.filter((track) => samePath(track.file, file));
  }

  get(key: string): TrackedLine | undefined {
    return this.#tracks.find((track) => track.key === key);
  }

  /** Follows these from where they were measured, in place of all others; what is followed already stays as it is. */
  replace(lines: readonly { readonly key: string; readonly file: string; readonly line: number }[]): void {
    this.#tracks = lines.map(
      ({ key, file, line }) =>
        this.#tracks.find((track) => track.key === key && track.file === file) ?? {
          key,
          file,
          line,
          text: undefined,
          changed: false,
        },
    );
    for (const document of vscode.workspace.textDocuments) this.#remember(document);
  }

  #remember(document: vscode.TextDocument): void {
    for (const track of this.#tracks) {
      if (track.text === undefined && samePath(track.file, document.fileName)) {
        track.text = lineText(document, track.line);
      }
    }
  }

  #follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const tracks = this.#tracks.filter((track) => samePath(track.file, document.fileName));
    if (tracks.length === 0 || contentChanges.length === 0) return;
    for (const track of tracks) {
      for (const change of contentChanges) track.line = shifted(track.line, change);
      track.line = Math.min(Math.max(0, track.line), document.lineCount - 1);
      track.changed = track.text !== undefined && lineText(document, track.line) !== track.text;
    }
    this.#moved.fire(document.fileName);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** Where `line` stands after a change; an edit within the line leaves it where it is. */
function shifted(line: number, change: vscode.TextDocumentContentChangeEvent): number {
  const { start, end } = change.range;
  const wholeLineAbove = end.line < line || (end.line === line && end.character === 0);
  if (!wholeLineAbove) return line;
  const inserted = change.text.split('\n').length - 1;
  return line + inserted - (end.line - start.line);
}

/** Without the indentation: reformatting is not a change of the declaration. */
function lineText(document: vscode.TextDocument, line: number): string | undefined {
  return line >= 0 && line < document.lineCount ? document.lineAt(line).text.trim() : undefined;
}

/** Windows and macOS compare paths without case. */
function samePath(a: string, b: string): boolean {
  if (a === b) return true;
  if (process.platform === 'linux') return false;
  return path.normalize(a).toLowerCase() === path.normalize(b).toLowerCase();
}
