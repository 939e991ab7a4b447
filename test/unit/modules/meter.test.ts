import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { projectRoot } from '../../host/cache-folder';
import { importsOf, MeasuredProgram, recordOf } from './measured-program';

const VERSIONS = [18, 20, 22, 24, 26];

/** 2 MB that stay, and much that does not. */
const HEAVY = `
let garbage = 0;
for (let i = 0; i < 50; i++) garbage += Array.from({ length: 20000 }, (_, j) => ({ i, j })).length;
const kept = Array.from({ length: 40000 }, (_, i) => ({ i, text: 'text ' + i }));
`;

const COMMONJS = {
  'main.cjs': `
const heavy = require('./heavy.cjs');
const light = require('./light.cjs');
const { name } = require('./data.json');
const a = require('./a.cjs');
let caught;
try { require('./throws.cjs'); } catch (error) { caught = error; }
const again = require('./after.cjs');
console.log(heavy.length, light, name, a.done, a.sawHalf, again, require('dual'), require.main === module, module.loaded);
console.log(caught.message, caught.stack);
setTimeout(() => console.log(module.loaded, require('./later.cjs'), Object.keys(module).join()), 20);
`,
  'heavy.cjs': `${HEAVY}module.exports = kept;`,
  'light.cjs': `module.exports = 'light';`,
  'data.json': `{ "name": "data" }`,
  'a.cjs': `exports.half = true; const b = require('./b.cjs'); exports.done = b.done; exports.sawHalf = b.sawHalf;`,
  'b.cjs': `const a = require('./a.cjs'); exports.sawHalf = a.half === true && a.done === undefined; exports.done = true;`,
  'throws.cjs': `require('./light.cjs');\nfunction fail() { throw new Error('thrown at load'); }\nfail();\n`,
  'after.cjs': `module.exports = 'after';`,
  'later.cjs': `module.exports = 'later';`,
};

const DUAL = {
  'node_modules/dual/package.json': JSON.stringify({
    name: 'dual',
    exports: { import: './index.mjs', require: './index.cjs' },
  }),
  'node_modules/dual/index.mjs': `export default 'by import';`,
  'node_modules/dual/index.cjs': `module.exports = 'by require';`,
};

const ESM = {
  'main.mjs': `#!/usr/bin/env node
import heavy from './heavy.mjs';
import dual from 'dual';
import { sawHoisted } from './c.mjs';
import common from './common.cjs';
import { createRequire } from 'node:module';
import './sets.mjs'; const line = new Error('here').stack.split('\\n')[1];
const failed = await import('./throws.mjs').catch((error) => error);
const again = await import('./throws.mjs').catch((error) => error);
const later = await import('./later.mjs');
console.log(heavy.length, dual, sawHoisted(), common, later.value, globalThis.set, createRequire(import.meta.url)('dual'));
console.log(failed === again, failed.message, failed.stack);
console.log(line, import.meta.url.endsWith('main.mjs'), Object.keys(globalThis).includes('heapwright.module-meter'));
`,
  'heavy.mjs': `${HEAVY}export default kept;\n//# sourceMappingURL=heavy.mjs.map`,
  'c.mjs': `import { d } from './d.mjs'; export const c = 'c'; export function sawHoisted() { return d(); }`,
  'd.mjs': `import { c } from './c.mjs'; export function d() { return c; }`,
  'common.cjs': `module.exports = require('./light.cjs') + ' by CommonJS';`,
  'light.cjs': `module.exports = 'light';`,
  'sets.mjs': `globalThis.set = await Promise.resolve('set');`,
  'throws.mjs': `export const before = 1;\nfunction fail() { throw new TypeError('thrown at load'); }\nfail();\n`,
  'later.mjs': `export const value = 'later' // no line end`,
};

