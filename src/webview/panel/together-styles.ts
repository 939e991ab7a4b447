/** The line of one process. The terminal's colours are legible in every theme. */
export interface LineStyle {
  /** A theme colour. */
  readonly colour: string;
  readonly dash: readonly number[];
}

const COLOURS = [
  '--vscode-charts-blue',
  '--vscode-terminal-ansiYellow',
  '--vscode-terminal-ansiGreen',
  '--vscode-terminal-ansiMagenta',
  '--vscode-terminal-ansiCyan',
  '--vscode-terminal-ansiRed',
];
/** After all colours the next lines are dashed, so that any two of them can be told apart. */
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [8, 3, 2, 3], [14, 4], [4, 2]];

/** For the n-th process. */
export function lineStyle(index: number): LineStyle {
  return {
    colour: COLOURS[index % COLOURS.length]!,
    dash: DASHES[Math.floor(index / COLOURS.length) % DASHES.length]!,
  };
}
