import assert from 'node:assert/strict';
import * as path from 'node:path';
import type { ConstructorRow } from '../../../src/protocol/snapshot';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { distFolder } from '../../host/cache-folder';
import { nodeBinary } from '../../host/node-binary';
import { makeSnapshots, type SnapshotFolder, VARIETY } from './make-snapshot';
import { askDevTools, type OracleRow } from './oracle';

/**
 * Two namings of DevTools are not taken over, and such rows are compared as sums: plain objects are grouped by guessed
 * interfaces ("{a, b}"), ours are all "Object"; and native nodes that are detached get a word in front of their name.
 */
const isRenamed = (name: string) =>
  name === 'Object' || name.startsWith('{') || /^(Detached )?Node \//.test(name);

const key = ({ name, count, selfSize, retainedSize, distance }: OracleRow) =>
  `${name}: ${count} objects, ${selfSize} bytes, ${retainedSize} retained, distance ${distance}`;

const sum = (rows: readonly OracleRow[], column: 'count' | 'selfSize') =>
  rows.reduce((total, row) => total + row[column], 0);

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
      const exact = (rows: readonly OracleRow[]) =>
        rows
          .filter(({ name }) => !isRenamed(name))
          .map(key)
          .sort();
      assert.ok(exact(theirs).length > 60);
      assert.deepEqual(exact(ours), exact(theirs));
      for (const column of ['count', 'selfSize'] as const) {
        const renamed = (rows: readonly OracleRow[]) => rows.filter(({ name }) => isRenamed(name));
        assert.equal(sum(renamed(ours), column), sum(renamed(theirs), column), column);
      }
    });
  }
});
