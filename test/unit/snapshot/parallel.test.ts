import assert from 'node:assert/strict';
import * as path from 'node:path';
import type { SnapshotColumns } from '../../../src/snapshot/reading/columns';
import { openFile } from '../../../src/snapshot/reading/file-source';
import { readInParallel } from '../../../src/snapshot/reading/parallel-reader';
import { readSequentially } from '../../../src/snapshot/reading/sequential-reader';
import { startMembers } from '../../../src/snapshot/threads/start-members';
import { Team } from '../../../src/snapshot/threads/team';
import { distFolder } from '../../host/cache-folder';
import { nodeBinary } from '../../host/node-binary';
import { makeSnapshots, type SnapshotFolder, VARIETY } from './make-snapshot';

const COLUMNS = [
  'nodeType',
  'nodeName',
  'nodeId',
  'nodeSelfSize',
  'nodeDetachedness',
  'firstEdge',
  'edgeLink',
  'edgeName',
  'locations',
] as const;

function assertSame(actual: SnapshotColumns, expected: SnapshotColumns): void {
  for (const column of COLUMNS) {
    // A column that says nothing is left out.
    if (column === 'nodeDetachedness' && actual[column] === null)
      assert.ok(bytesOf(expected[column]).every((state) => state === 0));
    else assert.ok(bytesOf(actual[column]).equals(bytesOf(expected[column])), column);
  }
  assert.equal(actual.strings.length, expected.strings.length);
  for (let i = 0; i < expected.strings.length; i += 7) {
    assert.equal(actual.strings.get(i), expected.strings.get(i));
  }
}

function bytesOf(column: SnapshotColumns[(typeof COLUMNS)[number]]): Buffer {
  return column ? Buffer.from(column.buffer, column.byteOffset, column.byteLength) : Buffer.alloc(0);
}

describe('several threads read what one reads', function () {
  this.timeout(120_000);
  const folders: SnapshotFolder[] = [];
  after(async () => {
    for (const folder of folders) await folder.dispose();
  });

  // The first writes a line per row, the second all rows in one line.
  for (const major of [18, 26]) {
    it(`in blocks of any size, written by Node ${major}`, async () => {
      const folder = await makeSnapshots(
        `${VARIETY}\nsnapshot('a');\nprocess.exit();`,
        await nodeBinary(major),
      );
      folders.push(folder);
      const file = folder.file('a');
      const source = openFile(file);
      const expected = readSequentially(source);
      source.dispose();
      for (const [size, blockBytes] of [
        [0, 1 << 20],
        [1, 1 << 16],
        [3, 5000],
        [3, 4099],
      ] as const) {
        const isCancelled = () => false;
        const members = startMembers(path.join(distFolder(), 'snapshot-member.js'), size);
        const team = new Team(members.links);
        try {
          const columns = readInParallel(file, team, { isCancelled, onBytes: () => {}, blockBytes });
          assert.ok(columns, `${size} threads, blocks of ${blockBytes} bytes: not read`);
          assertSame(columns, expected);
        } finally {
          members.dispose();
        }
      }
    });
  }
});
