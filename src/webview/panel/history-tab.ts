import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatCount, formatMs } from '../../protocol/figures';
import type { HistoryState, RunEvent, RunSummary, ShownRun } from '../../protocol/history';
import { rowToSample } from '../../protocol/sample-rows';
import { type ChartMark, HeapChart } from './chart';
import type { PictureSource } from './chart-picture';
import { button, bytes, iconButton } from './controls';
import { viewState } from './host';
import { legend } from './legend';
import { PaceChart } from './pace-chart';
import { SampleColumns } from './sample-columns';
import { PACE_SERIES, SERIES } from './series';
import type { Tab, TabContext } from './tab';
import { type Column, dataTable } from './table';

const KINDS: Readonly<Record<RunEvent['kind'], { readonly word: string; readonly icon: string }>> = {
  alert: { word: 'Alert', icon: 'warning' },
  operation: { word: 'Operation', icon: 'play-circle' },
  snapshot: { word: 'Snapshot', icon: 'device-camera' },
  finding: { word: 'Finding', icon: 'bug' },
  note: { word: 'Note', icon: 'note' },
  end: { word: 'End', icon: 'debug-stop' },
};

/** The charts of the run that is shown, which are no templates. */
class RunCharts {
  readonly run: ShownRun;
  readonly #samples = new SampleColumns();
  readonly #sizes: HeapChart;
  readonly #pace: PaceChart;
  isZoomed = false;

  constructor(root: HTMLElement, run: ShownRun, redraw: () => void) {
    this.run = run;
    const samples = run.rows.map(rowToSample).filter((sample) => sample !== null);
    const { from, to } = run.summary;
    // Many rows are thinned: what is no gap by itself is a gap only when it is out of proportion.
    this.#samples.reset(samples, Math.max(1000, (3 * (to - from)) / Math.max(1, samples.length)));
    const { sizes, pace } = this.#samples;
    this.#sizes = new HeapChart(
      root.querySelector('[data-testid="run-chart"]')!,
      sizes,
      this.#options(),
      (shown, zoomed) => {
        this.#pace.show(shown);
        if (zoomed === this.isZoomed) return;
        this.isZoomed = zoomed;
        redraw();
      },
    );
    this.#pace = new PaceChart(root.querySelector('[data-testid="run-pace"]')!, pace);
  }

  get last() {
    return this.#samples.last;
  }

  get picture(): PictureSource {
    const { title, from } = this.run.summary;
    return {
      ...this.#options(),
      title: `${title}, ${new Date(from).toLocaleString()}`,
      data: this.#samples.sizes,
      shown: this.#sizes.shown,
    };
  }

  update(): void {
    const options = this.#options();
    this.#sizes.update(this.#samples.sizes, options);
    this.#pace.update(this.#samples.pace, options.hidden, () => this.#sizes.shown);
  }

  resetZoom(): void {
    this.#sizes.show(null);
  }

  #options() {
    const bytes = this.last?.heapLimit ?? 0;
    return {
      hidden: new Set(viewState().hiddenSeries),
      windowMs: null,
      limits: bytes > 0 ? [{ label: 'Heap limit', bytes }] : [],
      marks: this.run.events.filter(({ kind }) => kind !== 'end').map(toMark),
      spans: [],
    };
  }

  dispose(): void {
    this.#sizes.dispose();
    this.#pace.dispose();
  }
}

function toMark({ at, kind }: RunEvent): ChartMark {
  return { at, label: KINDS[kind].word };
}

let charts: RunCharts | undefined;

/** What was watched before: a list of runs, and the chosen one as it was. */
export const historyTab: Tab<'history'> = {
  name: 'history',
  label: 'History',
  icon: 'history',
  render(context: TabContext<'history'>): TemplateResult {
    const { state } = context;
    return html`${runList(context)}${state.chosen ? runView(state.chosen, context) : nothing}`;
  },
  updated(root, { state, redraw }) {
    if (charts && charts.run !== state.chosen) closeCharts();
    if (!state.chosen) return;
    if (charts) charts.update();
    else {
      charts = new RunCharts(root, state.chosen, redraw);
      // The legend shows values, which are known only now.
      redraw();
    }
  },
  left: closeCharts,
  picture: () => charts?.picture ?? null,
};

function closeCharts(): void {
  charts?.dispose();
  charts = undefined;
}

function runList({ state, act, redraw }: TabContext<'history'>): TemplateResult {
  return html`<section aria-labelledby="history-title">
    <header class="section">
      <h2 id="history-title">Runs</h2>
      <span class="quiet" aria-live="polite">${status(state)}</span>
    </header>
    ${
      state.runs && state.runs.length > 0
        ? dataTable({ id: 'runs', rows: state.runs, columns: columns(state, act), sortedBy: 'from', redraw })
        : nothing
    }
  </section>`;
}

