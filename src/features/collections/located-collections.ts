import * as vscode from 'vscode';
import type { LivingCollection } from '../../protocol/census';
import { TrackedLines } from '../findings/tracked-lines';
import { showPosition } from '../workbench/show-position';
import type { LiveCollections } from './live-collections';

/** A living collection at the line where its declaration stands now. */
export interface LocatedCollection {
  readonly collection: LivingCollection;
  /** Counted from zero. */
  readonly line: number;
  readonly changed: boolean;
}

/** The living collections whose declaration is known, at their lines while the files are edited. */
export class LocatedCollections implements vscode.Disposable {
  readonly #collections: LiveCollections;
  readonly #lines = new TrackedLines();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];

  /** Sizes or lines are other ones. */
  readonly onDidChange = this.#changed.event;

  constructor(collections: LiveCollections) {
    this.#collections = collections;
    this.#subscriptions = [
      collections.onDidChange(() => this.#reload()),
      this.#lines.onDidMove(() => this.#changed.fire()),
      this.#lines,
      this.#changed,
    ];
  }

  get files(): ReadonlySet<string> {
    return this.#lines.files;
  }

  in(file: string): readonly LocatedCollection[] {
    const rows = new Map(this.#collections.rows.map((row) => [`${row.id}`, row]));
    return this.#lines.in(file).flatMap(({ key, line, changed }) => {
      const collection = rows.get(key);
      return collection ? [{ collection, line, changed }] : [];
    });
  }

  /** Opens the line that declares it. */
  async show(id: number): Promise<void> {
    const location = this.#collections.rows.find((row) => row.id === id)?.place?.location;
    const tracked = this.#lines.get(`${id}`);
    if (location && tracked) await showPosition(tracked.file, tracked.line, location.column - 1);
  }

  #reload(): void {
    const located = this.#collections.rows.flatMap(({ id, place }) =>
      place?.location ? [{ key: `${id}`, file: place.location.file, line: place.location.line - 1 }] : [],
    );
    this.#lines.replace(located);
    this.#changed.fire();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
