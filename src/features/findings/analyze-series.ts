import * as fs from 'node:fs/promises';
import { compareReports } from '../../leaks/compare';
import { findGrowth } from '../../leaks/series';
import { HeapwrightError } from '../../protocol/errors';
import type { SeriesReport } from '../../protocol/panel';
import type { ScriptRecord } from '../../protocol/targets';
import type { Snapshot } from '../../snapshot/client';
import type { BusyJob } from '../panel/busy-state';
import type { OpenSnapshots } from '../snapshots/open-snapshots';
import { type StoredSnapshot, scriptTableOf } from '../snapshots/snapshot-library';
import type { FindingsStore, StoredReport } from './findings-store';

/**
 * Looks through a series of snapshots of one process (two or more, oldest first) for what grew, and compares with
 * the report of an earlier run of the same program.
 */
export async function analyzeSeries(
  series: readonly StoredSnapshot[],
  open: OpenSnapshots,
  store: FindingsStore,
  job: BusyJob,
): Promise<StoredReport> {
  const last = series.at(-1);
  if (!last || series.length < 2) throw tooFew();
  if (series.some((entry) => entry.processKey !== last.processKey)) throw differentProcesses();

  const members: { snapshot: Snapshot; scripts: readonly ScriptRecord[] }[] = [];
  for (const [index, entry] of series.entries()) {
    const snapshot = await open.get(entry, {
      signal: job.signal,
      onProgress: ({ fraction }) =>
        job.report(`Reading ${entry.name}`, (index + fraction) / (series.length + 1)),
    });
    members.push({ snapshot, scripts: await readScripts(entry.file) });
  }
  job.report('Looking for growth', series.length / (series.length + 1));
  const findings = await findGrowth(open.engine, members, {
    signal: job.signal,
    allowTwo: series.length === 2,
  });

  const totalSizes = members.map(({ snapshot }) => snapshot.info.totalSize);
  const earlier = store.earlierRun(last.targetTitle, last.processKey);
  const before = earlier
    ? { takenAt: earlier.takenAt, findings: earlier.report.findings, totalSizes: earlier.report.totalSizes }
    : null;
  const comparison = compareReports(before, { findings, totalSizes });
  const report: SeriesReport = {
    snapshotIds: series.map((entry) => entry.id),
    snapshotNames: series.map((entry) => entry.name),
    findings,
    totalSizes,
    before,
    summary: comparison.summary,
    hunt: null,
  };
  return { program: last.targetTitle, processKey: last.processKey, takenAt: last.takenAt, report };
}

/** The script table that the capture left beside the snapshot; a foreign file has none and loses its lines. */
async function readScripts(file: string): Promise<readonly ScriptRecord[]> {
  try {
    const parsed: unknown = JSON.parse(await fs.readFile(scriptTableOf(file), 'utf8'));
    if (
      typeof parsed === 'object' &&
      parsed !== null &&
      'scripts' in parsed &&
      Array.isArray(parsed.scripts)
    ) {
      return parsed.scripts;
    }
  } catch {
    // A snapshot from elsewhere.
  }
  return [];
}

function tooFew(): HeapwrightError {
  return new HeapwrightError(
    'bad-argument',
    'Growth shows only between snapshots.',
    'Take at least three while the program works (two show a first hint), then compare them.',
  );
}

function differentProcesses(): HeapwrightError {
  return new HeapwrightError(
    'bad-argument',
    'These snapshots were not taken in one go: after a restart or a new attachment, V8 gives all objects other ids.',
    'Choose snapshots that stand together in the list; a run is compared with the run before it by itself.',
  );
}
