import { html, nothing, type TemplateResult } from 'lit';
import type { TabName } from '../../protocol/views';
import { allocationsTab } from './allocations-tab';
import { collectionsTab } from './collections-tab';
import { historyTab } from './history-tab';
import { viewState } from './host';
import { modulesTab } from './modules-tab';
import { operationsTab } from './operations-tab';
import type { AnyTab } from './tab';
import { togetherTab } from './together-tab';

/** In the order in which they stand. */
export const TABS: readonly AnyTab[] = [
  togetherTab,
  collectionsTab,
  operationsTab,
  allocationsTab,
  modulesTab,
  historyTab,
];

const MEMORY = { name: 'memory', label: 'Memory', icon: 'pulse' } as const;

/** The tab that the page shows; what was kept by an older version may not exist any more. */
export function currentTab(): TabName {
  const { tab } = viewState();
  return TABS.some(({ name }) => name === tab) ? tab : 'memory';
}

/** The row of tabs; arrows move along it. Nothing while there is but one. */
export function tabBar(choose: (name: TabName) => void): TemplateResult | typeof nothing {
  if (TABS.length === 0) return nothing;
  const all = [MEMORY, ...TABS];
  const current = currentTab();
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = all.findIndex(({ name }) => name === current);
    const next = all[(at + step + all.length) % all.length]!;
    choose(next.name);
    const bar = event.currentTarget as HTMLElement;
    bar.querySelector<HTMLElement>(`[data-testid="tab-${next.name}"]`)?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label="Views" @keydown=${onKey}>
    ${all.map(
      ({ name, label, icon }) =>
        html`<button
          role="tab"
          class="tab"
          data-testid="tab-${name}"
          aria-selected=${name === current}
          aria-controls="tab-content"
          tabindex=${name === current ? 0 : -1}
          @click=${() => choose(name)}
        >
          <span class="codicon codicon-${icon}" aria-hidden="true"></span>${label}
        </button>`,
    )}
  </div>`;
}
