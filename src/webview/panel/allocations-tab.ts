import { html, nothing, type TemplateResult } from 'lit';
import type {
  AllocationRow,
  AllocationsState,
  AllocationTable,
  FlameFrame,
  ProfileState,
} from '../../protocol/allocations';
import { formatBytes, formatCount } from '../../protocol/figures';
import { button, bytes } from './controls';
import { FlameCanvas } from './flame-chart';
import type { Tab, TabContext } from './tab';
import { type Column, dataTable } from './table';

type Context = TabContext<'allocations'>;

const TABLES: readonly (readonly [AllocationTable, string, string])[] = [
  ['functions', 'Functions', 'Function'],
  ['packages', 'Packages', 'Package'],
  ['files', 'Files', 'File'],
];

/** Typing rests this long before a search is sent, in ms. */
const REST_MS = 150;

/** What belongs to the page alone. */
let canvas: FlameCanvas | undefined;
let pointed: FlameFrame | undefined;
let countFreed = false;
let searchTimer: ReturnType<typeof setTimeout> | undefined;

/** Which functions allocate: a flame chart and tables. */
export const allocationsTab: Tab<'allocations'> = {
  name: 'allocations',
  label: 'Allocations',
  icon: 'flame',
  render(context: Context): TemplateResult {
    const { state } = context;
    return html`<section class="allocations" aria-labelledby="allocations-title">
      <header class="section">
        <h2 id="allocations-title">Allocations</h2>
        <span class="quiet" aria-live="polite" data-testid="allocations-status">${status(state)}</span>
        ${recorderControls(context)}
      </header>
      ${state.failure ? html`<p class="hint" role="status">${state.failure}</p>` : nothing}
      ${state.profile ? profileView(state.profile, context) : intro(state)}
    </section>`;
  },
  updated(root: HTMLElement, context: Context): void {
    const parent = root.querySelector<HTMLElement>('.flame');
    const { profile } = context.state;
    if (!parent || !profile) {
      dropCanvas();
      return;
    }
    const searching = profile.search !== '';
    if (canvas) {
      canvas.update(profile.chart, searching);
      return;
    }
    canvas = new FlameCanvas(parent, profile.chart, searching, {
      point: (frame) => {
        pointed = frame;
        context.redraw();
      },
      zoom: (node) => context.act({ type: 'zoom', node }),
      open: (node) => context.act({ type: 'openFrame', node }),
    });
  },
  left(): void {
    dropCanvas();
  },
};

function dropCanvas(): void {
  canvas?.dispose();
  canvas = undefined;
  pointed = undefined;
}

function status({ recorder, profile }: AllocationsState): string {
  const sampled = profile ? `${formatBytes(profile.total)} sampled` : '';
  if (!recorder) return sampled;
  const kept = recorder.includesFreed ? 'with what was freed' : 'still alive';
  const what = sampled && `${sampled}, ${kept}`;
  if (recorder.startedAt === null) return what;
  const since = `Recording since ${new Date(recorder.startedAt).toLocaleTimeString()}`;
  return what ? `${since}: ${what}` : since;
}

function intro({ recorder, failure }: AllocationsState): TemplateResult | typeof nothing {
  if (!recorder || failure) return nothing;
  if (recorder.startedAt !== null) return html`<p class="hint">Let the program work; the chart follows.</p>`;
  return html`<p class="hint">
    ${
      recorder.attached
        ? 'Record, let the program work, and see which functions allocate. V8 takes samples, so that the program keeps its speed.'
        : 'Attach to a process to record which of its functions allocate, or open a .heapprofile file.'
    }
  </p>`;
}

function recorderControls({ state, act, redraw }: Context): TemplateResult | typeof nothing {
  const { recorder, profile, marked } = state;
  if (!recorder) return nothing;
  const recording = recorder.startedAt !== null;
  const setFreed = (event: Event) => {
    countFreed = (event.target as HTMLInputElement).checked;
    redraw();
  };
  return html`${
    recording
      ? button({
          label: 'Stop',
          icon: 'debug-stop',
          testId: 'stop-recording',
          primary: true,
          run: () => act({ type: 'stop' }),
        })
      : html`<label class="check" title="All that was allocated, not only what is still alive">
            <input type="checkbox" data-testid="count-freed" .checked=${countFreed} @change=${setFreed} />
            Count freed objects
          </label>
          ${button({
            label: 'Record',
            icon: 'record',
            testId: 'start-recording',
            primary: true,
            disabled: !recorder.attached,
            run: () => act({ type: 'start', includesFreed: countFreed }),
          })}`
  }
  ${
    profile
      ? html`<button
            class="toggle"
            data-testid="mark-lines"
            aria-pressed=${marked}
            title="Shares behind the lines in the editors"
            @click=${() => act({ type: 'mark', on: !marked })}
          >
            Lines in Editor
          </button>
          ${button({ label: 'Save…', icon: 'save', testId: 'save-profile', run: () => act({ type: 'save' }) })}`
      : nothing
  }
  ${button({ label: 'Open…', icon: 'folder-opened', testId: 'open-profile', run: () => act({ type: 'openFile' }) })}`;
}

