import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { detect, rewrite } from '../../../src/code/detect';
import type { RewriteResult, RewriteSettings } from '../../../src/protocol/code';
import { applied } from './apply-changes';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: 1e6 };
const SETTINGS: RewriteSettings = { maxEntries: 500, ttlMs: 0 };

describe('Bound with an LRU cache', () => {
  let root: string;
  beforeEach(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-lru-'));
    await fs.writeFile(
      path.join(root, 'package.json'),
      JSON.stringify({ name: 'p', engines: { node: '>=20' } }),
    );
  });
  afterEach(() => fs.rm(root, { recursive: true }));

  const bound = (text: string, settings = SETTINGS, name = 'cache.ts'): RewriteResult => {
    const file = path.join(root, name);
    const smell = detect(file, text, OPTIONS).find(({ rule }) => rule === 'unbounded-collection');
    assert.ok(smell, 'nothing was flagged');
    return rewrite(file, text, smell.id, 'lru-cache', settings, OPTIONS);
  };

  it('rewrites the declaration, adds the import and names the dependency', () => {
    const text = `import { a } from './a';\n\nconst cache = new Map<string, number>();\nexport const put = (k: string) => cache.set(k, a).get(k);\n`;
    const result = bound(text, { maxEntries: 10_000, ttlMs: 60_000 });
    assert.equal(
      applied(text, result),
      `import { a } from './a';\nimport { LRUCache } from 'lru-cache';\n\nconst cache = new LRUCache<string, number>({ max: 10_000, ttl: 60_000 });\nexport const put = (k: string) => cache.set(k, a).get(k);\n`,
    );
    assert.ok(result.kind === 'edits' && result.dependency);
    assert.deepEqual(result.dependency, {
      name: 'lru-cache',
      range: '^11.0.0',
      packageJson: path.join(root, 'package.json'),
    });
  });

  it('asserts what get() does not promise where there is no project to ask', () => {
    const text =
      'const cache: Record<string, number> = {};\nexport function f(url: string): number {\n  if (url in cache) return cache[url];\n  return (cache[url] = url.length);\n}\n';
    assert.match(applied(text, bound(text)), /return cache\.get\(url\)!;/);
  });

  it('rewrites the annotation as well', () => {
    const text =
      'const cache: Map<string, number> = new Map();\nexport const f = (k: string) => void cache.set(k, 1);\n';
    assert.match(applied(text, bound(text)), /const cache: LRUCache<string, number> = new LRUCache\(/);
  });

  it('writes as the file is written: double quotes, no semicolons, CRLF, below the header', () => {
    const text =
      '// Licence\r\nconst name = "x"\r\nconst cache = new Map()\r\nexport const f = (k: string) => void cache.set(k + name, 1)\r\n';
    const after = applied(text, bound(text));
    assert.ok(
      after.startsWith('// Licence\r\nimport { LRUCache } from "lru-cache"\r\n\r\nconst name'),
      after,
    );
    assert.ok(!after.replaceAll('\r\n', '').includes('\n'));
  });

  it('requires in CommonJS, without types', () => {
    const text =
      "'use strict';\nconst fs = require('node:fs');\nconst cache = new Map();\nmodule.exports = (k) => cache.set(k, fs);\n";
    assert.equal(
      applied(text, bound(text, SETTINGS, 'cache.js')),
      "'use strict';\nconst fs = require('node:fs');\nconst { LRUCache } = require('lru-cache');\nconst cache = new LRUCache({ max: 500 });\nmodule.exports = (k) => cache.set(k, fs);\n",
    );
  });

  it('uses the import that is there', async () => {
    const text =
      "import { LRUCache } from 'lru-cache';\nconst old = new LRUCache({ max: 1 });\nconst cache = new Map();\nexport const f = (k: string) => void cache.set(k, old);\n";
    assert.equal(applied(text, bound(text)).match(/import/g)?.length, 1);
  });

  it('gives no time limit where has() comes before get()', () => {
    const text =
      'const cache = new Map();\nexport const f = (k: string) => { if (!cache.has(k)) cache.set(k, 1); return cache.get(k); };\n';
    assert.match(
      applied(text, bound(text, { maxEntries: 5, ttlMs: 1000 })),
      /new LRUCache<any, any>\(\{ max: 5 \}\)/,
    );
  });

  it('asks for a version that the project’s Node can run', async () => {
    await fs.writeFile(path.join(root, 'package.json'), '{"engines":{"node":"^18.12 || >=20"}}');
    const text = 'const cache = new Map();\nexport const f = (k: string) => void cache.set(k, 1);\n';
    const result = bound(text);
    assert.equal(result.kind === 'edits' && result.dependency?.range, '^10.4.3');
  });

  it('asks for nothing where the dependency is listed', async () => {
    await fs.writeFile(path.join(root, 'package.json'), '{"dependencies":{"lru-cache":"^11.2.0"}}');
    const text = 'const cache = new Map();\nexport const f = (k: string) => void cache.set(k, 1);\n';
    const result = bound(text);
    assert.equal(result.kind === 'edits' && result.dependency, null);
  });

  const refused: [what: string, text: string, reason: RegExp, dependencies?: object][] = [
    ['a Set', 'const s = new Set();\nexport const f = (k: string) => void s.add(k);', /Set/],
    [
      'iteration',
      'const m = new Map();\nexport const f = (k: string) => { m.set(k, 1); for (const e of m) console.log(e); };',
      /iterated/,
    ],
    [
      'undefined values',
      'const m = new Map<string, string | undefined>();\nexport const f = (k: string) => void m.set(k, k);',
      /undefined/,
    ],
    ['storing null', 'const m = new Map();\nexport const f = (k: string) => void m.set(k, null);', /null/],
    [
      'a taken name',
      'class LRUCache {}\nconst m = new Map();\nexport const f = (k: string) => void m.set(k, LRUCache);',
      /LRUCache/,
    ],
    [
      'an old major version',
      'const cache = new Map();\nexport const f = (k: string) => void cache.set(k, 1);',
      /version 8 or later/,
      { 'lru-cache': '^6.0.0' },
    ],
  ];
  for (const [what, text, reason, dependencies] of refused) {
    it(`refuses ${what}, with the reason`, async () => {
      await fs.writeFile(path.join(root, 'package.json'), JSON.stringify({ dependencies }));
      const result = bound(text);
      assert.equal(result.kind, 'refused');
      assert.match(result.kind === 'refused' ? result.reason : '', reason);
    });
  }
});
