import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { captureSnapshot } from '../../inspector/capture';
import { headroom } from '../../inspector/headroom';
import { dictionariesIn, placesIn } from '../../leaks/census/places';
import type { Located } from '../../leaks/census/watch';
import { SourceLocator } from '../../source/locator';
import type { AttachedTarget } from '../attach/attached-target';
import { withBusyProgress } from '../panel/busy-progress';
import type { BusyJob, BusyState } from '../panel/busy-state';
import type { OpenSnapshots } from '../snapshots/open-snapshots';
import { confirmHeadroom } from '../snapshots/take-snapshot';

/** What the look takes beside the target. */
export interface LineFinder {
  readonly open: OpenSnapshots;
  readonly busy: BusyState;
  /** Absolute path of a folder for the snapshot while it is looked at. */
  readonly storage: string;
}

/**
 * Finds out by a snapshot who holds collections and where that is declared, and which objects are used as
 * dictionaries. The snapshot goes when it is done.
 * @param objectIds V8's ids of the collections, once the snapshot is taken.
 */
export async function findLines(
  { open, busy, storage }: LineFinder,
  target: AttachedTarget,
  objectIds: () => Promise<readonly number[]>,
): Promise<Located> {
  await confirmHeadroom(await headroom(target.session), target.info.title);
  const file = path.join(storage, `collections-${randomUUID()}.heapsnapshot`);
  try {
    return await withBusyProgress(busy, `Finding who holds the collections of ${target.info.title}`, (job) =>
      look(open, target, file, objectIds, job),
    );
  } finally {
    await fs.rm(file, { force: true });
    await fs.rm(`${file}.scripts.json`, { force: true });
  }
}

/** The capture takes the first part of the progress line, reading the snapshot the second, looking the rest. */
const CAPTURED = 0.5;
const READ = 0.8;

async function look(
  open: OpenSnapshots,
  target: AttachedTarget,
  file: string,
  objectIds: () => Promise<readonly number[]>,
  { signal, report }: BusyJob,
): Promise<Located> {
  void open.engine.start();
  const { scripts } = await captureSnapshot(target.session, file, {
    signal,
    onProgress: ({ text, fraction }) => report(text, fraction === null ? null : fraction * CAPTURED),
  });
  const ids = await objectIds();
  const snapshot = await open.engine.open(file, {
    signal,
    onProgress: ({ fraction }) => report('Reading the snapshot', CAPTURED + fraction * (READ - CAPTURED)),
  });
  try {
    report('Looking for declarations', READ);
    const locator = new SourceLocator(scripts);
    const dictionaries = await dictionariesIn(snapshot, locator, { signal });
    const places = new Map(await placesIn(snapshot, ids, locator, signal));
    for (const { objectId, place } of dictionaries) places.set(objectId, place);
    return { places, others: dictionaries };
  } finally {
    await snapshot.dispose();
  }
}
