import path from 'node:path';
import { type Snapshot, SnapshotEngine } from '../snapshot/client';
import { ProgressLine } from './output';

/** The engine with the worker that is built beside the command line. */
export function createEngine(): SnapshotEngine {
  return new SnapshotEngine(path.join(__dirname, 'snapshot-worker.js'));
}

/** Runs with an engine that is ended afterwards. */
export async function withEngine(run: (engine: SnapshotEngine) => Promise<void>): Promise<void> {
  const engine = createEngine();
  try {
    await run(engine);
  } finally {
    await engine.dispose();
  }
}

/** Opens a file, with progress on standard error. @throws what the engine throws. */
export async function openSnapshot(engine: SnapshotEngine, file: string): Promise<Snapshot> {
  const progress = new ProgressLine();
  try {
    return await engine.open(path.resolve(file), {
      onProgress: ({ phase, fraction }) =>
        progress.show(`${path.basename(file)}: ${phase}, ${Math.round(fraction * 100)} %`),
    });
  } finally {
    progress.end();
  }
}
