import { escapeHtml } from './escape-html';

/** What a chart shows: one value after each round. */
export interface ChartSeries {
  readonly title: string;
  readonly values: readonly number[];
  /** Below the points, as many as there are values. */
  readonly labels: readonly string[];
  readonly format: (value: number) => string;
}

const width = 640;
const height = 190;
const left = 64;
const right = 28;
const top = 26;
const bottom = 28;
/** Lines across the chart, about. */
const lines = 4;

/** A line chart from zero as SVG, with each value beside its point, which those who cannot see it are told as text. */
export function lineChart({ title, values, labels, format }: ChartSeries): string {
  const step = niceStep(Math.max(...values, 1) / lines);
  const highest = Math.max(1, Math.ceil(Math.max(...values, 1) / step)) * step;
  const x = (index: number) =>
    round(values.length < 2 ? width / 2 : left + (index * (width - left - right)) / (values.length - 1));
  const y = (value: number) =>
    round(height - bottom - (Math.max(0, value) / highest) * (height - top - bottom));
  const grid: string[] = [];
  for (let value = 0; value <= highest; value += step) {
    grid.push(`<line x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/>`);
    grid.push(
      `<text class="axis" x="${left - 8}" y="${y(value) + 4}" text-anchor="end">${escapeHtml(format(value))}</text>`,
    );
  }
  const points = values.map((value, index) => `${x(index)},${y(value)}`);
  const marks = values.map((value, index) => {
    const anchor = index === 0 ? 'start' : index === values.length - 1 ? 'end' : 'middle';
    return `<circle cx="${x(index)}" cy="${y(value)}" r="3.5"/>
<text class="value" x="${x(index)}" y="${y(value) - 9}" text-anchor="${anchor}">${escapeHtml(format(value))}</text>
<text class="axis" x="${x(index)}" y="${height - 8}" text-anchor="${anchor}">${escapeHtml(labels[index] ?? '')}</text>`;
  });
  const told = `${title}: ${values.map((value, index) => `${labels[index] ?? ''} ${format(value)}`).join(', ')}`;
  return `<svg role="img" aria-label="${escapeHtml(told)}" viewBox="0 0 ${width} ${height}">
<g class="grid">${grid.join('')}</g>
<polygon points="${x(0)},${y(0)} ${points.join(' ')} ${x(values.length - 1)},${y(0)}"/>
<polyline points="${points.join(' ')}"/>
${marks.join('\n')}
</svg>`;
}

/** The next of 1, 2, 5, 10, 20, 50… */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return Math.max(1, power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10));
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
