import assert from 'node:assert/strict';
import { Connection } from '../../../src/inspector/connection';
import { connect, type InspectorSession } from '../../../src/inspector/session';
import { Census } from '../../../src/leaks/census/census';
import { dictionariesIn, placesIn } from '../../../src/leaks/census/places';
import { CensusWatch, type KnownPlaces } from '../../../src/leaks/census/watch';
import type { CensusRow } from '../../../src/protocol/census';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { SourceLocator } from '../../../src/source/locator';
import { nodeBinary } from '../../host/node-binary';
import { Program, workerFile } from '../../leaks/program';
import { startProgram, type TargetProgram } from '../inspector/target-program';

const SOURCE = `
const { EventEmitter } = require('node:events');
class Sessions extends Map {}
const sessions = new Sessions();
const seen = new Set();
const queue = [];
const words = Array.from({ length: 300 }, (_, i) => 'word' + i);
const bus = new EventEmitter();
const signal = new AbortController().signal;
const target = new EventTarget();
bus.setMaxListeners(0);
require('node:events').setMaxListeners(0, signal, target);
for (let i = 0; i < 70; i++) sessions.set('user-' + i, { i });
for (let i = 0; i < 60; i++) seen.add('id-' + i);
for (let i = 0; i < 50; i++) queue.push({ job: i });
for (let i = 0; i < 40; i++) bus.on(i < 30 ? 'data' : 'end', () => i);
for (let i = 0; i < 20; i++) target.addEventListener('message', () => i);
for (let i = 0; i < 15; i++) signal.addEventListener('abort', () => i);
globalThis.grow = (n) => { for (let i = 0; i < n; i++) { sessions.set('more-' + i, { i }); words.push('w'); } };
globalThis.keep = () => [sessions, seen, queue, words, bus, signal, target];
globalThis.drop = () => { globalThis.keep = null; };
`;

function find(rows: readonly CensusRow[], kind: CensusRow['kind'], entries: number): CensusRow | undefined {
  return rows.find((row) => row.kind === kind && row.entries === entries);
}

describe('leaks: the census of living collections', function () {
  this.timeout(120_000);

  for (const major of [18, 20, 22, 24, 26]) {
    it(`counts Maps, Sets, arrays and emitters, and knows them again: Node ${major}`, async () => {
      const program = await startProgram(SOURCE, { node: await nodeBinary(major) });
      const session = await connect({ url: program.url });
      const census = await Census.start(session);
      try {
        const { rows } = await census.count();
        const said = JSON.stringify(rows, null, 1);
        const map = find(rows, 'map', 70)!;
        assert.deepEqual(map, {
          id: map.id,
          kind: 'map',
          className: 'Sessions',
          entries: 70,
          keys: ['user-0', 'user-1', 'user-2'],
          holds: ['Object'],
        });
        assert.deepEqual(find(rows, 'set', 60)?.keys, ['id-0', 'id-1', 'id-2'], said);
        assert.deepEqual(find(rows, 'array', 50)?.holds, ['Object'], said);
        assert.deepEqual(find(rows, 'emitter', 40)?.keys, ['data: 30', 'end: 10'], said);
        assert.deepEqual(find(rows, 'target', 20)?.keys, ['message: 20'], said);
        assert.equal(find(rows, 'target', 15)?.className, 'AbortSignal', said);
        assert.ok(!rows.some(({ kind, entries }) => kind === 'array' && entries !== 50), said);

        await session.evaluate('grow(5)');
        const { entries } = await census.read();
        assert.equal(new Map(entries).get(map.id), 75);
        const again = (await census.count()).rows;
        assert.equal(find(again, 'map', 75)?.id, map.id);
        assert.ok(find(again, 'array', 305), 'a table that grew is shown');
      } finally {
        census.dispose();
        session.dispose();
        await program.dispose();
      }
    });
  }
});

