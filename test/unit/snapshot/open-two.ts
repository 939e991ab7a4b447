import * as path from 'node:path';
import { HeapwrightError } from '../../../src/protocol/errors';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { distFolder } from '../../host/cache-folder';

/** A program: opens snapshots with one engine, and prints how many objects each has, or why it could not be opened. */
async function main(): Promise<void> {
  const engine = new SnapshotEngine(path.join(distFolder(), 'snapshot-worker.js'));
  for (const file of process.argv.slice(2)) {
    try {
      const { info } = await engine.open(file);
      console.log(`${info.nodeCount} objects`);
    } catch (error) {
      console.log(error instanceof HeapwrightError ? error.code : String(error));
    }
  }
  await engine.dispose();
}

void main();
