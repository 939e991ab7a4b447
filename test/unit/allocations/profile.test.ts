import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import type { Protocol } from 'devtools-protocol';
import { layOut } from '../../../src/allocations/flame-chart';
import { locateFunctions, scriptsOnDisk } from '../../../src/allocations/located-functions';
import { exploreProfile } from '../../../src/allocations/profile-explorer';
import { formatProfile, parseProfile, readProfile } from '../../../src/allocations/profile-file';
import { ProfileTree } from '../../../src/allocations/profile-tree';
import { totalsBy } from '../../../src/allocations/totals';
import { AllocationSampling } from '../../../src/inspector/allocation-sampling';
import { connect } from '../../../src/inspector/session';
import { packageFolder } from '../../../src/source/package-folder';
import { nodeBinary } from '../../host/node-binary';
import { startProgram } from '../inspector/target-program';

type RawNode = Protocol.HeapProfiler.SamplingHeapProfileNode;

const run = promisify(execFile);
const locateOnDisk = async (functions: readonly Protocol.Runtime.CallFrame[]) =>
  locateFunctions(functions, await scriptsOnDisk(functions));

/** Allocates for good in two functions, one of which calls the other, and itself. */
const ALLOCATING = `
const kept = globalThis.kept = [];
function keepStrings(n) { for (let i = 0; i < n; i++) kept.push('text ' + i + Math.random()); }
function keepDeep(depth) { for (let i = 0; i < 2000; i++) kept.push({ i, depth }); if (depth > 0) keepDeep(depth - 1); else keepStrings(40000); }
`;

