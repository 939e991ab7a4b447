import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatDelta } from '../../protocol/figures';
import { ownerInWords, type TogetherRow, type TogetherState } from '../../protocol/together';
import { button, bytes, iconButton } from './controls';
import { copiesView } from './copies-view';
import { updateViewState, viewState } from './host';
import type { Tab, TabContext } from './tab';
import { type Column, dataTable } from './table';
import { TogetherChart } from './together-chart';
import { lineStyle } from './together-styles';

const METRICS = [
  { key: 'heapUsed', label: 'Heap used' },
  { key: 'rss', label: 'RSS' },
] as const;

let chart: TogetherChart | undefined;
let parent: HTMLElement | null = null;

/** Several processes beside each other. */
export const togetherTab: Tab<'together'> = {
  name: 'together',
  label: 'Processes',
  icon: 'server-process',
  render(context): TemplateResult {
    const { state } = context;
    if (state.rows.length === 0) return emptyView(context);
    return html`<section aria-labelledby="together-title">
        ${toolbar(context)}${sumView(state)}${metricSwitch(context)}
        <div
          class="lines"
          data-testid="together-chart"
          role="img"
          aria-label="Memory of each process against time; the current values stand in the table below"
        ></div>
        ${dataTable({
          id: 'together',
          rows: state.rows,
          columns: columnsOf(context),
          sortedBy: 'heapUsed',
          redraw: context.redraw,
        })}
        ${closedView(state)}${leftOutView(state)}
      </section>
      ${state.copies ? copiesView(state.copies, context) : nothing}`;
  },
  updated(root, { state }): void {
    const found = root.querySelector<HTMLElement>('[data-testid="together-chart"]');
    if (found !== parent) {
      chart?.dispose();
      chart = found ? new TogetherChart(found) : undefined;
      parent = found;
    }
    const { togetherMetric } = viewState();
    chart?.update(
      state.times,
      state.rows.map((row) => ({
        id: row.id,
        label: `${row.title} ${ownerInWords(row)}`,
        style: row.style,
        heavy: row.odd !== null,
        values: togetherMetric === 'rss' ? row.rssLine : row.heapLine,
      })),
    );
  },
  left(): void {
    chart?.dispose();
    chart = undefined;
    parent = null;
  },
};

function emptyView({ act }: TabContext<'together'>): TemplateResult {
  return html`<section aria-labelledby="together-title">
    <header class="section"><h2 id="together-title">Several processes together</h2></header>
    <p class="hint">
      See the workers of a cluster, or any processes, beside each other: one chart, their sum against the limit, and
      which one differs. Their worker threads, with heaps of their own, stand among them.
    </p>
    <p class="choose">
      ${button({
        label: 'Choose Processes…',
        icon: 'checklist',
        testId: 'together-choose',
        primary: true,
        run: () => act({ type: 'choose' }),
      })}
    </p>
  </section>`;
}

function toolbar({ state, act }: TabContext<'together'>): TemplateResult {
  const living = state.rows.filter(({ state: now }) => now === 'watched' || now === 'silent').length;
  return html`<header class="section">
    <h2 id="together-title">
      ${state.following === null ? 'Several processes together' : `Workers of ${state.following}`}
    </h2>
    <span class="quiet" aria-live="polite" data-testid="together-status">
      ${state.comparing ?? (state.following === null ? '' : 'New workers and threads join by themselves')}
    </span>
    ${button({
      label: 'Compare Heaps',
      icon: 'diff',
      testId: 'together-compare',
      primary: true,
      disabled: state.comparing !== null || living < 2,
      title: 'Takes a snapshot of each heap in turn and names what several of them hold',
      run: () => act({ type: 'compare' }),
    })}
    ${button({
      label: 'Choose Processes…',
      icon: 'checklist',
      testId: 'together-choose',
      run: () => act({ type: 'choose' }),
    })}
    ${button({
      label: 'Stop Watching',
      icon: 'debug-disconnect',
      testId: 'together-stop',
      run: () => act({ type: 'stop' }),
    })}
  </header>`;
}

const LIMITS = { container: 'the container’s limit', machine: 'the machine’s memory', setting: 'your limit' };

/** What all of them take together, against what they may. */
function sumView({ sum, limit }: TogetherState): TemplateResult | typeof nothing {
  if (!sum) return html`<p class="quiet" data-testid="together-sum">Waiting for the first readings…</p>`;
  const share = limit ? sum.rss / limit.bytes : 0;
  const percent = share * 100;
  return html`<p class="sum" data-testid="together-sum">
    <span class="big">${bytes(sum.rss)}</span>
    <span>
      of memory together${
        limit
          ? html`, ${percent < 10 ? percent.toFixed(1) : Math.round(percent)} % of ${LIMITS[limit.source]} (${formatBytes(limit.bytes)})`
          : nothing
      };
      heaps ${formatBytes(sum.heapUsed)}, external ${formatBytes(sum.external)}
    </span>
    ${
      limit
        ? html`<meter
            min="0"
            max="1"
            high="0.7"
            optimum="0"
            .value=${Math.min(1, share)}
            aria-label="Share of ${LIMITS[limit.source]}"
          ></meter>`
        : nothing
    }
  </p>`;
}

