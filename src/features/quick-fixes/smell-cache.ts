import * as vscode from 'vscode';
import { type AnalyzeOptions, CodeAnalyzer } from '../../code/client';
import type { GrowthEvidence, MeasuredImport, Smell } from '../../protocol/code';
import { isCancelled } from '../../protocol/errors';
import type { TrackedFindings } from '../findings/tracked-findings';
import { onSettingsChanged, readSettings } from '../workbench/settings';

/** The languages that the detectors read. */
export const LANGUAGES = ['typescript', 'javascript', 'typescriptreact', 'javascriptreact'] as const;

/** Typing rests this long before a file is looked at again, in ms. */
const REST_MS = 400;
/** And this much longer before its project is. */
const PROJECT_REST_MS = 600;

/** What the imports of a file cost in a program that was measured. */
export interface ImportMeasurements {
  readonly onDidChange: vscode.Event<void>;
  importsOf(document: vscode.TextDocument): readonly MeasuredImport[];
}

interface Analysis {
  readonly version: number;
  readonly smells: Promise<readonly Smell[]>;
}

/**
 * The smells of the open documents, each analysed in the worker twice per version: at once by its text alone, and when it
 * has rested, with its project. The worker starts with the extension.
 */
export class SmellCache implements vscode.Disposable {
  readonly #workerFile: string;
  readonly #tracked: TrackedFindings;
  readonly #measurements: ImportMeasurements;
  readonly #log: vscode.LogOutputChannel;
  readonly #analyses = new Map<string, Analysis>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #changed = new vscode.EventEmitter<vscode.TextDocument>();
  readonly #subscriptions: vscode.Disposable[];
  #analyzer: CodeAnalyzer | undefined;

  /** A document whose smells are known anew. */
  readonly onDidAnalyze = this.#changed.event;

  constructor(
    workerFile: string,
    tracked: TrackedFindings,
    measurements: ImportMeasurements,
    log: vscode.LogOutputChannel,
  ) {
    this.#workerFile = workerFile;
    this.#tracked = tracked;
    this.#measurements = measurements;
    this.#log = log;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.onDidOpenTextDocument((document) => this.#schedule(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document, REST_MS)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      tracked.onDidReplace(() => this.#again()),
      measurements.onDidChange(() => this.#again()),
      onSettingsChanged(() => this.#again()),
    ];
    this.analyzer.warmUp();
    for (const document of vscode.workspace.textDocuments) this.#schedule(document, 0);
  }

  get analyzer(): CodeAnalyzer {
    this.#analyzer ??= new CodeAnalyzer(this.#workerFile);
    return this.#analyzer;
  }

  /** The growth that is known comes from a hunt, which can be done again. */
  get fromHunt(): boolean {
    return this.#tracked.fromHunt;
  }

  /** The smells of the document's present text. Empty where the setting is off or the language is another. */
  async of(document: vscode.TextDocument): Promise<readonly Smell[]> {
    if (!isReadable(document)) return [];
    const key = document.uri.toString();
    const known = this.#analyses.get(key);
    if (known?.version === document.version) return await known.smells;
    const smells = this.#analyze(document);
    this.#analyses.set(key, { version: document.version, smells });
    return await smells;
  }

  async #analyze(document: vscode.TextDocument): Promise<readonly Smell[]> {
    try {
      return await this.analyzer.analyzeFile(
        document.fileName,
        document.getText(),
        this.optionsFor(document),
      );
    } catch (error) {
      if (!isCancelled(error)) this.#log.error(`Code analysis of ${document.fileName}: ${error}`);
      return [];
    }
  }

  /** What the project says takes the place of what the text alone said, unless typing has gone on. */
  async #analyzeInProject(document: vscode.TextDocument): Promise<void> {
    if (!isReadable(document)) return;
    const { version } = document;
    try {
      const smells = await this.analyzer.analyze(
        document.fileName,
        document.getText(),
        this.optionsFor(document),
      );
      if (document.version !== version || document.isClosed) return;
      this.#analyses.set(document.uri.toString(), { version, smells: Promise.resolve(smells) });
      this.#changed.fire(document);
    } catch (error) {
      if (!isCancelled(error)) this.#log.error(`Code analysis of ${document.fileName}: ${error}`);
    }
  }

  /** What the settings and the measurements say to the detectors about a document. */
  optionsFor(
    document: vscode.TextDocument,
  ): AnalyzeOptions & { readonly evidence: readonly GrowthEvidence[] } {
    return {
      evidence: this.#evidence(document),
      lazyImportMinimumBytes: readSettings(document.uri).lazyImportMinimumBytes,
      measuredImports: this.#measurements.importsOf(document),
    };
  }

  /** Growth measured in this file, at the lines where the declarations stand now. */
  #evidence(document: vscode.TextDocument): GrowthEvidence[] {
    return this.#tracked
      .in(document.fileName)
      .filter(({ changed }) => !changed)
      .map(({ finding, line }) => ({
        file: document.fileName,
        line: line + 1,
        entries: finding.entries,
        retainedSizes: finding.retainedSizes,
      }));
  }

  #schedule(document: vscode.TextDocument, delayMs: number): void {
    if (!isReadable(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        void this.of(document).then(() => this.#changed.fire(document));
        this.#timers.set(
          key,
          setTimeout(() => {
            this.#timers.delete(key);
            void this.#analyzeInProject(document);
          }, PROJECT_REST_MS),
        );
      }, delayMs),
    );
  }

  #again(): void {
    this.#analyses.clear();
    for (const document of vscode.workspace.textDocuments) this.#schedule(document, 0);
  }

  #forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#analyses.delete(key);
    void this.analyzer.close(document.fileName).catch(() => {});
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    void this.#analyzer?.dispose();
  }
}

function isReadable(document: vscode.TextDocument): boolean {
  return (
    document.uri.scheme === 'file' &&
    !document.isClosed &&
    (LANGUAGES as readonly string[]).includes(document.languageId) &&
    !/[\\/]node_modules[\\/]/.test(document.fileName) &&
    readSettings(document.uri).smellsEnabled
  );
}
