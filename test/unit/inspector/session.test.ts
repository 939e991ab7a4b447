import assert from 'node:assert/strict';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readMemory } from '../../../src/inspector/memory';
import { MemorySampler } from '../../../src/inspector/memory-sampler';
import { connect } from '../../../src/inspector/session';
import { HeapwrightError } from '../../../src/protocol/errors';
import type { MemorySample } from '../../../src/protocol/samples';
import { nodeBinary } from '../../host/node-binary';
import { startProgram, type TargetProgram, until } from './target-program';

describe('a session', function () {
  this.timeout(120_000);
  let program: TargetProgram | undefined;
  afterEach(async () => {
    await program?.dispose();
    program = undefined;
  });

  for (const major of [18, 20, 22, 24, 26]) {
    for (const extension of ['.cjs', '.mjs'] as const) {
      it(`attaches to Node ${major}, ${extension === '.cjs' ? 'CommonJS' : 'ES modules'}`, async () => {
        program = await startProgram('globalThis.kept = [];', { node: await nodeBinary(major), extension });
        const session = await connect({ url: program.url });
        try {
          assert.equal(session.info.pid, program.pid);
          assert.equal(session.info.title, `program${extension}`);
          assert.match(session.info.nodeVersion ?? '', new RegExp(`^v${major}\\.`));
          const sample = await readMemory(session);
          assert.ok(
            sample.heapUsed > 1e6 && sample.heapUsed <= sample.heapTotal && sample.rss > sample.heapUsed,
          );
          assert.ok(sample.heapLimit > 100e6, `heap limit ${sample.heapLimit}`);
          await session.collectGarbage();
          const { scripts, paused } = await session.scripts();
          assert.equal(paused, false);
          const own = path.join(program.folder, `program${extension}`);
          assert.ok(scripts.some(({ url }) => url === pathToFileURL(own).href || url === own));
        } finally {
          session.dispose();
        }
      });
    }
  }

  it('shares the target with another debugger, also while that one has stopped it', async () => {
    program = await startProgram('globalThis.turns = 0; setInterval(() => globalThis.turns++, 10);');
    const [other, session] = [await connect({ url: program.url }), await connect({ url: program.url })];
    const stopped = new Promise((resolve) => other.connection.on('Debugger.paused', resolve));
    await other.connection.send('Debugger.enable', {});
    await other.connection.send('Debugger.pause', undefined);
    await stopped;
    assert.ok((await readMemory(session)).heapUsed > 0);
    assert.equal((await session.scripts()).paused, true);
    await other.connection.send('Debugger.resume', undefined);
    // On a busy machine this session asks before the other one's word has come.
    for (let asked = 0; asked < 100 && (await session.scripts()).paused; asked++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal((await session.scripts()).paused, false);
    other.dispose();
    session.dispose();
  });

  it('does not let a debugger statement stop the program', async () => {
    program = await startProgram(
      'globalThis.turns = 0; setInterval(() => { debugger; globalThis.turns++; }, 2);',
    );
    const session = await connect({ url: program.url });
    for (let i = 0; i < 20; i++) await session.scripts();
    const before = await session.evaluate<number>('turns');
    let now = before;
    for (let i = 0; i < 100 && now === before; i++) now = await session.evaluate<number>('turns');
    assert.ok(now > before, 'it stands still');
    session.dispose();
  });

  it('waits for promises that nothing else holds, while V8 collects', async () => {
    program = await startProgram('', { node: await nodeBinary(22) });
    const session = await connect({ url: program.url });
    const waiting = Array.from({ length: 20 }, (_, i) =>
      session.evaluate<number>(`new Promise((resolve) => setTimeout(() => resolve(${i}), 300))`),
    );
    for (let i = 0; i < 20; i++) await session.collectGarbage();
    assert.deepEqual(
      await Promise.all(waiting),
      waiting.map((_, i) => i),
    );
    assert.deepEqual(await session.evaluate('({ a: [1] })'), { a: [1] });
    await assert.rejects(session.evaluate('Promise.reject(new TypeError("no"))'), /TypeError: no/);
    await assert.rejects(session.evaluate('nothingOfThatName'), /nothingOfThatName is not defined/);
    session.dispose();
  });

  it('tells once when the process has ended', async () => {
    program = await startProgram('');
    const session = await connect({ url: program.url });
    const ends: string[] = [];
    session.onDidClose(({ message }) => ends.push(message));
    program.child.kill('SIGKILL');
    await until(
      () => ends.length > 0,
      () => 'nothing was told',
    );
    assert.equal(ends.length, 1);
    assert.match(ends[0] ?? '', /ended/);
    await assert.rejects(
      readMemory(session),
      (error: unknown) => error instanceof HeapwrightError && error.code === 'inspector-closed',
    );
  });

  for (const major of [18, 20, 22, 24, 26]) {
    it(`does not keep a program that is through: Node ${major}`, async () => {
      program = await startProgram("process.on('SIGUSR2', () => process.exit(7));", {
        node: await nodeBinary(major),
      });
      const session = await connect({ url: program.url });
      const ends: string[] = [];
      session.onDidClose(({ message }) => ends.push(message));
      const { child } = program;
      const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
      child.kill('SIGUSR2');
      assert.equal(await exited, 7);
      await until(
        () => ends.length > 0,
        () => 'nothing was told',
      );
      assert.deepEqual(ends, ['The process has ended.']);
    });
  }

  it('gives up on a process that is blocked', async () => {
    program = await startProgram(
      "setTimeout(() => require('node:child_process').execFileSync('sleep', ['60']), 300); process.title = 'blocked';",
    );
    const { url } = program;
    await new Promise((resolve) => setTimeout(resolve, 800));
    await assert.rejects(
      connect({ url }, { timeoutMs: 500 }),
      (error: unknown) => error instanceof HeapwrightError && error.code === 'target-timeout',
    );
    process.kill(program.pid, 'SIGKILL');
  });

  it('can be cancelled while it attaches', async () => {
    program = await startProgram('');
    await assert.rejects(
      connect({ url: program.url }, { signal: AbortSignal.abort() }),
      (error: unknown) => error instanceof HeapwrightError && error.code === 'cancelled',
    );
  });
});

describe('the sampler', function () {
  this.timeout(120_000);

  it('reads on and on, changes pace, stops, and leaves nothing in the target', async () => {
    const program = await startProgram('');
    const session = await connect({ url: program.url });
    const sampler = new MemorySampler(session, { intervalMs: 60_000 });
    try {
      const heapAfterCollection = async () => {
        for (let i = 0; i < 3; i++) await session.collectGarbage();
        return (await readMemory(session)).heapUsed;
      };
      const samples: MemorySample[] = [];
      sampler.onSample((sample) => samples.push(sample));
      await until(
        () => samples.length === 1,
        () => 'no first sample',
      );
      sampler.intervalMs = 0;
      await until(
        () => samples.length > 3000,
        () => `${samples.length} samples`,
      );
      const before = await heapAfterCollection();
      const start = samples.length;
      await until(
        () => samples.length > start + 3000,
        () => `${samples.length} samples`,
      );
      const after = await heapAfterCollection();
      sampler.dispose();
      const count = samples.length;
      assert.ok(after - before < 200_000, `the target grew by ${after - before} bytes over 3000 samples`);
      for (let i = 1; i < count; i++) assert.ok(samples[i]!.at >= samples[i - 1]!.at);
      await session.collectGarbage();
      await session.collectGarbage();
      assert.equal(samples.length, count, 'it went on after its end');
    } finally {
      sampler.dispose();
      session.dispose();
      await program.dispose();
    }
  });
});
