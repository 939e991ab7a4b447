import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { SnapshotEngine } from '../../src/snapshot/client';
import { SPARSE_HEADER, writeSparse } from './sparse-file';

const FOUR_GB = 2 ** 32;

/**
 * Opens a file whose sections stand behind 4 GB, with sizes and ids past 32 bits. The system reads the hole before them
 * as slowly as any file, which is why no test of every day does it.
 * @throws When something of it is read wrong.
 */
export async function openLargeFile(workerFile: string): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-large-'));
  const engine = new SnapshotEngine(workerFile);
  try {
    await checkLargeFile(engine, path.join(folder, 'large.heapsnapshot'));
  } finally {
    await engine.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function checkLargeFile(engine: SnapshotEngine, file: string): Promise<void> {
  const [size, id] = [2 ** 33 + 5, 2 ** 40 + 1];
  writeSparse(file, [
    `{"snapshot":${SPARSE_HEADER},"padding":"`,
    FOUR_GB + 12_345,
    `","nodes":[0,0,1,0,1,1,1,3,16,1,1,2,${id},${size},0],"edges":[0,0,5,1,3,10],`,
    '"strings":["","Holder","Large","next"]}',
  ]);
  const snapshot = await engine.open(file);
  assert.equal(snapshot.info.fileBytes > FOUR_GB, true);
  assert.equal(snapshot.info.totalSize, size + 16);
  const { rows } = await snapshot.constructors();
  assert.deepEqual(
    rows.map(({ name, retainedSize, distance }) => [name, retainedSize, distance]),
    [
      ['Holder', size + 16, 1],
      ['Large', size, 2],
    ],
  );
  assert.equal((await snapshot.node(id))?.selfSize, size);
  const [way] = await snapshot.retainingPaths(id, 1);
  assert.equal(way?.at(-1)?.edge?.name, 'next');
  await snapshot.dispose();
}
