import { HeapwrightError } from '../protocol/errors';

/** Exit codes: documented in docs/command-line.md. */
export const exitCodes = { clean: 0, leak: 1, failed: 2 } as const;

/** Into a file or a log go so many lines at most: one per this many ms. */
const logEveryMs = 1000;

/** A line on standard error, redrawn in place on a terminal. */
export class ProgressLine {
  #shown = '';
  #shownAt = Number.NEGATIVE_INFINITY;

  show(text: string): void {
    if (text === this.#shown) return;
    const now = performance.now();
    if (!process.stderr.isTTY && now - this.#shownAt < logEveryMs) return;
    this.#shown = text;
    this.#shownAt = now;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${text}` : `${text}\n`);
  }

  /** Ends the line, so that what follows starts on its own. */
  end(): void {
    if (process.stderr.isTTY && this.#shown !== '') process.stderr.write('\r\x1b[2K');
    this.#shown = '';
  }
}

/** Prints the one JSON object of a `--json` run. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Columns padded to their widest cell; numbers to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en-US') : cell)),
  );
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]!.length)),
  );
  const line = (row: readonly string[], numeric: (column: number) => boolean) =>
    row
      .map((cell, column) =>
        numeric(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  const isNumber = (column: number) => typeof rows[0]?.[column] === 'number';
  process.stdout.write(`${[line(head, isNumber), ...cells.map((row) => line(row, isNumber))].join('\n')}\n`);
}

/** What went wrong and what to do, on standard error. */
export function printError(error: unknown): void {
  if (error instanceof HeapwrightError) {
    process.stderr.write(`heapwright: ${error.message}\n${error.advice}\n`);
    return;
  }
  process.stderr.write(
    `heapwright: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}
