import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { HeapGraph } from '../../../src/snapshot/graph/heap-graph';
import { loadFile } from '../../../src/snapshot/load';
import type { SnapshotColumns } from '../../../src/snapshot/reading/columns';
import { openFile } from '../../../src/snapshot/reading/file-source';
import { readInParallel } from '../../../src/snapshot/reading/parallel-reader';
import { readSequentially } from '../../../src/snapshot/reading/sequential-reader';
import { KNOWN_NAMES } from '../../../src/snapshot/reading/strings';
import { Word } from '../../../src/snapshot/threads/mailbox';
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
  assert.deepEqual(actual.strings.columns.mayNamePairs, expected.strings.columns.mayNamePairs);
  for (let i = 0; i < expected.strings.length; i += 7) {
    assert.equal(actual.strings.get(i), expected.strings.get(i));
  }
  for (const name of [...KNOWN_NAMES, 'constructor', expected.strings.get(expected.strings.length - 1)])
    assert.equal(actual.strings.indexOf(name), expected.strings.indexOf(name), name);
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

  it('knows the names of WeakMap edges wherever the bytes are cut', async () => {
    const folder = await makeSnapshots(`${VARIETY}\nsnapshot('a');\nprocess.exit();`, await nodeBinary(24));
    folders.push(folder);
    const text = fs.readFileSync(folder.file('a'), 'latin1');
    const mark = '\n"strings":[';
    const begin = text.indexOf(mark) + mark.length;
    const nameEnd = text.indexOf('pair in WeakMap (table @', begin);
    const quote = text.indexOf('"', nameEnd) - begin;
    const file = folder.file('cut');
    const cut = 1 << 18;
    for (let shift = -5; shift <= 5; shift++) {
      const filler = 'x'.repeat((((cut - quote + shift) % cut) + cut) % cut);
      fs.writeFileSync(file, `${text.slice(0, begin + 1)}${filler}${text.slice(begin + 1)}`, 'latin1');
      const source = openFile(file);
      const expected = readSequentially(source);
      source.dispose();
      const actual = readInParallel(file, new Team([]), { isCancelled: () => false, onBytes: () => {} });
      assert.ok(actual, `cut at ${shift}: not read`);
      assertSame(actual, expected);
    }
  });

  describe('a team', () => {
    let file: string;
    let expected: HeapGraph;
    before(async () => {
      const folder = await makeSnapshots(`${VARIETY}\nsnapshot('a');\nprocess.exit();`, await nodeBinary(24));
      folders.push(folder);
      file = folder.file('a');
      // Larger than what one thread opens alone.
      fs.appendFileSync(file, ' '.repeat(5 << 20));
      expected = loadFile(file, new Team([]), { fewestNodes: Number.POSITIVE_INFINITY });
    });

    function assertSameGraph(actual: HeapGraph): void {
      for (const column of ['shallowSize', 'retainedSize', 'distance', 'dominatorOf'] as const)
        assert.deepEqual(actual[column], expected[column], column);
      assert.deepEqual(actual.classTotals, expected.classTotals);
      assert.deepEqual(actual.classes, expected.classes);
      assert.deepEqual(actual.locations, expected.locations);
    }

    for (const size of [0, 1, 2]) {
      it(`opens it alike in WebAssembly and in JavaScript, with ${size} more threads`, () => {
        const members = startMembers(path.join(distFolder(), 'snapshot-member.js'), size);
        try {
          const team = new Team(members.links);
          for (const fewestNodes of [0, Number.POSITIVE_INFINITY]) {
            const graph = loadFile(file, team, { fewestNodes });
            assert.equal(graph.memory.wasm === null, fewestNodes !== 0);
            assertSameGraph(graph);
          }
        } finally {
          members.dispose();
        }
      });
    }

    it('opens one file after the other, and goes on after one that nobody wanted any more', () => {
      const members = startMembers(path.join(distFolder(), 'snapshot-member.js'), 2);
      try {
        const team = new Team(members.links);
        assertSameGraph(loadFile(file, team));
        let steps = 0;
        const signal = Object.defineProperty(new AbortController().signal, 'aborted', {
          get: () => ++steps > 5,
        });
        assert.throws(() => loadFile(file, team, { signal }), { code: 'cancelled' });
        assertSameGraph(loadFile(file, team));
      } finally {
        members.dispose();
      }
    });

    it('starts ahead of the first file', () => {
      const members = startMembers(path.join(distFolder(), 'snapshot-member.js'), 2);
      try {
        const team = new Team(members.links);
        team.prepare();
        for (const { words } of members.links) assert.equal(Atomics.load(words, Word.ready), 1);
        assertSameGraph(loadFile(file, team));
      } finally {
        members.dispose();
      }
    });

    it('does without threads that have died', async () => {
      const members = startMembers(path.join(distFolder(), 'snapshot-member.js'), 2);
      members.dispose();
      const haveEnded = () => members.links.every(({ words }) => Atomics.load(words, Word.ended) === 1);
      while (!haveEnded()) await new Promise((resolve) => setTimeout(resolve, 5));
      assertSameGraph(loadFile(file, new Team(members.links)));
    });
  });
});