function metricSwitch({ redraw }: TabContext<'together'>): TemplateResult {
  const { togetherMetric } = viewState();
  return html`<div class="windows" role="group" aria-label="What the chart shows">
    ${METRICS.map(
      ({ key, label }) =>
        html`<button
          class="toggle"
          data-testid="together-metric-${key}"
          aria-pressed=${key === togetherMetric}
          @click=${() => {
            updateViewState({ togetherMetric: key });
            redraw();
          }}
        >
          ${label}
        </button>`,
    )}
  </div>`;
}

function columnsOf({ act }: TabContext<'together'>): readonly Column<TogetherRow>[] {
  return [
    {
      key: 'process',
      label: 'Process',
      kind: 'text',
      value: (row) => `${row.title} ${ownerInWords(row)}`,
      cell: processCell,
    },
    sizeColumn('heapUsed', 'Heap used'),
    sizeColumn('external', 'External'),
    sizeColumn('rss', 'RSS'),
    {
      key: 'growth',
      label: 'Growth per minute',
      kind: 'number',
      value: ({ growth }) => growth ?? Number.NEGATIVE_INFINITY,
      cell: growthCell,
    },
    {
      key: 'loop',
      label: 'Event loop',
      kind: 'number',
      value: ({ loopUtilisation }) => loopUtilisation ?? -1,
      cell: loopCell,
    },
    {
      key: 'actions',
      label: '',
      kind: 'number',
      value: () => 0,
      cell: (row) => html`<span class="row-actions">
        ${
          row.state === 'watched' || row.state === 'closed'
            ? iconButton({
                label: `Attach to ${row.title}, ${ownerInWords(row)}`,
                icon: 'debug-alt',
                testId: 'together-attach',
                run: () => act({ type: 'attach', id: row.id }),
              })
            : nothing
        }
        ${iconButton({
          label: `Stop watching ${ownerInWords(row)}`,
          icon: 'close',
          testId: 'together-remove',
          run: () => act({ type: 'remove', id: row.id }),
        })}
      </span>`,
    },
  ];
}

const STATES = {
  waiting: 'waiting',
  connecting: 'attaching…',
  closed: 'inspector closed',
  silent: 'no answer',
  ended: 'ended',
  failed: 'not attached',
} as const;

function processCell(row: TogetherRow): TemplateResult {
  const { title, style, state, note, odd } = row;
  const { colour, dash } = lineStyle(style);
  const word = state === 'watched' ? null : STATES[state];
  return html`<span class="process">
      <svg class="swatch" viewBox="0 0 24 4" width="24" height="4" aria-hidden="true">
        <line x1="0" y1="2" x2="24" y2="2" stroke="var(${colour})" stroke-dasharray=${dash.join(' ') || nothing}></line>
      </svg>
      ${title} <span class="quiet">${ownerInWords(row)}</span>
      ${word ? html`<span class="state" title=${note ?? nothing}>${word}</span>` : nothing}
    </span>
    ${
      odd
        ? html`<span class="odd" data-testid="odd"><span class="codicon codicon-warning" aria-hidden="true"></span>Differs: ${odd}</span>`
        : nothing
    }`;
}

function sizeColumn(key: 'heapUsed' | 'external' | 'rss', label: string): Column<TogetherRow> {
  return {
    key,
    label,
    kind: 'number',
    value: (row) => row[key] ?? -1,
    cell: (row) => (row[key] === null ? nothingKnown(key, row) : bytes(row[key])),
  };
}

function nothingKnown(key: string, { thread, pid }: TogetherRow): TemplateResult | string {
  if (key !== 'rss' || thread === null) return '–';
  return html`<span title="Part of what process ${pid} takes; a thread has no resident memory of its own">–</span>`;
}

function growthCell({ growth }: TogetherRow): TemplateResult {
  return growth === null
    ? html`<span title="Told after a few garbage collections; an idle process has none">–</span>`
    : html`<span title="Of what garbage collections leave of the heap">${formatDelta(growth)}</span>`;
}

function loopCell({ loopUtilisation, loopDelayMs }: TogetherRow): TemplateResult | string {
  if (loopUtilisation === null) return '–';
  const late = loopDelayMs === null ? '' : `Timers came ${loopDelayMs.toFixed(1)} ms late at worst`;
  return html`<span title=${late}>${Math.round(loopUtilisation * 100)} % busy</span>`;
}

function closedView({ rows }: TogetherState): TemplateResult | typeof nothing {
  if (!rows.some(({ state }) => state === 'closed')) return nothing;
  return html`<p class="hint" data-testid="together-closed">
    Where the inspector is closed, only the memory of the whole process is known. Start the program with
    <code>NODE_OPTIONS=--inspect=0</code> to see the heaps: each process then gets a port of its own.
  </p>`;
}

function leftOutView({ leftOut }: TogetherState): TemplateResult | typeof nothing {
  if (leftOut === 0) return nothing;
  return html`<p class="hint">
    ${leftOut} more ${leftOut === 1 ? 'worker or thread is' : 'workers and threads are'} not watched: the chart holds
    32 at once. They join when others end.
  </p>`;
}
