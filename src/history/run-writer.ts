import * as fs from 'node:fs';
import * as path from 'node:path';
import type { RunEvent, RunSubject } from '../protocol/history';
import type { MemorySample } from '../protocol/samples';
import { eventLine, parseRun, sampleLine, subjectLine } from './run-lines';

/** What a crash of the editor may lose at most, ms. */
const FLUSH_MS = 1000;
/** A day at one sample a second; then every second sample of the older half goes. */
const MOST_BYTES = 16e6;

/** Where the file of a run lies in `folder`. */
export function runFile(folder: string, id: string): string {
  return path.join(folder, `${id}.jsonl`);
}

/**
 * Writes one run while it goes on: lines are added to its file, once a second, or at once when they are urgent. Writes
 * are synchronous, some hundred bytes each, so that nothing is under way when the editor ends.
 */
export class RunWriter {
  readonly subject: RunSubject;
  readonly #file: string;
  readonly #mostBytes: number;
  readonly #onFailure: (error: Error) => void;
  #waiting: string[] = [];
  #bytes: number;
  #timer: NodeJS.Timeout | undefined;
  #hasFailed = false;

  /** @throws the file system's error when the file cannot be made. */
  constructor(
    folder: string,
    subject: RunSubject,
    options: { onFailure: (error: Error) => void; mostBytes?: number },
  ) {
    this.subject = subject;
    this.#file = runFile(folder, subject.id);
    this.#mostBytes = options.mostBytes ?? MOST_BYTES;
    this.#onFailure = options.onFailure;
    fs.mkdirSync(folder, { recursive: true });
    const first = subjectLine(subject);
    fs.writeFileSync(this.#file, first, { flag: 'wx' });
    this.#bytes = first.length;
  }

  /** `urgent` when the process may die any moment. */
  add(sample: MemorySample, { urgent }: { urgent: boolean }): void {
    this.#write(sampleLine(sample), urgent);
  }

  note(event: RunEvent): void {
    this.#write(eventLine(event), true);
  }

  #write(line: string, urgent: boolean): void {
    if (this.#hasFailed) return;
    this.#waiting.push(line);
    if (urgent) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Brings to disk what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const text = this.#waiting.join('');
    this.#waiting = [];
    try {
      fs.appendFileSync(this.#file, text);
      this.#bytes += Buffer.byteLength(text);
      if (this.#bytes > this.#mostBytes) this.#thin();
    } catch (error) {
      // A full disk is told once; the run is kept up to here.
      this.#hasFailed = true;
      this.#onFailure(error as Error);
    }
  }

  /** Every second sample of the older half goes; events stay. The new file takes the old one's place whole. */
  #thin(): void {
    const lines = fs.readFileSync(this.#file, 'utf8').split('\n');
    const half = lines.length >> 1;
    const text = lines.filter((line, i) => i >= half || i % 2 === 0 || !line.startsWith('[')).join('\n');
    fs.writeFileSync(`${this.#file}.new`, text);
    fs.renameSync(`${this.#file}.new`, this.#file);
    this.#bytes = Buffer.byteLength(text);
  }

  /** Ends the run. One that has not a single sample leaves no file. */
  dispose(): void {
    this.flush();
    try {
      const run = parseRun(fs.readFileSync(this.#file, 'utf8'));
      if (run && run.samples.length === 0) fs.rmSync(this.#file, { force: true });
    } catch {
      // Deleted by the user meanwhile.
    }
  }
}
