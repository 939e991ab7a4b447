import { formatBytes } from '../../protocol/figures';
import type { PictureFormat } from '../../protocol/history';
import type { ChartLimit, ChartMark } from './chart';
import type { TimeRange } from './chart-navigation';
import type { ChartData } from './sample-columns';
import { SERIES, type SeriesStyle } from './series';
import { colour, faint } from './theme';

/** A chart as it is shown, to be drawn once more as a picture. */
export interface PictureSource {
  readonly title: string;
  readonly data: ChartData;
  readonly hidden: ReadonlySet<string>;
  readonly limits: readonly ChartLimit[];
  readonly marks: readonly ChartMark[];
  readonly shown: TimeRange;
}

const WIDTH = 1200;
const HEIGHT = 460;
const PLOT = { left: 80, top: 76, right: WIDTH - 24, bottom: HEIGHT - 40 };
const LINES = 5;
/** A PNG is drawn at twice the size, for sharp text. */
const PNG_SCALE = 2;

/** SVG as text, or PNG as base64, in the colours of the theme. */
export async function makePicture(source: PictureSource, format: PictureFormat): Promise<string> {
  const svg = chartSvg(source);
  return format === 'svg' ? svg : await toPng(svg);
}

/** A picture that stands by itself: title, lines with their names, axes, limits, marks and gaps. */
export function chartSvg(source: PictureSource): string {
  const { title, data, hidden, limits, marks, shown } = source;
  const series = SERIES.map((style, i) => ({ style, values: data.columns[i + 1]! })).filter(
    ({ style }) => !hidden.has(style.key),
  );
  const highest = highestIn(
    data.columns[0],
    series.map(({ values }) => values),
    shown,
  );
  const near = limits.filter(({ bytes }) => bytes <= highest * 2.5);
  const top = Math.max(highest * 1.2, ...near.map(({ bytes }) => bytes * 1.05), 1e6);
  const x = (seconds: number) =>
    PLOT.left + ((seconds - shown.min) / (shown.max - shown.min || 1)) * (PLOT.right - PLOT.left);
  const y = (bytes: number) => PLOT.bottom - (bytes / top) * (PLOT.bottom - PLOT.top);
  const foreground = colour('--vscode-foreground');
  const quiet = colour('--vscode-descriptionForeground');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="${attribute(colour('--vscode-font-family') || 'sans-serif')}" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${attribute(colour('--vscode-editor-background'))}"/>`,
    `<clipPath id="plot"><rect x="${PLOT.left}" y="${PLOT.top}" width="${PLOT.right - PLOT.left}" height="${PLOT.bottom - PLOT.top}"/></clipPath>`,
    text(PLOT.left, 28, title, foreground, 'start', 18),
    ...names(series.map(({ style }) => style)),
    ...heights(top).map(
      (bytes) =>
        line(PLOT.left, y(bytes), PLOT.right, y(bytes), faint(foreground)) +
        text(PLOT.left - 8, y(bytes) + 4, formatBytes(bytes), quiet, 'end'),
    ),
    ...times(shown).map((seconds) =>
      text(x(seconds), PLOT.bottom + 20, new Date(seconds * 1000).toLocaleTimeString(), quiet, 'middle'),
    ),
    '<g clip-path="url(#plot)">',
    ...data.gaps.map(
      ({ from, to, word }) =>
        `<rect x="${round(x(from))}" y="${PLOT.top}" width="${round(x(to) - x(from))}" height="${PLOT.bottom - PLOT.top}" fill="${attribute(faint(quiet))}"><title>${escaped(word)}</title></rect>`,
    ),
    ...marks.map(
      ({ at, label }) =>
        line(x(at / 1000), PLOT.top, x(at / 1000), PLOT.bottom, quiet, '2 3') +
        text(x(at / 1000) + 4, PLOT.bottom - 4, label, quiet, 'start', 10),
    ),
    ...near.map(
      ({ label, bytes }) =>
        line(PLOT.left, y(bytes), PLOT.right, y(bytes), colour('--vscode-charts-red'), '10 5') +
        text(
          PLOT.right - 4,
          y(bytes) + 14,
          `${label} ${formatBytes(bytes)}`,
          colour('--vscode-charts-red'),
          'end',
        ),
    ),
    ...series.map(({ style, values }) => path(style, data, values, shown, x, y)),
    '</g></svg>',
  ].join('\n');
}

