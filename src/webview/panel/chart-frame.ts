import uPlot from 'uplot';
import type { ChartGap } from './sample-columns';
import type { SeriesStyle } from './series';
import { colour, faint } from './theme';

/** What all charts against time have in common: axes, lines and gaps in theme colours. */

/** A stretch of time that has a name: an operation. */
export interface ChartSpan {
  /** ms since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** Lines over x; the figures of the left axis are written by `format`. */
export function timeAxes(format: (value: number) => string): uPlot.Axis[] {
  const axis = {
    stroke: () => colour('--vscode-descriptionForeground'),
    grid: { stroke: () => faint(colour('--vscode-foreground')), width: 1 },
    ticks: { show: false },
    font: `11px ${colour('--vscode-font-family') || 'sans-serif'}`,
  };
  return [
    { ...axis, space: 90, size: 28, values: (_plot, values) => values.map(clock) },
    { ...axis, size: 64, values: (_plot, values) => values.map(format) },
  ];
}

/** From so many points for each pixel on a line is a band: its dashes could not be seen, and cost ten times the rest. */
const DENSE = 2;

/** One line, which is broken where `gaps` says so. */
export function lineOf(style: SeriesStyle, gaps: () => readonly ChartGap[]): uPlot.Series {
  const path = uPlot.paths.linear!();
  return {
    label: style.label,
    stroke: () => colour(style.colour),
    width: style.width,
    paths: (plot, index, first, last) => {
      const isDense = last - first > DENSE * plot.bbox.width;
      const series = plot.series[index]!;
      series.dash = isDense ? [] : [...style.dash];
      series.width = isDense ? 1 : style.width;
      return path(plot, index, first, last);
    },
    points: { show: false },
    gaps: (plot) =>
      gaps().map(({ from, to }) => [plot.valToPos(from, 'x', true), plot.valToPos(to, 'x', true)]),
  };
}

/** A veil over each gap, with its word where there is room. */
export function drawGaps(plot: uPlot, gaps: readonly ChartGap[], words: boolean): void {
  const { ctx, bbox, valToPos } = plot;
  const ratio = devicePixelRatio;
  drawWithin(plot, () => {
    ctx.textAlign = 'center';
    for (const { from, to, word } of gaps) {
      const left = Math.max(bbox.left, valToPos(from, 'x', true));
      const right = Math.min(bbox.left + bbox.width, valToPos(to, 'x', true));
      if (right <= left) continue;
      ctx.fillStyle = faint(colour('--vscode-descriptionForeground'));
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      if (!words || ctx.measureText(word).width + 8 * ratio > right - left) continue;
      ctx.fillStyle = colour('--vscode-descriptionForeground');
      ctx.fillText(word, (left + right) / 2, bbox.top + NAME_TOP * ratio);
    }
  });
}

/** Where the names of gaps and spans stand below the upper edge, px: under the limits', above the highest line. */
const NAME_TOP = 18;

/** A band behind the lines for each stretch of time, never thinner than a line, with its name where there is room. */
export function drawSpans(plot: uPlot, spans: readonly ChartSpan[]): void {
  const { ctx, bbox, valToPos } = plot;
  const ratio = devicePixelRatio;
  drawWithin(plot, () => {
    ctx.textAlign = 'left';
    for (const [i, { from, to, label }] of spans.entries()) {
      const left = valToPos(from / 1000, 'x', true);
      const right = Math.max(left + ratio, valToPos(to / 1000, 'x', true));
      ctx.fillStyle = `color-mix(in srgb, ${colour('--vscode-terminal-ansiBlue')} 28%, transparent)`;
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      const next = spans[i + 1];
      const room = (next ? valToPos(next.from / 1000, 'x', true) : bbox.left + bbox.width) - left;
      if (ctx.measureText(label).width + 6 * ratio > room) continue;
      ctx.fillStyle = colour('--vscode-descriptionForeground');
      ctx.fillText(label, left + 3 * ratio, bbox.top + NAME_TOP * ratio);
    }
  });
}

/** Lets `draw` paint on the chart's own area only, with small text. */
function drawWithin({ ctx, bbox }: uPlot, draw: () => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${10 * devicePixelRatio}px ${colour('--vscode-font-family') || 'sans-serif'}`;
  ctx.textBaseline = 'top';
  draw();
  ctx.restore();
}

/** Draws anew with another width, and in other colours after another theme; until it is disposed. */
export function followPage(parent: HTMLElement, plot: uPlot): { dispose(): void } {
  const resize = new ResizeObserver(() => plot.setSize({ width: widthOf(parent), height: plot.height }));
  resize.observe(parent);
  // VS Code changes the body's class with the theme; uPlot asks for the colours at each drawing.
  const theme = new MutationObserver(() => plot.redraw(false, true));
  theme.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  return {
    dispose: () => {
      resize.disconnect();
      theme.disconnect();
    },
  };
}

export function widthOf(element: HTMLElement): number {
  return Math.max(200, element.clientWidth);
}

/** The time of day of a moment in seconds, as the user's system writes it. */
function clock(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString();
}
