import uPlot from 'uplot';
import { formatBytes } from '../../protocol/figures';
import { followPage, timeAxes, widthOf } from './chart-frame';
import { colour } from './theme';
import { lineStyle } from './together-styles';

/** One line of the chart. */
export interface TogetherLine {
  readonly id: string;
  readonly label: string;
  readonly style: number;
  /** The odd one out is drawn heavier than the others. */
  readonly heavy: boolean;
  readonly values: readonly (number | null)[];
}

const HEIGHT = 240;

/** One line per process against time. */
export class TogetherChart {
  readonly #parent: HTMLElement;
  #plot: uPlot | undefined;
  #following: { dispose(): void } | undefined;
  /** What the plot was made for: other lines need another plot. */
  #made = '';

  constructor(parent: HTMLElement) {
    this.#parent = parent;
  }

  /** @param times ms since the epoch. */
  update(times: readonly number[], lines: readonly TogetherLine[]): void {
    const wanted = lines.map(({ id, style, heavy }) => `${id} ${style} ${heavy}`).join('\n');
    const data: uPlot.AlignedData = [times.map((at) => at / 1000), ...lines.map(({ values }) => [...values])];
    if (this.#plot && wanted === this.#made) {
      this.#plot.setData(data);
      return;
    }
    this.dispose();
    this.#made = wanted;
    this.#plot = new uPlot(this.#configuration(lines), data, this.#parent);
    this.#following = followPage(this.#parent, this.#plot);
  }

  #configuration(lines: readonly TogetherLine[]): uPlot.Options {
    return {
      width: widthOf(this.#parent),
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        // The first seconds would otherwise be a line of one point.
        x: { time: true, range: (_plot, min, max) => [Math.min(min, max - 10), max] },
        y: { range: (_plot, _min, max) => [0, (max ?? 0) * 1.1 || 1e6] },
      },
      axes: timeAxes(formatBytes),
      series: [
        {},
        ...lines.map(({ label, style, heavy }) => {
          const { colour: variable, dash } = lineStyle(style);
          return {
            label,
            stroke: () => colour(variable),
            width: heavy ? 3 : 1.5,
            dash: [...dash],
            points: { show: false },
            spanGaps: false,
          };
        }),
      ],
    };
  }

  dispose(): void {
    this.#following?.dispose();
    this.#plot?.destroy();
    this.#plot = undefined;
  }
}
