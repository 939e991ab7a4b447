import assert from 'node:assert/strict';
import * as path from 'node:path';
import { captureSnapshot } from '../../../src/inspector/capture';
import { listWorkers } from '../../../src/inspector/discovery/worker-threads';
import { readMemory } from '../../../src/inspector/memory';
import { connect, type InspectorSession } from '../../../src/inspector/session';
import { connectWorker } from '../../../src/inspector/worker-session';
import { HeapwrightError } from '../../../src/protocol/errors';
import type { InspectorAddress } from '../../../src/protocol/targets';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { nodeBinary } from '../../host/node-binary';
import { workerFile } from '../../leaks/program';
import { startProgram, type TargetProgram, until } from './target-program';

/** Two threads, one of which keeps much. */
const PROGRAM = `
const { Worker } = require('node:worker_threads');
const source = (name, count) => 'class ' + name + ' { constructor(i) { this.text = "number " + i; } }' +
  'globalThis.kept = Array.from({ length: ' + count + ' }, (_, i) => new ' + name + '(i)); setInterval(() => {}, 1000);' +
  'require("node:worker_threads").parentPort.once("message", () => process.exit());';
const workers = [new Worker(source('Thumbnail', 50000), { eval: true }), new Worker(source('Mail', 10), { eval: true })];
globalThis.end = () => workers[0].postMessage('end');
`;

for (const major of [18, 20, 24, 26]) {
  describe(`inspector: a worker thread of Node ${major}`, function () {
    this.timeout(120_000);
    let program: TargetProgram;
    let address: InspectorAddress;
    let session: InspectorSession;

    before(async () => {
      program = await startProgram(PROGRAM, { node: await nodeBinary(major) });
      address = { host: '127.0.0.1', port: Number(new URL(program.url).port) };
      session = await connectThumbnails(address);
    });

    after(async () => {
      session?.dispose();
      await program.dispose();
    });

    it('tells of itself and of its own heap', async () => {
      assert.equal(session.info.pid, program.pid);
      assert.match(session.info.title, /\(worker \d+\)$/);
      const own = await readMemory(session);
      const main = await connect(address);
      try {
        assert.ok(own.heapUsed > (await readMemory(main)).heapUsed, String(own.heapUsed));
      } finally {
        main.dispose();
      }
      assert.equal(await session.evaluate('kept.length'), 50_000);
    });

    it('gives a snapshot of its heap alone', async () => {
      const file = path.join(program.folder, 'worker.heapsnapshot');
      const { scripts, fileBytes } = await captureSnapshot(session, file);
      assert.ok(fileBytes > 1e6);
      assert.ok(Array.isArray(scripts));
      const engine = new SnapshotEngine(workerFile);
      try {
        const snapshot = await engine.open(file);
        const { rows } = await snapshot.constructors({ filter: 'Thumbnail' });
        assert.equal(rows.find(({ name }) => name === 'Thumbnail')?.count, 50_000);
        assert.equal(
          (await snapshot.constructors({ filter: 'Mail' })).rows.some(({ name }) => name === 'Mail'),
          false,
        );
      } finally {
        await engine.dispose();
      }
    });

    it('says when the thread has ended, while its process goes on', async () => {
      const ended: string[] = [];
      session.onDidClose(({ message }) => ended.push(message));
      const main = await connect(address);
      await main.evaluate('end()');
      await until(
        () => ended.length > 0,
        () => 'The end was not told',
      );
      assert.deepEqual(ended, ['The worker thread has ended.']);
      await assert.rejects(
        connectWorker(address, '77'),
        (error) => error instanceof HeapwrightError && error.code === 'target-not-found',
      );
      assert.ok((await readMemory(main)).rss > 0);
      main.dispose();
    });
  });
}

describe('inspector: the number of a worker thread', function () {
  this.timeout(120_000);

  for (const major of [18, 20, 24, 26]) {
    it(`is its own, whichever others have ended, in Node ${major}`, async () => {
      const program = await startProgram(
        `const { Worker } = require('node:worker_threads');
        const source = 'setInterval(() => {}, 1000)';
        const workers = Array.from({ length: 6 }, (_, i) => new Worker(source, { eval: true, name: 'job ' + i }));
        workers[0].once('online', () => workers[0].terminate());`,
        { node: await nodeBinary(major) },
      );
      try {
        const address = { host: '127.0.0.1', port: Number(new URL(program.url).port) };
        let ids: string[] = [];
        while (ids.length !== 5) ids = (await listWorkers(address)).map(({ id }) => id);
        assert.deepEqual(ids.map(Number).sort(), [2, 3, 4, 5, 6]);
        for (const id of ids) {
          const session = await connectWorker(address, id);
          const own =
            'process.getBuiltinModule ? process.getBuiltinModule("worker_threads").threadId : require("worker_threads").threadId';
          assert.equal(String(await session.evaluate(own, { commandLineApi: true })), id);
          session.dispose();
        }
      } finally {
        await program.dispose();
      }
    });
  }
});

describe('inspector: a thread that a thread started', function () {
  this.timeout(120_000);

  for (const major of [18, 20, 24, 26]) {
    it(`is found and attached to beside the other, in Node ${major}`, async () => {
      const program = await startProgram(
        `const { Worker } = require('node:worker_threads');
        const inner = 'globalThis.name = "inner"; setInterval(() => {}, 1000)';
        const outer = 'globalThis.name = "outer"; const { Worker } = require("node:worker_threads"); new Worker(' + JSON.stringify(inner) + ', { eval: true })';
        new Worker(outer, { eval: true });`,
        { node: await nodeBinary(major) },
      );
      try {
        const address = { host: '127.0.0.1', port: Number(new URL(program.url).port) };
        let ids: string[] = [];
        while (ids.length !== 2) ids = (await listWorkers(address)).map(({ id }) => id);
        const names: string[] = [];
        for (const id of ids) {
          const session = await connectWorker(address, id);
          // It may still be about to run its first line.
          let name: string | null = null;
          while (name === null) name = await session.evaluate<string | null>('globalThis.name ?? null');
          names.push(name);
          session.dispose();
        }
        assert.deepEqual(names.sort(), ['inner', 'outer']);
      } finally {
        await program.dispose();
      }
    });
  }
});

/** The thread that keeps much, once it has made all of it: sizes alone would tell of a thread that is still loading. */
async function connectThumbnails(address: InspectorAddress): Promise<InspectorSession> {
  for (;;) {
    const workers = await listWorkers(address);
    for (const { id } of workers.length === 2 ? workers : []) {
      const session = await connectWorker(address, id);
      if ((await session.evaluate<number>('globalThis.kept ? kept.length : 0')) === 50_000) return session;
      session.dispose();
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
