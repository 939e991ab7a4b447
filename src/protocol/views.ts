import type { AllocationsAction, AllocationsState } from './allocations';
import type { CollectionsAction, CollectionsState } from './census';
import type { HistoryAction, HistoryState } from './history';
import type { ModulesAction, ModulesState } from './modules';
import type { OperationsAction, OperationsState } from './operations';
import type { TogetherAction, TogetherState } from './together';

/**
 * What stands behind each tab of the panel beside the memory chart: the state that it shows, and what can be clicked
 * in it. A new tab is one entry here, a `PanelView` in features and a `Tab` in the webview.
 */
export interface PanelViews {
  together: { state: TogetherState; action: TogetherAction };
  collections: { state: CollectionsState; action: CollectionsAction };
  history: { state: HistoryState; action: HistoryAction };
  operations: { state: OperationsState; action: OperationsAction };
  allocations: { state: AllocationsState; action: AllocationsAction };
  modules: { state: ModulesState; action: ModulesAction };
}

export type ViewName = keyof PanelViews;
export type ViewStateOf<Name extends ViewName> = PanelViews[Name]['state'];
export type ViewActionOf<Name extends ViewName> = PanelViews[Name]['action'];

/** The tabs: the memory chart with its snapshots, and the views. */
export type TabName = 'memory' | ViewName;

/** The state of a view, sent while its tab is shown. */
export type ViewStateMessage = {
  [Name in ViewName]: { readonly type: 'view'; readonly name: Name; readonly state: ViewStateOf<Name> };
}[ViewName];

/** A click in a view. */
export type ViewActionMessage = {
  [Name in ViewName]: {
    readonly type: 'viewAction';
    readonly name: Name;
    readonly action: ViewActionOf<Name>;
  };
}[ViewName];
