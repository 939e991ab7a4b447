import assert from 'node:assert/strict';
import { MeasuredModules } from '../../../src/modules/measured-modules';
import type { UnusedPackage } from '../../../src/protocol/modules';
import { MeasuredProgram } from './measured-program';

const VERSIONS = [18, 20, 22, 24, 26];

/** A package of one CommonJS file, or of several files. */
function commonJs(name: string, files: string | Readonly<Record<string, string>>): Record<string, string> {
  const all = typeof files === 'string' ? { 'index.js': files } : files;
  return inPackage(name, { name, version: '1.0.0' }, all);
}

function esModule(name: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return inPackage(name, { name, version: '1.0.0', type: 'module', exports: './index.js' }, files);
}

function inPackage(
  name: string,
  manifest: object,
  files: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries([
    [`node_modules/${name}/package.json`, JSON.stringify(manifest)],
    ...Object.entries(files).map(([file, text]) => [`node_modules/${name}/${file}`, text]),
  ]);
}

const PACKAGES = {
  // Used, each in another way.
  ...commonJs('called-at-start', 'module.exports = function find() { return 1; };'),
  ...commonJs('called-later', 'exports.find = () => 2;'),
  ...commonJs('called-before-too', 'function find() { return 3; }\nfind();\nexports.find = find;'),
  ...commonJs('constructed', 'exports.Box = class Box { constructor() { this.value = 4; } };'),
  ...commonJs('inherited', 'class Base { get value() { return 5; } }\nmodule.exports = Base;'),
  ...commonJs('by-another', 'exports.help = () => 6;'),
  ...commonJs('another', 'const value = require("by-another").help();\nexports.value = () => value;'),
  ...commonJs(
    'by-accessor',
    'Object.defineProperty(exports, "value", { enumerable: true, get() { return 7; } });',
  ),
  ...commonJs('by-proxy', 'module.exports = new Proxy({}, { get: () => 8 });'),
  ...commonJs('by-inner', {
    'index.js': 'exports.find = () => require("./inner.js").inner();',
    'inner.js': 'exports.inner = () => 9;',
  }),
  // Never used, whatever they did while they were loaded.
  ...commonJs(
    'idle',
    'function build(n) { return Array.from({ length: n }, (_, i) => ({ i })); }\nconst table = build(20000);\nexports.build = build;\nexports.table = () => table;',
  ),
  ...commonJs(
    'idle-function',
    'const make = () => ({});\nmodule.exports = Object.assign(function run() { return make(); }, { make, VERSION: "1", level: 3 });\nmodule.exports.make();',
  ),
  ...commonJs('idle-in-parts', {
    'a.js': 'exports.share = (x) => x;\nexports.share(1);',
    'b.js': 'const { share } = require("./a.js");\nexports.other = () => share(2);\nexports.other();',
  }),
  ...commonJs('idle-with-values', 'exports.one = () => 1;\nexports.two = () => 2;\nexports.limit = 10;'),
  ...commonJs(
    'passes-below-on',
    'exports.run = require("idle-below").start;\nexports.go = () => 1;\nexports.run();',
  ),
  ...commonJs('idle-below', 'exports.stop = () => 0; exports.start = () => 1;'),
  ...commonJs('codes-only', 'exports.SECOND = 1000;\nexports.codes = { ok: 200 };'),
  ...commonJs(
    'built-constants',
    'const freeze = (x) => Object.freeze(x);\nmodule.exports = freeze({ OK: 200, GONE: 410 });',
  ),
  ...inPackage(
    'json-only',
    { name: 'json-only', version: '1.0.0', main: 'data.json' },
    { 'data.json': '{ "a": 1 }' },
  ),
  ...commonJs('mixed', 'exports.describe = () => "";\nexports.OK = 200;\nexports.GONE = 410;'),
  ...commonJs('passes-on', 'exports.find = require("called-at-start");\nexports.own = () => 1;'),
  ...commonJs('passes-node-on', 'module.exports = { ...require("node:fs"), own() {} };'),
  ...commonJs('native-like', 'exports.max = Math.max;\nexports.own = () => 1;'),
  ...commonJs('polyfill', 'const patch = () => { globalThis.patched = true; };\npatch();'),
};

const MAIN = `
const { deepEqual } = require('node:assert');
const Base = require('inherited');
class Derived extends Base {}
const found = [require('called-at-start')(), require('called-before-too').find(), new (require('constructed').Box)().value, new Derived().value];
found.push(require('another').value(), require('by-accessor').value, require('by-proxy').value, require('by-inner').find());
for (const name of ['idle', 'idle-function', 'idle-in-parts/a.js', 'idle-in-parts/b.js', 'idle-with-values', 'passes-below-on']) require(name);
found.push(require('codes-only').SECOND, require('built-constants').OK, require('json-only').a, require('mixed').GONE, require('passes-on').find());
found.push(typeof require('passes-node-on').readFileSync, require('native-like').max(1, 2));
require('polyfill');
const later = require('called-later');
setTimeout(() => console.log(found.join(), later.find()), 20);
`;

