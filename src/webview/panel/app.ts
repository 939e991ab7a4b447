import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { PictureFormat } from '../../protocol/history';
import type { FromPanel, PanelState, ToPanel } from '../../protocol/panel';
import type { MemorySample } from '../../protocol/samples';
import type { TabName, ViewName, ViewStateOf } from '../../protocol/views';
import { type ChartLimit, type ChartMark, HeapChart } from './chart';
import type { ChartSpan } from './chart-frame';
import { makePicture, type PictureSource } from './chart-picture';
import { chartView } from './chart-view';
import { detailView } from './detail-view';
import { busyView, headerView } from './header-view';
import { send, updateViewState, viewState } from './host';
import { PaceChart } from './pace-chart';
import { reportView } from './report-view';
import { runtimeView } from './runtime-view';
import { SampleColumns } from './sample-columns';
import { PACE_SERIES, SERIES } from './series';
import { snapshotsView } from './snapshots-view';
import type { Tab, TabContext } from './tab';
import { currentTab, TABS, tabBar } from './tabs';

/** The whole panel. It draws what the extension sends and sends back what is clicked; it decides nothing. */
class HeapwrightPanel extends LitElement {
  readonly #samples = new SampleColumns();
  #state: PanelState | null = null;
  /** What each view sent last. */
  readonly #views = new Map<TabName, ViewStateOf<ViewName>>();
  #drawn: Tab<ViewName> | undefined;
  #chart: HeapChart | undefined;
  #pace: PaceChart | undefined;
  #zoomed = false;

