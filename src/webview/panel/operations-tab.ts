import { html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatDelta } from '../../protocol/figures';
import {
  type ComparedRow,
  keptPerOperation,
  type OperationRow,
  type OperationsAction,
  type OperationsDetail,
  type OperationsState,
  type StayedRow,
} from '../../protocol/operations';
import { button, bytes, checkbox, iconButton } from './controls';
import type { Tab, TabContext } from './tab';
import { type Column, dataTable, filterBox } from './table';

type Act = (action: OperationsAction) => void;

/** Measured operations, to be compared. */
export const operationsTab: Tab<'operations'> = {
  name: 'operations',
  label: 'Operations',
  icon: 'beaker',
  render({ state, act, redraw }: TabContext<'operations'>): TemplateResult {
    return html`<section aria-labelledby="operations-title">
        <header class="section">
          <h2 id="operations-title">Operations</h2>
          ${actions(state, act)}
        </header>
        <p class="status quiet" role="status" data-testid="operations-status">${status(state)}</p>
        ${
          state.rows.length === 0
            ? nothing
            : dataTable({
                id: 'operations',
                rows: state.rows,
                columns: columns(state, act),
                sortedBy: 'startedAt',
                redraw,
              })
        }
      </section>
      ${state.detail ? detailView(state.detail, redraw) : nothing}`;
  },
};

function actions(state: OperationsState, act: Act): TemplateResult {
  const idle = state.attached && !state.busy;
  if (state.open) {
    return html`${button({
      label: 'End Operation',
      icon: 'debug-stop',
      testId: 'end-operation',
      primary: true,
      disabled: !idle,
      run: () => act({ type: 'end' }),
    })}
    ${button({ label: 'Discard', icon: 'close', testId: 'discard-operation', run: () => act({ type: 'discard' }) })}`;
  }
  return html`${checkbox({
    label: 'What stayed',
    testId: 'exact',
    checked: state.exact,
    title: 'Takes a heap snapshot before and after, which tell what stayed; without them only memory is read',
    change: (on) => act({ type: 'exact', on }),
  })}
  ${button({
    label: 'Begin Operation',
    icon: 'record',
    testId: 'begin-operation',
    primary: true,
    disabled: !idle,
    title:
      'Begin, use the program, end. Do it once before: what is compiled and loaded at first use counts, too',
    run: () => act({ type: 'begin' }),
  })}
  ${button({
    label: 'Measure Requests…',
    icon: 'globe',
    testId: 'measure-requests',
    disabled: !idle,
    title: 'Sends HTTP requests and measures what they leave in the heap',
    run: () => act({ type: 'load' }),
  })}`;
}

function status({ attached, open, rows, selected }: OperationsState): string {
  if (open) return `${open.name} has begun: use the program now, then end it.`;
  if (rows.length > 0) {
    return selected.length === 2 ? '' : 'Tick two to compare what each of their operations keeps.';
  }
  return attached
    ? 'What does one operation leave in the heap? Mark its begin and end, or let requests be sent.'
    : 'Attach to a process to measure what its operations leave in the heap.';
}

function columns({ selected, attached, busy }: OperationsState, act: Act): readonly Column<OperationRow>[] {
  return [
    {
      key: 'name',
      label: 'Operation',
      kind: 'text',
      value: ({ name }) => name,
      cell: (row) => nameCell(row, selected, act),
    },
    {
      key: 'operations',
      label: 'Times',
      kind: 'number',
      value: ({ operations }) => operations,
      cell: ({ operations, failed }) =>
        html`${formatCount(operations)}${failed > 0 ? html` <span class="growth">${formatCount(failed)} failed</span>` : nothing}`,
    },
    number('heapBefore', 'Before', ({ heapBefore }) => heapBefore, bytes),
    number('heapAfter', 'After', ({ heapAfter }) => heapAfter, bytes),
    number('heapCollected', 'Collected', ({ heapCollected }) => heapCollected, bytes),
    { key: 'kept', label: 'Kept each', kind: 'number', value: keptPerOperation, cell: keptCell },
    number('objects', 'Objects each', perOperation, (count) => (Number.isNaN(count) ? '–' : decimal(count))),
    number('durationMs', 'Took', ({ durationMs }) => durationMs, seconds),
    {
      key: 'startedAt',
      label: 'When',
      kind: 'number',
      value: ({ startedAt }) => startedAt,
      cell: (row) =>
        html`<span class="line" title=${new Date(row.startedAt).toLocaleString()}>${moment(row.startedAt)}</span>`,
    },
    {
      key: 'actions',
      label: '',
      kind: 'number',
      value: () => 0,
      cell: (row) => rowActions(row, attached && !busy, act),
    },
  ];
}

function keptCell(row: OperationRow): TemplateResult {
  const kept = keptPerOperation(row);
  const of = row.keptBytes === null ? 'of the whole heap' : 'of the program’s objects';
  return html`<span title="${formatCount(Math.round(kept))} bytes ${of}">${deltaWords(kept)}</span>`;
}

