import * as path from 'node:path';
import * as vscode from 'vscode';
import { type ComparedProcess, compareHeaps } from '../../leaks/compare-heaps';
import type { SourcePosition } from '../../protocol/source';
import type { CopiesReport } from '../../protocol/together';
import { withBusyProgress } from '../panel/busy-progress';
import type { BusyState } from '../panel/busy-state';
import type { OpenSnapshots } from '../snapshots/open-snapshots';

/** "Compare Heaps": what stands in the heaps of several processes, the last time that it was looked at. */
export class HeapComparison implements vscode.Disposable {
  readonly #open: OpenSnapshots;
  readonly #busy: BusyState;
  readonly #folder: string;
  readonly #changed = new vscode.EventEmitter<void>();
  #progress: string | null = null;
  #report: CopiesReport | null = null;

  readonly onDidChange = this.#changed.event;

  /** @param storage The folder that snapshots are written to for as long as they are read. */
  constructor(open: OpenSnapshots, busy: BusyState, storage: string) {
    this.#open = open;
    this.#busy = busy;
    this.#folder = path.join(storage, 'compared');
  }

  /** "Heap 2 of 4", while it is under way. */
  get progress(): string | null {
    return this.#progress;
  }

  get report(): CopiesReport | null {
    return this.#report;
  }

  /** Of a row, or of a job. */
  locationOf(key: string): SourcePosition | null {
    const all = [...(this.#report?.rows ?? []), ...(this.#report?.jobs ?? [])];
    return all.find((one) => one.key === key)?.location ?? null;
  }

  async run(processes: readonly ComparedProcess[]): Promise<void> {
    if (this.#progress !== null) return;
    try {
      await withBusyProgress(this.#busy, 'Comparing heaps', async (job) => {
        this.#report = await compareHeaps(processes, {
          engine: this.#open.engine,
          folder: this.#folder,
          signal: job.signal,
          onProgress: (text, fraction) => {
            job.report(text, fraction);
            this.#progress = text;
            this.#changed.fire();
          },
        });
      });
    } finally {
      this.#progress = null;
      this.#changed.fire();
    }
  }

  clear(): void {
    this.#report = null;
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
