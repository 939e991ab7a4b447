import { html, type TemplateResult } from 'lit';
import { formatCount, formatMs } from '../../protocol/figures';
import type { ModuleRow, UnloadedPackage, UnusedPackage } from '../../protocol/modules';
import { bytes } from './controls';
import type { TabContext } from './tab';
import { type Column, dataTable } from './table';

type Context = TabContext<'modules'>;

/** What each package costs. */
export function packagesView({ state, redraw }: Context): TemplateResult {
  const size = (key: string, label: string, value: (row: ModuleRow) => number): Column<ModuleRow> => ({
    key,
    label,
    kind: 'number',
    value,
    cell: (row) => bytes(value(row)),
  });
  const columns: Column<ModuleRow>[] = [
    { key: 'name', label: 'Package', kind: 'text', value: ({ name }) => name },
    {
      key: 'modules',
      label: 'Modules',
      kind: 'number',
      value: ({ modules }) => modules,
      cell: ({ modules }) => formatCount(modules),
    },
    size('self', 'Heap by itself', ({ self }) => self.heap),
    size('total', 'With imports', ({ total }) => total.heap),
    {
      key: 'ms',
      label: 'Time by itself',
      kind: 'number',
      value: ({ self }) => self.ms,
      cell: ({ self }) => formatMs(self.ms),
    },
  ];
  return dataTable({ id: 'module-packages', rows: state.packages, columns, sortedBy: 'self', redraw });
}

/** Dependencies of package.json that nothing has loaded. */
export function unloadedView({ state, redraw }: Context): TemplateResult {
  if (state.unloaded.length === 0)
    return html`<p class="hint">Every installed dependency of package.json was loaded.</p>`;
  const columns: Column<UnloadedPackage>[] = [
    { key: 'name', label: 'Dependency', kind: 'text', value: ({ name }) => name },
    { key: 'version', label: 'Version', kind: 'text', value: ({ version }) => version ?? '' },
    {
      key: 'disk',
      label: 'On disk',
      kind: 'number',
      value: ({ diskBytes }) => diskBytes,
      cell: ({ diskBytes }) => bytes(diskBytes),
    },
  ];
  return html`<p class="hint">
      In the dependencies of package.json, but not loaded until now. One may be meant for later, or for another program of
      the project.
    </p>
    ${dataTable({ id: 'module-unloaded', rows: state.unloaded, columns, sortedBy: 'disk', redraw })}`;
}

/** Dependencies that were loaded, and not called since. */
export function unusedView({ state, redraw }: Context): TemplateResult {
  const { unused, summary } = state;
  if (unused === null) {
    const why = summary?.exact
      ? 'Calls are not counted while it is measured exactly.'
      : 'Calls were not counted: package.json has no dependencies, something else collects coverage, or it took too long.';
    return html`<p class="hint">${why}</p>`;
  }
  if (unused.length === 0)
    return html`<p class="hint">Of every dependency that was loaded a function has been called since.</p>`;
  const columns: Column<UnusedPackage>[] = [
    { key: 'name', label: 'Dependency', kind: 'text', value: ({ name }) => name },
    {
      key: 'total',
      label: 'Heap with imports',
      kind: 'number',
      value: ({ totalHeap }) => totalHeap,
      cell: ({ totalHeap }) => bytes(totalHeap),
    },
    {
      key: 'self',
      label: 'By itself',
      kind: 'number',
      value: ({ selfHeap }) => selfHeap,
      cell: ({ selfHeap }) => bytes(selfHeap),
    },
    {
      key: 'ms',
      label: 'Time',
      kind: 'number',
      value: ({ totalMs }) => totalMs,
      cell: ({ totalMs }) => formatMs(totalMs),
    },
    {
      key: 'words',
      label: 'What is known',
      kind: 'text',
      value: ({ isSure, words }) => `${isSure ? 0 : 1} ${words}`,
      cell: ({ isSure, words }) => html`<span class=${isSure ? 'known' : 'quiet'}>${words}</span>`,
    },
  ];
  return html`<p class="hint">
      Loaded until now, but not called since: use the program first. Until a call of each was seen the program runs
      slower, since calls are counted.
    </p>
    ${dataTable({ id: 'module-unused', rows: unused, columns, sortedBy: 'total', redraw })}`;
}
