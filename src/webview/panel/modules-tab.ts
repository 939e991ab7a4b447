import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatCount, formatMs } from '../../protocol/figures';
import type { ModuleRow, ModulesState } from '../../protocol/modules';
import { button, bytes } from './controls';
import { packagesView, unloadedView, unusedView } from './module-tables';
import type { Tab, TabContext } from './tab';

type Context = TabContext<'modules'>;
type Part = 'tree' | 'packages' | 'unloaded' | 'unused';

/** What belongs to the page alone. */
let part: Part = 'tree';
/** Rows that a person has opened or closed; the others are as {@link isOpen} says. */
const toggled = new Map<string, boolean>();
/** So many levels stand open at first. */
const OPEN_DEPTH = 1;
/** More rows than a person reads at once; closing others makes room. */
const SHOWN_ROWS = 400;

/** What each import cost when the program was loaded. */
export const modulesTab: Tab<'modules'> = {
  name: 'modules',
  label: 'Modules',
  icon: 'package',
  render(context: Context): TemplateResult {
    const { state } = context;
    return html`<section aria-labelledby="modules-title">
      <header class="section">
        <h2 id="modules-title">Modules</h2>
        <span class="quiet" aria-live="polite" data-testid="modules-status">${status(state)}</span>
        ${controls(context)}
      </header>
      ${state.failure ? html`<p class="hint" role="status">${state.failure}</p>` : nothing}
      ${state.summary ? parts(context) : intro(state)}
    </section>`;
  },
};

function status({ measuring, summary }: ModulesState): string {
  if (measuring) return `Measuring ${measuring}…`;
  if (!summary) return '';
  const { title, nodeVersion, modules, failed, total, exact } = summary;
  const wrong = failed > 0 ? `, ${formatCount(failed)} failed` : '';
  return `${title}, Node ${nodeVersion.replace(/^v/, '')}: ${formatCount(modules)} modules${wrong}, ${formatBytes(total.heap)}, ${formatMs(total.ms)}${exact ? ', exact' : ''}`;
}

function intro({ measuring }: ModulesState): TemplateResult | typeof nothing {
  if (measuring) return nothing;
  return html`<p class="hint">
    Start a program and see what each of its imports costs while it loads: heap, RSS and time, with all that it brings
    along; and which dependencies were never loaded, or were loaded and never used.
  </p>`;
}

function controls({ state, act }: Context): TemplateResult {
  const { measuring, canRepeat, exact } = state;
  const setExact = ({ target }: Event) => act({ type: 'exact', on: (target as HTMLInputElement).checked });
  return html`<label class="check" title="Collects garbage after each module: to the byte, but slow">
      <input type="checkbox" data-testid="exact" .checked=${exact} @change=${setExact} />
      Exact
    </label>
    ${
      canRepeat
        ? button({
            label: 'Measure Again',
            icon: 'refresh',
            testId: 'measure-again',
            disabled: measuring !== null,
            run: () => act({ type: 'measureAgain' }),
          })
        : nothing
    }
    ${button({
      label: 'Launch and Measure…',
      icon: 'play',
      testId: 'measure-modules',
      primary: true,
      disabled: measuring !== null,
      run: () => act({ type: 'measure' }),
    })}`;
}

function parts(context: Context): TemplateResult {
  const { state, redraw } = context;
  const choices: readonly (readonly [Part, string])[] = [
    ['tree', 'Imports'],
    ['packages', `Packages (${formatCount(state.packages.length)})`],
    ['unloaded', `Never loaded (${formatCount(state.unloaded.length)})`],
    ['unused', `Never used (${formatCount(state.unused?.filter(({ isSure }) => isSure).length ?? 0)})`],
  ];
  const choose = (chosen: Part) => {
    part = chosen;
    redraw();
  };
  return html`<div class="table-choice" role="group" aria-label="Show">
      ${choices.map(
        ([name, label]) =>
          html`<button
            class="toggle"
            data-testid="modules-${name}"
            aria-pressed=${name === part}
            @click=${() => choose(name)}
          >
            ${label}
          </button>`,
      )}
    </div>
    ${VIEWS[part](context)}`;
}

const VIEWS: Readonly<Record<Part, (context: Context) => TemplateResult>> = {
  tree: treeView,
  packages: packagesView,
  unloaded: unloadedView,
  unused: unusedView,
};