function profileView(profile: ProfileState, context: Context): TemplateResult {
  return html`<div class="flame-bar">
      ${searchBox(profile, context)}
      <span class="quiet" aria-live="polite" data-testid="found-bytes">${foundText(profile)}</span>
      <span class="origins" aria-hidden="true">
        <i class="origin-program"></i>Program <i class="origin-package"></i>Packages <i class="origin-node"></i>Node.js
        <i class="origin-engine"></i>V8
      </span>
      ${
        profile.chart.root === 0
          ? nothing
          : button({
              label: 'Show All',
              icon: 'screen-full',
              testId: 'zoom-out',
              run: () => context.act({ type: 'zoom', node: 0 }),
            })
      }
    </div>
    <div class="flame"></div>
    ${detail(profile, context)}${tables(profile, context)}`;
}

function searchBox({ search }: ProfileState, { act }: Context): TemplateResult {
  const onInput = ({ target }: Event) => {
    clearTimeout(searchTimer);
    const text = (target as HTMLInputElement).value;
    searchTimer = setTimeout(() => act({ type: 'search', text }), REST_MS);
  };
  return html`<input
    type="search"
    class="filter"
    data-testid="search-allocations"
    placeholder="Search functions, files, packages"
    aria-label="Search functions, files, packages"
    value=${search}
    @input=${onInput}
  />`;
}

function foundText({ search, foundBytes, total }: ProfileState): string {
  if (search === '' || foundBytes === null) return '';
  return foundBytes === 0 ? 'Nothing found' : `${formatBytes(foundBytes)}, ${percent(foundBytes, total)}`;
}

/** What is pointed at: hover is no way for a keyboard, so it stands below the chart. */
function detail({ chart, total }: ProfileState, { act }: Context): TemplateResult {
  const frame =
    chart.frames.find(({ node }) => node === pointed?.node) ??
    chart.frames.find(({ node }) => node === chart.root);
  if (!frame) return html`<p id="flame-detail" class="flame-detail"></p>`;
  return html`<p id="flame-detail" class="flame-detail" aria-live="polite" data-testid="flame-detail">
    <strong>${frame.name}</strong>
    ${
      frame.opens
        ? html`<button
            class="link"
            data-testid="open-frame"
            @click=${() => act({ type: 'openFrame', node: frame.node })}
          >
            ${frame.where}
          </button>`
        : nothing
    }
    <span>${bytes(frame.total)} with what it called (${percent(frame.total, total)}), ${bytes(frame.self)} by itself</span>
    ${chart.hidden > 0 ? html`<span class="quiet">${formatCount(chart.hidden)} more too small to show</span>` : nothing}
  </p>`;
}

function tables(profile: ProfileState, { act, redraw }: Context): TemplateResult {
  const { table, rows, rowCount, total } = profile;
  const [, , heading] = TABLES.find(([name]) => name === table)!;
  return html`<div class="table-choice" role="group" aria-label="Add up by">
      ${TABLES.map(
        ([name, label]) =>
          html`<button
            class="toggle"
            data-testid="by-${name}"
            aria-pressed=${name === table}
            @click=${() => act({ type: 'table', table: name })}
          >
            ${label}
          </button>`,
      )}
    </div>
    ${dataTable({
      id: `allocations-${table}`,
      rows,
      total: rowCount,
      columns: columnsOf(heading, table, total, act),
      sortedBy: 'self',
      redraw,
    })}`;
}

function columnsOf(
  heading: string,
  table: AllocationTable,
  all: number,
  act: Context['act'],
): Column<AllocationRow>[] {
  const size = (key: 'self' | 'total', label: string): Column<AllocationRow> => ({
    key,
    label,
    kind: 'number',
    value: (row) => row[key],
    cell: (row) => html`${bytes(row[key])} <span class="share">${percent(row[key], all)}</span>`,
  });
  const open = ({ position }: AllocationRow, text: string): TemplateResult | string =>
    position
      ? html`<button class="link" @click=${() => act({ type: 'openRow', position })}>${text}</button>`
      : text;
  const name: Column<AllocationRow> = {
    key: 'name',
    label: heading,
    kind: 'text',
    value: (row) => row.name,
    cell: (row) =>
      html`<span class="named"><i class="origin origin-${row.kind}" aria-hidden="true"></i>${table === 'files' ? open(row, row.name) : row.name}</span>`,
  };
  const where: Column<AllocationRow> = {
    key: 'where',
    label: 'Line',
    kind: 'text',
    value: (row) => row.where,
    cell: (row) => open(row, row.where),
  };
  return [name, ...(table === 'functions' ? [where] : []), size('self', 'Self'), size('total', 'Total')];
}

function percent(part: number, all: number): string {
  if (all === 0) return '0 %';
  const share = (part / all) * 100;
  return share === 0 || share >= 9.95 ? `${Math.round(share)} %` : `${share.toFixed(1)} %`;
}
