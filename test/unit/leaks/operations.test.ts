import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compareOperations } from '../../../src/leaks/operations/compare-operations';
import { BegunOperation } from '../../../src/leaks/operations/measure';
import type { OperationRecord, StayedRow } from '../../../src/protocol/operations';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { nodeBinary } from '../../host/node-binary';
import { Program, workerFile } from '../../leaks/program';

const SOURCE = `
class Visit { constructor(i) { this.path = '/page/' + i; } }
class Passing { constructor(i) { this.i = i; } }
const visits = [];
globalThis.work = (n) => { for (let i = 0; i < n; i++) { visits.push(new Visit(i)); new Passing(i); } };
globalThis.forget = () => { visits.length = 0; };
setInterval(() => {}, 1000);
`;

function record(
  name: string,
  operations: number,
  kept: number,
  stayed: readonly StayedRow[] | null,
): OperationRecord {
  const netObjects = stayed?.reduce((sum, row) => sum + row.stayed - row.gone, 0) ?? null;
  const heap = { heapBefore: 1e7, heapAfter: 2e7, heapCollected: 1e7 + kept };
  const facts = { id: name, name, program: 'app.js', pid: 1, load: null, operations, failed: 0 };
  return { ...facts, ...heap, startedAt: 0, durationMs: 1, keptBytes: stayed && kept, netObjects, stayed };
}

describe('leaks: what an operation leaves', function () {
  this.timeout(120_000);
  let folder: string;
  let engine: SnapshotEngine;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'heapwright-operations-'));
    engine = new SnapshotEngine(workerFile);
  });
  after(async () => {
    await engine.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  for (const major of [18, 22, 26]) {
    it(`counts what stayed and what went, by constructor: Node ${major}`, async () => {
      const program = await Program.start({ 'app.cjs': SOURCE }, await nodeBinary(major));
      try {
        await program.work(40);
        const first = await BegunOperation.begin(program.session, { engine, folder });
        await program.work(5000);
        const grown = await first.end();
        const row = grown.stayed!.find(({ name }) => name === 'Visit');
        assert.deepEqual([row?.stayed, row?.gone], [5000, 0]);
        assert.ok(row!.netBytes >= 5000 * 16);
        assert.equal(grown.stayed!.find(({ name }) => name === 'Passing')?.stayed ?? 0, 0);
        assert.ok(grown.netObjects! >= 5000);
        assert.ok(grown.heapCollected - grown.heapBefore >= row!.netBytes);
        assert.ok(grown.heapAfter > grown.heapBefore);
        const code = grown.stayed!.filter(({ name }) =>
          /^\((compiled code|object shape|system)\)$/.test(name),
        );
        const theirs = grown.stayed!.filter((other) => !code.includes(other));
        assert.equal(
          grown.keptBytes,
          theirs.reduce((sum, { netBytes }) => sum + netBytes, 0),
        );

        const second = await BegunOperation.begin(program.session, { engine, folder });
        await program.session.evaluate('forget()');
        const freed = await second.end();
        const gone = freed.stayed!.find(({ name }) => name === 'Visit');
        assert.equal(gone?.gone, 5040);
        // The whole heap may have grown meanwhile by code that was compiled.
        assert.ok(gone.netBytes <= -5040 * 16);
        assert.ok(freed.keptBytes! < 0);
        assert.deepEqual(await readdir(folder), [], 'no snapshot is left');
      } finally {
        await program.dispose();
      }
    });
  }

  it('reads only memory when no snapshots are wanted', async () => {
    const program = await Program.start({ 'app.cjs': SOURCE }, process.execPath);
    try {
      const operation = await BegunOperation.begin(program.session, null);
      await program.work(2000);
      const { stayed, netObjects, heapBefore, heapCollected } = await operation.end();
      assert.deepEqual([stayed, netObjects], [null, null]);
      assert.ok(heapCollected - heapBefore > 2000 * 16);
    } finally {
      await program.dispose();
    }
  });

  it('leaves no snapshot behind when it is cancelled', async () => {
    const program = await Program.start({ 'app.cjs': SOURCE }, process.execPath);
    const controller = new AbortController();
    try {
      const begin = BegunOperation.begin(
        program.session,
        { engine, folder },
        {
          signal: controller.signal,
          onProgress: (text) => text.startsWith('Capturing') && controller.abort(),
        },
      );
      await assert.rejects(begin, { code: 'cancelled' });
      assert.deepEqual(await readdir(folder), []);
    } finally {
      await program.dispose();
    }
  });
});

describe('leaks: two operations compared', () => {
  const session = { name: 'Session', stayed: 100, gone: 0, netBytes: 8000 };
  const shared = { name: 'Buffer', stayed: 10, gone: 10, netBytes: 0 };

  it('says which keeps more for each operation, and of what', () => {
    const leaky = record('GET /login', 100, 500_000, [session, shared]);
    const clean = record('GET /about', 50, 5000, [shared]);
    const { summary, rows } = compareOperations(clean, leaky);
    assert.equal(summary, 'GET /login keeps 4.9 kB more per operation: 100 B and 5.0 kB per operation.');
    assert.deepEqual(rows[0], {
      name: 'Session',
      first: { objects: 0, bytes: 0 },
      second: { objects: 1, bytes: 80 },
      difference: 80,
    });
  });

  it('takes a difference that collections alone make for none', () => {
    const { summary } = compareOperations(record('a', 100, 10_000, []), record('b', 100, 13_000, []));
    assert.equal(summary, 'Both keep about as much: 100 B and 130 B per operation.');
  });

  it('compares memory alone where one has no snapshots', () => {
    const { summary, rows } = compareOperations(
      record('a', 10, 900_000, null),
      record('b', 10, 0, [session]),
    );
    assert.match(summary, /^a keeps 90 kB more per operation: .* objects cannot be compared\.$/);
    assert.deepEqual(rows, []);
  });
});