function treeView({ state, act, redraw }: Context): TemplateResult {
  const rows = visibleRows(state.tree);
  const all = Math.max(1, state.summary?.total.heap ?? 1);
  const toggle = (row: ModuleRow) => {
    toggled.set(row.key, !isOpen(row));
    redraw();
  };
  return html`<table class="rows tree" role="treegrid" aria-label="What each import costs" data-testid="module-tree">
      <thead>
        <tr>
          <th scope="col">Import</th>
          <th scope="col" class="number" colspan="2">Heap with imports</th>
          <th scope="col" class="number">Heap by itself</th>
          <th scope="col" class="number">RSS</th>
          <th scope="col" class="number">Time</th>
        </tr>
      </thead>
      <tbody @keydown=${(event: KeyboardEvent) => onTreeKey(event, rows, toggle)}>
        ${rows.slice(0, SHOWN_ROWS).map((row) => treeRow(row, all, toggle, act))}
      </tbody>
    </table>
    ${rows.length > SHOWN_ROWS ? html`<p class="hint">${formatCount(rows.length - SHOWN_ROWS)} more rows; close some to see them.</p>` : nothing}`;
}

function treeRow(
  row: ModuleRow,
  all: number,
  toggle: (row: ModuleRow) => void,
  act: Context['act'],
): TemplateResult {
  const open = isOpen(row);
  const expanded = row.hasChildren ? String(open) : nothing;
  return html`<tr data-testid="module-row" role="row" aria-level=${row.depth + 1} aria-expanded=${expanded}>
    <th scope="row">
      <span class="named">
        <svg class="indent" width=${row.depth * 16} height="1" aria-hidden="true"></svg>
        <button
          class="icon twistie"
          data-key=${row.key}
          ?disabled=${!row.hasChildren}
          aria-label=${`${open ? 'Close' : 'Open'} ${row.name}`}
          @click=${() => toggle(row)}
        >
          ${row.hasChildren ? html`<span class="codicon codicon-chevron-${open ? 'down' : 'right'}" aria-hidden="true"></span>` : nothing}
        </button>
        ${nameCell(row, act)}
      </span>
    </th>
    <td class="bar">
      <svg width="60" height="8" aria-hidden="true">
        <rect class="all" width="60" height="8"></rect>
        <rect class="part" width=${Math.max(0.5, (60 * row.total.heap) / all)} height="8"></rect>
      </svg>
    </td>
    <td class="number">${bytes(row.total.heap)}</td>
    <td class="number">${bytes(row.self.heap)}</td>
    <td class="number">${bytes(row.total.rss)}</td>
    <td class="number">${formatMs(row.total.ms)}</td>
  </tr>`;
}

function nameCell(row: ModuleRow, act: Context['act']): TemplateResult {
  const count =
    row.modules > 1 ? html` <span class="quiet">${formatCount(row.modules)} modules</span>` : nothing;
  const failed = row.failed ? html` <span class="failed">failed</span>` : nothing;
  const name = row.isPackage
    ? html`<span><span class="codicon codicon-package" aria-hidden="true"></span> ${row.name}${count}${failed}</span>`
    : html`<span
        ><button class="link" @click=${() => act({ type: 'open', file: row.file })}>${row.name}</button>${failed}</span
      >`;
  return name;
}

function isOpen(row: ModuleRow): boolean {
  return row.hasChildren && (toggled.get(row.key) ?? row.depth < OPEN_DEPTH);
}

/** Rows all of whose ancestors are open. */
function visibleRows(tree: readonly ModuleRow[]): ModuleRow[] {
  const openKeys = new Set<string>();
  return tree.filter((row) => {
    const visible = row.parent === null || openKeys.has(row.parent);
    if (visible && isOpen(row)) openKeys.add(row.key);
    return visible;
  });
}

/** Up and down through the rows, right opens, left closes. */
function onTreeKey(event: KeyboardEvent, rows: readonly ModuleRow[], toggle: (row: ModuleRow) => void): void {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return;
  const line = target.closest('tr');
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) {
    let next = step > 0 ? line?.nextElementSibling : line?.previousElementSibling;
    let control = next?.querySelector<HTMLElement>('button:not(:disabled)');
    while (next && !control) {
      next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
      control = next?.querySelector<HTMLElement>('button:not(:disabled)');
    }
    control?.focus();
    event.preventDefault();
    return;
  }
  const key = line?.querySelector<HTMLElement>('.twistie')?.dataset.key;
  const row = rows.find((each) => each.key === key);
  if (!row?.hasChildren) return;
  if ((event.key === 'ArrowRight' && !isOpen(row)) || (event.key === 'ArrowLeft' && isOpen(row))) {
    event.preventDefault();
    toggle(row);
  }
}
