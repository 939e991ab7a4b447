import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { groupRows, sumOf } from '../../../src/features/together/group-figures';
import { listWorkers } from '../../../src/inspector/discovery/worker-threads';
import { connect, type InspectorSession } from '../../../src/inspector/session';
import { GroupThreads } from '../../../src/inspector/together/group-threads';
import { ProcessGroup } from '../../../src/inspector/together/process-group';
import { compareHeaps } from '../../../src/leaks/compare-heaps';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { nodeBinary } from '../../host/node-binary';
import { workerFile } from '../../leaks/program';
import { startProgram, type TargetProgram, until } from './target-program';

/** A pool of threads that each fill a cache of their own; the main thread has none. */
const POOL = `
const { Worker } = require('node:worker_threads');
const fs = require('node:fs');
const file = __dirname + '/thumbnails.cjs';
fs.writeFileSync(file, [
  'const { parentPort } = require("node:worker_threads");',
  'const thumbnails = new Map();',
  'const sizeOf = (name) => { if (!thumbnails.has(name)) thumbnails.set(name, { name, tags: ["photo " + name + " of a catalogue".repeat(9)] }); return thumbnails.get(name); };',
  'for (let i = 0; i < 5000; i++) sizeOf("image " + i);',
  'globalThis.pixels = Buffer.alloc(8_000_000, 1);',
  'parentPort.on("message", (message) => message === "wait" ? require("node:child_process").spawnSync("sleep", ["5"]) : process.exit());',
  'globalThis.sizeOf = sizeOf;',
].join('\\n'));
const threads = new Set();
globalThis.start = () => { const thread = new Worker(file); threads.add(thread); thread.on('exit', () => threads.delete(thread)); };
globalThis.ended = 0;
globalThis.herd = () => {
  const short = __dirname + '/short.cjs';
  fs.writeFileSync(short, 'setTimeout(() => {}, 200);');
  const next = () => { const thread = new Worker(short); thread.on('exit', () => { ended++; next(); }); };
  for (let i = 0; i < 6; i++) next();
};
globalThis.tell = (message) => [...threads][0].postMessage(message);
for (let i = 0; i < 3; i++) start();
`;

