import type { MemorySample } from '../../protocol/samples';

/**
 * A line of a chart. The terminal's colours are legible in every theme; some of the charts' own are transparent.
 * Each has a dash pattern of its own, so that colour is not all that tells them apart.
 */
export interface SeriesStyle {
  readonly key: string;
  readonly label: string;
  /** A theme colour. */
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
  /** Stands with what V8 and Node tell beside the sizes. */
  readonly isDetail?: true;
  /** Null where this engine does not tell it. */
  readonly value: (sample: MemorySample) => number | null;
}

/** Sizes in bytes, in the large chart. */
export const SERIES: readonly SeriesStyle[] = [
  {
    key: 'heapUsed',
    label: 'Heap used',
    colour: '--vscode-charts-blue',
    dash: [],
    width: 2,
    value: ({ heapUsed }) => heapUsed,
  },
  {
    key: 'heapTotal',
    label: 'Heap total',
    colour: '--vscode-terminal-ansiGreen',
    dash: [6, 3],
    width: 1.5,
    value: ({ heapTotal }) => heapTotal,
  },
  {
    key: 'rss',
    label: 'RSS',
    colour: '--vscode-terminal-ansiYellow',
    dash: [],
    width: 1.5,
    value: ({ rss }) => rss || null,
  },
  {
    key: 'external',
    label: 'External',
    colour: '--vscode-terminal-ansiMagenta',
    dash: [2, 3],
    width: 1.5,
    value: ({ external }) => external,
  },
  {
    key: 'arrayBuffers',
    label: 'Array buffers',
    colour: '--vscode-terminal-ansiCyan',
    dash: [8, 3, 2, 3],
    width: 1.5,
    value: ({ arrayBuffers }) => arrayBuffers,
  },
  {
    key: 'code',
    isDetail: true,
    label: 'Code',
    colour: '--vscode-terminal-ansiBrightBlue',
    dash: [4, 4],
    width: 1.5,
    value: ({ runtime }) => runtime?.code ?? null,
  },
  {
    key: 'malloced',
    isDetail: true,
    label: 'Malloced',
    colour: '--vscode-terminal-ansiBrightRed',
    dash: [1, 3],
    width: 1.5,
    value: ({ runtime }) => runtime?.malloced ?? null,
  },
];

/** Times in ms, in the low chart: how long collections stopped the program since the sample before, and how late timers were. */
export const PACE_SERIES: readonly SeriesStyle[] = [
  {
    key: 'gcPause',
    label: 'GC pauses',
    colour: '--vscode-terminal-ansiYellow',
    dash: [],
    width: 1,
    value: ({ runtime }) => runtime?.gc?.pauseMs ?? null,
  },
  {
    key: 'loopDelay',
    label: 'Event loop delay',
    colour: '--vscode-charts-blue',
    dash: [],
    width: 1.5,
    value: ({ runtime }) => runtime?.eventLoop?.worstDelayMs ?? null,
  },
];
