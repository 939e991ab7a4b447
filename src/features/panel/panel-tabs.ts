import * as vscode from 'vscode';
import type {
  TabName,
  ViewActionMessage,
  ViewActionOf,
  ViewName,
  ViewStateMessage,
  ViewStateOf,
} from '../../protocol/views';
import type { Notifier } from '../workbench/notify';
import type { AnyPanelView } from './panel-view';

/** A view whose name the compiler need not know. */
interface View {
  readonly name: ViewName;
  readonly state: ViewStateOf<ViewName>;
  readonly onDidChange: vscode.Event<void>;
  setVisible(visible: boolean): void;
  panelClosed?(): void;
  handle(action: ViewActionOf<ViewName>): unknown;
}

/** Knows which tab of the panel is seen, and lets only that one work and speak. */
export class PanelTabs implements vscode.Disposable {
  readonly #views: ReadonlyMap<TabName, View>;
  readonly #notifier: Notifier;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #current: TabName = 'memory';
  #panelVisible = false;

  /** The view that is seen has something new to show. */
  readonly onDidChange = this.#changed.event;

  constructor(views: readonly AnyPanelView[], notifier: Notifier) {
    this.#views = new Map((views as readonly View[]).map((view) => [view.name, view]));
    this.#notifier = notifier;
    this.#subscriptions = [
      this.#changed,
      ...(views as readonly View[]).map((view) =>
        view.onDidChange(() => {
          if (view.name === this.#current) this.#changed.fire();
        }),
      ),
    ];
  }

  /** The state of the view that is seen; null at the memory chart. */
  get message(): ViewStateMessage | null {
    const view = this.#views.get(this.#current);
    return view ? ({ type: 'view', name: view.name, state: view.state } as ViewStateMessage) : null;
  }

  /** The page shows this tab now. */
  select(name: TabName): void {
    if (name !== this.#current) {
      if (this.#panelVisible) this.#views.get(this.#current)?.setVisible(false);
      this.#current = name;
      if (this.#panelVisible) this.#views.get(name)?.setVisible(true);
    }
    this.#changed.fire();
  }

  set panelVisible(visible: boolean) {
    if (visible === this.#panelVisible) return;
    this.#panelVisible = visible;
    this.#views.get(this.#current)?.setVisible(visible);
  }

  panelClosed(): void {
    this.panelVisible = false;
    for (const view of this.#views.values()) view.panelClosed?.();
  }

  handle({ name, action }: ViewActionMessage): void {
    const view = this.#views.get(name);
    if (view) void this.#notifier.guard('Heapwright panel', () => view.handle(action));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
