import assert from 'node:assert/strict';
import * as path from 'node:path';
import { HeapwrightError } from '../../../src/protocol/errors';
import { type Snapshot, SnapshotEngine } from '../../../src/snapshot/client';
import { distFolder } from '../../host/cache-folder';
import { makeSnapshots, type SnapshotFolder } from './make-snapshot';

const PROGRAM = `
const { EventEmitter } = require('node:events');
class Session { constructor(i) { this.user = 'user-' + i; this.note = ('the same text, ' + 'again and again ' + (i % 2)).split('').join(''); } }
const held = globalThis.held = { sessions: [], bus: new EventEmitter() };
held.bus.setMaxListeners(0);
const fill = (count) => { for (let i = 0; i < count; i++) held.sessions.push(new Session(i)); };
function makeCounter() { const bigUnused = new Array(5000).fill('x'); let count = 0; const reader = () => bigUnused.length; return () => ++count; }
held.counter = makeCounter();
held.log = '';
const write = (count) => { for (let i = 0; i < count; i++) held.log += 'line ' + i + ' of the log\\n'; held.log.indexOf('x'); };
for (let i = 0; i < 30; i++) held.bus.on(i % 3 ? 'data' : 'end', () => held.counter());
fill(100); write(100); snapshot('a');
fill(50); write(100); snapshot('b');
held.sessions.splice(120); fill(70); write(100); snapshot('c');
`;

describe('questions about a heap', function () {
  this.timeout(120_000);
  const engine = new SnapshotEngine(path.join(distFolder(), 'snapshot-worker.js'));
  let folder: SnapshotFolder;
  let series: Snapshot[];
  let last: Snapshot;

  before(async () => {
    folder = await makeSnapshots(PROGRAM);
    series = await Promise.all(['a', 'b', 'c'].map((name) => engine.open(folder.file(name))));
    last = series.at(-1)!;
  });
  after(async () => {
    await engine.dispose();
    await folder?.dispose();
  });

  it('follow every constructor through a series', async () => {
    const rows = await engine.constructorSeries(series);
    const sessions = rows.find(({ name }) => name === 'Session');
    assert.deepEqual(sessions?.counts, [100, 150, 190]);
    assert.ok(sessions && sessions.selfSizes[2]! > sessions.selfSizes[0]!);
  });

  it('tell what one round left behind for good', async () => {
    const sessions = async (born: number) =>
      (await engine.survivors(series, born)).find(({ name }) => name === 'Session');
    assert.equal((await sessions(0))?.count, 100);
    const ofSecond = await sessions(1);
    assert.equal(ofSecond?.count, 20);
    assert.equal(ofSecond?.ids.length, 10);
    assert.equal((await last.node(ofSecond!.ids[0]!))?.constructorName, 'Session');
    assert.equal((await sessions(2))?.count, 70);
  });

  it('find strings that stand there many times', async () => {
    const { rows } = await last.duplicateStrings();
    const doubled = rows.filter(({ text }) => text.startsWith('the same text, again'));
    assert.deepEqual(
      doubled.map(({ count }) => count),
      [95, 95],
    );
    assert.ok(doubled.every(({ waste, size }) => waste === 94 * size));
  });

  it('find the property that is given ever larger values', async () => {
    const slots = await engine.swellingSlots(series, { minGrowth: 1000 });
    const log = slots.find(({ edge }) => edge.name === 'log');
    assert.ok(log, JSON.stringify(slots.map(({ edge }) => edge)));
    assert.match(log.value.type, /string$/);
    const [a, b, c] = log.sizes as [number, number, number];
    assert.ok(a > 1500 && b - a > 1500 && c - b > 1500, `${a} ${b} ${c}`);
    assert.ok(!slots.some(({ edge }) => edge.name === 'sessions'), 'the same array all the time');
  });

  it('name the declaration that holds an object, however many others do', async () => {
    const held = (await last.search('prop:bus')).rows.find(
      ({ constructorName }) => constructorName === 'Object',
    );
    const { rows } = await last.properties(held!.id, { limit: 50 });
    const id = rows.find(({ name }) => name === 'bus')!.node.id;
    const query = { id, userScripts: [], mostVisits: 100, before: null };
    const { owner, visits } = await last.owner(query);
    assert.deepEqual([owner?.anchor.kind, owner?.anchor.name], ['global', 'held']);
    assert.deepEqual(
      owner?.steps.map(({ edge }) => edge.name),
      ['held', 'bus'],
    );
    assert.ok(visits <= 100);
  });

  it('count the listeners of emitters', async () => {
    const [bus] = await last.listenerTables(1);
    assert.equal(bus?.listeners, 30);
    assert.deepEqual(bus?.events, [
      { name: 'data', listeners: 20 },
      { name: 'end', listeners: 10 },
    ]);
  });

  it('show variables that a closure keeps in its scope, and who can read them', async () => {
    const contexts = await last.contexts(500);
    const counter = contexts.find(({ variables }) => variables.some(({ name }) => name === 'bigUnused'));
    assert.ok(counter);
    assert.deepEqual(
      counter.variables.map(({ name }) => name).filter((name) => name !== 'count'),
      ['bigUnused'],
    );
    assert.equal(counter.closures.length, 1);
    assert.ok(counter.closures[0]?.location);
  });

  it('go down the dominator tree and down from the roots', async () => {
    const { rows } = await last.search('class:Session', { limit: 1 });
    const top = await last.dominated(last.info.rootId, { limit: 1e6 });
    const sum = top.rows.reduce((total, { retainedSize }) => total + retainedSize, 0);
    assert.equal(sum + (await last.node(last.info.rootId))!.selfSize, last.info.totalSize);
    const below = await last.dominated(rows[0]!.id);
    assert.ok(below.rows.some(({ name }) => name.startsWith('the same text')));
    const roots = await last.properties(last.info.rootId);
    assert.ok(roots.rows.some(({ node }) => node.name === '(GC roots)'));
  });

  it('search by id, name, constructor, type, property and bounds', async () => {
    const ids = async (query: string) => (await last.search(query, { limit: 1e5 })).rows.map(({ id }) => id);
    const sessions = await ids('class:session prop:user');
    assert.equal(sessions.length, 190);
    assert.deepEqual(await ids(`@${sessions[0]}`), [sessions[0]]);
    assert.equal((await ids('type:string "the same text, again and again 1"')).length, 95);
    assert.deepEqual(await ids('class:Session retained>1MB'), []);
    assert.equal((await ids('class:Session self<1kB distance<20')).length, 190);
  });

  it('say what a search may be when it is none', async () => {
    for (const query of ['', '   ', 'retained>much', 'class:']) {
      await assert.rejects(
        last.search(query),
        (error) =>
          error instanceof HeapwrightError && error.code === 'bad-argument' && /class:Map/.test(error.advice),
        query,
      );
    }
  });
});