const ES_PACKAGES = {
  ...esModule('es-used', {
    'index.js': 'import { inner } from "./inner.js"; inner(); export function find() { return inner(); }',
    'inner.js': 'export const inner = () => 1;',
  }),
  ...esModule('es-used-in-load-too', { 'index.js': 'export default function find() { return 2; }\nfind();' }),
  ...esModule('es-used-in-time', { 'index.js': 'export const find = () => 3;' }),
  ...esModule('es-idle', {
    'index.js':
      'import { start } from "./inner.js"; export * from "./inner.js"; start(); export class Never {}',
    'inner.js': 'export const start = () => 4; start(); export const stop = () => 5;',
  }),
  ...esModule('es-idle-default', {
    'index.js': 'const api = { run() {}, stop() {} }; api.run(); export default api;',
  }),
  ...esModule('es-data', {
    'index.js':
      'const freeze = (x) => Object.freeze(x); export const codes = freeze({ ok: 200 }); export default 1;',
  }),
  ...esModule('es-passes-on', { 'index.js': 'export { find } from "es-used"; export const own = () => 6;' }),
  ...commonJs('idle', 'exports.build = () => [];\nexports.build();'),
};

const ES_MAIN = `
import { find } from 'es-used';
import again from 'es-used-in-load-too';
import { stop, Never } from 'es-idle';
import api from 'es-idle-default';
import { codes } from 'es-data';
import { find as passed } from 'es-passes-on';
import idle from 'idle';
const found = [find(), again(), codes.ok, passed(), typeof stop, typeof Never, typeof api, typeof idle];
await new Promise((resolve) => setTimeout(resolve, 10));
const { find: timely } = await import('es-used-in-time');
console.log(found.join(), timely());
`;

function manifest(packages: Readonly<Record<string, string>>): Record<string, string> {
  const names = Object.keys(packages).flatMap(
    (file) => /^node_modules\/(.*)\/package\.json$/.exec(file)?.[1] ?? [],
  );
  const dependencies = Object.fromEntries(
    names.filter((name) => name !== 'idle-below').map((name) => [name, '1']),
  );
  return { 'package.json': JSON.stringify({ dependencies }) };
}

describe('dependencies that are loaded and never used', function () {
  this.timeout(120_000);
  let program: MeasuredProgram;
  let es: MeasuredProgram;

  before(async () => {
    program = await MeasuredProgram.create({ 'main.cjs': MAIN, ...PACKAGES, ...manifest(PACKAGES) });
    es = await MeasuredProgram.create({ 'main.mjs': ES_MAIN, ...ES_PACKAGES, ...manifest(ES_PACKAGES) });
  });

  after(async () => {
    await program?.dispose();
    await es?.dispose();
  });

  for (const node of VERSIONS) {
    it(`are told from used ones, and from those of which it cannot be told, in Node ${node}`, async () => {
      const plain = await program.run('main.cjs', { node, metered: false });
      const { output, report } = await program.run('main.cjs', { node });
      assert.equal(output, '1,3,4,5,6,7,8,9,1000,200,1,410,1,function,2 2\n');
      assert.equal(output, plain.output);
      const { unused } = await MeasuredModules.from(report!);
      assert.deepEqual(namesOf(unused, true), ['idle', 'idle-function', 'idle-in-parts', 'idle-with-values']);
      assert.deepEqual(namesOf(unused, false), [
        'built-constants',
        'codes-only',
        'json-only',
        'mixed',
        'native-like',
        'passes-below-on',
        'passes-node-on',
        'passes-on',
        'polyfill',
      ]);
      const [heaviest] = unused!;
      assert.equal(heaviest!.name, 'idle');
      assert.ok(heaviest!.selfHeap > 200_000, String(heaviest!.selfHeap));
      const words = (name: string) => unused!.find((one) => one.name === name)!.words;
      assert.equal(words('idle'), 'None of its functions was called since it was loaded.');
      assert.match(
        words('idle-with-values'),
        /; that one of its one value of data was read cannot be seen\.$/,
      );
      assert.equal(words('codes-only'), 'Cannot be told: it exports data only.');
      assert.equal(words('mixed'), 'Cannot be told: it exports mostly data.');
      assert.equal(words('native-like'), 'Cannot be told: its functions are not JavaScript.');
      assert.match(words('polyfill'), /it exports no function/);
    });

    it(`are told among ES modules, in Node ${node}`, async () => {
      const { output, report } = await es.run('main.mjs', { node });
      assert.equal(output, '1,2,200,1,function,function,object,object 3\n');
      const { unused } = await MeasuredModules.from(report!);
      assert.deepEqual(namesOf(unused, true), ['es-idle', 'es-idle-default', 'idle']);
      assert.deepEqual(namesOf(unused, false), ['es-data', 'es-passes-on']);
    });
  }

  it('are not told of where figures have to be exact', async () => {
    const exact = await program.run('main.cjs', { node: 24, exact: true });
    assert.equal(exact.report?.use, null);
    assert.equal((await MeasuredModules.from(exact.report!)).unused, null);
  });
});

function namesOf(unused: readonly UnusedPackage[] | null, sure: boolean): string[] {
  return (unused ?? [])
    .filter(({ isSure }) => isSure === sure)
    .map(({ name }) => name)
    .sort();
}
