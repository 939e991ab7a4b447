import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { importLines } from '../../../src/modules/import-lines';
import { ModuleGraph } from '../../../src/modules/module-graph';
import { ModuleTree } from '../../../src/modules/module-tree';
import { modulesBySource } from '../../../src/modules/original-files';
import { parseReport } from '../../../src/modules/report-file';
import { ReportFolder } from '../../../src/modules/report-folder';
import { projectFolder, unloadedPackages } from '../../../src/modules/unloaded-packages';
import { type ModuleReport, REPORT_FOLDER } from '../../../src/protocol/module-report';
import { MeasuredProgram } from './measured-program';

/** A report of modules that cost as much heap as given, with a ms for each 1000 bytes. */
function report(
  heaps: Readonly<Record<string, number>>,
  edges: readonly (readonly [string, string])[],
): ModuleReport {
  const files = Object.keys(heaps);
  return {
    version: 1,
    pid: 1,
    nodeVersion: 'v22.0.0',
    argv: ['/app/main.js'],
    exact: false,
    modules: files.map((file) => ({
      file,
      heap: heaps[file]!,
      rss: 0,
      ms: heaps[file]! / 1000,
      state: 'loaded',
    })),
    edges: edges.map(([from, to]) => [files.indexOf(from), files.indexOf(to)] as const),
    use: null,
  };
}

const SHOP = report(
  {
    '/app/main.js': 10,
    '/app/routes.js': 20,
    '/app/node_modules/a/index.js': 100,
    '/app/node_modules/a/lib.js': 200,
    '/app/node_modules/a/get.js': 5,
    '/app/node_modules/shared/index.js': 1000,
    '/app/node_modules/@s/b/index.js': 50,
  },
  [
    ['/app/main.js', '/app/node_modules/a/index.js'],
    ['/app/main.js', '/app/node_modules/a/get.js'],
    ['/app/main.js', '/app/routes.js'],
    ['/app/routes.js', '/app/node_modules/@s/b/index.js'],
    ['/app/routes.js', '/app/main.js'],
    ['/app/node_modules/a/index.js', '/app/node_modules/a/lib.js'],
    ['/app/node_modules/a/lib.js', '/app/node_modules/shared/index.js'],
    ['/app/node_modules/@s/b/index.js', '/app/node_modules/shared/index.js'],
  ],
);

describe('costs of modules', () => {
  it('stand as a tree of files and packages whose totals add up', () => {
    const tree = new ModuleTree(new ModuleGraph(SHOP), '/app');
    const lines = tree
      .rows()
      .map(({ name, depth, self, total, modules }) => [name, depth, self.heap, total.heap, modules]);
    assert.deepEqual(lines, [
      ['main.js', 0, 10, 1385, 1],
      ['a', 1, 305, 1305, 3],
      ['shared', 2, 1000, 1000, 1],
      ['routes.js', 1, 20, 70, 1],
      ['@s/b', 2, 50, 50, 1],
    ]);
    assert.equal(tree.total.heap, 1385);
    assert.deepEqual(
      tree.packages().map(({ name }) => name),
      ['shared', 'a', '@s/b'],
    );
  });

  it('say what one import needs, and what would be saved without it', () => {
    const graph = new ModuleGraph(SHOP);
    const main = [graph.placeOf('/app/main.js')!];
    const routes = [graph.placeOf('/app/routes.js')!];
    const cost = (importers: number[], specifier: string) => {
      const { total, saved } = graph.costOf(specifier, importers, graph.targetsOf(importers, specifier));
      return [total.heap, saved.heap];
    };
    assert.deepEqual(cost(main, 'a'), [1305, 305]);
    assert.deepEqual(cost(main, 'a/get'), [5, 5]);
    assert.deepEqual(cost(routes, '@s/b'), [1050, 50]);
    assert.deepEqual(cost(main, './routes'), [1385, 70]);
    assert.deepEqual(cost(main, './routes.js'), [1385, 70]);
    assert.deepEqual(cost(main, 'node:fs'), [0, 0]);
    assert.deepEqual(cost(main, 'not-there'), [0, 0]);
  });

  it('do not need a stack as deep as the imports', () => {
    const heaps: Record<string, number> = {};
    const edges: [string, string][] = [];
    for (let i = 0; i < 20_000; i++) {
      heaps[`/app/${i}.js`] = 1;
      if (i > 0) edges.push([`/app/${i - 1}.js`, `/app/${i}.js`]);
    }
    const tree = new ModuleTree(
      new ModuleGraph({ ...SHOP, ...report(heaps, []), edges: edges.map((_, i) => [i, i + 1]) }),
      '/app',
    );
    assert.equal(tree.rows()[0]!.total.heap, 20_000);
  });

  it('keep a cycle without a beginning', () => {
    const cycle = report({ '/x/a.js': 1, '/x/b.js': 2 }, [
      ['/x/a.js', '/x/b.js'],
      ['/x/b.js', '/x/a.js'],
    ]);
    const rows = new ModuleTree(new ModuleGraph(cycle), '/x').rows();
    assert.deepEqual(
      rows.map(({ name, total }) => [name, total.heap]),
      [
        ['a.js', 3],
        ['b.js', 2],
      ],
    );
  });

  it('are found for imports as they are written', () => {
    const text = `import a from 'a';
import {
  b,
} from "b";
import './side';
import type { T } from 't';
export * from 'c';
const d = require('d'), later = () => import( 'e' );
import f = require('f');
export const text = 'no import';
`;
    const found = importLines(text).map(({ specifier, offset }) => [
      specifier,
      text.slice(0, offset).split('\n').length,
    ]);
    assert.deepEqual(found, [
      ['a', 1],
      ['b', 2],
      ['./side', 5],
      ['t', 6],
      ['c', 7],
      ['d', 8],
      ['e', 8],
      ['f', 9],
    ]);
  });

  it('refuse what is no report', () => {
    assert.ok(parseReport(JSON.stringify(SHOP)));
    const wrong = [
      '',
      '{}',
      JSON.stringify({ ...SHOP, version: 2 }),
      JSON.stringify({ ...SHOP, edges: [[0, 99]] }),
      JSON.stringify({ ...SHOP, modules: [{ file: 1 }] }),
    ];
    for (const text of wrong) assert.equal(parseReport(text), null, text);
  });
});