  /** Without a shadow root: VS Code's theme variables and the one stylesheet reach everything. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('message', this.#receive);
    send({ type: 'ready' });
    send({ type: 'tab', name: currentTab() });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.#receive);
    this.#disposeCharts();
    this.#drawn?.left?.();
    this.#drawn = undefined;
  }

  readonly #receive = ({ data }: MessageEvent<ToPanel>): void => {
    const intervalMs = this.#state?.sampleIntervalMs ?? 1000;
    if (data.type === 'state') this.#state = data.state;
    else if (data.type === 'history') this.#samples.reset(data.samples, intervalMs);
    else if (data.type === 'samples')
      for (const sample of data.samples) this.#samples.add(sample, intervalMs);
    else if (data.type === 'showTab') this.#choose(data.name);
    else if (data.type === 'makePicture') void this.#sendPicture(data.format);
    else this.#receiveView(data);
    this.requestUpdate();
  };

  protected override render(): TemplateResult {
    const state = this.#state;
    if (!state) return html`<p class="hint">Loading…</p>`;
    return html`<main>
      ${headerView(state, this.#samples.last)}${busyView(state.busy)}${tabBar((name) => this.#choose(name))}
      <div id="tab-content" class="tab-content" role=${TABS.length > 0 ? 'tabpanel' : nothing}>
        ${currentTab() === 'memory' ? this.#memory(state) : this.#view()}
      </div>
    </main>`;
  }

  #memory(state: PanelState): TemplateResult {
    const { last } = this.#samples;
    const redraw = () => this.requestUpdate();
    const chart = () =>
      chartView({
        last,
        told: marksInWords(state, this.#samples.sizes.columns[0][0]),
        zoomed: this.#zoomed,
        fast: state.target ? state.fast : null,
        redraw,
        resetZoom: () => this.#chart?.show(null),
      });
    return html`${
      state.target || last
        ? html`<div class="memory">${chart()}${runtimeView(this.#samples.recent, redraw)}</div>`
        : nothing
    }
    ${state.report ? reportView(state.report) : nothing}${snapshotsView(state)}
    ${state.detail ? detailView(state.detail, state.stoppedInDebugger, redraw) : nothing}`;
  }

  #view(): TemplateResult {
    const shown = this.#shownTab();
    return shown ? shown.tab.render(shown.context) : html`<p class="hint">Loading…</p>`;
  }

  /** The view whose tab is shown, once its first state has come. */
  #shownTab(): { tab: Tab<ViewName>; context: TabContext<ViewName> } | undefined {
    const name = currentTab();
    const tab = (TABS as readonly Tab<ViewName>[]).find((other) => other.name === name);
    const state = this.#views.get(name);
    if (!tab || state === undefined) return undefined;
    const context: TabContext<ViewName> = {
      state,
      act: (action) => send({ type: 'viewAction', name: tab.name, action } as FromPanel),
      redraw: () => this.requestUpdate(),
    };
    return { tab, context };
  }

  async #sendPicture(format: PictureFormat): Promise<void> {
    const source = currentTab() === 'memory' ? this.#memoryPicture() : this.#drawn?.picture?.();
    send({ type: 'picture', picture: source ? await makePicture(source, format) : null });
  }

  #memoryPicture(): PictureSource | null {
    if (!this.#chart) return null;
    return {
      title: `${this.#state?.target?.title ?? 'Heapwright'}, ${new Date(this.#samples.last?.at ?? Date.now()).toLocaleString()}`,
      data: this.#samples.sizes,
      hidden: new Set([...viewState().hiddenSeries, ...untold(this.#samples.last)]),
      limits: limitsOf(this.#state, this.#samples.last),
      marks: [
        ...marksOf(this.#state),
        ...spansOf(this.#state).map(({ from, label }) => ({ at: from, label })),
      ],
      shown: this.#chart.shown,
    };
  }

  #receiveView({ name, state }: { readonly name: TabName; readonly state: ViewStateOf<ViewName> }): void {
    this.#views.set(name, state);
  }

  #choose(name: TabName): void {
    updateViewState({ tab: name });
    send({ type: 'tab', name: currentTab() });
    this.requestUpdate();
  }

  protected override updated(_changed: PropertyValues): void {
    this.#updateTab();
    this.#updateChart();
  }

  #updateTab(): void {
    const shown = this.#shownTab();
    if (this.#drawn && this.#drawn !== shown?.tab) this.#drawn.left?.();
    this.#drawn = shown?.tab;
    const root = this.querySelector<HTMLElement>('#tab-content');
    if (shown && root) shown.tab.updated?.(root, shown.context);
  }

  #updateChart(): void {
    const parent = this.querySelector<HTMLElement>('[data-testid="chart"]');
    if (!parent || currentTab() !== 'memory') {
      this.#disposeCharts();
      return;
    }
    const { hiddenSeries, windowMs } = viewState();
    const hidden = new Set([...hiddenSeries, ...untold(this.#samples.last)]);
    const options = {
      hidden,
      windowMs,
      limits: limitsOf(this.#state, this.#samples.last),
      marks: marksOf(this.#state),
      spans: spansOf(this.#state),
    };
    const { sizes, pace } = this.#samples;
    if (this.#chart) this.#chart.update(sizes, options);
    else {
      this.#chart = new HeapChart(parent, sizes, options, (shown, zoomed) => {
        this.#pace?.show(shown);
        if (zoomed === this.#zoomed) return;
        this.#zoomed = zoomed;
        this.requestUpdate();
      });
    }
    const below = this.querySelector<HTMLElement>('[data-testid="pace-chart"]');
    if (!below) {
      this.#pace?.dispose();
      this.#pace = undefined;
      return;
    }
    this.#pace ??= new PaceChart(below, pace);
    const chart = this.#chart;
    this.#pace.update(pace, hidden, () => chart.shown);
  }

  #disposeCharts(): void {
    this.#chart?.dispose();
    this.#chart = undefined;
    this.#pace?.dispose();
    this.#pace = undefined;
  }
}

/** Lines of what this engine does not tell. */
function untold(last: MemorySample | null): string[] {
  return last
    ? [...SERIES, ...PACE_SERIES].filter(({ value }) => value(last) === null).map(({ key }) => key)
    : [];
}

function spansOf(state: PanelState | null): ChartSpan[] {
  return (state?.operations ?? []).map(({ from, to, name }) => ({ from, to, label: name }));
}

function marksOf(state: PanelState | null): ChartMark[] {
  const snapshots = (state?.snapshots ?? []).map(({ takenAt, name }) => ({ at: takenAt, label: name }));
  const restarts = (state?.restarts ?? []).map((at) => ({ at, label: 'Restart' }));
  return [...snapshots, ...restarts].sort((a, b) => a.at - b.at);
}

const SOURCES = { container: 'Container', machine: 'Machine', setting: 'Your limit' };

function limitsOf(state: PanelState | null, last: MemorySample | null): ChartLimit[] {
  const limits = [{ label: 'Heap limit', bytes: last?.heapLimit ?? 0 }];
  if (state?.limits) limits.push({ label: SOURCES[state.limits.source], bytes: state.limits.bytes });
  return limits.filter(({ bytes }) => bytes > 0);
}

customElements.define('heapwright-panel', HeapwrightPanel);

/**
 * What is drawn upon the time line, for those who do not see it.
 * @param from Where the time line begins, in s since the epoch.
 */
function marksInWords(state: PanelState, from: number | undefined): string {
  const clock = (at: number) => new Date(at).toLocaleTimeString();
  const marks = [
    ...spansOf(state).map(({ from, label }) => ({ at: from, label: `Operation ${label}` })),
    ...marksOf(state),
  ]
    .sort((a, b) => a.at - b.at)
    .map(({ at, label }) => `${label} at ${clock(at)}`);
  return [...(from === undefined ? [] : [`Since ${clock(from * 1000)}`]), ...marks].join(', ');
}
