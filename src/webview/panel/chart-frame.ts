import uPlot from 'uplot';
import type { ChartGap } from './sample-columns';
import type { SeriesStyle } from './series';
import { colour, faint } from './theme';

/** What all charts against time have in common: axes, lines and gaps in theme colours. */

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
export function drawGaps({ ctx, bbox, valToPos }: uPlot, gaps: readonly ChartGap[], words: boolean): void {
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${10 * ratio}px ${colour('--vscode-font-family') || 'sans-serif'}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'top';
  for (const { from, to, word } of gaps) {
    const left = Math.max(bbox.left, valToPos(from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, valToPos(to, 'x', true));
    if (right <= left) continue;
    ctx.fillStyle = faint(colour('--vscode-descriptionForeground'));
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    if (!words || ctx.measureText(word).width + 8 * ratio > right - left) continue;
    ctx.fillStyle = colour('--vscode-descriptionForeground');
    ctx.fillText(word, (left + right) / 2, bbox.top + 18 * ratio);
  }
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