describe('leaks: a census where memory is short', function () {
  this.timeout(120_000);

  it('lists one kind after another, and finds the same', async () => {
    const program = await startProgram(SOURCE, { node: await nodeBinary(22) });
    const session = await connect({ url: program.url });
    const [roomy, crowded] = [await Census.start(session), await Census.start(session)];
    const lists: string[] = [];
    const { send } = session.connection;
    session.connection.send = ((method: string, ...rest: never[]) => {
      if (method === 'Runtime.queryObjects') lists.push(method);
      return Reflect.apply(send, session.connection, [method, ...rest]);
    }) as typeof send;
    const known = ({ rows }: Awaited<ReturnType<Census['count']>>) =>
      rows.map(({ kind, className, entries, keys, holds }) => ({ kind, className, entries, keys, holds }));
    try {
      const expected = known(await roomy.count());
      assert.equal(lists.length, 1);
      await session.evaluate(
        'process.getBuiltinModule("v8").getHeapStatistics = () => ({ used_heap_size: 9, heap_size_limit: 10 })',
      );
      assert.deepEqual(known(await crowded.count()), expected);
      assert.equal(lists.length, 1 + 5);
    } finally {
      session.dispose();
      await program.dispose();
    }
  });
});

describe('leaks: what a census leaves in its target', function () {
  this.timeout(120_000);
  let program: TargetProgram;
  let session: InspectorSession;

  beforeEach(async () => {
    program = await startProgram(`
      let cache = new Map(Array.from({ length: 100 }, (_, i) => [i, {}]));
      globalThis.drop = () => { cache = null; };
      globalThis.size = () => cache.size;
      globalThis.born = new FinalizationRegistry(() => { globalThis.died = true; });
      born.register(cache, 0);
      const OwnWeakMap = WeakMap;
      globalThis.made = [];
      globalThis.WeakMap = class extends OwnWeakMap { constructor() { super(); made.push(new WeakRef(this)); } };
      globalThis.left = () => made.filter((reference) => reference.deref()).length;
    `);
    session = await connect({ url: program.url });
  });
  afterEach(async () => {
    session.dispose();
    await program.dispose();
  });

  it('keeps nothing alive that it counted', async () => {
    const census = await Census.start(session);
    const map = find((await census.count()).rows, 'map', 100)!;
    await session.evaluate('drop()');
    await session.collectGarbage();
    assert.equal(new Map((await census.read()).entries).has(map.id), false);
    assert.deepEqual([...(await census.objectIds([map.id])).values()], [null]);
    census.dispose();
  });

  it('leaves nothing behind when it is done, nor when the connection ends', async () => {
    const census = await Census.start(session);
    await census.count();
    await session.collectGarbage();
    assert.notEqual(await session.evaluate('left()'), 0);
    census.dispose();
    await session.collectGarbage();
    assert.equal(await session.evaluate('left()'), 0);

    const other = await connect({ url: program.url });
    await (await Census.start(other)).count();
    assert.notEqual(await session.evaluate('left()'), 0);
    other.dispose();
    for (let attempt = 0; attempt < 50 && (await session.evaluate('left()')) !== 0; attempt++) {
      await session.collectGarbage();
    }
    assert.equal(await session.evaluate('left()'), 0);
  });
});

