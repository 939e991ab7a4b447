import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { captureSnapshot } from '../inspector/capture';
import { headroom } from '../inspector/headroom';
import type { InspectorSession } from '../inspector/session';
import { cancelled } from '../protocol/errors';
import { type CopiesReport, type HeapOwner, ownerInWords, type RepeatedJob } from '../protocol/together';
import type { SnapshotEngine } from '../snapshot/client';
import { SourceLocator } from '../source/locator';
import { findCopies, type HeapContents, summarizeCopies } from './copies';
import { heldThings } from './held-things';
import { runningIntervals } from './intervals';
import { packageOf } from './packages';

/** A process or thread whose heap is compared with others. */
export interface ComparedProcess {
  readonly pid: number;
  readonly title: string;
  readonly session: InspectorSession;
}

/** A job that one process or thread repeats. */
type Job = Omit<RepeatedJob, 'heaps'>;

/**
 * Takes a snapshot of each heap in turn, reads what it holds by names, and tells what several of them hold. One
 * heap is on disk and in memory at a time; the files go again. One without room for a snapshot, or that ends
 * meanwhile, is left out and named.
 * @param options.folder For the snapshots; it is made, and is empty afterwards.
 * @throws `cancelled`, `storage-full`, `storage-unwritable`
 */
export async function compareHeaps(
  processes: readonly ComparedProcess[],
  options: {
    engine: SnapshotEngine;
    folder: string;
    signal: AbortSignal;
    onProgress?: (text: string, fraction: number) => void;
  },
): Promise<CopiesReport> {
  const heaps: HeapContents[] = [];
  const jobs: { readonly owner: HeapOwner; readonly job: Job }[] = [];
  const left: string[] = [];
  for (const [index, process] of processes.entries()) {
    const owner = ownerOf(process);
    options.onProgress?.(`Heap ${index + 1} of ${processes.length}`, index / processes.length);
    try {
      const read = await readHeap(process, options);
      if (typeof read === 'string') left.push(read);
      else {
        heaps.push({ ...owner, things: read.things });
        jobs.push(...read.jobs.map((job) => ({ owner, job })));
      }
    } catch (error) {
      if (options.signal.aborted) throw cancelled();
      if (process.session.connection.isOpen) throw error;
      left.push(`${process.title} (${ownerInWords(owner)}) ended meanwhile.`);
    }
  }
  const rows = findCopies(heaps);
  const summary = summarizeCopies(rows, heaps.length);
  return { comparedAt: Date.now(), heaps: heaps.length, summary, rows, jobs: repeatedJobs(jobs), left };
}

function ownerOf({ pid, session }: ComparedProcess): HeapOwner {
  return { pid, thread: session.info.workerId ?? null };
}

/** What one heap holds and its thread repeats, or why it was left out. */
async function readHeap(
  process: ComparedProcess,
  { engine, folder, signal }: { engine: SnapshotEngine; folder: string; signal: AbortSignal },
): Promise<string | { things: HeapContents['things']; jobs: Job[] }> {
  const { title, session } = process;
  const owner = ownerInWords(ownerOf(process));
  const room = await headroom(session, { signal });
  if (room.verdict === 'would-be-killed') return `${title} (${owner}) was left out: ${room.sentence}`;
  const file = path.join(folder, `${owner.replaceAll(' ', '-')}.heapsnapshot`);
  try {
    void engine.start();
    const { scripts } = await captureSnapshot(session, file, { signal });
    const locator = new SourceLocator(scripts);
    const snapshot = await engine.open(file, { signal });
    try {
      const things = await heldThings(snapshot, locator, signal);
      return { things, jobs: await jobsOf(session, locator, signal) };
    } finally {
      await snapshot.dispose();
    }
  } finally {
    await fs.rm(file, { force: true });
    await fs.rm(`${file}.scripts.json`, { force: true });
  }
}

/** What the program, or a package of it, repeats by intervals; Node's own are nobody's. */
async function jobsOf(
  session: InspectorSession,
  locator: SourceLocator,
  signal: AbortSignal,
): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const { everyMs, functionName, location } of await runningIntervals(session, signal)) {
    const position = location ? await locator.position(location) : null;
    if (!position) continue;
    const { originalName, ...place } = position;
    const name = originalName ?? (functionName.replace(/^bound /, '') || 'an unnamed function');
    const key = `${place.file}:${place.line}:${everyMs}`;
    jobs.push({ key, name, everyMs, location: place, package: packageOf(place.file)?.name ?? null });
  }
  return jobs;
}

function repeatedJobs(jobs: readonly { readonly owner: HeapOwner; readonly job: Job }[]): RepeatedJob[] {
  const byKey = new Map<string, { job: Job; owners: Map<string, HeapOwner> }>();
  for (const { owner, job } of jobs) {
    const group = byKey.get(job.key) ?? { job, owners: new Map() };
    group.owners.set(ownerInWords(owner), owner);
    byKey.set(job.key, group);
  }
  return [...byKey.values()]
    .filter(({ owners }) => owners.size > 1)
    .map(({ job, owners }) => ({ ...job, heaps: [...owners.values()] }))
    .sort((a, b) => b.heaps.length - a.heaps.length || a.everyMs - b.everyMs);
}
