import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import type { LoadProgress } from '../../../src/protocol/snapshot';
import type { SnapshotCalls } from '../../../src/protocol/snapshot-rpc';
import { ThreadClient } from '../../../src/protocol/thread-client';
import type { SnapshotWorkerData } from '../../../src/snapshot/threads/mailbox';
import { type Members, startMembers } from '../../../src/snapshot/threads/start-members';
import { distFolder } from '../../host/cache-folder';
import { makeSnapshots, type SnapshotFolder, VARIETY } from './make-snapshot';

const run = promisify(execFile);
const workerFile = path.join(distFolder(), 'snapshot-worker.js');

const META = {
  node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
  node_types: [['synthetic', 'object']],
  edge_fields: ['type', 'name_or_index', 'to_node'],
  edge_types: [['shortcut']],
};

/** A heap of `count` objects, each of a class of its own. */
function manyClasses(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => i + 1);
  return JSON.stringify({
    snapshot: { meta: META, node_count: count + 1, edge_count: count },
    nodes: [0, 0, 1, 0, count, ...rows.flatMap((i) => [1, i, 2 * i + 1, 16, 0])],
    edges: rows.flatMap((i) => [0, i, 5 * i]),
    strings: ['', ...rows.map((i) => `A class with a rather long name, number ${i}`)],
  });
}

describe('a thread that has not enough', function () {
  this.timeout(120_000);
  let folder: SnapshotFolder;
  let file: string;
  const threads: ThreadClient<SnapshotCalls, LoadProgress>[] = [];
  before(async () => {
    folder = await makeSnapshots(`${VARIETY}\nsnapshot('a');\nprocess.exit();`);
    file = folder.file('a');
  });
  afterEach(async () => {
    for (const thread of threads.splice(0)) await thread.dispose();
  });
  after(() => folder?.dispose());

  function startThread(
    prepare?: ConstructorParameters<typeof ThreadClient>[2],
  ): ThreadClient<SnapshotCalls, LoadProgress> {
    const thread = new ThreadClient<SnapshotCalls, LoadProgress>(workerFile, 'snapshot', prepare);
    threads.push(thread);
    return thread;
  }

  it('of its JavaScript heap: the call says so, and the next one starts another thread', async () => {
    await fs.writeFile(folder.file('classes'), manyClasses(150_000));
    const workerData: SnapshotWorkerData = { links: [] };
    const resourceLimits = { maxOldGenerationSizeMb: 16 };
    const thread = startThread(() => ({ options: { workerData, resourceLimits }, dispose: () => {} }));
    await assert.rejects(thread.call('open', { file: folder.file('classes') }), {
      code: 'worker-out-of-memory',
    });
    assert.equal(thread.generation, 1);
    const { info } = await thread.call('open', { file });
    assert.ok(info.nodeCount > 10_000);
  });

  it('of helpers, since they die while they work: the file opens all the same', async () => {
    const expected = await startThread(() => ({
      options: { workerData: { links: [] } satisfies SnapshotWorkerData },
      dispose: () => {},
    })).call('open', { file });
    await fs.appendFile(file, ' '.repeat(5 << 20));
    for (const delay of [0, 1, 2, 5, 10, 20, 40, 60, 80, 100, 150]) {
      let members: Members | undefined;
      const thread = startThread(() => {
        members = startMembers(path.join(distFolder(), 'snapshot-member.js'), 2);
        const { links, dispose } = members;
        const workerData: SnapshotWorkerData = { links };
        return { options: { workerData, transferList: links.map(({ port }) => port) }, dispose };
      });
      const opening = thread.call('open', { file });
      setTimeout(() => members?.dispose(), delay);
      const { info } = await opening;
      assert.equal(info.totalSize, expected.info.totalSize, `after ${delay} ms`);
      assert.equal(info.nodeCount, expected.info.nodeCount);
    }
  });

  it('of memory outside of that heap: the call says so, and the thread goes on', async function () {
    // Elsewhere a process cannot be kept from memory that it does not touch.
    if (process.platform !== 'linux') return this.skip();
    const nodes = 250e6;
    const header = JSON.stringify({ snapshot: { meta: META, node_count: nodes, edge_count: 1 } });
    const large = await fs.open(folder.file('large'), 'w');
    await large.write(`${header.slice(0, -1)},"nodes":[0,0,1,0,1,`);
    // A hole: it takes no room on the disk.
    await large.truncate(nodes * 5 * 2);
    await large.close();
    const { stdout } = await run('bash', [
      '-c',
      'ulimit -v 8000000; exec "$0" "$@"',
      process.execPath,
      path.join(__dirname, 'open-two.js'),
      folder.file('large'),
      file,
    ]);
    assert.match(stdout, /^worker-out-of-memory\n\d+ objects\n$/);
  });
});
