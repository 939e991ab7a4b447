import { html, nothing, type TemplateResult } from 'lit';
import type { CensusRow, CollectionsState } from '../../protocol/census';
import { formatCount } from '../../protocol/figures';
import { button } from './controls';
import type { Tab, TabContext } from './tab';
import { type Column, dataTable } from './table';

const KINDS = { map: 'Map', set: 'Set', array: 'Array' };

const COLUMNS: readonly Column<CensusRow>[] = [
  { key: 'kind', label: 'Collection', kind: 'text', value: ({ kind }) => KINDS[kind] },
  { key: 'holds', label: 'Holds', kind: 'text', value: ({ holds }) => holds.join(', ') },
  {
    key: 'entries',
    label: 'Entries',
    kind: 'number',
    value: ({ entries }) => entries,
    cell: ({ entries }) => formatCount(entries),
  },
];

/** The largest living collections. */
export const collectionsTab: Tab<'collections'> = {
  name: 'collections',
  label: 'Collections',
  icon: 'list-tree',
  render({ state, act, redraw }: TabContext<'collections'>): TemplateResult {
    return html`<section aria-labelledby="collections-title">
      <header class="section">
        <h2 id="collections-title">Living collections</h2>
        <span class="quiet" aria-live="polite">${status(state)}</span>
        ${button({
          label: 'Count Now',
          icon: 'refresh',
          testId: 'count-collections',
          disabled: state.counting || !state.attached,
          run: () => act({ type: 'count' }),
        })}
      </header>
      ${
        state.rows.length === 0
          ? nothing
          : dataTable({ id: 'collections', rows: state.rows, columns: COLUMNS, sortedBy: 'entries', redraw })
      }
    </section>`;
  },
};

function status({ attached, counting, countedAt, failure }: CollectionsState): string {
  if (!attached) return 'Attach to a process to count its Maps, Sets and arrays.';
  if (counting) return 'Counting…';
  if (failure) return failure;
  return countedAt === null ? '' : `Counted at ${new Date(countedAt).toLocaleTimeString()}`;
}
