import path from 'node:path';
import { SnapshotEngine } from '../snapshot/client';

/** The engine with the worker that is built beside the command line. */
export function createEngine(): SnapshotEngine {
  return new SnapshotEngine(path.join(__dirname, 'snapshot-worker.js'));
}
