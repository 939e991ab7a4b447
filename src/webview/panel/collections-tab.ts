import { html, nothing, type TemplateResult } from 'lit';
import {
  type CollectionsAction,
  type CollectionsState,
  collectionWords,
  entriesWord,
  type LivingCollection,
} from '../../protocol/census';
import { formatCount } from '../../protocol/figures';
import { button, checkbox, sparkline } from './controls';
import type { Tab, TabContext } from './tab';
import { type Column, dataTable, filterBox } from './table';

const ID = 'collections';

/** The largest living collections. */
export const collectionsTab: Tab<'collections'> = {
  name: 'collections',
  label: 'Collections',
  icon: 'list-tree',
  render({ state, act, redraw }: TabContext<'collections'>): TemplateResult {
    return html`<section aria-labelledby="collections-title">
      <header class="section">
        <h2 id="collections-title">Living collections</h2>
        ${filterBox(ID, 'Filter by name, key or class', redraw)}${actions(state, act)}
      </header>
      <p
        class="status quiet"
        aria-live=${state.notice || state.activity ? 'polite' : 'off'}
        data-testid="collections-status"
      >
        ${status(state)}
      </p>
      ${
        state.rows.length === 0
          ? nothing
          : dataTable({
              id: ID,
              rows: state.rows,
              columns: columns(act),
              sortedBy: 'entries',
              matches: (row, text) => words(row).toLowerCase().includes(text),
              redraw,
            })
      }
    </section>`;
  },
};

function actions(state: CollectionsState, act: (action: CollectionsAction) => void): TemplateResult {
  const idle = state.attached && state.activity === null;
  return html`${checkbox({
    label: 'Count by itself',
    testId: 'count-automatically',
    checked: state.automatic,
    title: 'One kind after another, so that counting takes at most 5 % of the program’s time',
    change: (on) => act({ type: 'automatic', on }),
  })}
  ${button({
    label: 'Count Now',
    icon: 'refresh',
    testId: 'count-collections',
    disabled: !idle,
    run: () => act({ type: 'count' }),
  })}
  ${button({
    label: 'Find Lines',
    icon: 'search',
    testId: 'find-lines',
    disabled: !idle || state.rows.length === 0,
    title: 'Takes a heap snapshot to learn who holds each of them and where that is declared',
    run: () => act({ type: 'findLines' }),
  })}`;
}

function columns(act: (action: CollectionsAction) => void): readonly Column<LivingCollection>[] {
  return [
    {
      key: 'name',
      label: 'Collection',
      kind: 'text',
      value: (row) => row.place?.name ?? collectionWords(row),
      cell: nameCell,
    },
    {
      key: 'entries',
      label: 'Entries',
      kind: 'number',
      value: ({ entries }) => entries,
      cell: ({ entries, kind }) =>
        html`<span title="${formatCount(entries)} ${entriesWord(kind)}">${formatCount(entries)}</span>`,
    },
    {
      key: 'perMinute',
      label: 'Per minute',
      kind: 'number',
      value: ({ perMinute }) => perMinute ?? 0,
      cell: ({ perMinute }) => rate(perMinute),
    },
    {
      key: 'series',
      label: 'Last minutes',
      kind: 'text',
      value: ({ perMinute }) => perMinute ?? 0,
      cell: ({ series }) => sparkline(fromLowest(series)),
    },
    {
      key: 'line',
      label: 'Declared at',
      kind: 'text',
      value: (row) => lineOf(row) ?? '',
      cell: (row) => lineCell(row, act),
    },
    text('keys', 'Keys', ({ keys }) => keys.join(', ')),
    text('holds', 'Holds', ({ holds }) => holds.join(', ')),
  ];
}

/** Words that are cut off where there is no room, and stand in the hover. */
function text(
  key: string,
  label: string,
  value: (row: LivingCollection) => string,
): Column<LivingCollection> {
  const cell = (row: LivingCollection) => html`<span class="clip" title=${value(row)}>${value(row)}</span>`;
  return { key, label, kind: 'text', value, cell };
}

/** The change is what is looked for; how many there are stands beside it. */
function fromLowest(series: readonly number[]): number[] {
  const lowest = Math.min(...series);
  return series.map((entries) => entries - lowest);
}

function nameCell(row: LivingCollection): TemplateResult {
  const { place } = row;
  if (!place) return html`<span class="kind">${collectionWords(row)}</span>`;
  return html`<span class="clip wide" title="${place.name}, ${place.holder}"
    ><strong class="name">${place.name}</strong> <span class="quiet">${collectionWords(row)}</span></span
  >`;
}

function lineCell(row: LivingCollection, act: (action: CollectionsAction) => void): TemplateResult {
  const line = lineOf(row);
  if (line === null) return html`<span class="quiet">${row.place ? 'unknown' : ''}</span>`;
  return html`<button
    class="link line"
    data-testid="open-collection"
    title=${row.place!.location!.file}
    @click=${() => act({ type: 'open', id: row.id })}
  >
    ${line}
  </button>`;
}

function lineOf({ place }: LivingCollection): string | null {
  if (!place?.location) return null;
  return `${place.location.file.split(/[\\/]/).at(-1)}:${place.location.line}`;
}

function rate(perMinute: number | null): TemplateResult | string {
  if (perMinute === null) return '–';
  if (perMinute <= 0) return perMinute === 0 ? '0' : `−${formatCount(-perMinute)}`;
  return html`<strong class="growth">+${formatCount(perMinute)}</strong>`;
}

function words(row: LivingCollection): string {
  return [
    collectionWords(row),
    row.place?.name,
    row.place?.holder,
    lineOf(row),
    ...row.keys,
    ...row.holds,
  ].join(' ');
}

function status(state: CollectionsState): string {
  const { attached, activity, countedAt, notice } = state;
  if (!attached) return 'Attach to a process to count its Maps, Sets, arrays and emitters.';
  if (activity === 'counting') return 'Counting…';
  if (activity === 'locating') return 'Finding who holds them…';
  if (notice) return notice;
  return countedAt === null ? '' : counted(state, countedAt);
}

function counted({ lastCountMs, nextCountAt, hidden }: CollectionsState, countedAt: number): string {
  const took = lastCountMs === null ? '' : `, which held the program up for ${seconds(lastCountMs)} at most`;
  const pause = nextCountAt === null ? null : nextCountAt - countedAt;
  const next =
    pause === null
      ? 'Sizes are followed; new ones are found when you count.'
      : `Sizes each second, the next kind in ${seconds(pause)}.`;
  const left = hidden > 0 ? ` ${formatCount(hidden)} of Node’s own or constant are left out.` : '';
  return `Counted at ${new Date(countedAt).toLocaleTimeString()}${took}. ${next}${left}`;
}

function seconds(ms: number): string {
  return ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