describe('leaks: watching a target by its census', function () {
  this.timeout(120_000);

  it('follows sizes between counts', async () => {
    const program = await startProgram(SOURCE);
    const session = await connect({ url: program.url });
    const watch = new CensusWatch(session, new Map(), () => {});
    try {
      assert.equal(watch.rows.length, 0);
      await watch.refresh('aloud');
      const { countedAt, lastCountMs, nextCountAt } = watch.state;
      assert.ok(lastCountMs! > 0);
      assert.ok(nextCountAt! - countedAt! >= lastCountMs! * 19);
      const before = watch.rows.find(({ kind }) => kind === 'map')!;
      await session.evaluate('grow(5)');
      await watch.refresh(null);
      const after = watch.rows.find(({ id }) => id === before.id)!;
      assert.equal(after.entries, 75);
      assert.deepEqual([after.series[0], after.series.at(-1)], [70, 75]);
      assert.equal(watch.state.countedAt, countedAt);

      await session.evaluate('globalThis.born = new Set(Array.from({ length: 500 }, (_, i) => i))');
      // On a busy machine its loop may not have turned since the last reading, as if it stood still: the next one counts.
      for (let tries = 0; tries < 50 && watch.state.countedAt === countedAt; tries++)
        await watch.refresh('silently');
      assert.equal(watch.rows[0]?.entries, 500);
      assert.ok(
        watch.rows.some(({ id }) => id === before.id),
        'what is still large stays',
      );
      assert.ok(watch.state.hidden > 0);
    } finally {
      watch.dispose();
      session.dispose();
      await program.dispose();
    }
  });

  it('counts nothing while the target is stopped in a debugger, and says so', async () => {
    const program = await startProgram(SOURCE);
    const session = await connect({ url: program.url });
    const debug = await Connection.open(program.url, { timeoutMs: 5000 });
    const watch = new CensusWatch(session, new Map(), () => {});
    try {
      const paused = new Promise<void>((resolve) => debug.on('Debugger.paused', () => resolve()));
      await debug.send('Debugger.enable', {});
      await debug.send('Debugger.pause', undefined);
      // The program's timer comes once a second.
      await paused;
      await watch.refresh('aloud');
      assert.match(watch.state.notice!, /stands still: stopped in a debugger/);
      assert.equal(watch.state.countedAt, null);
      await debug.send('Debugger.resume', {});
      await debug.send('Debugger.disable', undefined);
      await watch.refresh('aloud');
      assert.equal(watch.state.notice, null);
      assert.notEqual(watch.state.countedAt, null);
    } finally {
      watch.dispose();
      debug.dispose();
      session.dispose();
      await program.dispose();
    }
  });

  it('names what a snapshot knows, also in a later watch, and finds dictionaries', async () => {
    const engine = new SnapshotEngine(workerFile);
    const program = await Program.start(
      {
        'app.cjs': `
const responses = new Map(Array.from({ length: 80 }, (_, i) => ['/page/' + i, { i }]));
const byName = {};
for (let i = 0; i < 90; i++) byName['name-' + i] = { i };
globalThis.work = () => [responses, byName];
globalThis.more = () => { byName.another = {}; };
setInterval(() => {}, 1000);
`,
      },
      await nodeBinary(22),
    );
    const known: KnownPlaces = new Map();
    const watch = new CensusWatch(program.session, known, () => {});
    const later = new CensusWatch(program.session, known, () => {});
    try {
      await watch.refresh('aloud');
      await watch.locate(async (objectIds) => {
        const { snapshot, scripts } = await program.capture(engine);
        const locator = new SourceLocator(scripts);
        const others = await dictionariesIn(snapshot, locator);
        const places = new Map(await placesIn(snapshot, await objectIds(), locator));
        for (const { objectId, place } of others) places.set(objectId, place);
        return { places, others };
      });
      const said = JSON.stringify(watch.rows, null, 1);
      const [dictionary, map] = watch.rows;
      assert.equal(dictionary?.kind, 'object', said);
      assert.equal(dictionary?.entries, 90, said);
      assert.equal(dictionary?.place?.name, 'byName');
      assert.equal(map?.place?.name, 'responses', said);
      assert.equal(map?.place?.location?.line, 2);
      await program.session.evaluate('more()');
      await watch.refresh(null);
      assert.equal(watch.rows[0]?.entries, 91);

      await later.refresh('aloud');
      assert.equal(later.rows.find(({ kind }) => kind === 'map')?.place?.name, 'responses');
    } finally {
      watch.dispose();
      later.dispose();
      await program.dispose();
      await engine.dispose();
    }
  });
});
