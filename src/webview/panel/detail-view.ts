import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../protocol/figures';
import type { SnapshotDetail } from '../../protocol/panel';
import type { ConstructorDiffRow, ConstructorRow, NodeRow, RetainingPath } from '../../protocol/snapshot';
import { button, bytes, iconButton } from './controls';
import { send } from './host';
import { type Column, dataTable, filterBox } from './table';

function nameColumn<Row extends ConstructorRow | ConstructorDiffRow>(snapshotId: string): Column<Row> {
  return {
    key: 'name',
    label: 'Constructor',
    kind: 'text',
    value: ({ name }) => name,
    cell: ({ name, key }) =>
      html`<button
        class="link"
        title="Who holds the largest ${name}"
        @click=${() => send({ type: 'showInstances', snapshotId, constructorKey: key })}
      >
        ${name || '(no name)'}
      </button>`,
  };
}

function count<Row>(key: keyof Row & string, label: string): Column<Row> {
  return number(key, label, (value) => formatCount(value));
}

function size<Row>(key: keyof Row & string, label: string): Column<Row> {
  return number(key, label, bytes);
}

function number<Row>(
  key: keyof Row & string,
  label: string,
  show: (value: number) => TemplateResult | string,
): Column<Row> {
  const value = (row: Row) => Number(row[key]);
  return { key, label, kind: 'number', value, cell: (row) => show(value(row)) };
}

const CONSTRUCTOR_COLUMNS: readonly Column<ConstructorRow>[] = [
  count('count', 'Objects'),
  size('selfSize', 'Self size'),
  size('retainedSize', 'Retained size'),
  number('distance', 'Distance', (distance) => (distance >= 1e8 ? '–' : String(distance))),
];

const DIFF_COLUMNS: readonly Column<ConstructorDiffRow>[] = [
  count('addedCount', 'New'),
  count('removedCount', 'Gone'),
  number('countDelta', 'Delta', signed),
  size('sizeDelta', 'Size delta'),
];

/** What was opened: the constructors of a snapshot, what changed between two, or who holds an object. */
export function detailView(
  detail: SnapshotDetail,
  stoppedInDebugger: boolean,
  redraw: () => void,
): TemplateResult {
  return html`<section aria-labelledby="detail-title" data-testid="detail">
    <header class="section">
      <h2 id="detail-title">${heading(detail)}</h2>
      ${detail.kind === 'paths' ? nothing : filterBox(detail.kind, 'Filter by constructor', redraw)}
      ${detail.kind === 'paths' && stoppedInDebugger ? showInDebugger(detail) : nothing}
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

function showInDebugger({ snapshotId, objectId }: { snapshotId: string; objectId: number }): TemplateResult {
  return button({
    label: 'Show in Debug Console',
    icon: 'debug-console',
    testId: 'show-in-debugger',
    title: 'Makes this object a variable of the stopped program and prints it into the Debug Console',
    run: () => send({ type: 'showInDebugger', snapshotId, objectId }),
  });
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
      return constructors(detail, CONSTRUCTOR_COLUMNS, 'retainedSize', redraw);
    case 'diff':
      return constructors(detail, DIFF_COLUMNS, 'sizeDelta', redraw);
    case 'paths':
      return pathsList(detail.paths);
  }
}

function constructors<Row extends ConstructorRow | ConstructorDiffRow>(
  detail: { kind: string; rows: readonly Row[]; total: number; snapshotId: string },
  columns: readonly Column<Row>[],
  sortedBy: string,
  redraw: () => void,
): TemplateResult {
  return dataTable({
    id: detail.kind,
    rows: detail.rows,
    total: detail.total,
    columns: [nameColumn<Row>(detail.snapshotId), ...columns],
    sortedBy,
    matches: ({ name }, text) => name.toLowerCase().includes(text),
    redraw,
  });
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
