import * as vscode from 'vscode';
import type { CostlyImport } from '../../modules/measured-modules';
import { formatBytes } from '../../protocol/figures';
import type { ImportCost } from '../../protocol/modules';
import { LANGUAGES, type SmellCache } from '../quick-fixes/smell-cache';
import { readSettings } from '../workbench/settings';
import type { ModuleMeasurement } from './module-measurement';

/** An import that costs less than both is not worth a line. */
const LEAST_BYTES = 100_000;
const LEAST_MS = 5;

/** Above each import that costs something: "lodash: 4.9 MB, 38 ms". */
export class ModuleLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #measurement: ModuleMeasurement;
  readonly #smells: SmellCache;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(measurement: ModuleMeasurement, smells: SmellCache) {
    this.#measurement = measurement;
    this.#smells = smells;
    this.#subscriptions = [
      this.#changed,
      measurement.onDidChange(() => this.#changed.fire()),
      smells.onDidAnalyze(() => this.#changed.fire()),
      vscode.languages.registerCodeLensProvider(
        LANGUAGES.map((language) => ({ scheme: 'file', language })),
        this,
      ),
    ];
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[]> {
    const { measured } = this.#measurement;
    if (!measured || !readSettings(document.uri).codeLensEnabled) return [];
    const imports = measured
      .importsIn(document.fileName, document.getText())
      .filter(({ cost: { total } }) => total.heap >= LEAST_BYTES || total.ms >= LEAST_MS);
    if (imports.length === 0) return [];
    const lazy = await this.#lazyLines(document);
    if (token.isCancellationRequested) return [];
    return imports.map((each) => this.#lensOf(document, each, lazy));
  }

  /** Lines where "Load lazily" stands in the lightbulb. */
  async #lazyLines(document: vscode.TextDocument): Promise<ReadonlySet<number>> {
    const smells = await this.#smells.of(document);
    const lazy = smells.filter(
      ({ rule, rewrites }) => rule === 'lazy-import' && rewrites.some(({ refusal }) => refusal === null),
    );
    return new Set(lazy.map(({ range }) => document.positionAt(range.start).line));
  }

  #lensOf(
    document: vscode.TextDocument,
    { specifier, offset, cost }: CostlyImport,
    lazyLines: ReadonlySet<number>,
  ): vscode.CodeLens {
    const position = document.positionAt(offset);
    const isLazy = lazyLines.has(position.line);
    const title = `${specifier}: ${costText(cost)}${isLazy ? ' · Load lazily…' : ''}`;
    return new vscode.CodeLens(new vscode.Range(position, position), {
      title,
      tooltip: tooltipOf(cost),
      ...(isLazy
        ? { command: 'heapwright.showFixes', arguments: [document.uri, position.line] }
        : { command: 'heapwright.showModules' }),
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** Opens the lightbulb's menu at a line. */
export async function showFixes(uri: vscode.Uri, line: number): Promise<void> {
  const position = new vscode.Position(line, 0);
  const shown = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  await vscode.window.showTextDocument(uri, {
    selection: new vscode.Range(position, position),
    ...(shown?.viewColumn ? { viewColumn: shown.viewColumn } : {}),
  });
  await vscode.commands.executeCommand('editor.action.quickFix');
}

function costText({ total, saved }: ImportCost): string {
  const text = `${formatBytes(total.heap)}, ${Math.round(total.ms)} ms`;
  if (saved.heap >= total.heap / 2) return text;
  return `${text} (${formatBytes(saved.heap)} needed by nothing else)`;
}

function tooltipOf({ total, saved, modules }: ImportCost): string {
  return [
    `${modules === 1 ? '1 module' : `${modules} modules`} at load: ${formatBytes(total.heap)} of heap, ${formatBytes(total.rss)} of RSS, ${total.ms.toFixed(1)} ms.`,
    `Without this import ${formatBytes(saved.heap)} and ${saved.ms.toFixed(1)} ms would not be spent.`,
  ].join('\n');
}
