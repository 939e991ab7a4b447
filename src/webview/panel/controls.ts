import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatCount } from '../../protocol/figures';

/** A button with an icon and a word. */
export function button(options: {
  label: string;
  icon: string;
  testId: string;
  run: () => void;
  primary?: boolean;
  disabled?: boolean;
  title?: string;
}): TemplateResult {
  return html`<button
    class=${options.primary ? 'primary' : 'secondary'}
    data-testid=${options.testId}
    ?disabled=${options.disabled ?? false}
    title=${options.title ?? nothing}
    @click=${options.run}
  >
    <span class="codicon codicon-${options.icon}" aria-hidden="true"></span>${options.label}
  </button>`;
}

/** A button that is an icon only; its word is for screen readers and for the hover. */
export function iconButton(options: {
  label: string;
  icon: string;
  testId: string;
  run: () => void;
}): TemplateResult {
  return html`<button
    class="icon"
    data-testid=${options.testId}
    aria-label=${options.label}
    title=${options.label}
    @click=${options.run}
  >
    <span class="codicon codicon-${options.icon}" aria-hidden="true"></span>
  </button>`;
}

/** A box to tick, with its word. */
export function checkbox(options: {
  label: string;
  testId: string;
  checked: boolean;
  change: (checked: boolean) => void;
  title?: string;
}): TemplateResult {
  const onChange = (event: Event) => options.change((event.currentTarget as HTMLInputElement).checked);
  return html`<label class="check" title=${options.title ?? nothing}>
    <input type="checkbox" data-testid=${options.testId} .checked=${options.checked} @change=${onChange} />
    ${options.label}
  </label>`;
}

/** Bytes in short, with the exact number on hover. */
export function bytes(value: number): TemplateResult {
  return html`<span title="${formatCount(value)} bytes">${formatBytes(value)}</span>`;
}

/** A line through the values of a series; decoration, since the numbers stand beside it. */
export function sparkline(values: readonly number[]): TemplateResult {
  const present = values.map((value) => Math.max(0, value));
  const highest = Math.max(...present, 1);
  const step = present.length > 1 ? 58 / (present.length - 1) : 0;
  const points = present.map((value, i) => `${1 + i * step},${17 - (15 * value) / highest}`).join(' ');
  return html`<svg class="sparkline" viewBox="0 0 60 18" width="60" height="18" aria-hidden="true">
    <polyline points=${points}></polyline>
  </svg>`;
}
