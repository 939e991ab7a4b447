import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { captureSnapshot } from '../inspector/capture';
import { headroom } from '../inspector/headroom';
import type { InspectorSession } from '../inspector/session';
import { cancelled } from '../protocol/errors';
import type { CopiesReport, RepeatedJob } from '../protocol/together';
import type { SnapshotEngine } from '../snapshot/client';
import { SourceLocator } from '../source/locator';
import { findCopies, type HeapContents, summarizeCopies } from './copies';
import { heldThings } from './held-things';
import { runningIntervals } from './intervals';
import { packageOf } from './packages';

/** A process whose heap is compared with others. */
export interface ComparedProcess {
  readonly pid: number;
  readonly title: string;
  readonly session: InspectorSession;
}

/** A job that one process repeats. */
type Job = Omit<RepeatedJob, 'pids'>;

/**
 * Takes a snapshot of each process in turn, reads what it holds by names, and tells what several of them hold. One
 * heap is on disk and in memory at a time; the files go again. A process without room for a snapshot, or that ends
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
  const jobs: { readonly pid: number; readonly job: Job }[] = [];
  const left: string[] = [];
  for (const [index, process] of processes.entries()) {
    options.onProgress?.(`Heap ${index + 1} of ${processes.length}`, index / processes.length);
    try {
      const read = await readHeap(process, options);
      if (typeof read === 'string') left.push(read);
      else {
        heaps.push({ pid: process.pid, things: read.things });
        jobs.push(...read.jobs.map((job) => ({ pid: process.pid, job })));
      }
    } catch (error) {
      if (options.signal.aborted) throw cancelled();
      if (process.session.connection.isOpen) throw error;
      left.push(`${process.title} (pid ${process.pid}) ended meanwhile.`);
    }
  }
  const rows = findCopies(heaps);
  const summary = summarizeCopies(rows, heaps.length);
  return { comparedAt: Date.now(), heaps: heaps.length, summary, rows, jobs: repeatedJobs(jobs), left };
}

/** What one process holds and repeats, or why it was left out. */
async function readHeap(
  { pid, title, session }: ComparedProcess,
  { engine, folder, signal }: { engine: SnapshotEngine; folder: string; signal: AbortSignal },
): Promise<string | { things: HeapContents['things']; jobs: Job[] }> {
  const room = await headroom(session, { signal });
  if (room.verdict === 'would-be-killed') return `${title} (pid ${pid}) was left out: ${room.sentence}`;
  const file = path.join(folder, `${pid}.heapsnapshot`);
  try {
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

function repeatedJobs(jobs: readonly { readonly pid: number; readonly job: Job }[]): RepeatedJob[] {
  const byKey = new Map<string, { job: Job; pids: Set<number> }>();
  for (const { pid, job } of jobs) {
    const group = byKey.get(job.key) ?? { job, pids: new Set() };
    group.pids.add(pid);
    byKey.set(job.key, group);
  }
  return [...byKey.values()]
    .filter(({ pids }) => pids.size > 1)
    .map(({ job, pids }) => ({ ...job, pids: [...pids] }))
    .sort((a, b) => b.pids.length - a.pids.length || a.everyMs - b.everyMs);
}
