import assert from 'node:assert/strict';
import path from 'node:path';
import { connect, type InspectorSession } from '../../../src/inspector/session';
import { watchMutators } from '../../../src/leaks/hunt/mutators';
import { SourceLocator } from '../../../src/source/locator';
import { nodeBinary } from '../../host/node-binary';
import { Program } from '../../leaks/program';

const source = `class Registry extends Map {}
const kept = {
  map: new Map(),
  set: new Set(),
  list: [],
  table: {},
  bare: Object.create(null),
  registry: new Registry(),
  frozen: Object.freeze({ a: 1 }),
};
let n = 0;
function addAll() {
  n++;
  kept.map.set(n, n);
  kept.set.add(n);
  kept.list.push(n);
  kept.table['k' + n] = n;
  kept.bare['k' + n] = n;
  kept.registry.set(n, n);
}
globalThis.kept = kept;
globalThis.work = (operations) => { for (let i = 0; i < operations; i++) addAll(); };
globalThis.describeKept = () => JSON.stringify(Object.entries(kept).map(([name, value]) => [
  name,
  Object.getOwnPropertyNames(value).filter((key) => !/^(k?\\d+|length|a)$/.test(key)),
  Object.getPrototypeOf(value) === null ? null : Object.getPrototypeOf(value).constructor?.name,
  Object.getPrototypeOf(value) === { map: Map, set: Set, list: Array, registry: Registry }[name]?.prototype,
]));
setInterval(() => {}, 1000);
`;

describe('leaks: watching who adds', function () {
  this.timeout(120_000);
  for (const major of [18, 24]) {
    it(`finds the adding lines and leaves nothing behind, Node ${major}`, async () => {
      const program = await Program.start({ 'program.cjs': source }, await nodeBinary(major));
      try {
        const { session } = program;
        const { scripts } = await session.scripts();
        const ids = await objectIds(session, ['map', 'set', 'list', 'table', 'bare', 'registry', 'frozen']);
        const before = await session.evaluate<string>('describeKept()');

        const found = await watchMutators(session, [...ids.values()], new SourceLocator(scripts), () =>
          program.work(3),
        );

        assert.equal(await session.evaluate<string>('describeKept()'), before);
        assert.deepEqual(
          await session.evaluate('[kept.map.size, kept.list.length, Object.keys(kept.table).length]'),
          [3, 3, 3],
        );
        for (const [name, text] of [
          ['map', 'kept.map.set'],
          ['set', 'kept.set.add'],
          ['list', 'kept.list.push'],
          ['table', "kept.table['k'"],
          ['bare', "kept.bare['k'"],
          ['registry', 'kept.registry.set'],
        ] as const) {
          const [place] = found.get(ids.get(name)!) ?? [];
          assert.ok(place, `${name} is seen`);
          assert.equal(place.position.file, path.join(program.folder, 'program.cjs'));
          assert.equal(place.position.line, source.slice(0, source.indexOf(text)).split('\n').length, name);
        }
        assert.equal(found.has(ids.get('frozen')!), false, 'a frozen object is left alone');
      } finally {
        await program.dispose();
      }
    });

    it(`leaves nothing behind when the connection ends in the middle of it, Node ${major}`, async () => {
      const program = await Program.start({ 'program.cjs': source }, await nodeBinary(major));
      try {
        const { session } = program;
        const ids = await objectIds(session, ['map', 'set', 'list', 'table', 'bare', 'registry']);
        const before = await session.evaluate<string>('describeKept()');
        const lost = await connect({ url: session.info.url });
        await watchMutators(lost, [...ids.values()], new SourceLocator([]), async () => {
          await program.work(1);
          assert.notEqual(await session.evaluate<string>('describeKept()'), before, 'it was watched');
          lost.dispose();
        });
        for (let i = 0; i < 100 && (await session.evaluate<string>('describeKept()')) !== before; i++) {
          await session.collectGarbage();
          await program.work(1);
        }
        assert.equal(await session.evaluate<string>('describeKept()'), before);
      } finally {
        await program.dispose();
      }
    });
  }
});

/** V8's ids of members of `kept` by their names. */
async function objectIds(session: InspectorSession, names: readonly string[]): Promise<Map<string, number>> {
  const { connection } = session;
  const ids = new Map<string, number>();
  await connection.send('HeapProfiler.startTrackingHeapObjects', {});
  for (const name of names) {
    const { result } = await connection.send('Runtime.evaluate', { expression: `kept.${name}` });
    const { heapSnapshotObjectId } = await connection.send('HeapProfiler.getHeapObjectId', {
      objectId: result.objectId!,
    });
    ids.set(name, Number(heapSnapshotObjectId));
    await connection.send('Runtime.releaseObject', { objectId: result.objectId! });
  }
  await connection.send('HeapProfiler.stopTrackingHeapObjects', {});
  return ids;
}
