import * as vscode from 'vscode';
import { readSettings } from '../workbench/settings';
import { growthSentence } from './growth-text';
import type { TrackedFindings } from './tracked-findings';

/** The measured growth above the line that declares what grew. */
export class GrowthLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #tracked: TrackedFindings;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(tracked: TrackedFindings) {
    this.#tracked = tracked;
    this.#subscriptions = [
      this.#changed,
      tracked.onDidReplace(() => this.#changed.fire()),
      tracked.onDidMove(() => this.#changed.fire()),
      vscode.languages.registerCodeLensProvider({ scheme: 'file' }, this),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!readSettings(document.uri).codeLensEnabled) return [];
    return this.#tracked.in(document.fileName).map(({ finding, line, changed }) => {
      const sentence = growthSentence(finding);
      return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
        title: changed
          ? `$(history) Before this edit: ${sentence}. ${this.#tracked.fromHunt ? 'Restart the program and hunt again' : 'Run again and take three snapshots'} to verify`
          : `$(graph-line) ${sentence}`,
        tooltip: [...finding.path, '', ...finding.reasons].join('\n'),
        command: 'heapwright.showFinding',
        arguments: [finding.key],
      });
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
