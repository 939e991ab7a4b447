import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import fc from 'fast-check';
import type { ConstructorRow } from '../../../src/protocol/snapshot';
import { type Snapshot, SnapshotEngine } from '../../../src/snapshot/client';
import { distFolder } from '../../host/cache-folder';
import { launchChromium } from '../../host/chromium';
import { nodeBinary } from '../../host/node-binary';
import { bytesOf, graphs } from './made-up-graphs';
import { makeSnapshots, type SnapshotFolder, snapshotFolder, VARIETY } from './make-snapshot';
import {
  askDevTools,
  askDevToolsDiff,
  type OracleAnswer,
  type OracleDiffRow,
  type OracleObject,
  type OracleRow,
} from './oracle';

const line = ({ name, count, selfSize, retainedSize, distance }: OracleRow) =>
  `${name}: ${count} objects, ${selfSize} bytes, ${retainedSize} retained, distance ${distance}`;

const objectLine = ({ id, selfSize, retainedSize, distance }: OracleObject) =>
  `@${id}: ${selfSize} bytes, ${retainedSize} retained, distance ${distance}`;

/** Every object that is counted, by all constructors. */
async function objectsOf(
  snapshot: Snapshot,
  constructors: readonly ConstructorRow[],
): Promise<OracleObject[]> {
  const pages = await Promise.all(constructors.map(({ key }) => snapshot.instances(key, { limit: 1e7 })));
  return pages.flatMap(({ rows }) => rows);
}

describe('sizes and distances are those of Chrome DevTools', function () {
  this.timeout(120_000);
  const engine = new SnapshotEngine(path.join(distFolder(), 'snapshot-worker.js'));
  let folder: SnapshotFolder | undefined;
  after(() => engine.dispose());
  afterEach(() => folder?.dispose());

  async function assertEqual(file: string): Promise<void> {
    const [theirs] = await askDevTools(file);
    assert.ok(theirs && 'objects' in theirs);
    assert.ok(theirs.constructors.length > 60 && theirs.objects.length > 10_000);
    await assertIs(file, theirs);
  }

  async function assertIs(file: string, theirs: OracleAnswer): Promise<void> {
    const snapshot = await engine.open(file);
    const ours: readonly ConstructorRow[] = (await snapshot.constructors({ limit: 1e6 })).rows;
    const objects = await objectsOf(snapshot, ours);
    const statistics = await snapshot.statistics();
    await snapshot.dispose();
    assert.deepEqual(ours.map(line).sort(), theirs.constructors.map(line).sort());
    const expected = new Set(theirs.objects.map(objectLine));
    assert.equal(objects.length, theirs.objects.length);
    const deviating = objects.map(objectLine).filter((text) => !expected.has(text));
    assert.deepEqual(deviating.slice(0, 20), []);
    const { total, native, v8heap } = theirs.statistics;
    const { code, jsArrays, strings, system } = v8heap;
    const { typedArrays } = native;
    assert.deepEqual(statistics, {
      total,
      native: native.total,
      typedArrays,
      code,
      strings,
      jsArrays,
      system,
    });
  }

  for (const major of [18, 20, 22, 24, 26]) {
    it(`for every constructor and object of a snapshot that Node ${major} wrote`, async () => {
      folder = await makeSnapshots(`${VARIETY}\nsnapshot('a');\nprocess.exit();`, await nodeBinary(major));
      await assertEqual(folder.file('a'));
    });
  }

  it('for every constructor and object of graphs that no program makes', async () => {
    folder = await snapshotFolder();
    const files: string[] = [];
    for (const [i, graph] of fc.sample(graphs, { numRuns: 40, seed: 26 }).entries()) {
      files.push(folder.file(String(i)));
      // DevTools' sums of more than 32 bits are wrong where an object takes in what V8 keeps for it.
      await fs.writeFile(files[i]!, bytesOf({ ...graph, isWide: false }));
    }
    const answers = await askDevTools(...files);
    let compared = 0;
    for (const [i, answer] of answers.entries()) {
      // Its search for distances gives up where more edges lead from the root than there are nodes.
      if ('error' in answer) continue;
      compared++;
      await assertIs(files[i]!, answer);
    }
    assert.ok(compared > 20, `DevTools opened ${compared}`);
  });

  it('for what came and went between two snapshots', async () => {
    folder = await makeSnapshots(`${VARIETY}\nsnapshot('a');\n${CHANGES}\nsnapshot('b');\nprocess.exit();`);
    const base = await engine.open(folder.file('a'));
    const target = await engine.open(folder.file('b'));
    const { rows } = await engine.diff(base, target, { limit: 1e6 });
    await base.dispose();
    await target.dispose();
    const theirs = await askDevToolsDiff(folder.file('a'), folder.file('b'));
    const text = ({ name, addedCount, removedCount, addedSize, removedSize }: OracleDiffRow) =>
      `${name}: +${addedCount} -${removedCount}, +${addedSize} -${removedSize} bytes`;
    assert.ok(theirs.some(({ name }) => name === '{fresh, list}'));
    assert.deepEqual(rows.map(text).sort(), theirs.map(text).sort());
  });

  it('for every constructor and object of a Chrome tab', async () => {
    folder = await snapshotFolder();
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.setContent(PAGE);
      const session = await page.context().newCDPSession(page);
      const chunks: string[] = [];
      session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => void chunks.push(chunk));
      await session.send('HeapProfiler.takeHeapSnapshot');
      await fs.writeFile(folder.file('tab'), chunks.join(''));
    } finally {
      await browser.close();
    }
    await assertEqual(folder.file('tab'));
  });
});

/** Some of everything goes, some comes, and some plain objects change their properties. */
const CHANGES = `
for (let i = 0; i < 500; i++) { held.map.delete('key-' + i); held.list[i] = { fresh: 'f' + i, list: [i] }; }
held.shapes.forEach((shape, i) => { if (i % 5 === 0) shape.later = i; });
held.closures.length = 700;
held.tree = new Branch(7);
`;

/** A document with nodes that are shown, that are only held by script, and that hang on such. */
const PAGE = `<main id="m" class="x"><p>one</p><svg width="10"><g/></svg></main><script>
  class Card { constructor(i) { this.element = document.createElement('section'); this.element.innerHTML = '<b>' + i + '</b>'; } }
  window.cards = Array.from({ length: 300 }, (_, i) => new Card(i));
  document.body.append(cards[0].element);
  window.listener = () => cards.length;
  document.querySelector('p').addEventListener('click', window.listener);
  window.byElement = new WeakMap(cards.map((card) => [card.element, { card, at: Date.now() }]));
  window.frame = document.body.appendChild(document.createElement('iframe'));
  frame.contentWindow.shared = { list: [1, 2, { three: 3 }] };
  window.kept = frame.contentWindow.shared;
  frame.remove();
</script>`;
