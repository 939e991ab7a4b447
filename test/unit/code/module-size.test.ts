import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { eagerLoads } from '../../../src/code/module-size/eager-loads';
import { bytesOfJson, bytesOfModule } from '../../../src/code/module-size/heap-model';
import { estimateSavedBytes } from '../../../src/code/module-size/saved-bytes';

describe('what a text loads at once', () => {
  const loads = (text: string) => eagerLoads(text).loads.map(({ specifier }) => specifier);
  const cases: readonly (readonly [what: string, text: string, expected: readonly string[]])[] = [
    ['a require in a list of variables', "var a = require('a'),\n    b = require('b').c;", ['a', 'b']],
    [
      'imports and re-exports',
      "import x, { y } from 'a';\nexport * from \"b\";\nimport 'c';",
      ['a', 'b', 'c'],
    ],
    ['no import() and no require in a function', "function f() { require('a'); return import('b'); }", []],
    ['nor in methods and getters', "class A { m() { require('a') } get x() { return require('b') } }", []],
    ['nor in arrows, with and without braces', "x = () => require('a');\ny = (z) => { require('b') };", []],
    [
      'but behind an arrow without semicolons',
      "const f = () => require('a')\nconst b = require('b')\n",
      ['b'],
    ],
    [
      'functions that are called at once',
      "(function () { require('a') })(); (() => { require('b') })();",
      ['a', 'b'],
    ],
    ['the factory of an UMD module', "(function (f) { f(); })(function () { require('a'); });", ['a']],
    [
      'functions that the text calls',
      "f(); function f() { g() } function g() { require('a') } function h() { require('b') }",
      ['a'],
    ],
    [
      'callbacks of loops over lists',
      "['x'].forEach(function () { require('a') }); on('x', function () { require('b') });",
      ['a'],
    ],
    [
      'one of two builds',
      "if (process.env.NODE_ENV === 'production') { require('a') } else { require('b') }",
      ['b'],
    ],
    [
      'no comments, strings, expressions',
      "// require('a')\n/* require('b') */ x = \"require('c')\"; y = /require('d')/; `require('e')`",
      [],
    ],
    [
      'templates within templates',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text that is scanned.
      "x = `${`}` + require('a')}`; const f = () => { `${require('b')}` };",
      ['a'],
    ],
    ['a bundle of modules', "var a = __commonJS({ 'x.js'(exports, module) { require('a') } });", ['a']],
  ];
  for (const [what, text, expected] of cases) it(what, () => assert.deepEqual(loads(text), expected));

  it('names the files that are read while it runs, not those that are read later', () => {
    const now = "const zones = path.join(dir, 'zones.dat'); fs.readFileSync(zones);";
    assert.deepEqual(eagerLoads(`require('fs'); ${now}`).dataFiles, ['zones.dat']);
    assert.deepEqual(eagerLoads(`require('fs'); function later() { ${now} }`).dataFiles, []);
  });
});

describe('what an import would save', () => {
  let root: string;
  beforeEach(() => {
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-size-')));
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  function packageOf(name: string, files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      const target = path.join(root, 'node_modules', name, file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, text);
    }
  }

  const saved = (specifier: string, ...others: string[]) => {
    const edge = (one: string) => ({ specifier: one, fromFile: path.join(root, 'app.js') });
    return estimateSavedBytes(edge(specifier), others.map(edge));
  };
  const big = `module.exports = function () {\n${'  call(1, 2);\n'.repeat(20_000)}}`;

  it('counts what it alone leads to', () => {
    packageOf('shared', { 'index.js': big });
    packageOf('one', { 'index.js': "module.exports = require('shared');" });
    packageOf('two', { 'index.js': "module.exports = require('shared');" });
    assert.ok(saved('one') > 500_000);
    assert.ok(saved('one', 'two') < 50_000);
  });

  it('finds packages that know import alone', () => {
    const exports = { '.': { import: './index.mjs' } };
    packageOf('esm', {
      'package.json': JSON.stringify({ name: 'esm', exports }),
      'index.mjs': "export * from './big.mjs';",
      'big.mjs': big.replace('module.exports =', 'export default'),
    });
    assert.ok(saved('esm') > 500_000);
  });

  it('counts what a package reads from its own folder, as objects where it is JSON', () => {
    packageOf('zones', {
      'package.json': '{}',
      'data/zones.dat': 'z'.repeat(3_000_000),
      'lib/index.js': "require('fs').readFileSync(path.join(folder, 'zones.dat'))",
    });
    fs.writeFileSync(path.join(root, 'node_modules/zones/package.json'), '{"main":"lib/index.js"}');
    assert.ok(saved('zones') > 3_000_000);
    const table = JSON.stringify(Array.from({ length: 1000 }, (_, index) => [index, [index]]));
    assert.ok(bytesOfJson(table) > table.length * 4);
  });

  it('is 0 for what cannot be found, and counts no comments', () => {
    assert.equal(saved('absent'), 0);
    assert.equal(bytesOfModule('f();', 0), bytesOfModule(`/* ${'x'.repeat(9999)} */f();`, 0));
  });
});
