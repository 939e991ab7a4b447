import * as vscode from 'vscode';
import type { Finding } from '../../protocol/findings';
import type { FindingsStore } from './findings-store';
import { type TrackedLine, TrackedLines } from './tracked-lines';

/** A finding at the line where its declaration stands now. */
export interface TrackedFinding extends TrackedLine {
  readonly finding: Finding;
}

/** Keeps the findings of the current report at their lines while the files are edited. */
export class TrackedFindings implements vscode.Disposable {
  readonly #store: FindingsStore;
  readonly #lines = new TrackedLines();
  readonly #replaced = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  /** By the key of its line: two findings of one report may share their own. */
  #findings: ReadonlyMap<string, Finding> = new Map();

  /** A file whose findings moved or changed. */
  readonly onDidMove = this.#lines.onDidMove;
  /** All findings are new. */
  readonly onDidReplace = this.#replaced.event;

  constructor(store: FindingsStore) {
    this.#store = store;
    this.#subscriptions = [store.onDidChange(() => this.#reload()), this.#lines, this.#replaced];
  }

  get files(): ReadonlySet<string> {
    return this.#lines.files;
  }

  /** The findings come from a hunt, not from snapshots that somebody took. */
  get fromHunt(): boolean {
    return !!this.#store.current?.report.hunt;
  }

  in(file: string): readonly TrackedFinding[] {
    return this.#lines.in(file).map((line) => this.#found(line));
  }

  byKey(key: string): TrackedFinding | undefined {
    const [place] = [...this.#findings].find(([, finding]) => finding.key === key) ?? [];
    const line = place === undefined ? undefined : this.#lines.get(place);
    return line && this.#found(line);
  }

  #found(line: TrackedLine): TrackedFinding {
    return { ...line, finding: this.#findings.get(line.key)! };
  }

  #reload(): void {
    const { findings = [] } = this.#store.current?.report ?? {};
    const located = findings.flatMap((finding, index) =>
      finding.location ? [{ key: `${index}`, finding, location: finding.location }] : [],
    );
    this.#findings = new Map(located.map(({ key, finding }) => [key, finding]));
    // They were measured anew: what was followed before stands for the program as it was then.
    this.#lines.replace([]);
    this.#lines.replace(located.map(({ key, location: { file, line } }) => ({ key, file, line: line - 1 })));
    this.#replaced.fire();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
