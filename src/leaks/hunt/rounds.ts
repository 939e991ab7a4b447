import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { captureSnapshot } from '../../inspector/capture';
import { readMemory } from '../../inspector/memory';
import type { InspectorSession } from '../../inspector/session';
import type { SnapshotEngine } from '../../snapshot/client';
import type { SeriesSnapshot } from '../series';
import type { Workload } from './workloads';

export interface HuntPlan {
  readonly rounds: number;
  /** Per round; a prime number is unlikely to be matched by chance. */
  readonly operations: number;
  /** Operations before the first capture. */
  readonly warmup: number;
  /** How long the target rests before the last capture, in ms; 0 leaves that capture out. */
  readonly idleMs: number;
  /** Where captures are kept while the hunt runs. */
  readonly folder: string;
  /** Leaves the snapshot files there. */
  readonly keepSnapshots?: boolean;
}

/** One round as it was measured; the first has no operations: it is the baseline. Sizes in bytes, times in ms. */
export interface RoundRecord {
  readonly operations: number;
  readonly failed: number;
  readonly workMs: number;
  readonly captureMs: number;
  readonly analyseMs: number;
  readonly heapUsedBytes: number;
  readonly rssBytes: number;
  readonly externalBytes: number;
}

export interface MeasuredRounds {
  /** Baseline first. */
  readonly captures: readonly SeriesSnapshot[];
  readonly rounds: readonly RoundRecord[];
}

/** A capture while the engine still reads it. */
export interface CapturedRound {
  readonly opening: Promise<{ readonly capture: SeriesSnapshot; readonly analyseMs: number }>;
  readonly record: Omit<RoundRecord, 'operations' | 'failed' | 'workMs' | 'analyseMs'>;
}

export interface HuntProgress {
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string, fraction: number) => void;
}

/** After the work the target gets this long to close its sockets and run its callbacks, in ms. */
const settleMs = 150;
/** And this long for what runs after a collection, in ms. */
const finalizeMs = 30;

/**
 * Warms up, then works and captures round by round; snapshots are forced to be clean by collections before each. One
 * is read while the next round works.
 */
export async function measureRounds(
  session: InspectorSession,
  engine: SnapshotEngine,
  workload: Workload,
  plan: HuntPlan,
  { signal, onProgress = () => {} }: HuntProgress,
): Promise<MeasuredRounds> {
  const steps = plan.rounds + 2 + (plan.idleMs > 0 ? 1 : 0);
  let step = 0;
  const report = (text: string) => onProgress(text, Math.min(1, step / steps));
  void engine.start();
  if (plan.warmup > 0) {
    report(`Warming up with ${plan.warmup} operations`);
    await workload.run(plan.warmup, signal);
  }
  step++;
  const captured: CapturedRound[] = [];
  const work: Pick<RoundRecord, 'operations' | 'failed' | 'workMs'>[] = [];
  try {
    for (let round = 0; round <= plan.rounds; round++) {
      const operations = round === 0 ? 0 : plan.operations;
      if (round > 0) report(`Round ${round} of ${plan.rounds}: ${operations} operations`);
      const startedAt = performance.now();
      const { failed } = round === 0 ? { failed: 0 } : await workload.run(operations, signal);
      const workMs = performance.now() - startedAt;
      report(round === 0 ? 'Capturing the baseline' : `Capturing after round ${round}`);
      captured.push(await captureRound(session, engine, plan, round, signal));
      work.push({ operations, failed, workMs });
      step++;
    }
    report('Reading the snapshots');
    const opened = await Promise.all(captured.map(({ opening }) => opening));
    return {
      captures: opened.map(({ capture }) => capture),
      rounds: captured.map(({ record }, index) => ({
        ...record,
        ...work[index]!,
        analyseMs: opened[index]!.analyseMs,
      })),
    };
  } catch (error) {
    for (const { opening } of captured) {
      void opening.then(({ capture }) => capture.snapshot.dispose()).catch(() => {});
    }
    throw error;
  }
}

/** Memory after collections: finalizers and destroy hooks have run. Sizes in bytes. */
export async function cleanMemory(
  session: InspectorSession,
  signal?: AbortSignal,
): Promise<Pick<RoundRecord, 'heapUsedBytes' | 'rssBytes' | 'externalBytes'>> {
  await wait(settleMs);
  // They run in a turn of the target's own after a collection: what the first one frees for them only the second can
  // take.
  for (let times = 0; times < 2; times++) {
    await session.collectGarbage({ signal });
    await wait(finalizeMs);
  }
  const { heapUsed, rss, external } = await readMemory(session, { signal });
  return { heapUsedBytes: heapUsed, rssBytes: rss, externalBytes: external };
}

/** Captures, and has the engine read it without waiting for that. */
export async function captureRound(
  session: InspectorSession,
  engine: SnapshotEngine,
  plan: HuntPlan,
  index: number,
  signal?: AbortSignal,
): Promise<CapturedRound> {
  const memory = await cleanMemory(session, signal);
  const file = path.join(plan.folder, `round-${index}.heapsnapshot`);
  const { scripts, durationMs: captureMs } = await captureSnapshot(session, file, { signal });
  const opening = open();
  // Whoever waits for it hears of a failure; until then it is nobody's.
  opening.catch(() => {});
  return { opening, record: { ...memory, captureMs } };

  async function open() {
    const startedAt = performance.now();
    const snapshot = await engine.open(file, { signal });
    if (!plan.keepSnapshots) {
      await rm(file, { force: true });
      await rm(`${file}.scripts.json`, { force: true });
    }
    return { capture: { snapshot, scripts }, analyseMs: performance.now() - startedAt };
  }
}
