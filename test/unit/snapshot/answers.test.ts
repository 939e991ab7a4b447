import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { HeapwrightError } from '../../../src/protocol/errors';
import { type Snapshot, SnapshotEngine } from '../../../src/snapshot/client';
import { distFolder } from '../../host/cache-folder';
import { nodeBinary } from '../../host/node-binary';
import { makeSnapshots, type SnapshotFolder } from './make-snapshot';

const GROWING = `
class Box { constructor(i) { this.i = i; } }
class Registry extends Map {}
const held = globalThis.held = { map: new Map(), numbers: new Set(), late: null, boxList: [], dictionary: {}, registry: new Registry(), fixed: new Map(), counts: {} };
for (let i = 0; i < 30; i++) held.fixed.set('k' + i, new Box(i));
const grow = (n) => { for (let i = 0; i < n; i++) {
  const k = held.boxList.length;
  held.map.set('key-' + k, new Box(k)); held.numbers.add(k); held.boxList.push(new Box(k));
  held.dictionary['d' + k] = new Box(k); held.registry.set('r' + k, new Box(k)); held.counts['c' + k] = k;
  if (held.late) held.late.add(new Box(k));
} };
grow(100); gc(); snapshot('1');
grow(300); held.late = new Set(); grow(100); gc(); snapshot('2');
grow(700); gc(); snapshot('3');
`;

