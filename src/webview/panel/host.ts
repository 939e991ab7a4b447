import type { FromPanel } from '../../protocol/panel';
import type { TabName } from '../../protocol/views';

/** What the panel keeps for itself over hiding and reloading; everything else the extension sends again. */
export interface ViewState {
  readonly tab: TabName;
  readonly windowMs: number | null;
  readonly hiddenSeries: readonly string[];
  /** What V8 and Node tell beside the sizes is open. */
  readonly showsRuntime: boolean;
  /** What the chart of several processes shows. */
  readonly togetherMetric: 'heapUsed' | 'rss';
  /** By table. */
  readonly filters: Readonly<Record<string, string>>;
  readonly sorts: Readonly<Record<string, { readonly column: string; readonly descending: boolean }>>;
}

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): ViewState | undefined;
  setState(state: ViewState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export function send(message: FromPanel): void {
  api.postMessage(message);
}

const FRESH: ViewState = {
  tab: 'memory',
  windowMs: 600_000,
  hiddenSeries: ['heapTotal', 'arrayBuffers', 'code', 'malloced'],
  showsRuntime: false,
  togetherMetric: 'heapUsed',
  filters: {},
  sorts: {},
};

let current: ViewState = { ...FRESH, ...api.getState() };

export function viewState(): ViewState {
  return current;
}

export function updateViewState(change: Partial<ViewState>): void {
  current = { ...current, ...change };
  api.setState(current);
}
