import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { LintedFile, LintOptions } from '../../../src/code/lint';
import { lintPaths } from '../../../src/code/lint-paths';
import { toSarif } from '../../../src/code/sarif';

const OPTIONS: LintOptions = {
  rules: [],
  fix: false,
  proposeFixes: true,
  maxEntries: 500,
  lazyImportMinimumBytes: 1e6,
};
const LEAKY = 'const cache = new Map();\nexports.put = (key) => void cache.set(key, 1);\n';

describe('linting of files', function () {
  this.timeout(120_000);
  let root: string;
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-lint-'));
    fs.writeFileSync(path.join(root, 'package.json'), '{}');
    fs.mkdirSync(path.join(root, 'src'));
    fs.mkdirSync(path.join(root, 'node_modules'));
    fs.writeFileSync(path.join(root, 'src/pages.js'), LEAKY);
    fs.writeFileSync(path.join(root, 'src/clean.js'), 'exports.one = 1;\n');
    fs.writeFileSync(path.join(root, 'node_modules/other.js'), LEAKY);
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  const lint = async (options: Partial<LintOptions> = {}): Promise<LintedFile[]> => {
    const linted: LintedFile[] = [];
    await lintPaths([root], { ...OPTIONS, ...options }, (file) => linted.push(file));
    return linted;
  };

  it('looks at sources, and not at those of others', async () => {
    const linted = await lint();
    assert.deepEqual(
      linted.map(({ file, smells }) => [path.basename(file), smells.length]),
      [
        ['clean.js', 0],
        ['pages.js', 1],
      ],
    );
  });

  it('fixes without a new package, and then finds nothing', async () => {
    await lint({ fix: true });
    assert.match(fs.readFileSync(path.join(root, 'src/pages.js'), 'utf8'), /new BoundedMap\(500\)/);
    assert.ok(fs.existsSync(path.join(root, 'src/bounded-map.js')));
    assert.equal((await lint()).flatMap(({ smells }) => smells).length, 0);
  });

  it('keeps to the rules that are asked for', async () => {
    assert.equal((await lint({ rules: ['lazy-import'] })).flatMap(({ smells }) => smells).length, 0);
  });

  it('says which path is not there', async () => {
    await assert.rejects(
      lintPaths([path.join(root, 'no')], OPTIONS, () => {}),
      { code: 'file-not-found' },
    );
  });

  it('writes SARIF with rule, place, identifier and role', async () => {
    const smells = (await lint()).flatMap((file) => [...file.smells]);
    const log = toSarif(smells, root, '1.2.3') as { runs: { results: Record<string, unknown>[] }[] };
    const [result] = log.runs[0]!.results;
    assert.equal(result?.ruleId, 'unbounded-collection');
    assert.equal(result?.level, 'note');
    assert.deepEqual(result?.locations, [
      {
        physicalLocation: {
          artifactLocation: { uri: 'src/pages.js', uriBaseId: 'ROOT' },
          region: { startLine: 1, startColumn: 7 },
        },
      },
    ]);
    const { identifier, role } = (result?.properties ?? {}) as Record<string, unknown>;
    assert.deepEqual([identifier, role], ['cache', 'cache']);
  });
});

describe('the bounded map that is written into a project', () => {
  it('keeps to its limit, drops the oldest, and keeps undefined', async () => {
    const { boundedMapSource } = await import('../../../src/code/rewrites/bounded-map-source');
    const hand = { quote: "'", semicolon: ';', indent: '  ', lineEnd: '\n' } as const;
    const loaded = { exports: {} as { BoundedMap: new (limit: number) => Map<unknown, unknown> } };
    new Function('module', boundedMapSource(hand, false, true))(loaded);
    const map = new loaded.exports.BoundedMap(2);
    map.set('a', 1).set(undefined, undefined).set('a', 2);
    assert.deepEqual(
      [...map],
      [
        ['a', 2],
        [undefined, undefined],
      ],
    );
    map.set('c', 3).set('d', 4);
    assert.deepEqual([...map.keys()], ['c', 'd']);
    assert.equal(map.size, 2);
  });
});