describe('a measured project', function () {
  this.timeout(120_000);
  let program: MeasuredProgram;

  before(async () => {
    program = await MeasuredProgram.create({
      'package.json': JSON.stringify({
        dependencies: { used: '1', idle: '1', absent: '1', '@types/x': '1' },
      }),
      'src/main.ts': `import { used } from 'used';\nconsole.log(used);\n`,
      'dist/main.js': `const used_1 = require('used');\nconsole.log(used_1.used);\n//# sourceMappingURL=main.js.map\n`,
      'dist/main.js.map': JSON.stringify({
        version: 3,
        sources: ['../src/main.ts'],
        names: [],
        mappings: 'AAAA',
      }),
      'node_modules/used/package.json': '{ "name": "used", "version": "1.0.0" }',
      'node_modules/used/index.js': `exports.used = Array.from({ length: 50000 }, (_, i) => ({ i })).length;`,
      'node_modules/idle/package.json': '{ "name": "idle", "version": "2.0.0" }',
      'node_modules/idle/index.js': `// ${'x'.repeat(5000)}`,
    });
  });

  after(async () => await program?.dispose());

  it('leads from the TypeScript that a person edits to what its imports cost', async () => {
    const { report } = await program.run('dist/main.js', { node: 22 });
    const graph = new ModuleGraph(report!);
    const source = path.join(program.folder, 'src/main.ts');
    const modules = (await modulesBySource(graph)).get(source);
    assert.ok(modules);
    const targets = graph.targetsOf(modules, 'used');
    assert.deepEqual(
      targets.map((place) => graph.modules[place]!.file),
      [path.join(program.folder, 'node_modules/used/index.js')],
    );
  });

  it('names dependencies that were not loaded', async () => {
    const { report } = await program.run('dist/main.js', { node: 22 });
    const folder = await projectFolder(path.join(program.folder, 'dist/main.js'));
    assert.equal(folder, program.folder);
    const { packageNames } = new ModuleTree(new ModuleGraph(report!), folder);
    const unloaded = await unloadedPackages(folder, packageNames);
    assert.deepEqual(
      unloaded.map(({ name, version }) => [name, version]),
      [['idle', '2.0.0']],
    );
    assert.ok(unloaded[0]!.diskBytes > 5000);
  });

  it('reads the report of the asked process, else the largest, and leaves no folder behind', async () => {
    const parent = path.join(program.folder, 'reports');
    await fs.mkdir(path.join(parent, 'run-of-last-week'), { recursive: true });
    await fs.utimes(path.join(parent, 'run-of-last-week'), 0, 0);
    const folder = await ReportFolder.create(parent);
    const place = folder.environment(false)[REPORT_FOLDER]!;
    assert.equal(await folder.read(null), null);
    await fs.writeFile(
      path.join(place, '7.json'),
      JSON.stringify({ ...SHOP, pid: 7, modules: SHOP.modules.slice(0, 1), edges: [] }),
    );
    await fs.writeFile(path.join(place, '8.json'), JSON.stringify({ ...SHOP, pid: 8 }));
    await fs.writeFile(path.join(place, '9.json'), '{"half":');
    assert.equal((await folder.read(7))?.report.pid, 7);
    assert.equal((await folder.read(null))?.report.pid, 8);
    folder.dispose();
    assert.deepEqual(await fs.readdir(parent), []);
  });
});
