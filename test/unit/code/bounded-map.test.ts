import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { lintPaths } from '../../../src/code/lint-paths';
import { parseFile } from '../../../src/code/program/parsed-file';
import { boundedMapSource } from '../../../src/code/rewrites/bounded-map-source';
import { relativeSpecifier } from '../../../src/code/rewrites/relative-specifier';

const OPTIONS = { rules: [], fix: true, proposeFixes: false, maxEntries: 500, lazyImportMinimumBytes: 1e9 };
const HAND = {
  quote: "'",
  semicolon: ';',
  indent: '  ',
  lineEnd: '\n',
  constant: 'const',
  variable: 'let',
} as const;

const pages = (name: string) =>
  `const ${name} = new Map();\nexports.${name} = (url) => {\n  if (!${name}.has(url)) ${name}.set(url, url + 1);\n  return ${name}.get(url);\n};\n`;

describe('Bound with a small bounded map', function () {
  this.timeout(120_000);
  let root: string;
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-bounded-'));
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  const write = (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries({ 'package.json': '{"private":true}', ...files })) {
      const file = path.join(root, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
  };
  /** All texts after the fixes, and why those that are left were refused. */
  const fixed = async (files: Readonly<Record<string, string>>) => {
    write(files);
    const reasons: string[] = [];
    await lintPaths([root], OPTIONS, ({ smells }) => {
      for (const { fix } of smells) if (fix?.kind === 'refused') reasons.push(fix.reason);
    });
    const text = (name: string) => fs.readFileSync(path.join(root, name), 'utf8');
    return { text, reasons };
  };

  it('takes the class that it required for the first collection of a file for the next', async () => {
    const { text, reasons } = await fixed({ 'pages.js': pages('one') + pages('two') });
    assert.deepEqual(reasons, []);
    assert.equal(text('pages.js').match(/new BoundedMap\(500\)/g)?.length, 2);
    assert.equal(text('pages.js').match(/require\('\.\/bounded-map'\)/g)?.length, 1);
  });

  it('leaves a file alone that has another class of the name', async () => {
    for (const declared of [
      "const BoundedMap = require('./maps').BoundedMap;\n",
      "const { BoundedMap } = require('./maps');\n",
      'class BoundedMap {}\n',
    ]) {
      const { text, reasons } = await fixed({ 'pages.js': declared + pages('one') });
      assert.match(reasons.join(), /^The name BoundedMap already means something else in this file\./);
      assert.equal(text('pages.js'), declared + pages('one'));
    }
  });

  describe('where a file is called so', () => {
    it('uses the class of an earlier rewrite, also after somebody printed it anew', async () => {
      const printed = boundedMapSource(HAND, false, true)
        .replaceAll(';\n', '\n')
        .replace('module.exports = { BoundedMap }', 'module.exports = {\n\tBoundedMap,\n}')
        .replace(/\/\*\*[\s\S]*?\*\/\n/, '"use strict"\n// ours\n');
      const { text } = await fixed({ 'bounded-map.js': printed, 'pages.js': pages('one') });
      assert.equal(text('bounded-map.js'), printed);
      assert.match(text('pages.js'), /require\('\.\/bounded-map'\)/);
    });

    const foreign = {
      'another interface':
        'exports.BoundedMap = class BoundedMap { constructor(max) { this.max = max; } put() {} };\n',
      'no limit': boundedMapSource(HAND, false, true).replace('constructor(limit)', 'constructor(entries)'),
      'no method': boundedMapSource(HAND, false, true).replace('  forEach(', '  each('),
      'an export of its own': boundedMapSource(HAND, false, false),
    };
    for (const [what, there] of Object.entries(foreign))
      it(`takes another name where its class has ${what}`, async () => {
        const { text } = await fixed({ 'bounded-map.js': there, 'pages.js': pages('one') });
        assert.equal(text('bounded-map.js'), there);
        assert.match(text('pages.js'), /\{ BoundedMap \} = require\('\.\/size-bounded-map'\)/);
        assert.match(text('size-bounded-map.js'), /module\.exports = \{ BoundedMap \}/);
      });

    it('refuses where both names are taken', async () => {
      const { reasons } = await fixed({
        'bounded-map.js': 'exports.limit = 3;\n',
        'size-bounded-map/index.js': '',
        'pages.js': pages('one'),
      });
      assert.match(reasons.join(), /bounded-map is already there, and holds something else/);
    });
  });

  it('shows why it was refused, and not only that a package is missing', async () => {
    const { reasons } = await fixed({ 'pages.js': `class BoundedMap {}\n${pages('one')}` });
    assert.match(reasons.join(), /^The name BoundedMap already means something else in this file\./);
  });

  it('is taken rather than a package that is there for development only', async () => {
    const { text } = await fixed({
      'package.json': '{"private":true,"devDependencies":{"lru-cache":"^10.0.0"}}',
      'pages.js': pages('one'),
    });
    assert.match(text('pages.js'), /new BoundedMap\(500\)/);
  });

  describe('in TypeScript', () => {
    const CACHE =
      'const pages = new Map<string, string>();\nexport function page(url: string): string {\n  if (!pages.has(url)) pages.set(url, url);\n  return pages.get(url)!;\n}\n';
    const specifierAfter = async (files: Readonly<Record<string, string>>) => {
      const { text } = await fixed({ 'src/page.ts': CACHE, ...files });
      return /BoundedMap \} from '(.*)'/.exec(text('src/page.ts'))?.[1];
    };

    it('names the file as the other files of the package name theirs', async () => {
      const user = (name: string) =>
        `import { createServer } from 'node:http';\nimport { page } from '${name}';\ncreateServer((req, res) => res.end(page(req.url!)));\n`;
      assert.equal(await specifierAfter({ 'src/server.ts': user('./page.ts') }), './bounded-map.ts');
      assert.equal(await specifierAfter({ 'src/server.ts': user('./page.js') }), './bounded-map.js');
      const type = { 'package.json': '{"private":true,"type":"module"}' };
      assert.equal(await specifierAfter({ ...type, 'src/server.ts': user('./page') }), './bounded-map');
    });

    it('names it as it is where nothing compiles it', () => {
      const options = ['allowImportingTsExtensions', 'rewriteRelativeImportExtensions'];
      const settings = options.map((one) => ({
        'package.json': '{"type":"module"}',
        'tsconfig.json': JSON.stringify({ compilerOptions: { [one]: true } }),
      }));
      const scripts = ['node --watch src/page.ts', 'build && node --experimental-strip-types src/page.ts'];
      const run = scripts.map((start) => ({
        'package.json': JSON.stringify({ type: 'module', scripts: { start } }),
        'tsconfig.json': '{}',
      }));
      for (const files of [...settings, ...run]) {
        const folder = fs.mkdtempSync(path.join(root, 'project-'));
        for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
        const file = parseFile(path.join(folder, 'page.ts'), CACHE);
        assert.equal(relativeSpecifier(file, path.join(folder, 'bounded-map.ts'), false), './bounded-map.ts');
      }
    });

    it('names it as it is compiled where a loader runs it', () => {
      write({ 'package.json': '{"type":"module","scripts":{"start":"node --import tsx src/page.ts"}}' });
      const file = parseFile(path.join(root, 'page.ts'), CACHE);
      assert.equal(relativeSpecifier(file, path.join(root, 'bounded-map.ts'), false), './bounded-map.js');
    });
  });

  describe('for a dictionary', () => {
    const store = (value: string, above = '') =>
      `const pages = {};\nexports.page = (id) => {\n${above}  if (!pages[id]) pages[id] = ${value};\n  return pages[id];\n};\n`;

    it('makes texts of keys also where the code calls something of its own String', async () => {
      const above = "  const String = require('node:util').inspect;\n";
      const { text } = await fixed({ 'pages.js': store('String(id)', above) });
      assert.match(text('pages.js'), /pages\.set\(`\$\{id\}`, String\(id\)\)/);
    });

    it('keeps a comment in front of a value', async () => {
      const { text } = await fixed({ 'pages.js': store('/* made */ make(id)') });
      assert.match(text('pages.js'), /pages\.set\(String\(id\), \/\* made \*\/ make\(id\)\)/);
      const returned = `const pages = {};\nexports.page = (id) => {\n  if (pages[id]) return pages[id];\n  return (pages[id] = /* made */ make(id));\n};\n`;
      const after = await fixed({ 'pages.js': returned });
      assert.match(after.text('pages.js'), /const value = \/\* made \*\/ make\(id\);\n/);
    });

    const lost = {
      'in the dictionary':
        'const b = {\n  // a: one\n};\nexports.b = (url) => b[url] || (b[url] = make(url));\n',
      'between halves':
        'const b = {};\nexports.b = (url) =>\n  b[url] ||\n  // or make it\n  (b[url] = make(url));\n',
      'in an access':
        'const b = {};\nexports.b = (url) => {\n  if (!b[url]) b /* why */[url] = make(url);\n  return b[url];\n};\n',
    };
    for (const [where, text] of Object.entries(lost))
      it(`is refused where a comment would be lost: ${where}`, async () => {
        const after = await fixed({ 'pages.js': text });
        assert.equal(after.text('pages.js'), text);
        assert.match(after.reasons.join(), /A comment stands where the code would change\./);
      });
  });
});

describe('the class of the bounded map', () => {
  type Loaded = new (limit: number) => Map<unknown, unknown>;

  it('calls back as a Map does', () => {
    const loaded = { exports: {} as { BoundedMap: Loaded } };
    new Function('module', boundedMapSource(HAND, false, true))(loaded);
    const map = new loaded.exports.BoundedMap(2).set('a', 1);
    const seen: unknown[] = [];
    const self = {};
    map.forEach(function (this: unknown, ...given: unknown[]) {
      seen.push(this, ...given);
    }, self);
    assert.deepEqual(seen.slice(1, 3), [1, 'a']);
    assert.ok(seen[0] === self && seen[3] === map);
  });

  it('says in JavaScript which of its parameters may be left out', () => {
    assert.match(boundedMapSource(HAND, false, true), /@param \{unknown\} \[thisArg\]/);
  });
});

describe('the bounded map that is written into a project', () => {
  it('keeps to its limit, drops the oldest, and keeps undefined', () => {
    const loaded = { exports: {} as { BoundedMap: new (limit: number) => Map<unknown, unknown> } };
    new Function('module', boundedMapSource(HAND, false, true))(loaded);
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