describe('allocation profiles', function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-profile-')));
  });

  after(async () => {
    await fs.rm(folder, { recursive: true, force: true });
  });

  /** A profile as `node --heap-prof` writes it at its end. */
  async function heapProf(major: number): Promise<string> {
    const file = path.join(folder, `program-${major}.js`);
    await fs.writeFile(file, `${ALLOCATING}keepDeep(8);\n`);
    const name = `of-${major}.heapprofile`;
    const flags = [
      '--heap-prof',
      '--heap-prof-interval=4096',
      `--heap-prof-dir=${folder}`,
      `--heap-prof-name=${name}`,
    ];
    await run(await nodeBinary(major), [...flags, file], { cwd: folder });
    return path.join(folder, name);
  }

  for (const major of [18, 20, 22, 24, 26]) {
    it(`adds a profile of Node ${major} up as DevTools does`, async () => {
      const raw = await readProfile(await heapProf(major));
      const tree = new ProfileTree(raw.head);
      const expected = devToolsTotals(raw.head);
      assert.equal(tree.size, expected.length);
      assert.deepEqual(
        [...tree.totalSizes],
        expected.map(({ total }) => total),
      );
      assert.deepEqual(
        [...tree.selfSizes],
        expected.map(({ self }) => self),
      );
      assert.equal(tree.total, raw.samples.length > 0 ? sizeOf(raw.head) : 0);
      const { selfSizes, totalSizes } = totalsBy(
        tree,
        Int32Array.from(tree.functions.keys()),
        tree.functions.length,
      );
      for (const [place, { functionName, lineNumber, scriptId }] of tree.functions.entries()) {
        const same = (node: RawNode) =>
          node.callFrame.functionName === functionName &&
          node.callFrame.lineNumber === lineNumber &&
          node.callFrame.scriptId === scriptId &&
          node.callFrame.columnNumber === tree.functions[place]!.columnNumber &&
          node.callFrame.url === tree.functions[place]!.url;
        assert.equal(selfSizes[place], selfOf(raw.head, same), functionName);
        assert.equal(totalSizes[place], totalOf(raw.head, same), functionName);
      }
      assert.ok(tree.functions.some(({ functionName }) => functionName === 'keepDeep'));
    });
  }

  it('writes what it reads, unchanged', async () => {
    const file = await heapProf(22);
    const original = await fs.readFile(file, 'utf8');
    const copy = path.join(folder, 'copy.heapprofile');
    await fs.writeFile(copy, formatProfile(await readProfile(file)));
    assert.deepEqual(JSON.parse(await fs.readFile(copy, 'utf8')), JSON.parse(original));
    assert.deepEqual(await readProfile(copy), await readProfile(file));
  });

  it('reads profiles of DevTools, which keep no samples', () => {
    const head = node('(root)', 0, [node('a', 10, [])]);
    const { samples } = parseProfile(JSON.stringify({ head }), 'a.heapprofile');
    assert.deepEqual(samples, []);
  });

  it('says what is wrong with a file that is none', async () => {
    const wrong = {
      'no JSON': '{"head":',
      'no tree of calls': '{"nodes":[]}',
      'names no function': '{"head":{"selfSize":1,"children":[]}}',
      'no size': JSON.stringify({ head: { ...node('a', 1, []), selfSize: -1 } }),
      'no list of calls': JSON.stringify({ head: { ...node('a', 1, []), children: undefined } }),
    };
    for (const [why, text] of Object.entries(wrong)) {
      assert.throws(() => parseProfile(text, 'x.heapprofile'), new RegExp(why));
    }
    await assert.rejects(readProfile(path.join(folder, 'missing.heapprofile')), { code: 'file-not-found' });
  });

  it('counts recursion once', async () => {
    const head = node('(root)', 0, [node('f', 1, [node('g', 10, [node('f', 100, [])])])]);
    const explorer = await exploreProfile({ head, samples: [] }, locateOnDisk);
    const rows = explorer.state.rows.map(({ name, self, total }) => [name, self, total]);
    assert.deepEqual(rows, [
      ['f', 101, 111],
      ['g', 10, 110],
    ]);
    explorer.search = 'F';
    assert.equal(explorer.state.foundBytes, 111);
    assert.deepEqual(
      explorer.state.chart.frames.filter(({ found }) => found).map(({ name }) => name),
      ['f', 'f'],
    );
  });

  it('lays out what a person can see, and counts the rest', () => {
    const small = Array.from({ length: 20_000 }, (_, i) => node(`small${i}`, 1, []));
    const large = Array.from({ length: 10 }, (_, i) => node(`large${i}`, 100_000 + i, []));
    const tree = new ProfileTree(node('(root)', 0, [node('main', 0, [...small, ...large])]));
    const { cells, hidden } = layOut(tree, 0);
    assert.equal(cells.length, 12);
    assert.equal(hidden, 20_000);
    assert.deepEqual(
      cells.map(({ depth }) => depth),
      [0, 1, ...Array(10).fill(2)],
    );
    assert.equal(cells[2]!.start, 0);
    assert.equal(cells[3]!.start, 100_009);
    const zoomed = layOut(tree, cells[2]!.node);
    assert.deepEqual(
      zoomed.cells.map(({ depth }) => depth),
      [-2, -1, 0],
    );
  });

  it('bounds what is laid out, whatever the profile', () => {
    const children = Array.from({ length: 2000 }, () => node('a', 1, []));
    let head = node('(root)', 0, children);
    for (let i = 0; i < 20_000; i++) head = node(`deep${i % 7}`, 1, [head]);
    const tree = new ProfileTree(head);
    assert.equal(tree.total, 22_000);
    const { cells, hidden } = layOut(tree, 0);
    assert.ok(cells.length <= 6000);
    assert.equal(cells.length + hidden, tree.size);
  });

  it('leads through source maps to the original lines', async () => {
    const app = path.join(folder, 'app');
    await fs.mkdir(path.join(app, 'src'), { recursive: true });
    const source = path.join(app, 'src/shop.ts');
    await fs.writeFile(source, '// one\n// two\nexport function keep(): void {}\n');
    const map = { version: 3, sources: ['src/shop.ts'], names: [], mappings: 'AAEA' };
    await fs.writeFile(path.join(app, 'shop.js.map'), JSON.stringify(map));
    const script = path.join(app, 'shop.js');
    await fs.writeFile(script, 'function keep() {}\n//# sourceMappingURL=shop.js.map\n');
    const own = node('keep', 300, [], script);
    const packaged = node('get', 100, [], path.join(app, 'node_modules/@a/b/index.js'));
    const explorer = await exploreProfile(
      { head: node('(root)', 0, [own, packaged]), samples: [] },
      locateOnDisk,
    );
    assert.deepEqual(explorer.lines(0.01), [
      { file: source, line: 3, self: 300, total: 300, share: 0.75, totalShare: 0.75 },
      {
        file: path.join(app, 'node_modules/@a/b/index.js'),
        line: 1,
        self: 100,
        total: 100,
        share: 0.25,
        totalShare: 0.25,
      },
    ]);
    explorer.table = 'packages';
    assert.deepEqual(
      explorer.state.rows.map(({ name, self }) => [name, self]),
      [
        ['(program)', 300],
        ['@a/b', 100],
      ],
    );
    explorer.table = 'files';
    assert.equal(explorer.state.rows[0]!.name, source);
  });

  it('stays at the same frame when a newer profile comes', async () => {
    const make = (extra: RawNode[]) => node('(root)', 0, [...extra, node('main', 1, [node('work', 50, [])])]);
    const before = await exploreProfile({ head: make([]), samples: [] }, locateOnDisk);
    before.zoom(2);
    before.search = 'work';
    const after = await exploreProfile({ head: make([node('other', 5, [])]), samples: [] }, locateOnDisk);
    after.continueFrom(before);
    const { chart, search } = after.state;
    assert.equal(chart.frames.find(({ node }) => node === chart.root)?.name, 'work');
    assert.equal(search, 'work');
  });

  it('knows the package of a file', () => {
    assert.equal(packageFolder('/app/node_modules/a/node_modules/@b/c/lib/d.js')?.name, '@b/c');
    assert.equal(packageFolder('C:\\app\\node_modules\\a\\b.js')?.name, 'a');
    assert.equal(packageFolder('/app/src/a.js'), null);
  });

  for (const major of [18, 26]) {
    it(`records a living Node ${major}`, async () => {
      const target = await startProgram(
        ALLOCATING.replace('const kept', 'globalThis.work = () => keepDeep(8);\nconst kept'),
        {
          node: await nodeBinary(major),
        },
      );
      const session = await connect({ url: target.url });
      try {
        const sampling = await AllocationSampling.start(session, false);
        await session.evaluate('void work()');
        const meanwhile = await sampling.read();
        assert.ok(sizeOf(meanwhile.head) > 0);
        const explorer = await exploreProfile(await sampling.stop(), async (functions) =>
          locateFunctions(functions, (await session.scripts()).scripts),
        );
        const [largest] = explorer.lines(0.1);
        assert.equal(largest?.file, path.join(await fs.realpath(target.folder), 'program.cjs'));
        assert.ok(explorer.state.rows.some(({ name }) => name === 'keepStrings'));
        await assert.rejects(sampling.stop());
      } finally {
        session.dispose();
        await target.dispose();
      }
    });
  }
});

function node(functionName: string, selfSize: number, children: RawNode[], url = ''): RawNode {
  const callFrame = {
    functionName,
    scriptId: url === '' ? '0' : String(url.length),
    url,
    lineNumber: 0,
    columnNumber: 0,
  };
  return { callFrame, selfSize, id: 0, children };
}

/** DevTools' ProfileTreeModel: a node's total is its own size and its children's totals. In preorder. */
function devToolsTotals(head: RawNode): { self: number; total: number }[] {
  const below = head.children.flatMap(devToolsTotals);
  return [{ self: head.selfSize, total: sizeOf(head) }, ...below];
}

function sizeOf(head: RawNode): number {
  return head.children.reduce((sum, child) => sum + sizeOf(child), head.selfSize);
}

function selfOf(head: RawNode, isIt: (node: RawNode) => boolean): number {
  return head.children.reduce((sum, child) => sum + selfOf(child, isIt), isIt(head) ? head.selfSize : 0);
}

/** The outermost of each branch counts with all below it. */
function totalOf(head: RawNode, isIt: (node: RawNode) => boolean): number {
  if (isIt(head)) return sizeOf(head);
  return head.children.reduce((sum, child) => sum + totalOf(child, isIt), 0);
}