function status({ runs, failure }: HistoryState): string {
  if (failure) return failure;
  if (runs === null) return 'Reading…';
  if (runs.length === 0) return 'None yet: what you attach to is kept by itself.';
  const all = runs.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
  return `${formatCount(runs.length)} kept, ${formatBytes(all)}`;
}

function columns(
  { recording, chosen }: HistoryState,
  act: TabContext<'history'>['act'],
): readonly Column<RunSummary>[] {
  return [
    {
      key: 'title',
      label: 'Program',
      kind: 'text',
      value: ({ title }) => title,
      cell: ({ id, title, pid }) =>
        html`<button
            class="link"
            data-testid="open-run"
            aria-pressed=${id === chosen?.summary.id}
            @click=${() => act({ type: 'choose', id })}
          >
            ${title}
          </button>
          <span class="quiet">${pid === null ? '' : `pid ${pid}`}${id === recording ? ' · now' : ''}</span>`,
    },
    {
      key: 'from',
      label: 'Began',
      kind: 'number',
      value: ({ from }) => from,
      cell: ({ from }) => new Date(from).toLocaleString(),
    },
    figure('duration', 'Lasted', ({ from, to }) => to - from, formatMs),
    {
      ...figure('heap', 'Most heap', ({ peakHeapUsed }) => peakHeapUsed),
      cell: (run) => bytes(run.peakHeapUsed),
    },
    { ...figure('rss', 'Most RSS', ({ peakRss }) => peakRss), cell: (run) => bytes(run.peakRss) },
    figure('alerts', 'Alerts', ({ alerts }) => alerts),
    figure('findings', 'Findings', ({ findings }) => findings),
    {
      key: 'size',
      label: 'On disk',
      kind: 'number',
      value: ({ fileBytes }) => fileBytes,
      cell: ({ id, title, fileBytes }) =>
        html`${bytes(fileBytes)}
        ${iconButton({
          label: `Export run of ${title}…`,
          icon: 'export',
          testId: 'export-run',
          run: () => act({ type: 'export', id }),
        })}
        ${iconButton({
          label: `Delete run of ${title}…`,
          icon: 'trash',
          testId: 'delete-run',
          run: () => act({ type: 'delete', id }),
        })}`,
    },
  ];
}

function figure(
  key: string,
  label: string,
  value: (run: RunSummary) => number,
  format: (value: number) => string = formatCount,
): Column<RunSummary> {
  return { key, label, kind: 'number', value, cell: (run) => format(value(run)) };
}

function runView({ summary, events }: ShownRun, { act, redraw }: TabContext<'history'>): TemplateResult {
  const last = charts?.run.summary.id === summary.id ? charts.last : null;
  return html`<section aria-labelledby="run-title">
    <header class="section">
      <h2 id="run-title" data-testid="run-title">${summary.title}, ${new Date(summary.from).toLocaleString()}</h2>
      ${
        charts?.isZoomed
          ? button({
              label: 'Reset zoom',
              icon: 'zoom-out',
              testId: 'reset-run-zoom',
              run: () => charts?.resetZoom(),
            })
          : nothing
      }
      ${button({
        label: 'Export…',
        icon: 'export',
        testId: 'export-shown-run',
        run: () => act({ type: 'export', id: summary.id }),
      })}
      ${button({ label: 'Close', icon: 'close', testId: 'close-run', run: () => act({ type: 'close' }) })}
    </header>
    <div class="memory">
      ${legend({ label: 'Lines of the chart', series: SERIES, last, format: formatBytes, redraw })}
      <div
        class="chart"
        data-testid="run-chart"
        role="group"
        aria-roledescription="chart"
        tabindex="0"
        aria-label="Memory of this run against time. Arrow keys move, plus and minus zoom, Escape goes back."
      ></div>
      ${legend({ label: 'Lines of the lower chart', series: PACE_SERIES, last, format: formatMs, redraw })}
      <div class="chart pace" data-testid="run-pace" role="img" aria-label="Pauses and delays of this run against time"></div>
    </div>
    ${events.length > 0 ? eventList(events) : html`<p class="hint">No alert, snapshot, operation or finding.</p>`}
  </section>`;
}

function eventList(events: readonly RunEvent[]): TemplateResult {
  return html`<ul class="events" data-testid="run-events">
    ${events.map(
      ({ at, until, kind, text }) => html`<li>
        <span class="codicon codicon-${KINDS[kind].icon}" aria-hidden="true"></span>
        <span class="quiet">${new Date(at).toLocaleTimeString()}</span>
        <span>${KINDS[kind].word}: ${text}${until === undefined ? '' : `, ${formatMs(until - at)}`}</span>
      </li>`,
    )}
  </ul>`;
}
