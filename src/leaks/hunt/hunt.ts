import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { InspectorSession } from '../../inspector/session';
import { HeapwrightError } from '../../protocol/errors';
import type { SnapshotEngine } from '../../snapshot/client';
import { SourceLocator } from '../../source/locator';
import type { SeriesSnapshot } from '../series';
import { accuse } from './accuse';
import { workOn } from './endurance';
import type { HuntReport } from './report';
import { observeRest } from './rest';
import { type HuntPlan, type HuntProgress, type MeasuredRounds, measureRounds } from './rounds';
import { untilStarted } from './started';
import { findSuspects, type Suspects } from './suspects';
import { whileItLives } from './target-end';
import type { Workload } from './workloads';

export interface HuntOptions extends HuntProgress, Partial<HuntPlan> {
  /** One more small round finds the lines that add entries; on by default. */
  readonly watchAdding?: boolean;
}

const defaults = { rounds: 3, operations: 97, warmup: 97, idleMs: 2000 };

/**
 * Hunts for leaks in a living process: warms it up, works round by round with a clean capture after each, rests,
 * captures once more, and judges what grew. The target keeps running; nothing is left in it.
 * @throws `bad-argument` for fewer than two rounds or no operations; `target-exited`; whatever capturing throws;
 *   `cancelled`.
 */
export async function hunt(
  session: InspectorSession,
  engine: SnapshotEngine,
  workload: Workload,
  options: HuntOptions = {},
): Promise<HuntReport> {
  return whileItLives(session, options.signal, (signal) =>
    huntIn(session, engine, workload, { ...options, signal }),
  );
}

async function huntIn(
  session: InspectorSession,
  engine: SnapshotEngine,
  workload: Workload,
  options: HuntOptions,
): Promise<HuntReport> {
  const startedAt = performance.now();
  const ownFolder = options.folder === undefined;
  const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), 'heapwright-hunt-')));
  const plan: HuntPlan = { ...defaults, ...withoutUndefined(options), folder };
  if (plan.rounds < 2 || plan.operations < 1) {
    throw new HeapwrightError(
      'bad-argument',
      `A hunt of ${plan.rounds} rounds of ${plan.operations} operations shows no slope.`,
      'Use at least two rounds, better three, of some operations each.',
    );
  }
  let captures: readonly SeriesSnapshot[] = [];
  try {
    await untilStarted(session, options.signal);
    const measured = await measureRounds(session, engine, workload, plan, options);
    captures = measured.captures;
    const lookingAt = performance.now();
    options.onProgress?.('Looking for what grew while it rests', 0.9);
    const { scripts } = measured.captures.at(-1)!;
    const locator = new SourceLocator(scripts, { readScript: (id) => sourceOf(session, id) });
    const found = await findSuspects(engine, measured, plan, locator, options.signal);
    const lookedMs = performance.now() - lookingAt;
    const report = (text: string) => options.onProgress?.(text, 0.93);
    const { signal } = options;
    const endurance = { plan, workload, measured, signal, onProgress: report };
    const { suspects: worked, more } = await workOn(session, found, endurance);
    const restingSince = more.operations > 0 ? performance.now() : lookingAt;
    const rested =
      plan.idleMs > 0
        ? await observeRest(session, engine, measured, worked, plan, more, restingSince, signal)
        : null;
    const suspects: Suspects = rested?.suspects ?? worked;
    const judgingAt = performance.now();
    const { findings: verdicts, settled } = await accuse(session, suspects, {
      plan,
      snapshot: measured.captures.at(-1)!.snapshot,
      locator,
      workload: (options.watchAdding ?? true) ? workload : null,
      moreOperations: more.operations,
      msPerOperation: msPerOperation(measured),
      signal: options.signal,
      onProgress: (text) => options.onProgress?.(text, 0.97),
    });
    const [baseline, ...rounds] = measured.rounds;
    return {
      schema: 1,
      target: {
        title: session.info.title,
        pid: session.info.pid,
        nodeVersion: session.info.nodeVersion,
        ...(session.info.denoVersion ? { denoVersion: session.info.denoVersion } : {}),
        url: session.info.url,
        workingDirectory: session.info.workingDirectory,
      },
      workload: workload.title,
      plan: { rounds: plan.rounds, operations: plan.operations, warmup: plan.warmup, idleMs: plan.idleMs },
      baseline: baseline!,
      rounds,
      idle: rested?.round ?? null,
      verdicts,
      settled,
      analysisMs: lookedMs + performance.now() - judgingAt,
      durationMs: performance.now() - startedAt,
    };
  } finally {
    for (const { snapshot } of captures) await snapshot.dispose();
    if (ownFolder && !plan.keepSnapshots) await rm(folder, { recursive: true, force: true });
  }
}

function msPerOperation({ rounds }: MeasuredRounds): number {
  const operations = rounds.reduce((sum, round) => sum + round.operations, 0);
  return rounds.reduce((sum, { workMs }) => sum + workMs, 0) / Math.max(1, operations);
}

/** An option that is given as undefined is one that is not given. */
function withoutUndefined(options: HuntOptions): Partial<HuntPlan> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** The text of a script that no file holds; null when V8 has let go of it. */
async function sourceOf(session: InspectorSession, scriptId: number): Promise<string | null> {
  const { connection } = session;
  if (!connection.isOpen) return null;
  try {
    await connection.send('Debugger.setSkipAllPauses', { skip: true }).catch(() => {});
    await connection.send('Debugger.enable', {});
    const { scriptSource } = await connection.send('Debugger.getScriptSource', {
      scriptId: String(scriptId),
    });
    return scriptSource;
  } catch {
    return null;
  } finally {
    if (connection.isOpen) await connection.send('Debugger.disable', undefined).catch(() => {});
  }
}
