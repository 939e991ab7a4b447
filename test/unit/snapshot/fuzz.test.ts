import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { baseFiles } from '../../fuzz/bases';
import { fuzz } from '../../fuzz/fuzz';
import { distFolder } from '../../host/cache-folder';
import { type SnapshotFolder, snapshotFolder } from './make-snapshot';

describe('snapshots that are written otherwise', function () {
  this.timeout(120_000);
  const engine = new SnapshotEngine(path.join(distFolder(), 'snapshot-worker.js'));
  let folder: SnapshotFolder;
  before(async () => {
    folder = await snapshotFolder();
  });
  after(async () => {
    await engine.dispose();
    await folder?.dispose();
  });

  it('in one line, with spaces, in another order, with traces: all open alike', async () => {
    const bases = await baseFiles(path.join(distFolder(), 'snapshot-worker.js'));
    const tables = [];
    for (const [i, bytes] of bases.entries()) {
      await fs.writeFile(folder.file(String(i)), bytes);
      const snapshot = await engine.open(folder.file(String(i)));
      tables.push((await snapshot.constructors({ limit: 1e6, sortBy: 'name' })).rows);
    }
    assert.ok(tables[0]!.length > 10);
    for (const table of tables.slice(1)) assert.deepEqual(table, tables[0]);
  });
});

describe('damaged snapshots', function () {
  this.timeout(120_000);

  it('open or are refused with what is wrong and where, whatever the damage', async () => {
    const bases = await baseFiles(path.join(distFolder(), 'snapshot-worker.js'));
    const { outcomes, failures } = fuzz(bases, 800, 1);
    assert.deepEqual(failures.slice(0, 5), []);
    for (const outcome of ['opened', 'not-a-snapshot', 'snapshot-truncated', 'snapshot-corrupt']) {
      assert.ok((outcomes[outcome] ?? 0) > 20, `${outcome}: ${outcomes[outcome]}`);
    }
  });
});