describe('the meter of modules', function () {
  this.timeout(120_000);
  let commonJs: MeasuredProgram;
  let esm: MeasuredProgram;

  before(async () => {
    commonJs = await MeasuredProgram.create({ ...COMMONJS, ...DUAL });
    esm = await MeasuredProgram.create({ ...ESM, ...DUAL });
  });

  after(async () => {
    await commonJs?.dispose();
    await esm?.dispose();
  });

  for (const node of VERSIONS) {
    describe(`in Node ${node}`, () => {
      it('leaves a CommonJS program as it is: values, cycles, errors and their stacks', async () => {
        const plain = await commonJs.run('main.cjs', { node, metered: false });
        const measured = await commonJs.run('main.cjs', { node });
        assert.equal(plain.code, 0, plain.output);
        assert.equal(measured.output, plain.output);
        assert.equal(measured.code, plain.code);
      });

      it('leaves a program of ES modules as it is', async () => {
        const plain = await esm.run('main.mjs', { node, metered: false });
        const measured = await esm.run('main.mjs', { node });
        assert.equal(plain.code, 0, plain.output);
        assert.equal(measured.output, plain.output);
        assert.equal(measured.code, plain.code);
      });

      it('finds what CommonJS modules keep, whatever was collected meanwhile', async () => {
        const [{ report }, exact] = await Promise.all([
          commonJs.run('main.cjs', { node }),
          commonJs.run('main.cjs', { node, exact: true }),
        ]);
        const truth = recordOf(exact.report, 'heavy.cjs').heap;
        assert.ok(truth > 2_000_000 && truth < 6_000_000, String(truth));
        near(recordOf(report, 'heavy.cjs').heap, truth);
        assert.ok(recordOf(report, 'light.cjs').heap < 100_000);
        assert.ok(recordOf(report, 'heavy.cjs').ms > recordOf(report, 'light.cjs').ms);
        assert.equal(recordOf(report, 'throws.cjs').state, 'failed');
        assert.equal(recordOf(report, 'after.cjs').state, 'loaded');
        assert.equal(recordOf(report, 'later.cjs').state, 'loaded');
        const imports = [
          'a.cjs',
          'after.cjs',
          'data.json',
          'heavy.cjs',
          'index.cjs',
          'later.cjs',
          'light.cjs',
        ];
        // Since Node 22.15 hooks see what was asked for; before, Node forgets a module that threw.
        const seen = importsOf(report!, 'main.cjs').filter((name) => name !== 'throws.cjs');
        assert.deepEqual(seen, imports);
        assert.deepEqual(importsOf(report!, '/b.cjs'), ['a.cjs']);
      });

      it('finds what ES modules keep, and who imports whom', async () => {
        const [{ report }, exact] = await Promise.all([
          esm.run('main.mjs', { node }),
          esm.run('main.mjs', { node, exact: true }),
        ]);
        const truth = recordOf(exact.report, 'heavy.mjs').heap;
        assert.ok(truth > 2_000_000 && truth < 6_000_000, String(truth));
        near(recordOf(report, 'heavy.mjs').heap, truth);
        assert.ok(recordOf(report, 'later.mjs').heap < 200_000);
        assert.equal(recordOf(report, 'sets.mjs').state, 'loaded');
        assert.notEqual(recordOf(report, 'throws.mjs').state, 'loaded');
        const imports = importsOf(report!, 'main.mjs');
        for (const name of [
          'c.mjs',
          'common.cjs',
          'heavy.mjs',
          'index.mjs',
          'later.mjs',
          'sets.mjs',
          'throws.mjs',
        ]) {
          assert.ok(imports.includes(name), `${name} is missing in ${imports}`);
        }
        assert.deepEqual(importsOf(report!, 'common.cjs'), ['light.cjs']);
        assert.deepEqual(importsOf(report!, 'd.mjs'), ['c.mjs']);
      });
    });
  }

  it('ends with a program that fails, and lets the failure be', async () => {
    const program = await MeasuredProgram.create({
      'main.cjs': `require('./bad.cjs')`,
      'bad.cjs': `\nnull.x;`,
    });
    try {
      const plain = await program.run('main.cjs', { node: 22, metered: false });
      const measured = await program.run('main.cjs', { node: 22 });
      assert.equal(plain.code, 1);
      assert.equal(measured.code, 1);
      assert.equal(measured.output, plain.output);
      assert.ok(measured.report);
    } finally {
      await program.dispose();
    }
  });

  it('lets a program live that takes from the meter what it works with', async () => {
    const program = await MeasuredProgram.create({
      'main.cjs': `const { memoryUsage } = process;
process.memoryUsage = undefined;
process.argv = undefined;
require('./later.cjs');
setTimeout(() => { process.memoryUsage = memoryUsage; console.log('alive'); }, 1500);`,
      'later.cjs': 'module.exports = 1;',
    });
    try {
      for (const node of [18, 24]) {
        const { output, code } = await program.run('main.cjs', { node });
        assert.equal(output.trim(), 'alive');
        assert.equal(code, 0);
      }
    } finally {
      await program.dispose();
    }
  });

  it('leaves native addons, workers and children as they are', async () => {
    const native = JSON.stringify(
      createRequire(path.join(projectRoot(), 'package.json')).resolve('@napi-rs/keyring'),
    );
    const program = await MeasuredProgram.create({
      'main.cjs': `
const { Worker, isMainThread } = require('node:worker_threads');
const { fork } = require('node:child_process');
console.log(Object.keys(require(${native})).sort().join());
if (isMainThread && !process.send) {
  new Worker(__filename).on('exit', (code) => {
    console.log('worker', code);
    fork(__filename, { stdio: 'inherit' }).on('exit', (code) => console.log('child', code));
  });
}
`,
    });
    try {
      for (const node of [18, 24]) {
        const plain = await program.run('main.cjs', { node, metered: false });
        const measured = await program.run('main.cjs', { node });
        assert.match(plain.output, /child 0\n$/);
        assert.equal(measured.output, plain.output);
        assert.ok(recordOf(measured.report, '.node').heap >= 0);
      }
    } finally {
      await program.dispose();
    }
  });

  it('measures TypeScript that Node strips, and ES modules that are required', async () => {
    const program = await MeasuredProgram.create({
      'main.ts': `
import { heavy } from './heavy.ts';
import { createRequire } from 'node:module';
const count: number = heavy.length;
const { value } = createRequire(import.meta.url)('./required.mjs') as { value: string };
console.log(count, value, new Error('here').stack!.split('\\n')[1]);
`,
      'package.json': '{ "type": "module" }',
      'heavy.ts': `${HEAVY}export const heavy: readonly unknown[] = kept;`,
      'required.mjs': `import { inner } from './inner.mjs'; export const value = 'required ' + inner;`,
      'inner.mjs': `export const inner = 'inner';`,
    });
    try {
      for (const node of [24, 26]) {
        const plain = await program.run('main.ts', { node, metered: false });
        const measured = await program.run('main.ts', { node });
        assert.equal(plain.code, 0, plain.output);
        assert.equal(measured.output, plain.output);
        assert.ok(recordOf(measured.report, 'heavy.ts').heap > 2_000_000);
        assert.equal(recordOf(measured.report, 'required.mjs').state, 'loaded');
        assert.deepEqual(importsOf(measured.report!, 'required.mjs'), ['inner.mjs']);
      }
    } finally {
      await program.dispose();
    }
  });

  it('says nothing when nobody listens', async () => {
    const { output, code, report } = await commonJs.run('main.cjs', { node: 24, metered: false });
    assert.equal(code, 0, output);
    assert.equal(report, null);
  });
});

/** Within a quarter: garbage is reckoned out, not seen. */
function near(value: number, truth: number): void {
  assert.ok(Math.abs(value - truth) < truth / 4, `${value} is not near ${truth}`);
}
