import * as vscode from 'vscode';
import { collectionWords, entriesWord, type LivingCollection } from '../../protocol/census';
import { formatCount } from '../../protocol/figures';
import { readSettings } from '../workbench/settings';
import type { LiveCollections } from './live-collections';
import type { LocatedCollection, LocatedCollections } from './located-collections';

/** Lenses are drawn anew at most this often, in ms: figures that flicker cannot be read. */
const REDRAW_MS = 3000;

/** The living size of a collection above the line that declares it, while that line is seen. */
export class CollectionLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #collections: LiveCollections;
  readonly #located: LocatedCollections;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #redraw: NodeJS.Timeout | undefined;
  /** What the lenses said last. */
  #drawn = '';
  /** The editor was told of a change and has not asked yet: told again, it would begin its wait anew, and never ask. */
  #told = false;

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(collections: LiveCollections, located: LocatedCollections) {
    this.#collections = collections;
    this.#located = located;
    this.#subscriptions = [
      this.#changed,
      located.onDidChange(() => this.#later()),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.#told = false;
        this.#look();
      }),
      vscode.languages.registerCodeLensProvider({ scheme: 'file' }, this),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    this.#told = false;
    this.#drawn = this.#sentences();
    if (!readSettings(document.uri).codeLensEnabled) return [];
    const located = this.#located.in(document.fileName);
    const lines = new Set(located.map(({ line }) => line));
    return [...lines].flatMap((line) =>
      lensAt(
        line,
        located.filter((other) => other.line === line),
      ),
    );
  }

  #later(): void {
    this.#redraw ??= setTimeout(() => {
      this.#redraw = undefined;
      this.#look();
      if (this.#told || this.#sentences() === this.#drawn) return;
      this.#told = true;
      this.#changed.fire();
    }, REDRAW_MS);
  }

  /** The sizes are followed as long as an editor shows one of the declarations. */
  #look(): void {
    this.#collections.look('editor', this.#visible().length > 0);
  }

  #sentences(): string {
    return JSON.stringify(this.#visible().map(({ collection, line }) => [line, sentence(collection)]));
  }

  #visible(): LocatedCollection[] {
    return vscode.window.visibleTextEditors.flatMap(({ document }) =>
      readSettings(document.uri).codeLensEnabled ? this.#located.in(document.fileName) : [],
    );
  }

  dispose(): void {
    clearTimeout(this.#redraw);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** One lens for all that a declaration stands for. */
function lensAt(line: number, located: readonly LocatedCollection[]): vscode.CodeLens[] {
  const [largest] = [...located].sort((a, b) => b.collection.entries - a.collection.entries);
  if (!largest) return [];
  const { collection, changed } = largest;
  const more = located.length > 1 ? `; the largest of ${formatCount(located.length)} that live` : '';
  return [
    new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
      title: `$(pulse) ${sentence(collection)}${more}${changed ? ', before this edit' : ''}`,
      tooltip: [collection.place?.holder, ...collection.keys].join('\n'),
      command: 'heapwright.showCollections',
    }),
  ];
}

/** `Map · 5,400 entries · +120/min`. */
function sentence(collection: LivingCollection): string {
  const { kind, entries, perMinute } = collection;
  const rate = perMinute === null ? '' : perMinute === 0 ? ' · steady' : ` · ${signed(perMinute)}/min`;
  return `${collectionWords(collection)} · ${formatCount(entries)} ${entriesWord(kind)}${rate}`;
}

function signed(count: number): string {
  return count < 0 ? `−${formatCount(-count)}` : `+${formatCount(count)}`;
}