describe('answers about snapshots', function () {
  this.timeout(120_000);
  const engine = new SnapshotEngine(path.join(distFolder(), 'snapshot-worker.js'));
  let folder: SnapshotFolder;
  let series: Snapshot[];

  before(async () => {
    folder = await makeSnapshots(GROWING);
    series = await Promise.all(['1', '2', '3'].map((name) => engine.open(folder.file(name))));
  });
  after(async () => {
    await engine.dispose();
    await folder.dispose();
  });
  const last = () => series[2]!;

  /** The id of a property of `globalThis.held` in the last snapshot. */
  const heldId = async (property: string): Promise<number> => {
    const boxes = (await last().constructors({ filter: 'Box' })).rows.find(({ name }) => name === 'Box');
    assert.ok(boxes);
    const { rows } = await last().collections({ limit: 10_000 });
    for (const { node } of rows) {
      const { rows: holders } = await last().retainers(node.id, { limit: 50 });
      if (holders.some(({ type, name }) => type === 'property' && name === property)) return node.id;
    }
    throw new Error(`no collection is held as ${property}`);
  };

  it('come also from an engine that was started ahead, and one that cannot start says so when it is needed', async () => {
    const ahead = new SnapshotEngine(path.join(distFolder(), 'snapshot-worker.js'));
    const broken = new SnapshotEngine(path.join(distFolder(), 'no-such-worker.js'));
    try {
      await Promise.all([ahead.start(), broken.start()]);
      assert.equal((await ahead.open(folder.file('1'))).info.nodeCount, series[0]!.info.nodeCount);
      await assert.rejects(broken.open(folder.file('1')), { code: 'worker-crashed' });
    } finally {
      await Promise.all([ahead.dispose(), broken.dispose()]);
    }
  });

  it('counts the entries of every kind of collection', async () => {
    const { rows } = await last().collections({ limit: 10_000 });
    const entriesOf = async (property: string) => {
      const id = await heldId(property);
      return rows.find(({ node }) => node.id === id);
    };
    assert.deepEqual(
      await Promise.all(
        ['map', 'registry', 'boxList', 'dictionary', 'counts', 'late', 'fixed'].map(async (property) => {
          const row = await entriesOf(property);
          return [property, row?.kind, row?.entries];
        }),
      ),
      [
        ['map', 'map', 1200],
        ['registry', 'map', 1200],
        ['boxList', 'array', 1200],
        ['dictionary', 'object', 1200],
        ['counts', 'object', 1200],
        ['late', 'set', 800],
        ['fixed', 'map', 30],
      ],
    );
    // Numbers leave no trace but the size of the table.
    const numbers = await entriesOf('numbers');
    assert.ok(
      numbers && numbers.entries >= 600 && numbers.entries <= numbers.capacity && numbers.capacity >= 1200,
    );
  });

  for (const major of [18, 20, 22, 24, 26]) {
    it(`does not count what was deleted, nor a value beside its key, Node ${major}`, async () => {
      const source = `
class Key { constructor(i) { this.text = 'k' + i; } }
const held = globalThis.held = { ownMap: new Map(), ownSet: new Set(), weakObjects: new WeakMap(), weakNumbers: new WeakMap(), weakSet: new WeakSet() };
for (let i = 0; i < 60; i++) { const key = new Key(i); held.ownMap.set(key, { i }); held.ownSet.add(key); }
for (const key of held.ownMap.keys()) { held.weakObjects.set(key, { key }); held.weakNumbers.set(key, 7); held.weakSet.add(key); }
globalThis.keys = [...held.ownMap.keys()];
for (let i = 0; i < 20; i++) { held.weakObjects.delete(keys[i * 2]); held.weakNumbers.delete(keys[i]); held.weakSet.delete(keys[i]); }
let n = 0;
for (const key of [...held.ownMap.keys()]) if (n++ < 25) { held.ownMap.delete(key); held.ownSet.delete(key); }
snapshot('deleted');`;
      const own = await makeSnapshots(source, await nodeBinary(major));
      try {
        const snapshot = await engine.open(own.file('deleted'));
        const { rows } = await snapshot.collections({ minEntries: 30, limit: 1e5 });
        const { rows: found } = await snapshot.search('prop:ownMap prop:ownSet', { limit: 1 });
        const { rows: edges } = await snapshot.properties(found[0]!.id);
        const entriesOf = (name: string) => {
          const id = edges.find((edge) => edge.name === name)?.node.id;
          return rows.find(({ node }) => node.id === id)?.entries;
        };
        assert.deepEqual([entriesOf('ownMap'), entriesOf('ownSet')], [35, 35]);
        const weak = ['weakObjects', 'weakNumbers', 'weakSet'];
        assert.deepEqual(weak.map(entriesOf), [40, 40, 40]);
        await snapshot.dispose();
      } finally {
        await own.dispose();
      }
    });
  }

  it('follows collections through the series, those born later as well', async () => {
    const rows = await engine.collectionSeries(series, { growing: 'every', minEntries: 2 });
    const row = async (property: string) => {
      const id = await heldId(property);
      return rows.find((candidate) => candidate.id === id);
    };
    assert.deepEqual((await row('map'))?.entries, [100, 500, 1200]);
    assert.deepEqual((await row('late'))?.entries, [-1, 100, 800]);
    assert.equal(await row('fixed'), undefined);
    const sizes = (await row('map'))?.retainedSizes ?? [];
    assert.ok(sizes.length === 3 && sizes[0]! < sizes[1]! && sizes[1]! < sizes[2]!);
  });

  it('diffs two snapshots by object id', async () => {
    const { rows } = await engine.diff(series[0]!, last(), { limit: 1000 });
    const box = rows.find(({ name }) => name === 'Box');
    assert.equal(box?.addedCount, 1100 * 4 + 800);
    assert.equal(box?.removedCount, 0);
    assert.equal(box?.sizeDelta, box.addedSize);
  });

  it('lists instances, properties, holders and paths', async () => {
    const id = await heldId('map');
    const boxes = (await last().constructors({ filter: 'box' })).rows.find(({ name }) => name === 'Box');
    assert.equal(boxes?.count, 1200 * 4 + 800 + 30);
    const page = await last().instances(boxes.key, { offset: 10, limit: 5, sortBy: 'id', descending: false });
    assert.equal(page.total, boxes.count);
    assert.deepEqual(
      page.rows.map((row) => row.id),
      [...page.rows.map((row) => row.id)].sort((a, b) => a - b),
    );
    assert.ok((await last().properties(id)).rows.some(({ name }) => name === 'table'));
    const [shortest] = await last().retainingPaths(id, 3);
    assert.deepEqual(
      shortest?.slice(-2).map((step) => step.edge?.name),
      ['held', 'map'],
    );
    assert.equal(shortest?.[0]?.edge, null);
    assert.deepEqual(await last().holds(id, 5), [{ constructorName: 'Box', count: 1200 }]);
    assert.deepEqual(await last().holds(await heldId('late'), 5), [{ constructorName: 'Box', count: 800 }]);
    assert.deepEqual(await last().holds(await heldId('dictionary'), 5), [
      { constructorName: 'Box', count: 1200 },
    ]);
  });

  it('finds paths to what thousands hold that no program reaches', async () => {
    const { rows } = await last().search('class:global', { limit: 50 });
    const global = rows.find(({ name, distance }) => /^global\b/.test(name) && distance === 1);
    const paths = await last().retainingPaths(global!.id, 4);
    assert.ok(paths.length > 0);
    for (const path of paths) {
      assert.equal(path[0]?.edge, null);
      assert.equal(path.at(-1)?.node.id, global!.id);
    }
  });

  it('knows nothing of ids that are not there', async () => {
    assert.equal(await last().node(4_000_000_001), null);
    await assert.rejects(last().properties(4_000_000_001), code('bad-argument'));
    await assert.rejects(last().instances('no such key'), code('bad-argument'));
  });

  it('tells when a snapshot was closed', async () => {
    const snapshot = await engine.open(folder.file('1'));
    await snapshot.dispose();
    await assert.rejects(snapshot.constructors(), code('snapshot-closed'));
  });

  it('can be cancelled while it loads', async () => {
    const controller = new AbortController();
    const opening = engine.open(folder.file('3'), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    controller.abort();
    await assert.rejects(opening, code('cancelled'));
  });

  it('says what is wrong with files that are no snapshots, and goes on', async () => {
    const file = folder.file('bad');
    const whole = await fs.readFile(folder.file('1'));
    const cases: [Buffer | string, string][] = [
      ['', 'snapshot-truncated'],
      ['hello', 'not-a-snapshot'],
      ['{"a":1}', 'not-a-snapshot'],
      ['{"snapshot":{}}', 'snapshot-corrupt'],
      [whole.subarray(0, whole.length >> 1), 'snapshot-truncated'],
      [whole.subarray(0, whole.length - 2), 'snapshot-truncated'],
      [
        Buffer.from(whole.toString('latin1').replace('"node_count":', '"node_count":9'), 'latin1'),
        'snapshot-corrupt',
      ],
      [
        Buffer.from(whole.toString('latin1').replace('"edges":[', '"edges":[1,'), 'latin1'),
        'snapshot-corrupt',
      ],
    ];
    for (const [content, expected] of cases) {
      await fs.writeFile(file, content);
      await assert.rejects(engine.open(file), code(expected), String(content).slice(0, 40));
    }
    await assert.rejects(engine.open(folder.file('not-there')), code('file-not-found'));
    assert.ok((await last().constructors({ limit: 1 })).rows.length === 1);
  });
});

const code = (expected: string) => (error: unknown) => {
  assert.ok(error instanceof HeapwrightError, String(error));
  assert.equal(error.code, expected, error.message);
  return true;
};
