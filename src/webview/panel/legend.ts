import { html, nothing, type TemplateResult } from 'lit';
import type { MemorySample } from '../../protocol/samples';
import { updateViewState, viewState } from './host';
import type { SeriesStyle } from './series';

/** The lines of a chart with their values now, those that the engine tells; a click hides a line or shows it. */
export function legend(options: {
  readonly label: string;
  readonly series: readonly SeriesStyle[];
  readonly last: MemorySample | null;
  readonly format: (value: number) => string;
  readonly redraw: () => void;
}): TemplateResult {
  return html`<div class="legend" role="group" aria-label=${options.label}>
    ${options.series.map((style) => {
      const value = options.last && style.value(options.last);
      if (options.last && value === null) return nothing;
      return legendItem(style, value === null ? '–' : options.format(value), options.redraw);
    })}
  </div>`;
}

function legendItem({ key, label }: SeriesStyle, value: string, redraw: () => void): TemplateResult {
  const { hiddenSeries } = viewState();
  const shown = !hiddenSeries.includes(key);
  const toggle = () => {
    updateViewState({
      hiddenSeries: shown ? [...hiddenSeries, key] : hiddenSeries.filter((other) => other !== key),
    });
    redraw();
  };
  return html`<button class="toggle series" data-testid="series-${key}" aria-pressed=${shown} @click=${toggle}>
    <svg class="swatch swatch-${key}" viewBox="0 0 24 4" width="24" height="4" aria-hidden="true">
      <line x1="0" y1="2" x2="24" y2="2"></line>
    </svg>
    ${label} <span class="value">${value}</span>
  </button>`;
}
