import * as vscode from 'vscode';
import type { Severity, Smell } from '../../protocol/code';
import type { FindingsStore } from '../findings/findings-store';
import { growthSentence } from '../findings/growth-text';
import type { TrackedFinding, TrackedFindings } from '../findings/tracked-findings';
import type { SmellCache } from '../quick-fixes/smell-cache';

const SEVERITIES: Record<Severity, vscode.DiagnosticSeverity> = {
  hint: vscode.DiagnosticSeverity.Hint,
  information: vscode.DiagnosticSeverity.Information,
  warning: vscode.DiagnosticSeverity.Warning,
};

/**
 * One diagnostic per declaration, made of what was measured there and what the code says: growth that a snapshot
 * series showed and the smell that explains it are one problem, not two.
 */
export class DeclarationDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('heapwright');
  readonly #tracked: TrackedFindings;
  readonly #store: FindingsStore;
  readonly #smells: SmellCache;
  readonly #subscriptions: vscode.Disposable[];
  /** The latest drawing of each file: an analysis that ends late must not overwrite a newer one. */
  readonly #turns = new Map<string, number>();

  constructor(tracked: TrackedFindings, store: FindingsStore, smells: SmellCache) {
    this.#tracked = tracked;
    this.#store = store;
    this.#smells = smells;
    this.#subscriptions = [
      this.#collection,
      smells.onDidAnalyze((document) => void this.#draw(document.uri, document)),
      tracked.onDidReplace(() => this.#drawAll()),
      tracked.onDidMove((file) => void this.#draw(vscode.Uri.file(file), openDocument(file))),
      vscode.workspace.onDidCloseTextDocument((document) => void this.#draw(document.uri, undefined)),
    ];
  }

  #drawAll(): void {
    this.#collection.clear();
    const files = new Set(this.#tracked.files);
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.scheme === 'file') files.add(document.fileName);
    }
    for (const file of files) void this.#draw(vscode.Uri.file(file), openDocument(file));
  }

  async #draw(uri: vscode.Uri, document: vscode.TextDocument | undefined): Promise<void> {
    const turn = (this.#turns.get(uri.fsPath) ?? 0) + 1;
    this.#turns.set(uri.fsPath, turn);
    const smells = document ? await this.#smells.of(document) : [];
    if (this.#turns.get(uri.fsPath) !== turn) return;
    const grown = this.#tracked.in(uri.fsPath).filter(({ changed }) => !changed);
    const diagnostics = document ? smells.map((smell) => this.#ofSmell(smell, document, grown)) : [];
    const covered = new Set(diagnostics.map((diagnostic) => diagnostic.range.start.line));
    for (const tracked of grown) {
      if (!covered.has(tracked.line)) diagnostics.push(this.#ofGrowth(tracked, document));
    }
    this.#collection.set(uri, diagnostics);
  }

  #ofSmell(smell: Smell, document: vscode.TextDocument, grown: readonly TrackedFinding[]): vscode.Diagnostic {
    const range = new vscode.Range(
      document.positionAt(smell.range.start),
      document.positionAt(smell.range.end),
    );
    const measured = grown.find(({ line }) => line === range.start.line);
    const diagnostic = measured
      ? new vscode.Diagnostic(range, `${this.#growthText(measured)} ${smell.message}`, severityOf(measured))
      : new vscode.Diagnostic(range, smell.message, SEVERITIES[smell.severity]);
    diagnostic.source = 'heapwright';
    diagnostic.code = smell.rule;
    return diagnostic;
  }

  #ofGrowth(tracked: TrackedFinding, document: vscode.TextDocument | undefined): vscode.Diagnostic {
    const range = document
      ? trimmedLine(document, tracked.line)
      : new vscode.Range(tracked.line, 0, tracked.line, Number.MAX_SAFE_INTEGER);
    const diagnostic = new vscode.Diagnostic(range, this.#growthText(tracked), severityOf(tracked));
    diagnostic.source = 'heapwright';
    diagnostic.code = 'growth';
    return diagnostic;
  }

  #growthText({ finding }: TrackedFinding): string {
    const report = this.#store.current?.report;
    const over = report?.hunt
      ? `${report.hunt.rounds} rounds of ${report.hunt.operations} operations`
      : `${report?.snapshotIds.length ?? finding.entries.length} snapshots`;
    return `${finding.name}: ${growthSentence(finding)} over ${over}.`;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** What is only to be watched is no warning yet. */
function severityOf({ finding }: TrackedFinding): vscode.DiagnosticSeverity {
  return finding.level === 'watch'
    ? vscode.DiagnosticSeverity.Information
    : vscode.DiagnosticSeverity.Warning;
}

function openDocument(file: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => !document.isClosed && document.fileName === file);
}

function trimmedLine(document: vscode.TextDocument, line: number): vscode.Range {
  const text = document.lineAt(Math.min(line, document.lineCount - 1));
  return new vscode.Range(
    text.lineNumber,
    text.firstNonWhitespaceCharacterIndex,
    text.lineNumber,
    text.range.end.character,
  );
}
