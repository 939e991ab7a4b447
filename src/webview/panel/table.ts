import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../protocol/figures';
import { updateViewState, viewState } from './host';

/** More rows than a person reads; the filter finds the others. */
const SHOWN_ROWS = 200;

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** Words stand to the left, figures to the right. */
  readonly kind: 'text' | 'number';
  /** What it is sorted by. */
  readonly value: (row: Row) => string | number;
  /** What is shown; by default the value. */
  readonly cell?: (row: Row) => TemplateResult | string;
}

/**
 * A table that is sorted by a click on a heading; the first column heads its row. The page keeps order and filter
 * under `id` over hiding and reloading.
 */
export function dataTable<Row>({
  id,
  rows,
  total = rows.length,
  columns,
  sortedBy,
  matches,
  redraw,
}: {
  id: string;
  rows: readonly Row[];
  /** How many there are beside those that were sent. */
  total?: number;
  columns: readonly Column<Row>[];
  /** The column that it is sorted by at first. */
  sortedBy: string;
  /** Whether a row has the filter's text, which comes in lower case. */
  matches?: (row: Row, text: string) => boolean;
  redraw: () => void;
}): TemplateResult {
  const filter = (viewState().filters[id] ?? '').toLowerCase();
  const kept = viewState().sorts[id];
  const column = columns.find(({ key }) => key === (kept?.column ?? sortedBy)) ?? columns[0]!;
  const descending = kept?.descending ?? column.kind === 'number';
  const sorted = rows
    .filter((row) => filter === '' || (matches?.(row, filter) ?? true))
    .sort((a, b) => compare(column.value(a), column.value(b)) * (descending ? -1 : 1));
  const sortBy = ({ key, kind }: Column<Row>) => {
    const turned = key === column.key ? !descending : kind === 'number';
    updateViewState({ sorts: { ...viewState().sorts, [id]: { column: key, descending: turned } } });
    redraw();
  };
  const [first, ...others] = columns;
  return html`<table class="rows" data-testid="table-${id}">
      <thead>
        <tr>
          ${columns.map((each) => heading(each, each === column ? descending : null, () => sortBy(each)))}
        </tr>
      </thead>
      <tbody>
        ${sorted.slice(0, SHOWN_ROWS).map(
          (row) => html`<tr data-testid="row">
            <th scope="row" class=${first!.kind}>${content(first!, row)}</th>
            ${others.map((each) => html`<td class=${each.kind}>${content(each, row)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
    ${more(Math.min(SHOWN_ROWS, sorted.length), filter ? sorted.length : total)}`;
}

/** The field that filters the table `id`. */
export function filterBox(id: string, label: string, redraw: () => void): TemplateResult {
  const onInput = (event: Event) => {
    if (!(event.target instanceof HTMLInputElement)) return;
    updateViewState({ filters: { ...viewState().filters, [id]: event.target.value } });
    redraw();
  };
  return html`<input
    type="search"
    class="filter"
    data-testid="filter"
    placeholder=${label}
    aria-label=${label}
    .value=${viewState().filters[id] ?? ''}
    @input=${onInput}
  />`;
}

function heading<Row>(
  { key, label, kind }: Column<Row>,
  descending: boolean | null,
  sort: () => void,
): TemplateResult {
  const order = descending === null ? 'none' : descending ? 'descending' : 'ascending';
  return html`<th scope="col" class=${kind} aria-sort=${order}>
    <button class="sort" data-testid="sort-${key}" @click=${sort}>
      ${label}${
        descending === null
          ? nothing
          : html`<span class="codicon codicon-${descending ? 'chevron-down' : 'chevron-up'}" aria-hidden="true"></span>`
      }
    </button>
  </th>`;
}

function content<Row>({ cell, value }: Column<Row>, row: Row): TemplateResult | string {
  return cell ? cell(row) : String(value(row));
}

function more(shown: number, all: number): TemplateResult | typeof nothing {
  if (shown >= all) return nothing;
  return html`<p class="hint">${formatCount(shown)} of ${formatCount(all)} shown; filter to find others.</p>`;
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b);
  return Number(a) - Number(b);
}
