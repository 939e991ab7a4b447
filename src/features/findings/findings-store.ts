import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SeriesReport } from '../../protocol/panel';
import { JsonFile } from '../workbench/json-file';

/** A report together with the program it is about and the process it was measured in. */
export interface StoredReport {
  /** The same for every run of one program. */
  readonly program: string;
  readonly processKey: string;
  readonly takenAt: number;
  readonly report: SeriesReport;
}

const FILE = 'reports.json';
const KEPT = 50;

/**
 * The latest report on each run of each program. The current one is what the panel, the diagnostics and CodeLens
 * show; the one before it, from an earlier run of the same program, tells whether a fix worked. Kept on disk,
 * bounded, so that a fix can be verified tomorrow.
 */
export class FindingsStore implements vscode.Disposable {
  readonly #file: JsonFile;
  readonly #changed = new vscode.EventEmitter<void>();
  #reports: readonly StoredReport[] = [];
  #current: StoredReport | null = null;

  readonly onDidChange = this.#changed.event;

  constructor(folder: string) {
    this.#file = new JsonFile(path.join(folder, FILE));
  }

  load(): void {
    // No earlier report, or one that cannot be read: there is nothing to compare with, which the panel says.
    this.#reports = this.#file.read(isStoredReport);
  }

  get current(): StoredReport | null {
    return this.#current;
  }

  /** The latest report on an earlier run of `program` than the one of `processKey`. */
  earlierRun(program: string, processKey: string): StoredReport | undefined {
    return this.#reports.findLast((stored) => stored.program === program && stored.processKey !== processKey);
  }

  /**
   * The latest hunt in `program`, whichever of its processes was hunted in. With `workload`, one that did the same
   * work: what other work left alone is not mended.
   */
  lastHunt(program: string, workload?: string): StoredReport | undefined {
    return this.#reports.findLast(
      ({ program: other, report: { hunt } }) =>
        other === program &&
        hunt &&
        (workload === undefined || withoutPorts(hunt.workload) === withoutPorts(workload)),
    );
  }

  /** Makes `stored` the current report and keeps it in place of the same run's earlier one. */
  async publish(stored: StoredReport): Promise<void> {
    this.#current = stored;
    const { report } = stored;
    // The walkthrough's steps complete by these.
    void vscode.commands.executeCommand('setContext', 'heapwright.hasReport', true);
    const verified =
      (report.before !== null && report.findings.length < report.before.findings.length) ||
      (report.hunt?.gone.length ?? 0) > 0;
    if (verified) void vscode.commands.executeCommand('setContext', 'heapwright.verified', true);
    this.#reports = [
      ...this.#reports.filter((other) => other.processKey !== stored.processKey),
      stored,
    ].slice(-KEPT);
    this.#changed.fire();
    await this.#file.write(this.#reports);
  }

  /** Takes the findings out of sight; what was measured stays for later comparison. */
  clear(): void {
    if (!this.#current) return;
    this.#current = null;
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** A program may listen on another port after each start. */
function withoutPorts(workload: string): string {
  return workload.replaceAll(/(https?:\/\/[^/\s:]+):\d+/g, '$1');
}

function isStoredReport(value: unknown): value is StoredReport {
  if (typeof value !== 'object' || value === null) return false;
  const stored = value as Partial<Record<keyof StoredReport, unknown>>;
  return (
    typeof stored.program === 'string' &&
    typeof stored.processKey === 'string' &&
    typeof stored.takenAt === 'number' &&
    typeof stored.report === 'object' &&
    stored.report !== null
  );
}
