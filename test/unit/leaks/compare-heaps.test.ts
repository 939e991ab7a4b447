import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { connect } from '../../../src/inspector/session';
import { compareHeaps } from '../../../src/leaks/compare-heaps';
import type { CopiesReport } from '../../../src/protocol/together';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { Program, workerFile } from '../../leaks/program';
import { startProgram } from '../inspector/target-program';

const MAIN = `
const { addPrice, Cache } = require('./prices.cjs');
const text = (n) => 'a product with a description of its own, number ' + n + ' of all '.repeat(40);
const responses = new Cache();
for (let i = 0; i < 3000; i++) responses.set('/product/' + i, text(i));
for (let i = 0; i < 1000; i++) addPrice({ id: i, label: text(i) });
setInterval(function sendDigest() {}, 3_600_000);
globalThis.find = (url) => responses.get(url);
globalThis.work = () => { globalThis.kept = Array.from({ length: 20000 }, (_, i) => ({ text: text(i) })); };
`;
const PRICES = `
class Cache {
  #byUrl = new Map();
  set(url, text) { this.#byUrl.set(url, text); }
  get(url) { return this.#byUrl.get(url); }
}
exports.Cache = Cache;
const prices = [];
exports.addPrice = (price) => prices.push(price);
`;

describe('leaks: the heaps of several processes beside each other', function () {
  this.timeout(120_000);
  const programs: Program[] = [];
  let engine: SnapshotEngine;
  let folder: string;
  let report: CopiesReport;

  before(async () => {
    engine = new SnapshotEngine(workerFile);
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-compare-'));
    const shared = await fs.mkdtemp(path.join(folder, 'program-'));
    await fs.writeFile(path.join(shared, 'main.cjs'), MAIN);
    await fs.writeFile(path.join(shared, 'prices.cjs'), PRICES);
    for (let i = 0; i < 3; i++)
      programs.push(await Program.run(path.join(shared, 'main.cjs'), process.execPath, shared));
    await programs[1]!.work(1);
    const processes = programs.map(({ session }) => ({ pid: session.info.pid!, title: 'main.cjs', session }));
    const captures = path.join(folder, 'captures');
    report = await compareHeaps(processes, {
      engine,
      folder: captures,
      signal: new AbortController().signal,
    });
  });

  after(async () => {
    for (const program of programs) await program.dispose();
    await engine.dispose();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('names a cache that each of them has, by its variable, with the sum', () => {
    const row = report.rows.find(({ name }) => name === 'responses')!;
    assert.ok(row, JSON.stringify(report, null, 1));
    assert.equal(row.className, 'Cache');
    assert.equal(row.kind, 'map');
    assert.equal(row.copies.length, 3);
    assert.ok(row.copies.every(({ entries }) => entries === 3000));
    assert.equal(path.basename(row.location?.file ?? ''), 'main.cjs');
    assert.equal(row.location?.line, 4);
    assert.equal(
      row.total,
      row.copies.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    assert.ok(row.total > 3 * 500_000, String(row.total));
    assert.match(report.summary, /^\w+ stands in 3 processes: 3 copies, 3 × .+ MB together\. Held once/);
  });

  it('names a variable of another module', () => {
    const row = report.rows.find(({ name }) => name === 'prices')!;
    assert.ok(row, JSON.stringify(report, null, 1));
    assert.equal(path.basename(row.location?.file ?? ''), 'prices.cjs');
    assert.equal(row.holder, 'variable of module prices.cjs');
    assert.ok(row.copies.every(({ entries }) => entries === 1000));
  });

  it('names what only one of them has', () => {
    const row = report.rows.find(({ name }) => name === 'globalThis.kept')!;
    assert.ok(row, JSON.stringify(report, null, 1));
    assert.deepEqual(
      row.copies.map(({ pid }) => pid),
      [programs[1]!.session.info.pid],
    );
  });

  it('names a job that each of them repeats', () => {
    const job = report.jobs.find(({ name }) => name === 'sendDigest')!;
    assert.equal(job.everyMs, 3_600_000);
    assert.equal(job.heaps.length, 3);
    assert.equal(job.location.line, 7);
  });

  it('leaves no file behind', async () => {
    assert.deepEqual(await fs.readdir(path.join(folder, 'captures')), []);
  });

  it('says which processes ended meanwhile', async () => {
    const other = await startProgram('');
    try {
      const session = await connect({ url: other.url });
      other.child.kill('SIGKILL');
      const [first] = programs.map((program) => ({ pid: 1, title: 'main.cjs', session: program.session }));
      const { left, heaps } = await compareHeaps([first!, { pid: other.pid, title: 'other.cjs', session }], {
        engine,
        folder: path.join(folder, 'captures'),
        signal: new AbortController().signal,
      });
      assert.equal(heaps, 1);
      assert.deepEqual(left, [`other.cjs (pid ${other.pid}) ended meanwhile.`]);
    } finally {
      await other.dispose();
    }
  });
});