function nameCell(
  { id, name, program, pid }: OperationRow,
  selected: readonly string[],
  act: Act,
): TemplateResult {
  const isSelected = selected.includes(id);
  const ids = isSelected ? selected.filter((other) => other !== id) : [...selected, id];
  return html`<label class="check" title="${name}, in ${program}${pid === null ? '' : `, pid ${pid}`}">
    <input
      type="checkbox"
      data-testid="select-operation"
      .checked=${isSelected}
      @change=${() => act({ type: 'select', ids })}
    />
    <strong class="clip wide name">${name}</strong>
  </label>`;
}

function rowActions({ id, name, load }: OperationRow, idle: boolean, act: Act): TemplateResult {
  return html`<span class="actions"
    >${
      load && idle
        ? iconButton({
            label: `Measure ${name} again`,
            icon: 'history',
            testId: 'again',
            run: () => act({ type: 'again', id }),
          })
        : nothing
    }${iconButton({ label: `Rename ${name}`, icon: 'edit', testId: 'rename', run: () => act({ type: 'rename', id }) })}${iconButton(
      { label: `Remove ${name}`, icon: 'trash', testId: 'remove', run: () => act({ type: 'remove', id }) },
    )}</span
  >`;
}

/** What stayed after one, or two side by side. */
function detailView(detail: OperationsDetail, redraw: () => void): TemplateResult {
  const title =
    detail.kind === 'stayed'
      ? `What stayed: ${detail.title}`
      : `A: ${detail.titles[0]}, B: ${detail.titles[1]}`;
  return html`<section aria-labelledby="operation-detail-title" data-testid="operation-detail">
    <header class="section">
      <h2 id="operation-detail-title">${title}</h2>
      ${filterBox(detail.kind, 'Filter by constructor', redraw)}
    </header>
    ${detail.kind === 'stayed' ? stayedTable(detail.rows, redraw) : comparedTable(detail, redraw)}
  </section>`;
}

function stayedTable(rows: readonly StayedRow[], redraw: () => void): TemplateResult {
  return dataTable({
    id: 'stayed',
    rows,
    columns: [
      { key: 'name', label: 'Constructor', kind: 'text', value: ({ name }) => name },
      number<StayedRow>('stayed', 'Stayed', ({ stayed }) => stayed, formatCount),
      number<StayedRow>('gone', 'Gone', ({ gone }) => gone, formatCount),
      number<StayedRow>('netBytes', 'Net size', ({ netBytes }) => netBytes, signedBytes),
    ],
    sortedBy: 'netBytes',
    matches: ({ name }, text) => name.toLowerCase().includes(text),
    redraw,
  });
}

function comparedTable(
  { summary, rows }: Extract<OperationsDetail, { kind: 'compared' }>,
  redraw: () => void,
): TemplateResult {
  const side = (key: 'first' | 'second', letter: string): Column<ComparedRow>[] => [
    number(`${key}Objects`, `Objects, ${letter}`, (row) => row[key].objects, decimal),
    number(`${key}Bytes`, `Size, ${letter}`, (row) => row[key].bytes, signedBytes),
  ];
  return html`<p class="summary good" data-testid="comparison">
      <span class="codicon codicon-diff" aria-hidden="true"></span><span>${summary}</span>
    </p>
    ${
      rows.length === 0
        ? nothing
        : dataTable({
            id: 'compared',
            rows,
            columns: [
              { key: 'name', label: 'Constructor, per operation', kind: 'text', value: ({ name }) => name },
              ...side('first', 'A'),
              ...side('second', 'B'),
              {
                key: 'difference',
                label: 'B − A',
                kind: 'number',
                value: ({ difference }) => Math.abs(difference),
                cell: ({ difference }) => signedBytes(difference),
              },
            ],
            sortedBy: 'difference',
            matches: ({ name }, text) => name.toLowerCase().includes(text),
            redraw,
          })
    }`;
}

function number<Row>(
  key: string,
  label: string,
  value: (row: Row) => number,
  show: (value: number) => TemplateResult | string,
): Column<Row> {
  return { key, label, kind: 'number', value, cell: (row) => show(value(row)) };
}

function perOperation({ netObjects, operations }: OperationRow): number {
  return netObjects === null ? Number.NaN : netObjects / operations;
}

function signedBytes(value: number): TemplateResult {
  return html`<span title="${formatCount(Math.round(value))} bytes">${deltaWords(value)}</span>`;
}

function deltaWords(value: number): string {
  return Math.round(value) === 0 ? '0 B' : formatDelta(value);
}

/** One digit after the point where it says something. */
function decimal(value: number): string {
  const rounded = Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return rounded < 0 ? `−${formatCount(-rounded)}` : formatCount(Math.abs(rounded));
}

function seconds(ms: number): string {
  return ms < 995 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function moment(at: number): string {
  const date = new Date(at);
  return date.toDateString() === new Date().toDateString()
    ? date.toLocaleTimeString()
    : date.toLocaleDateString();
}
