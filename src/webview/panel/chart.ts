import uPlot from 'uplot';
import { formatBytes } from '../../protocol/figures';
import { type ChartSpan, drawGaps, drawSpans, followPage, lineOf, timeAxes, widthOf } from './chart-frame';
import { navigate, type TimeRange } from './chart-navigation';
import type { ChartData, ChartGap } from './sample-columns';
import { SERIES } from './series';
import { colour } from './theme';

/** A moment that is marked on the time line. */
export interface ChartMark {
  /** ms since the epoch. */
  readonly at: number;
  readonly label: string;
}

/** A horizontal line. */
export interface ChartLimit {
  readonly label: string;
  readonly bytes: number;
}

export interface ChartOptions {
  readonly hidden: ReadonlySet<string>;
  /** How much of the past is shown, in ms; null for all. */
  readonly windowMs: number | null;
  /** Bounds that memory must not reach. */
  readonly limits: readonly ChartLimit[];
  readonly marks: readonly ChartMark[];
  readonly spans: readonly ChartSpan[];
}

const HEIGHT = 260;
/** The limit is drawn at its height only where that leaves the lines at least this share of the chart. */
const LIMIT_IN_REACH = 0.4;

/** Charts with this key move and zoom together. */
export const SYNC_KEY = 'heapwright';

/** The live chart: uPlot in theme colours, with the limits and the snapshots' marks drawn on top, operations below. */
export class HeapChart {
  readonly #parent: HTMLElement;
  readonly #plot: uPlot;
  readonly #owned: readonly { dispose(): void }[];
  readonly #onShow: (shown: TimeRange, zoomed: boolean) => void;
  #options: ChartOptions;
  #gaps: readonly ChartGap[];
  #zoom: TimeRange | null = null;
  #frame = 0;

  constructor(
    parent: HTMLElement,
    data: ChartData,
    options: ChartOptions,
    onShow: (shown: TimeRange, zoomed: boolean) => void,
  ) {
    this.#parent = parent;
    this.#options = options;
    this.#onShow = onShow;
    this.#gaps = data.gaps;
    this.#plot = new uPlot(this.#configuration(), data.columns, parent);
    this.#owned = [followPage(parent, this.#plot), navigate(parent, this)];
    this.update(data, options);
  }

  /** What is shown of the time now, in seconds. */
  get shown(): TimeRange {
    return this.#zoom ?? this.#window(this.#plot.data[0] as Float64Array);
  }

  get extent(): TimeRange {
    const times = this.#plot.data[0] as Float64Array;
    return { min: times[0] ?? 0, max: times.at(-1) ?? 0 };
  }

  /** Shows a part of the time; null goes back to the moving window. */
  show(range: TimeRange | null): void {
    this.#zoom = range;
    this.#plot.setScale('x', this.shown);
    this.#onShow(this.shown, range !== null);
  }

