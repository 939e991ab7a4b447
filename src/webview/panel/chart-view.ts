import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes } from '../../protocol/figures';
import type { MemorySample } from '../../protocol/samples';
import { iconButton } from './controls';
import { send, updateViewState, viewState } from './host';
import { legend } from './legend';
import { SERIES } from './series';

const WINDOWS: readonly { readonly label: string; readonly windowMs: number | null }[] = [
  { label: '1 min', windowMs: 60_000 },
  { label: '10 min', windowMs: 600_000 },
  { label: 'All', windowMs: null },
];

const SIZES = SERIES.filter(({ isDetail }) => !isDetail);

/** The switches around the chart: which lines, how much of the past, how often. The canvas is drawn by chart.ts. */
export function chartView(options: {
  readonly last: MemorySample | null;
  /** What is marked on the time line, in words. */
  readonly told: string;
  readonly zoomed: boolean;
  /** Null while nothing is attached. */
  readonly fast: boolean | null;
  readonly redraw: () => void;
  readonly resetZoom: () => void;
}): TemplateResult {
  const { last, told, zoomed, fast, redraw, resetZoom } = options;
  const { windowMs } = viewState();
  const choose = (chosen: number | null) => {
    updateViewState({ windowMs: chosen });
    resetZoom();
    redraw();
  };
  return html`<div class="chart-bar">
      ${legend({ label: 'Lines of the chart', series: SIZES, last, format: formatBytes, redraw })}
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
        ${
          fast === null
            ? nothing
            : html`<button
                class="toggle fast"
                data-testid="fast"
                title="Read ten times a second; off: as often as the setting says"
                aria-pressed=${fast}
                @click=${() => send({ type: 'sampleFast', fast: !fast })}
              >
                10×/s
              </button>
              ${iconButton({
                label: 'Export this run…',
                icon: 'export',
                testId: 'export-live-run',
                run: () => send({ type: 'exportRun' }),
              })}`
        }
      </div>
    </div>
    <div
      class="chart"
      data-testid="chart"
      role="group"
      aria-roledescription="chart"
      tabindex="0"
      aria-label="Memory of the process against time; the current values stand in the buttons above. Arrow keys move, plus and minus zoom, Escape goes back."
      aria-description=${told || nothing}
    ></div>`;
}
