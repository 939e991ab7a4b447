import * as vscode from 'vscode';
import { compareOperations } from '../../leaks/operations/compare-operations';
import type {
  OperationRecord,
  OperationRow,
  OperationsAction,
  OperationsDetail,
  OperationsState,
} from '../../protocol/operations';
import type { TargetSlot } from '../attach/target-slot';
import type { BusyState } from '../panel/busy-state';
import type { PanelView } from '../panel/panel-view';
import type { Operations } from './operations';
import type { OperationsStore } from './operations-store';

/** Two are compared; of more, the ones that were ticked last. */
const MOST_SELECTED = 2;

/** The tab of measured operations. */
export class OperationsView implements PanelView<'operations'>, vscode.Disposable {
  readonly name = 'operations';
  readonly #operations: Operations;
  readonly #store: OperationsStore;
  readonly #slot: TargetSlot;
  readonly #busy: BusyState;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #selected: readonly string[] = [];

  readonly onDidChange = this.#changed.event;

  constructor(operations: Operations, store: OperationsStore, slot: TargetSlot, busy: BusyState) {
    this.#operations = operations;
    this.#store = store;
    this.#slot = slot;
    this.#busy = busy;
    this.#subscriptions = [
      this.#changed,
      operations.onDidChange(() => this.#changed.fire()),
      store.onDidChange(() => this.#storeChanged()),
    ];
  }

  get state(): OperationsState {
    return {
      attached: this.#slot.current !== null,
      rows: [...this.#store.records].reverse().map(toRow),
      open: this.#operations.open,
      exact: this.#operations.exact,
      busy: this.#busy.current !== null,
      selected: this.#selected,
      detail: this.#detail(),
    };
  }

  /** Nothing is asked of the target for it. */
  setVisible(): void {}

  async handle(action: OperationsAction): Promise<void> {
    switch (action.type) {
      case 'begin':
        return await this.#operations.begin();
      case 'end':
        return await this.#operations.end();
      case 'discard':
        return this.#operations.discard();
      case 'load':
        return await this.#operations.measureLoad();
      case 'exact':
        return await this.#operations.setExact(action.on);
      case 'select':
        return this.#select(action.ids);
      case 'again':
        return await this.#operations.again(this.#store.require(action.id));
      case 'rename':
        return await this.#rename(this.#store.require(action.id));
      case 'remove':
        return await this.#store.remove(action.id);
    }
  }

  #select(ids: readonly string[]): void {
    this.#selected = ids.filter((id) => this.#store.find(id)).slice(-MOST_SELECTED);
    this.#changed.fire();
  }

  /** What was just measured is shown, beside what was ticked if that is one. */
  #storeChanged(): void {
    const { latest } = this.#operations;
    const isNew =
      latest && this.#store.records.at(-1)?.id === latest.id && !this.#selected.includes(latest.id);
    this.#select(isNew ? [...this.#selected.slice(-1), latest.id] : this.#selected);
  }

  async #rename({ id, name }: OperationRecord): Promise<void> {
    const renamed = await vscode.window.showInputBox({
      title: 'Rename Operation',
      value: name,
      validateInput: (text) => (text.trim() === '' ? 'Type something.' : undefined),
    });
    if (renamed !== undefined) await this.#store.rename(id, renamed.trim());
  }

  #detail(): OperationsDetail | null {
    const [first, second] = this.#selected.map((id) => this.#store.require(id));
    if (first && second) {
      const titles = [first.name, second.name] as const;
      return { kind: 'compared', titles: [...titles], ...compareOperations(first, second) };
    }
    return first?.stayed ? { kind: 'stayed', title: first.name, rows: first.stayed } : null;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function toRow({ stayed: _, ...row }: OperationRecord): OperationRow {
  return row;
}