  update(data: ChartData, options: ChartOptions): void {
    this.#options = options;
    this.#gaps = data.gaps;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      for (const [i, { key }] of SERIES.entries()) {
        const show = !options.hidden.has(key);
        if (this.#plot.series[i + 1]?.show !== show) this.#plot.setSeries(i + 1, { show });
      }
      this.#plot.setData(data.columns, false);
      this.#plot.setScale('x', this.shown);
    });
  }

  #window(times: Float64Array): TimeRange {
    const max = times.at(-1) ?? Date.now() / 1000;
    const first = times[0] ?? max - 60;
    const { windowMs } = this.#options;
    const min = windowMs === null ? first : Math.max(first, max - windowMs / 1000);
    // The first seconds would otherwise be a line of one point.
    return { min: Math.min(min, max - 10), max };
  }

  #configuration(): uPlot.Options {
    return {
      width: widthOf(this.#parent),
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: true, y: false }, points: { size: 6 }, sync: { key: SYNC_KEY } },
      scales: { x: { time: true }, y: { range: (_plot, _min, max) => [0, this.#top(max)] } },
      axes: timeAxes(formatBytes),
      series: [{}, ...SERIES.map((style) => lineOf(style, () => this.#gaps))],
      hooks: {
        drawClear: [(plot) => drawSpans(plot, this.#options.spans)],
        draw: [(plot) => drawGaps(plot, this.#gaps, true), () => this.#drawLimits(), () => this.#drawMarks()],
        setSelect: [
          (plot) => {
            if (plot.select.width < 5) return;
            this.show({
              min: plot.posToVal(plot.select.left, 'x'),
              max: plot.posToVal(plot.select.left + plot.select.width, 'x'),
            });
          },
        ],
      },
    };
  }

  /** A fifth of air above the lines, up to the limit where that is near. */
  #top(max: number | null): number {
    const highest = (max ?? 0) * 1.2 || 1e6;
    const near = this.#options.limits
      .map(({ bytes }) => bytes)
      .filter((bytes) => bytes > highest && highest >= bytes * LIMIT_IN_REACH);
    return near.length > 0 ? Math.min(...near) * 1.05 : highest;
  }

  /** A dashed line at each limit. Those out of sight are named at the upper edge, or below the highest line. */
  #drawLimits(): void {
    const { limits } = this.#options;
    const top = this.#plot.scales.y?.max ?? 0;
    const { bbox } = this.#plot;
    const near = limits.filter(({ bytes }) => bytes <= top);
    const far = limits.filter(({ bytes }) => bytes > top);
    let highest = bbox.top + devicePixelRatio;
    for (const { label, bytes } of near) {
      const y = this.#plot.valToPos(bytes, 'y', true);
      highest = Math.max(highest, y);
      this.#drawLimit(y, `${label} ${formatBytes(bytes)}`, 'right', true);
    }
    if (far.length === 0) return;
    const names = far.map(({ label, bytes }) => `${label} ${formatBytes(bytes)} ↑`).join('   ');
    const isAlone = near.length === 0;
    this.#drawLimit(highest, names, isAlone ? 'right' : 'left', isAlone);
  }

  #drawLimit(y: number, label: string, side: 'left' | 'right', hasLine: boolean): void {
    const { ctx, bbox } = this.#plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = colour('--vscode-charts-red');
    ctx.fillStyle = ctx.strokeStyle;
    ctx.lineWidth = ratio;
    ctx.setLineDash([10 * ratio, 5 * ratio]);
    if (hasLine) line(ctx, bbox.left, y, bbox.left + bbox.width, y);
    ctx.font = `${11 * ratio}px ${colour('--vscode-font-family') || 'sans-serif'}`;
    ctx.textAlign = side;
    ctx.textBaseline = 'top';
    const x = side === 'right' ? bbox.left + bbox.width - 4 * ratio : bbox.left + 4 * ratio;
    ctx.fillText(label, x, y + 3 * ratio);
    ctx.restore();
  }

  #drawMarks(): void {
    const { ctx, bbox } = this.#plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = colour('--vscode-descriptionForeground');
    ctx.fillStyle = ctx.strokeStyle;
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.font = `${10 * ratio}px ${colour('--vscode-font-family') || 'sans-serif'}`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'bottom';
    const marks = this.#options.marks
      .map(({ at, label }) => ({ x: this.#plot.valToPos(at / 1000, 'x', true), label }))
      .filter(({ x }) => x >= bbox.left && x <= bbox.left + bbox.width);
    for (const [i, { x, label }] of marks.entries()) {
      line(ctx, x, bbox.top, x, bbox.top + bbox.height);
      // A label that would run into the next mark is left to the list below the chart.
      const room = (marks[i + 1]?.x ?? bbox.left + bbox.width) - x;
      if (ctx.measureText(label).width + 8 * ratio > room) continue;
      ctx.fillText(label, x + 4 * ratio, bbox.top + bbox.height - 3 * ratio);
    }
    ctx.restore();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    for (const owned of this.#owned) owned.dispose();
    this.#plot.destroy();
  }
}

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
