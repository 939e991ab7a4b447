import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatCount } from '../../protocol/figures';
import type { SourcePosition } from '../../protocol/source';
import { type CopiesReport, type CopiesRow, ownerInWords, type RepeatedJob } from '../../protocol/together';
import { bytes } from './controls';
import type { TabContext } from './tab';
import { type Column, dataTable, filterBox } from './table';

/** What several heaps hold, each for itself. */
export function copiesView(report: CopiesReport, context: TabContext<'together'>): TemplateResult {
  const { redraw } = context;
  return html`<section aria-labelledby="copies-title" data-testid="copies">
    <header class="section">
      <h2 id="copies-title">The same in several heaps</h2>
      <span class="quiet">
        ${report.heaps} heaps, compared at ${new Date(report.comparedAt).toLocaleTimeString()}
      </span>
      ${filterBox('copies', 'Filter by name or file', redraw)}
    </header>
    <p class="summary" data-testid="copies-summary">
      <span class="codicon codicon-info" aria-hidden="true"></span>${report.summary}
    </p>
    ${report.left.map((sentence) => html`<p class="hint">${sentence}</p>`)}
    ${
      report.rows.length === 0
        ? nothing
        : dataTable({
            id: 'copies',
            rows: report.rows,
            columns: copyColumns(context),
            sortedBy: 'total',
            matches: (row, text) =>
              `${row.name} ${row.className} ${row.location?.file} ${row.package}`
                .toLowerCase()
                .includes(text),
            redraw,
          })
    }
    ${report.jobs.length === 0 ? nothing : jobsView(report, context)}
  </section>`;
}

function copyColumns(context: TabContext<'together'>): readonly Column<CopiesRow>[] {
  return [
    { key: 'name', label: 'What', kind: 'text', value: ({ name }) => name, cell: (row) => nameCell(row) },
    {
      key: 'place',
      label: 'Declared at',
      kind: 'text',
      value: ({ location }) => location?.file ?? '',
      cell: (row) => placeLink(row, context),
    },
    {
      key: 'copies',
      label: 'Copies',
      kind: 'number',
      value: ({ copies }) => copies.length,
      cell: ({ copies }) =>
        copies.length === 1 ? `only in ${ownerInWords(copies[0]!)}` : String(copies.length),
    },
    {
      key: 'each',
      label: 'Each',
      kind: 'number',
      value: ({ copies }) => copies[0]!.bytes,
      cell: eachCell,
    },
    {
      key: 'total',
      label: 'Together',
      kind: 'number',
      value: ({ total }) => total,
      cell: ({ total }) => bytes(total),
    },
  ];
}

function nameCell({ name, className, holder, copies }: CopiesRow): TemplateResult {
  const { entries } = copies[0]!;
  const facts = [
    className,
    holder,
    entries === null ? null : `${formatCount(entries)} ${entries === 1 ? 'entry' : 'entries'}`,
  ];
  return html`<span class="code">${name}</span>
    <span class="quiet">${facts.filter((fact) => fact !== null).join(' · ')}</span>`;
}

/** From the smallest to the largest; all of them on hover. */
function eachCell({ copies }: CopiesRow): TemplateResult {
  const all = copies.map((copy) => `${ownerInWords(copy)}: ${formatBytes(copy.bytes)}`).join('\n');
  const [largest, smallest] = [formatBytes(copies[0]!.bytes), formatBytes(copies.at(-1)!.bytes)];
  return html`<span title=${all}>${smallest === largest ? largest : `${smallest} – ${largest}`}</span>`;
}

function placeLink(
  { key, location, package: from }: { key: string; location: SourcePosition | null; package: string | null },
  { act }: TabContext<'together'>,
): TemplateResult | string {
  if (!location) return from ?? '–';
  const name = `${location.file.split(/[\\/]/).at(-1)}:${location.line}`;
  return html`<button
      class="link code"
      data-testid="copies-open"
      title="${location.file}:${location.line}"
      @click=${() => act({ type: 'open', key })}
    >
      ${name}
    </button>
    ${from ? html`<span class="quiet">${from}</span>` : nothing}`;
}

/** What every one of them does over and over: a scheduler that should run once. */
function jobsView({ jobs, heaps }: CopiesReport, context: TabContext<'together'>): TemplateResult {
  const columns: readonly Column<RepeatedJob>[] = [
    {
      key: 'name',
      label: 'Repeated job',
      kind: 'text',
      value: ({ name }) => name,
      cell: ({ name }) => html`<span class="code">${name}</span>`,
    },
    {
      key: 'place',
      label: 'Written at',
      kind: 'text',
      value: ({ location }) => location.file,
      cell: (job) => placeLink(job, context),
    },
    {
      key: 'every',
      label: 'Every',
      kind: 'number',
      value: ({ everyMs }) => everyMs,
      cell: ({ everyMs }) => formatInterval(everyMs),
    },
    {
      key: 'heaps',
      label: 'In',
      kind: 'number',
      value: (job) => job.heaps.length,
      cell: (job) =>
        html`<span title=${job.heaps.map(ownerInWords).join('\n')}>${job.heaps.length} of ${heaps}</span>`,
    },
  ];
  return html`<p class="hint jobs">These timers run in several of them, each for itself:</p>
    ${dataTable({ id: 'jobs', rows: jobs, columns, sortedBy: 'heaps', redraw: context.redraw })}`;
}

/** "250 ms", "30 s", "5 min", "1 h". */
function formatInterval(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 6000) / 10} min`;
  return `${Math.round(ms / 360_000) / 10} h`;
}
