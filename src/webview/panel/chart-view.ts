import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes } from '../../protocol/figures';
import type { MemorySample } from '../../protocol/samples';
import { updateViewState, viewState } from './host';
import { SERIES } from './series';

const WINDOWS: readonly { readonly label: string; readonly windowMs: number | null }[] = [
  { label: '1 min', windowMs: 60_000 },
  { label: '10 min', windowMs: 600_000 },
  { label: 'All', windowMs: null },
];

/** The switches around the chart: which lines, how much of the past. The canvas itself is drawn by chart.ts. */
export function chartView(
  last: MemorySample | null,
  zoomed: boolean,
  redraw: () => void,
  resetZoom: () => void,
): TemplateResult {
  const { windowMs } = viewState();
  const choose = (chosen: number | null) => {
    updateViewState({ windowMs: chosen });
    resetZoom();
    redraw();
  };
  return html`<div class="chart-bar">
      <div class="legend" role="group" aria-label="Lines of the chart">
        ${SERIES.map((style) => legendItem(style.key, style.label, last ? last[style.key] : null, redraw))}
      </div>
      <div class="windows" role="group" aria-label="Time shown">
        ${
          zoomed
            ? html`<button class="secondary" data-testid="reset-zoom" @click=${resetZoom}>Reset zoom</button>`
            : nothing
        }
        ${WINDOWS.map(
          (choice) =>
            html`<button
              class="toggle"
              aria-pressed=${choice.windowMs === windowMs}
              @click=${() => choose(choice.windowMs)}
            >
              ${choice.label}
            </button>`,
        )}
      </div>
    </div>
    <div
      class="chart"
      data-testid="chart"
      role="img"
      aria-label="Memory of the process against time; the current values stand in the buttons above"
    ></div>`;
}

function legendItem(key: string, label: string, value: number | null, redraw: () => void): TemplateResult {
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
    ${label} <span class="value">${value === null ? '–' : formatBytes(value)}</span>
  </button>`;
}
