import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { BLOCK_BYTES, readBlocks } from '../../../src/snapshot/reading/block-reader';
import { ColumnMemory } from '../../../src/snapshot/reading/column-memory';
import { addUpEdges, edgeColumns, nodeColumns } from '../../../src/snapshot/reading/columns';
import { parseFormat } from '../../../src/snapshot/reading/format';
import { readLastSection } from '../../../src/snapshot/reading/string-reader';
import { Turns } from '../../../src/snapshot/reading/turns';
import { SPARSE_HEADER as HEADER, writeSparse } from '../../fuzz/sparse-file';
import { distFolder } from '../../host/cache-folder';
import { type SnapshotFolder, snapshotFolder } from './make-snapshot';

const FOUR_GB = 2 ** 32;

describe('large files', function () {
  this.timeout(120_000);
  const engine = new SnapshotEngine(path.join(distFolder(), 'snapshot-worker.js'));
  let folder: SnapshotFolder;
  before(async function () {
    // Holes take room there.
    if (process.platform === 'win32') this.skip();
    folder = await snapshotFolder();
  });
  after(async () => {
    await engine.dispose();
    await folder?.dispose();
  });

  it('are read in blocks behind 4 GB', () => {
    const sections = [
      '0,0,1,0,1\n,1,1,3,16,1\n,1,2,5,24,0\n],\n',
      '"edges":[0,0,5\n,1,3,10\n],\n"locations":[],\n',
      '"strings":["",\n"Holder",\n"Large",\n"next"]}\n',
    ];
    const nodesAt = FOUR_GB + 777;
    const file = folder.file('blocks');
    writeSparse(file, [nodesAt, ...sections]);
    const fileBytes = fs.statSync(file).size;
    const format = parseFormat(HEADER, 0);
    const memory = ColumnMemory.none();
    const turns = new Turns();
    turns.start(nodesAt);
    const job = {
      ...{ file, fileBytes, format, nodesAt, turns: turns.memory, blockBytes: BLOCK_BYTES },
      nodes: nodeColumns(format, memory),
      edges: edgeColumns(format, memory),
      locations: memory.numbers(0),
      ...{ memory: null, room: null },
    };
    readBlocks(job, turns, { isCancelled: () => false, onBytes: () => {} });
    assert.ok(turns.isFinished);
    assert.equal(addUpEdges(job.nodes.firstEdge, memory), 2);
    assert.deepEqual([...job.nodes.nodeSelfSize], [0, 16, 24]);
    const strings = readLastSection(file, fileBytes);
    assert.equal(strings?.offset, turns.progress.offset);
    assert.equal(strings?.length, 4);
  });

  it('open with a string that is longer than any in JavaScript', async () => {
    const length = 2 ** 29 + 99;
    writeSparse(folder.file('text'), [
      `{"snapshot":${HEADER},"nodes":[0,0,1,0,1,1,1,3,16,1,1,2,5,24,0],"edges":[0,0,5,1,3,10],`,
      '"strings":["","Holder","',
      length,
      '","next"]}',
    ]);
    const snapshot = await engine.open(folder.file('text'));
    const { rows } = await snapshot.constructors({ filter: 'Holder' });
    assert.equal(rows[0]?.retainedSize, 40);
    assert.ok((await snapshot.node(5))!.name.length > 50);
    await snapshot.dispose();
  });
});