/** The names of the lines, one beside the other. */
function names(series: readonly SeriesStyle[]): string[] {
  return series.map((style, i) => {
    const left = PLOT.left + i * 140;
    const dash = style.dash.join(' ');
    return (
      line(left, 52, left + 24, 52, colour(style.colour), dash, 2.5) +
      text(left + 32, 56, style.label, colour('--vscode-foreground'))
    );
  });
}

/** A line with at most four points for each pixel of its width: first, lowest, highest, last. */
function path(
  style: SeriesStyle,
  { columns: [at], gaps }: ChartData,
  values: Float64Array,
  { min, max }: TimeRange,
  x: (seconds: number) => number,
  y: (bytes: number) => number,
): string {
  const afterGap = new Set(gaps.map(({ to }) => to));
  let d = '';
  let column = Number.NaN;
  let bucket: number[] = [];
  const flush = () => {
    const [low, high] = [Math.min(...bucket), Math.max(...bucket)];
    for (const value of new Set([bucket[0]!, low, high, bucket.at(-1)!])) {
      d += `${d === '' || d.endsWith('|') ? 'M' : 'L'}${column} ${round(y(value))}`;
    }
    bucket = [];
  };
  for (let i = 0; i < at.length; i++) {
    if (at[i]! < min || at[i]! > max) continue;
    const pixel = round(x(at[i]!));
    const breaks = afterGap.has(at[i]!);
    if (bucket.length > 0 && (pixel !== column || breaks)) flush();
    if (breaks && d !== '') d += '|';
    column = pixel;
    bucket.push(values[i]!);
  }
  if (bucket.length > 0) flush();
  const stroke = `stroke="${attribute(colour(style.colour))}" stroke-width="${style.width}"`;
  const dash = style.dash.length > 0 ? ` stroke-dasharray="${style.dash.join(' ')}"` : '';
  return `<path d="${d.replaceAll('|', '')}" fill="none" ${stroke}${dash}><title>${escaped(style.label)}</title></path>`;
}

function highestIn(at: Float64Array, columns: readonly Float64Array[], { min, max }: TimeRange): number {
  let highest = 0;
  for (const values of columns) {
    for (let i = 0; i < at.length; i++) {
      if (at[i]! >= min && at[i]! <= max && values[i]! > highest) highest = values[i]!;
    }
  }
  return highest;
}

function heights(top: number): number[] {
  return Array.from({ length: LINES + 1 }, (_, i) => (top * i) / LINES);
}

function times({ min, max }: TimeRange): number[] {
  return Array.from({ length: LINES + 2 }, (_, i) => min + ((i + 0.5) * (max - min)) / (LINES + 2));
}

function line(x0: number, y0: number, x1: number, y1: number, stroke: string, dash = '', width = 1): string {
  const dashes = dash ? ` stroke-dasharray="${dash}"` : '';
  return `<line x1="${round(x0)}" y1="${round(y0)}" x2="${round(x1)}" y2="${round(y1)}" stroke="${attribute(stroke)}" stroke-width="${width}"${dashes}/>`;
}

function text(
  x: number,
  y: number,
  content: string,
  fill: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
  size = 12,
): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="${attribute(fill)}" text-anchor="${anchor}" font-size="${size}">${escaped(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function attribute(content: string): string {
  return escaped(content).replaceAll('"', '&quot;');
}

async function toPng(svg: string): Promise<string> {
  const image = new Image(WIDTH * PNG_SCALE, HEIGHT * PNG_SCALE);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH * PNG_SCALE;
  canvas.height = HEIGHT * PNG_SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
