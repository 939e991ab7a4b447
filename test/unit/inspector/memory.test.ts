import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { MemoryReader } from '../../../src/inspector/memory';
import { MAKE_READER, MODULES, parseReading } from '../../../src/inspector/memory-script';
import { connect, type InspectorSession } from '../../../src/inspector/session';
import type { MemorySample } from '../../../src/protocol/samples';
import { nodeBinary } from '../../host/node-binary';
import { startProgram, type TargetProgram } from './target-program';

/** Makes garbage all the time, and stands still for 60 ms five times a second. */
const BUSY = `
setInterval(() => {
  for (const end = Date.now() + 60; Date.now() < end; ) globalThis.last = new Array(10);
}, 200);`;

describe('the reader of memory', function () {
  this.timeout(120_000);
  let program: TargetProgram | undefined;
  let session: InspectorSession | undefined;
  const attach = async () => (session = await connect({ url: program!.url }));
  afterEach(async () => {
    session?.dispose();
    await program?.dispose();
  });

  /** Reads until `isThere` is content with a sample. */
  const readUntil = async (reader: MemoryReader, isThere: (sample: MemorySample) => boolean) => {
    for (let i = 0; i < 500; i++) {
      const { sample } = await reader.read();
      if (isThere(sample)) return sample;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('no such sample');
  };

  for (const major of [18, 20, 22, 24, 26]) {
    for (const extension of ['.cjs', '.mjs'] as const) {
      it(`tells of heap, collections, event loop and resources on Node ${major}, ${extension}`, async () => {
        program = await startProgram(BUSY, { node: await nodeBinary(major), extension });
        const reader = new MemoryReader(await attach(), { observe: true });
        const { sample, uptimeMs } = await reader.read();
        assert.ok(uptimeMs !== null && uptimeMs > 0);
        const { runtime } = sample;
        assert.ok(runtime);
        assert.ok(runtime.malloced! > 1000, 'malloced');
        assert.ok(runtime.code! > 10_000 && runtime.code! < sample.heapTotal, 'code');
        assert.equal(runtime.contexts, 1);
        assert.equal(runtime.detachedContexts, 0);
        const old = runtime.spaces.find(({ name }) => name === 'old_space');
        assert.ok(old && old.used > 100_000 && old.used <= old.size);
        assert.ok((runtime.resources?.Timeout ?? 0) >= 1);
        const collected = await readUntil(reader, ({ runtime }) => (runtime?.gc?.minor ?? 0) > 0);
        assert.ok(collected.runtime!.gc!.pauseMs > 0);
        assert.ok(collected.runtime!.gc!.longestMs <= collected.runtime!.gc!.pauseMs);
        const late = await readUntil(reader, ({ runtime }) => (runtime?.eventLoop?.worstDelayMs ?? 0) > 20);
        assert.ok(late.runtime!.eventLoop!.utilisation > 0 && late.runtime!.eventLoop!.utilisation <= 1);
        assert.ok(late.runtime!.cpuMs! > 0);
        await session!.collectGarbage();
        await readUntil(reader, ({ runtime }) => (runtime?.gc?.major ?? 0) > 0);
        reader.dispose();
      });
    }
  }

  it('works in a worker thread', async () => {
    const source = `
      const { parentPort } = require('node:worker_threads');
      const reader = (${MAKE_READER}).call(${MODULES}, true);
      setTimeout(() => { parentPort.postMessage(reader()); reader.stop(); }, 50);`;
    const worker = new Worker(source, { eval: true });
    const line = await new Promise<unknown>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    const reading = parseReading(line);
    assert.ok(reading);
    const [, , heapUsed, , , , , heap, spaces, gc, loop] = reading;
    assert.ok(heapUsed > 1e6 && heap && spaces && spaces.length > 9 && gc && loop);
  });

  it('takes all that it installed out of the target when it leaves', async () => {
    program = await startProgram(
      'globalThis.PerformanceObserver = require("perf_hooks").PerformanceObserver;',
    );
    const witness = await connect({ url: program.url });
    const observers = async () => await countInstances(witness, 'PerformanceObserver.prototype');
    try {
      await attach();
      const reader = new MemoryReader(session!, { observe: true });
      await reader.read();
      assert.equal(await observers(), 1);
      reader.dispose();
      session!.dispose();
      for (let i = 0; i < 100 && (await observers()) > 0; i++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.equal(await observers(), 0);
    } finally {
      witness.dispose();
    }
  });

  it('does not end the program when it is stopped while collections are counted', () => {
    // The inspector interrupts even a loop, and Node delivers what it has queued to an observer that has left.
    let deliver = (_: { getEntries(): object[] }): void => assert.fail('nothing is observed');
    class PerformanceObserver {
      constructor(callback: typeof deliver) {
        deliver = callback;
      }
      observe() {}
      disconnect() {}
    }
    const make = new Function(`return (${MAKE_READER})`)() as (observe: boolean) => { stop(): void };
    const reader = make.call({ v8: null, hooks: { PerformanceObserver } }, true);
    const entry = { detail: { kind: 1 }, duration: 1 };
    const stopping = {
      detail: { kind: 1 },
      get duration() {
        reader.stop();
        return 1;
      },
    };
    deliver({ getEntries: () => [stopping, entry] });
    deliver({ getEntries: () => [entry] });
  });

  it('leaves nothing behind either when the editor that read has crashed', async () => {
    program = await startProgram(
      'globalThis.PerformanceObserver = require("perf_hooks").PerformanceObserver;',
    );
    const witness = await connect({ url: program.url });
    try {
      await new MemoryReader(await attach(), { observe: true }).read();
      // The connection is gone, and nobody has told the reader.
      session!.dispose();
      let left = 1;
      for (let i = 0; i < 100 && left > 0; i++) {
        await witness.collectGarbage();
        await new Promise((resolve) => setTimeout(resolve, 20));
        left = await countInstances(witness, 'PerformanceObserver.prototype');
      }
      assert.equal(left, 0);
    } finally {
      witness.dispose();
    }
  });

  it('reads what every V8 tells where there is no process, as in a page', async () => {
    program = await startProgram(
      'globalThis.kept = Buffer.alloc(5e6); setTimeout(() => delete globalThis.process, 0);',
    );
    await attach();
    const { sample } = await new MemoryReader(session!, { observe: true }).read();
    assert.ok(sample.heapUsed > 1e6 && sample.heapTotal >= sample.heapUsed);
    assert.equal(sample.rss, 0);
    assert.equal(sample.runtime, undefined);
  });

  it('refuses an answer that is no reading', async () => {
    program = await startProgram('process.memoryUsage = () => ({});');
    const reader = new MemoryReader(await attach(), { observe: true });
    await assert.rejects(reader.read(), /no reading of its memory/);
    for (const line of ['', 'x', '[]', '[1]', '{}', '[1,2,null,4,5,6,7]', 7, undefined]) {
      assert.equal(parseReading(line), null, String(line));
    }
  });
});

async function countInstances(session: InspectorSession, prototype: string): Promise<number> {
  const objectGroup = 'count';
  const { result } = await session.connection.send('Runtime.evaluate', {
    expression: prototype,
    objectGroup,
  });
  const { objects } = await session.connection.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId!,
    objectGroup,
  });
  const { result: count } = await session.connection.send('Runtime.callFunctionOn', {
    objectId: objects.objectId!,
    functionDeclaration: 'function () { return this.length; }',
    returnByValue: true,
  });
  await session.connection.send('Runtime.releaseObjectGroup', { objectGroup });
  return Number(count.value);
}
