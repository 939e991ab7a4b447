/**
 * A line of the chart. The terminal's colours are legible in every theme; some of the charts' own are transparent.
 * Each has a dash pattern of its own, so that colour is not all that tells them apart.
 */
export interface SeriesStyle {
  readonly key: 'heapUsed' | 'heapTotal' | 'rss' | 'external' | 'arrayBuffers';
  readonly label: string;
  /** A theme colour. */
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
}

export const SERIES: readonly SeriesStyle[] = [
  { key: 'heapUsed', label: 'Heap used', colour: '--vscode-charts-blue', dash: [], width: 2 },
  { key: 'heapTotal', label: 'Heap total', colour: '--vscode-terminal-ansiGreen', dash: [6, 3], width: 1.5 },
  { key: 'rss', label: 'RSS', colour: '--vscode-terminal-ansiYellow', dash: [], width: 1.5 },
  { key: 'external', label: 'External', colour: '--vscode-terminal-ansiMagenta', dash: [2, 3], width: 1.5 },
  {
    key: 'arrayBuffers',
    label: 'Array buffers',
    colour: '--vscode-terminal-ansiCyan',
    dash: [8, 3, 2, 3],
    width: 1.5,
  },
];
