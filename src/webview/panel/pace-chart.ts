import uPlot from 'uplot';
import { formatMs } from '../../protocol/figures';
import { SYNC_KEY } from './chart';
import { drawGaps, followPage, lineOf, timeAxes, widthOf } from './chart-frame';
import type { TimeRange } from './chart-navigation';
import type { ChartData, ChartGap } from './sample-columns';
import { PACE_SERIES } from './series';
import { colour, faint } from './theme';

const HEIGHT = 90;
/** Below this an axis would only magnify noise. */
const LEAST_TOP_MS = 5;

/** The low chart below the large one, over the same time: what collections and the event loop cost, in ms. */
export class PaceChart {
  readonly #plot: uPlot;
  readonly #following: { dispose(): void };
  #gaps: readonly ChartGap[];
  #frame = 0;

  constructor(parent: HTMLElement, data: ChartData) {
    this.#gaps = data.gaps;
    const [time, values] = timeAxes(formatMs);
    const options: uPlot.Options = {
      width: widthOf(parent),
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 5 }, sync: { key: SYNC_KEY } },
      scales: {
        x: { time: true },
        y: { range: (_plot, _min, max) => [0, Math.max(LEAST_TOP_MS, (max ?? 0) * 1.2)] },
      },
      // The large chart has the time written below it.
      axes: [
        { ...time!, values: (_plot, times) => times.map(() => ''), size: 8 },
        { ...values!, space: 28 },
      ],
      series: [
        {},
        ...PACE_SERIES.map((style) => ({
          ...lineOf(style, () => this.#gaps),
          fill: () => faint(colour(style.colour)),
        })),
      ],
      hooks: { draw: [(plot) => drawGaps(plot, this.#gaps, false)] },
    };
    this.#plot = new uPlot(options, data.columns, parent);
    this.#following = followPage(parent, this.#plot);
  }

  /** `shown` is asked when it is drawn, after the large chart. */
  update(data: ChartData, hidden: ReadonlySet<string>, shown: () => TimeRange): void {
    this.#gaps = data.gaps;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      for (const [i, { key }] of PACE_SERIES.entries()) {
        const show = !hidden.has(key);
        if (this.#plot.series[i + 1]?.show !== show) this.#plot.setSeries(i + 1, { show });
      }
      this.#plot.setData(data.columns, false);
      this.#plot.setScale('x', shown());
    });
  }

  /** Shows another part of the time at once. */
  show(shown: TimeRange): void {
    this.#plot.setScale('x', shown);
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#following.dispose();
    this.#plot.destroy();
  }
}
