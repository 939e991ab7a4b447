import * as vscode from 'vscode';
import { takeCensus } from '../../leaks/census';
import type { CensusRow, CollectionsAction, CollectionsState } from '../../protocol/census';
import { isCancelled } from '../../protocol/errors';
import type { TargetSlot } from '../attach/target-slot';
import type { PanelView } from '../panel/panel-view';

/** A count makes the target collect its garbage: only so often, and only while somebody looks. */
const COUNT_EVERY_MS = 10_000;

/** The tab of the largest living Maps, Sets and arrays, counted in the target without a snapshot. */
export class CollectionsView implements PanelView<'collections'>, vscode.Disposable {
  readonly name = 'collections';
  readonly #slot: TargetSlot;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #rows: readonly CensusRow[] = [];
  #countedAt: number | null = null;
  #failure: string | null = null;
  #counting = false;
  #visible = false;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(slot: TargetSlot) {
    this.#slot = slot;
    this.#subscriptions = [this.#changed, slot.onDidChange(() => this.#targetChanged())];
  }

  get state(): CollectionsState {
    return {
      attached: this.#slot.current !== null,
      rows: this.#rows,
      countedAt: this.#countedAt,
      counting: this.#counting,
      failure: this.#failure,
    };
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    clearTimeout(this.#timer);
    if (visible) void this.#countOn();
  }

  async handle(action: CollectionsAction): Promise<void> {
    if (action.type === 'count') await this.#count();
  }

  #targetChanged(): void {
    this.#rows = [];
    this.#countedAt = null;
    this.#failure = null;
    this.#changed.fire();
    if (this.#visible) this.setVisible(true);
  }

  async #countOn(): Promise<void> {
    await this.#count();
    if (!this.#visible || !this.#slot.current) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#countOn(), COUNT_EVERY_MS);
  }

  async #count(): Promise<void> {
    const target = this.#slot.current;
    if (!target || this.#counting) return;
    this.#counting = true;
    this.#changed.fire();
    try {
      const rows = await takeCensus(target.session);
      if (this.#slot.current === target) {
        this.#rows = rows;
        this.#countedAt = Date.now();
        this.#failure = null;
      }
    } catch (error) {
      // A target that has gone says so itself.
      if (this.#slot.current === target && !isCancelled(error))
        this.#failure = error instanceof Error ? error.message : String(error);
    } finally {
      this.#counting = false;
      this.#changed.fire();
    }
  }

  dispose(): void {
    this.#visible = false;
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
