import type { FromPanel } from '../../protocol/panel';

/** What the panel keeps for itself over hiding and reloading; everything else the extension sends again. */
export interface ViewState {
  readonly windowMs: number | null;
  readonly hiddenSeries: readonly string[];
  readonly filter: string;
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
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
  windowMs: 600_000,
  hiddenSeries: ['heapTotal', 'arrayBuffers'],
  filter: '',
  sort: null,
};

let current: ViewState = { ...FRESH, ...api.getState() };

export function viewState(): ViewState {
  return current;
}

export function updateViewState(change: Partial<ViewState>): void {
  current = { ...current, ...change };
  api.setState(current);
}
