import type { SnapshotDetail } from '../../protocol/panel';
import type { TargetSlot } from '../attach/target-slot';
import { analyzeSeries } from '../findings/analyze-series';
import type { FindingsStore } from '../findings/findings-store';
import { withBusyProgress } from '../panel/busy-progress';
import type { BusyJob, BusyState } from '../panel/busy-state';
import type { PanelModel } from '../panel/panel-model';
import type { OpenSnapshots } from './open-snapshots';
import type { SnapshotLibrary, StoredSnapshot } from './snapshot-library';
import { requireTarget, takeSnapshot } from './take-snapshot';

/** Growth in this many snapshots of one run is looked for without being asked. */
const SERIES = 3;
/** More members cost memory and say little more: the first, the last and the ones spread between are read. */
const LONGEST_SERIES = 6;
const DETAIL_ROWS = 5000;
const PATHS_PER_OBJECT = 5;

/** What happens with snapshots from capture to report; the commands and the panel's buttons end here. */
export class SnapshotWorkflow {
  readonly #slot: TargetSlot;
  readonly #library: SnapshotLibrary;
  readonly #open: OpenSnapshots;
  readonly #findings: FindingsStore;
  readonly #model: PanelModel;
  readonly #busy: BusyState;

  constructor(parts: {
    slot: TargetSlot;
    library: SnapshotLibrary;
    open: OpenSnapshots;
    findings: FindingsStore;
    model: PanelModel;
    busy: BusyState;
  }) {
    this.#slot = parts.slot;
    this.#library = parts.library;
    this.#open = parts.open;
    this.#findings = parts.findings;
    this.#model = parts.model;
    this.#busy = parts.busy;
  }

  /** Captures, lists, and from the third snapshot of a run on looks for growth. */
  async take(): Promise<StoredSnapshot> {
    const target = requireTarget(this.#slot.current);
    void this.#open.engine.start();
    const entry = await takeSnapshot(target, this.#library, this.#busy);
    const run = this.#library.entries.filter((other) => other.processKey === entry.processKey);
    this.#model.selected = run.map(({ id }) => id);
    if (run.length >= SERIES) await this.compare(run);
    return entry;
  }

  /** Looks for growth over `series`, oldest first, and shows the report; two are compared by constructor as well. */
  async compare(series: readonly StoredSnapshot[]): Promise<void> {
    const members = spread(series, LONGEST_SERIES);
    await this.#withProgress('Comparing snapshots', async (job) => {
      await this.#findings.publish(await analyzeSeries(members, this.#open, this.#findings, job));
      const base = members[0]!;
      const last = members.at(-1)!;
      const page = await this.#open.engine.diff(
        await this.#open.get(base, { signal: job.signal }),
        await this.#open.get(last, { signal: job.signal }),
        { limit: DETAIL_ROWS, signal: job.signal },
      );
      this.#model.detail = {
        kind: 'diff',
        baseId: base.id,
        snapshotId: last.id,
        title: `${base.name} → ${last.name}`,
        rows: page.rows,
        total: page.total,
      };
    });
  }

  /** The constructors of one snapshot, largest retained size first. */
  async showConstructors(entry: StoredSnapshot): Promise<void> {
    await this.#withProgress(`Opening ${entry.name}`, async (job) => {
      const snapshot = await this.#open.get(entry, {
        signal: job.signal,
        onProgress: ({ fraction }) => job.report(`Opening ${entry.name}`, fraction),
      });
      const page = await snapshot.constructors({ limit: DETAIL_ROWS, signal: job.signal });
      this.#model.detail = {
        kind: 'constructors',
        snapshotId: entry.id,
        title: entry.name,
        rows: page.rows,
        total: page.total,
      };
    });
  }

  /** Who holds the largest object of a constructor. */
  async showPaths(entry: StoredSnapshot, constructorKey: string): Promise<void> {
    await this.#withProgress('Finding retaining paths', async (job) => {
      const snapshot = await this.#open.get(entry, { signal: job.signal });
      const { rows } = await snapshot.instances(constructorKey, { limit: 1, signal: job.signal });
      const largest = rows[0];
      if (!largest) return;
      const detail: SnapshotDetail = {
        kind: 'paths',
        snapshotId: entry.id,
        objectId: largest.id,
        title: `${largest.constructorName} @${largest.id} in ${entry.name}`,
        paths: await snapshot.retainingPaths(largest.id, PATHS_PER_OBJECT),
      };
      this.#model.detail = detail;
    });
  }

  async #withProgress(title: string, work: (job: BusyJob) => Promise<void>): Promise<void> {
    await withBusyProgress(this.#busy, title, work);
  }
}

/** At most `limit` of `series`: its ends, and the rest evenly between them. */
function spread<T>(series: readonly T[], limit: number): readonly T[] {
  if (series.length <= limit) return series;
  return Array.from(
    { length: limit },
    (_, i) => series[Math.round((i * (series.length - 1)) / (limit - 1))]!,
  );
}