for (const major of [18, 24]) {
  describe(`inspector: worker threads among several processes, Node ${major}`, function () {
    this.timeout(120_000);
    let program: TargetProgram;
    let group: ProcessGroup;
    let threads: GroupThreads;
    let main: InspectorSession;

    beforeEach(async () => {
      program = await startProgram(POOL, { node: await nodeBinary(major) });
      main = await connect({ url: program.url });
      group = new ProcessGroup({ intervalMs: 50 });
      threads = new GroupThreads(group);
      group.add([source()]);
    });

    afterEach(async () => {
      threads.dispose();
      group.dispose();
      main.dispose();
      await program.dispose();
    });

    const address = () => ({ host: '127.0.0.1', port: Number(new URL(program.url).port) });
    const source = () => ({
      id: 'pool',
      title: 'program.cjs',
      pid: program.pid,
      thread: null,
      kin: 'program.cjs',
      connect: async () => await connect(address()),
      readRss: async () => null,
    });
    const living = () => group.living.filter(({ source: { thread } }) => thread !== null);
    const answering = () => living().filter(({ state, last }) => state === 'watched' && last);
    const told = () =>
      group.members.map(({ source: { id }, state, note }) => `${id} ${state} ${note}`).join('\n');
    const loaded = () => answering().filter(({ last }) => last!.external > 8e6);

    it('reads each heap, and counts no memory twice', async () => {
      await until(() => loaded().length === 3 && group.members[0]!.last !== null, told);
      const { rows } = groupRows(group, () => 0);
      const sum = sumOf(rows)!;
      const [process, ...others] = rows;
      assert.equal(process!.thread, null);
      assert.equal(sum.rss, process!.rss);
      for (const row of others) {
        assert.equal(row.rss, null);
        assert.equal(row.pid, program.pid);
        assert.equal(row.title, 'thumbnails.cjs');
        assert.ok(row.heapUsed! > 2e6 && row.heapUsed! < sum.heapUsed / 2, String(row.heapUsed));
      }
      assert.equal(
        sum.heapUsed,
        rows.reduce((all, row) => all + row.heapUsed!, 0),
      );
      assert.ok(sum.external > 24e6 && sum.external < sum.rss, JSON.stringify(sum));
      assert.equal(new Set(others.map(({ thread }) => thread)).size, 3);
    });

    it('follows threads that end and start, and leaves alone what was let go of', async () => {
      await until(() => answering().length === 3, told);
      await main.evaluate('tell("end")');
      await until(() => living().length === 2, told);
      const ended = group.members.find(({ state }) => state === 'ended')!;
      assert.equal(ended.note, 'The worker thread has ended.');
      const [removed] = living();
      group.remove(removed!.source.id);
      await main.evaluate('start()');
      await until(() => answering().length === 2, told);
      assert.equal(group.has(removed!.source.id), false);
      assert.equal((await listWorkers(address())).length, 3, 'it runs on');
    });

    it('leaves with its process', async () => {
      await until(() => answering().length === 3, told);
      group.remove('pool');
      assert.deepEqual(group.members, []);
      assert.equal((await listWorkers(address())).length, 3);
      group.add([source()]);
      await until(() => answering().length === 3, told);
      program.child.kill('SIGKILL');
      await until(() => group.living.length === 0, told);
    });

    it('ends no program by asking threads that are about to start', async () => {
      await until(() => answering().length === 3, told);
      await main.evaluate('herd()');
      for (let count = 0; count < 150; ) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        count = await main.evaluate<number>('ended');
      }
      assert.equal(group.members[0]!.state, 'watched', program.output());
    });

    it('tells of a thread that stands in a call of the system, while its process and the others go on', async () => {
      await until(() => answering().length === 3, told);
      await main.evaluate('tell("wait")');
      await until(() => living().some(({ state }) => state === 'silent'), told);
      assert.equal(answering().length, 2);
      assert.equal(group.members[0]!.state, 'watched');
      await until(() => answering().length === 3, told);
    });

    it('names a cache that stands in every thread', async () => {
      await until(() => loaded().length === 3, told);
      const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-threads-'));
      const engine = new SnapshotEngine(workerFile);
      try {
        const report = await compareHeaps(
          group.living.map((member) => ({
            pid: member.source.pid,
            title: member.source.title,
            session: member.session!,
          })),
          { engine, folder, signal: new AbortController().signal },
        );
        assert.equal(report.heaps, 4);
        const cache = report.rows.find(({ name }) => name === 'thumbnails')!;
        assert.ok(cache, JSON.stringify(report, null, 1));
        assert.deepEqual(
          cache.copies.map(({ pid, thread, entries }) => [pid, thread !== null, entries]),
          Array.from({ length: 3 }, () => [program.pid, true, 5000]),
        );
        assert.equal(cache.location?.line, 2);
        assert.match(report.summary, / in 3 worker threads: 3 copies/);
        assert.equal(answering().length, 3, told());
      } finally {
        await engine.dispose();
        await fs.rm(folder, { recursive: true, force: true });
      }
    });
  });
}

describe('inspector: a herd of worker threads', function () {
  this.timeout(120_000);

  it('comes and goes: what is watched stays bounded, and the process goes on', async () => {
    const program = await startProgram(`
      const { Worker } = require('node:worker_threads');
      let started = 0;
      const next = () => {
        const thread = new Worker('setTimeout(() => {}, 30)', { eval: true });
        started++;
        thread.on('exit', next);
      };
      globalThis.count = () => started;
      for (let i = 0; i < 40; i++) setTimeout(next, i * 20);
    `);
    const group = new ProcessGroup({ intervalMs: 50 });
    const threads = new GroupThreads(group);
    const main = await connect({ url: program.url });
    try {
      group.add([
        {
          id: 'herd',
          title: 'program.cjs',
          pid: program.pid,
          thread: null,
          kin: 'program.cjs',
          connect: async () => await connect({ url: program.url }),
          readRss: async () => null,
        },
      ]);
      let most = 0;
      for (let count = 0; count < 300; ) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        count = await main.evaluate<number>('count()');
        most = Math.max(most, group.members.length);
      }
      assert.ok(most <= 38, String(most));
      assert.equal(group.members[0]!.state, 'watched');
      assert.ok(group.members[0]!.last);
    } finally {
      threads.dispose();
      group.dispose();
      main.dispose();
      await program.dispose();
    }
  });
});
