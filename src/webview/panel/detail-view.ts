import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../protocol/figures';
import type { SnapshotDetail } from '../../protocol/panel';
import type { ConstructorDiffRow, ConstructorRow, NodeRow, RetainingPath } from '../../protocol/snapshot';
import { bytes, iconButton } from './controls';
import { send, updateViewState, viewState } from './host';

/** More rows than a person reads; the filter finds the others. */
const SHOWN_ROWS = 200;

interface Column<Row> {
  readonly key: keyof Row & string;
  readonly label: string;
  readonly cell: (row: Row) => TemplateResult | string;
}

const CONSTRUCTOR_COLUMNS: readonly Column<ConstructorRow>[] = [
  { key: 'count', label: 'Objects', cell: (row) => formatCount(row.count) },
  { key: 'selfSize', label: 'Self size', cell: (row) => bytes(row.selfSize) },
  { key: 'retainedSize', label: 'Retained size', cell: (row) => bytes(row.retainedSize) },
  { key: 'distance', label: 'Distance', cell: (row) => (row.distance >= 1e8 ? '–' : String(row.distance)) },
];

const DIFF_COLUMNS: readonly Column<ConstructorDiffRow>[] = [
  { key: 'addedCount', label: 'New', cell: (row) => formatCount(row.addedCount) },
  { key: 'removedCount', label: 'Gone', cell: (row) => formatCount(row.removedCount) },
  { key: 'countDelta', label: 'Delta', cell: (row) => signed(row.countDelta) },
  { key: 'sizeDelta', label: 'Size delta', cell: (row) => bytes(row.sizeDelta) },
];

/** What was opened: the constructors of a snapshot, what changed between two, or who holds an object. */
export function detailView(detail: SnapshotDetail, redraw: () => void): TemplateResult {
  return html`<section aria-labelledby="detail-title" data-testid="detail">
    <header class="section">
      <h2 id="detail-title">${heading(detail)}</h2>
      ${detail.kind === 'paths' ? nothing : filterBox(redraw)}
      ${iconButton({
        label: 'Close',
        icon: 'close',
        testId: 'close-detail',
        run: () => send({ type: 'closeDetail' }),
      })}
    </header>
    ${body(detail, redraw)}
  </section>`;
}

function heading(detail: SnapshotDetail): string {
  switch (detail.kind) {
    case 'constructors':
      return `Constructors in ${detail.title}`;
    case 'diff':
      return `Changed objects, ${detail.title}`;
    case 'paths':
      return `Who holds ${detail.title}`;
  }
}

function body(detail: SnapshotDetail, redraw: () => void): TemplateResult {
  switch (detail.kind) {
    case 'constructors':
      return table(detail.rows, detail.total, CONSTRUCTOR_COLUMNS, 'retainedSize', detail.snapshotId, redraw);
    case 'diff':
      return table(detail.rows, detail.total, DIFF_COLUMNS, 'sizeDelta', detail.snapshotId, redraw);
    case 'paths':
      return pathsList(detail.paths);
  }
}

function filterBox(redraw: () => void): TemplateResult {
  const onInput = (event: Event) => {
    if (event.target instanceof HTMLInputElement) updateViewState({ filter: event.target.value });
    redraw();
  };
  return html`<input
    type="search"
    class="filter"
    data-testid="filter"
    placeholder="Filter by constructor"
    aria-label="Filter by constructor"
    .value=${viewState().filter}
    @input=${onInput}
  />`;
}

function table<Row extends { readonly key: string; readonly name: string }>(
  rows: readonly Row[],
  total: number,
  columns: readonly Column<Row>[],
  defaultColumn: keyof Row & string,
  snapshotId: string,
  redraw: () => void,
): TemplateResult {
  const { filter, sort } = viewState();
  const column =
    columns.find(({ key }) => key === sort?.column)?.key ??
    (sort?.column === 'name' ? 'name' : defaultColumn);
  const descending = sort?.descending ?? true;
  const wanted = filter.toLowerCase();
  const matching = rows.filter((row) => row.name.toLowerCase().includes(wanted));
  const sorted = matching.sort(
    (a, b) => compare(a[column as keyof Row], b[column as keyof Row]) * (descending ? -1 : 1),
  );
  const sortBy = (key: string) => {
    updateViewState({ sort: { column: key, descending: key === column ? !descending : key !== 'name' } });
    redraw();
  };
  const head = (key: string, label: string) => html`<th
    scope="col"
    class=${key === 'name' ? 'text' : 'number'}
    aria-sort=${key === column ? (descending ? 'descending' : 'ascending') : 'none'}
  >
    <button class="sort" @click=${() => sortBy(key)}>
      ${label}${
        key === column
          ? html`<span class="codicon codicon-${descending ? 'chevron-down' : 'chevron-up'}" aria-hidden="true"></span>`
          : nothing
      }
    </button>
  </th>`;
  return html`<table class="rows">
      <thead>
        <tr>${head('name', 'Constructor')}${columns.map(({ key, label }) => head(key, label))}</tr>
      </thead>
      <tbody>
        ${sorted.slice(0, SHOWN_ROWS).map(
          (row) => html`<tr data-testid="row">
            <th scope="row" class="text">
              <button
                class="link"
                title="Who holds the largest ${row.name}"
                @click=${() => send({ type: 'showInstances', snapshotId, constructorKey: row.key })}
              >
                ${row.name || '(no name)'}
              </button>
            </th>
            ${columns.map(({ cell }) => html`<td class="number">${cell(row)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
    ${
      sorted.length > SHOWN_ROWS || total > rows.length
        ? html`<p class="hint">
            ${formatCount(Math.min(SHOWN_ROWS, sorted.length))} of ${formatCount(filter ? sorted.length : total)} shown;
            filter to find others.
          </p>`
        : nothing
    }`;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b);
  return Number(a) - Number(b);
}

function pathsList(paths: readonly RetainingPath[]): TemplateResult {
  if (paths.length === 0) return html`<p class="hint">Nothing but weak references holds it.</p>`;
  return html`${paths.map(
    (path, i) =>
      html`<details class="retaining" ?open=${i === 0} data-testid="retaining-path">
        <summary>Path ${i + 1}, ${path.length} steps</summary>
        <ol class="path">
          ${path.map(
            ({ edge, node }) =>
              html`<li>
                ${edge ? html`<code>${edge.name}</code> <span class="quiet">${edge.type}</span> → ` : nothing}
                ${nodeLabel(node)} <span class="quiet">@${node.id}, retains ${bytes(node.retainedSize)}</span>
              </li>`,
          )}
        </ol>
      </details>`,
  )}`;
}

/** V8's own roots have telling names and no constructor. */
function nodeLabel({ type, name, constructorName }: NodeRow): string {
  return type === 'synthetic' ? name || '(root)' : constructorName;
}

function signed(count: number): string {
  return count > 0 ? `+${formatCount(count)}` : formatCount(count);
}
