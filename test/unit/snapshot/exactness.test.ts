import assert from 'node:assert/strict';
import * as path from 'node:path';
import type { ConstructorRow } from '../../../src/protocol/snapshot';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { distFolder } from '../../host/cache-folder';
import { nodeBinary } from '../../host/node-binary';
import { makeSnapshots, type SnapshotFolder, VARIETY } from './make-snapshot';
import { askDevTools, type OracleRow } from './oracle';

const key = ({ name, count, selfSize, retainedSize, distance }: OracleRow) =>
  `${name}: ${count} objects, ${selfSize} bytes, ${retainedSize} retained, distance ${distance}`;

describe('sizes and distances are those of Chrome DevTools', function () {
  this.timeout(120_000);
  const engine = new SnapshotEngine(path.join(distFolder(), 'snapshot-worker.js'));
  let folder: SnapshotFolder | undefined;
  after(() => engine.dispose());
  afterEach(() => folder?.dispose());

  for (const major of [18, 20, 22, 24, 26]) {
    it(`for a snapshot that Node ${major} wrote`, async () => {
      folder = await makeSnapshots(`${VARIETY}\nsnapshot('a');`, await nodeBinary(major));
      const snapshot = await engine.open(folder.file('a'));
      const ours: readonly ConstructorRow[] = (await snapshot.constructors({ limit: 1e6 })).rows;
      const theirs = await askDevTools(folder.file('a'));
      await snapshot.dispose();
      assert.ok(theirs.length > 60);
      assert.deepEqual(ours.map(key).sort(), theirs.map(key).sort());
    });
  }
});
