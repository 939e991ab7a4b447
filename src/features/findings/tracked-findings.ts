import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Finding } from '../../protocol/findings';
import type { FindingsStore } from './findings-store';

/** A finding at the line where its declaration stands now, which edits above it may have moved. */
export interface TrackedFinding {
  readonly finding: Finding;
  readonly file: string;
  /** Counted from zero, in the text as it is now. */
  readonly line: number;
  /** The declaration was edited since it was measured: what was seen may no longer be true. */
  readonly changed: boolean;
}

interface Track {
  readonly finding: Finding;
  readonly file: string;
  line: number;
  /** The declaration as it was measured; undefined until its document is open. */
  text: string | undefined;
  changed: boolean;
}

/**
 * Keeps the findings of the current report at their lines while the files are edited, and notices when a
 * declaration itself was edited (and when that was undone).
 */
export class TrackedFindings implements vscode.Disposable {
  readonly #store: FindingsStore;
  readonly #moved = new vscode.EventEmitter<string>();
  readonly #replaced = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #tracks: Track[] = [];

  /** A file whose findings moved or changed. */
  readonly onDidMove = this.#moved.event;
  /** All findings are new. */
  readonly onDidReplace = this.#replaced.event;

  constructor(store: FindingsStore) {
    this.#store = store;
    this.#subscriptions = [
      store.onDidChange(() => this.#reload()),
      vscode.workspace.onDidOpenTextDocument((document) => this.#remember(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.#follow(event)),
      this.#moved,
      this.#replaced,
    ];
  }

  get files(): ReadonlySet<string> {
    return new Set(this.#tracks.map((track) => track.file));
  }

  /** The findings come from a hunt, not from snapshots that somebody took. */
  get fromHunt(): boolean {
    return !!this.#store.current?.report.hunt;
  }

  in(file: string): readonly TrackedFinding[] {
    return this.#tracks.filter((track) => samePath(track.file, file));
  }

  byKey(key: string): TrackedFinding | undefined {
    return this.#tracks.find((track) => track.finding.key === key);
  }

  #reload(): void {
    const findings = this.#store.current?.report.findings ?? [];
    this.#tracks = findings.flatMap((finding) =>
      finding.location
        ? [
            {
              finding,
              file: finding.location.file,
              line: finding.location.line - 1,
              text: undefined,
              changed: false,
            },
          ]
        : [],
    );
    for (const document of vscode.workspace.textDocuments) this.#remember(document);
    this.#replaced.fire();
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
