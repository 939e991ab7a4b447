import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import ts from 'typescript';
import { detect, rewrite } from '../../../src/code/detect';
import type { RewriteResult } from '../../../src/protocol/code';
import { projectRoot } from '../../host/cache-folder';
import { applied } from './apply-changes';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: 1 };
const SETTINGS = { maxEntries: 500, ttlMs: 0 };
const NODE_TYPES = `declare module 'node:module' { export function createRequire(url: string): (name: string) => any; }
declare var require: (name: string) => any;
interface ImportMeta { url: string }
`;

/** `heavy` gives a function, `named` is marked as one that was an ES module, `esmonly` is one. */
describe('Load lazily by the kind of the file', function () {
  this.timeout(120_000);
  let root: string;
  before(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-kinds-'));
    fs.cpSync(path.join(projectRoot(), 'test/fixtures/packages'), path.join(root, 'node_modules'), {
      recursive: true,
    });
    fs.writeFileSync(path.join(root, 'package.json'), '{"private":true}');
    fs.writeFileSync(path.join(root, 'node.d.ts'), NODE_TYPES);
  });
  after(() => fs.rmSync(root, { recursive: true }));

  const lazily = (name: string, text: string, module: string, settings: object = {}): RewriteResult => {
    const compilerOptions = { strict: true, target: 'ES2022', module, types: [], ...settings };
    const config = path.join(root, 'tsconfig.json');
    fs.writeFileSync(config, JSON.stringify({ compilerOptions, files: ['node.d.ts'] }));
    // Read anew only where it is younger.
    fs.utimesSync(config, new Date(), new Date(Date.now() + ++changes * 1000));
    const file = path.join(root, name);
    const [smell] = detect(file, text, OPTIONS);
    assert.ok(smell, 'nothing was flagged');
    return rewrite(file, text, smell.id, 'load-lazily', SETTINGS, OPTIONS);
  };
  let changes = 0;
  const refusalOf = (result: RewriteResult) => (result.kind === 'refused' ? result.reason : 'made');
  const body = (value: string, isAsync: boolean) =>
    isAsync
      ? `export async function loud(x: string): Promise<string> {\n  return ${value};\n}\n`
      : `export function loud(x: string): string {\n  return ${value};\n}\n`;

  /** The line that loads it, in a function that is not async and in one that is. */
  const made: [file: string, imported: string, value: string, sync: string, async: string][] = [
    [
      'a.cts',
      "import heavy from 'heavy';",
      'heavy(x)',
      "const heavy = require('heavy') as typeof import('heavy');",
      "const heavy = require('heavy') as typeof import('heavy');",
    ],
    [
      'a.cts',
      "import d from 'named';",
      'd(x)',
      "const { default: d } = require('named') as typeof import('named');",
      "const { default: d } = require('named') as typeof import('named');",
    ],
    [
      'a.cts',
      "import d, { a } from 'named';",
      'a(d(x))',
      "const { default: d, a } = require('named') as typeof import('named');",
      "const { default: d, a } = require('named') as typeof import('named');",
    ],
    [
      'a.cts',
      "import { a } from 'heavy';",
      'a(x)',
      "const { a } = require('heavy') as typeof import('heavy');",
      "const { a } = require('heavy') as typeof import('heavy');",
    ],
    [
      'a.cts',
      "import heavy = require('heavy');",
      'heavy(x)',
      "const heavy = require('heavy') as typeof import('heavy');",
      "const heavy = require('heavy') as typeof import('heavy');",
    ],
    [
      'a.cts',
      "import * as heavy from 'heavy';",
      'heavy.a(x)',
      "const heavy = require('heavy') as typeof import('heavy');",
      "const heavy = require('heavy') as typeof import('heavy');",
    ],
    [
      'a.mts',
      "import heavy from 'heavy';",
      'heavy(x)',
      "const heavy = require('heavy') as typeof import('heavy');",
      "const { default: heavy } = await import('heavy');",
    ],
    [
      'a.mts',
      "import d from 'named';",
      'd.default(x)',
      "const d = require('named') as typeof import('named');",
      "const { default: d } = await import('named');",
    ],
    [
      'a.mts',
      "import heavy, { a } from 'heavy';",
      'a(heavy(x))',
      "const heavy = require('heavy') as typeof import('heavy');\n  const { a } = require('heavy') as typeof import('heavy');",
      "const { default: heavy, a } = await import('heavy');",
    ],
  ];
  for (const [name, imported, value, ...lines] of made)
    for (const [index, line] of lines.entries()) {
      const kind = index === 1 ? 'async' : 'not async';
      it(`${imported} of ${name.slice(1)}, ${kind}`, () => {
        const text = `${imported}\n\n${body(value, index === 1)}`;
        const after = applied(text, lazily(name, text, 'NodeNext'));
        assert.ok(after.includes(`{\n  ${line}\n  return ${value};`), after);
        assert.equal(after.includes('createRequire('), name === 'a.mts' && index === 0);
        if (name === 'a.cts' && index === 0) assert.equal(run(after), run(text));
      });
    }

  /** What a file of CommonJS says when it is compiled and called. */
  const run = (text: string): unknown => {
    const compilerOptions = {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    };
    const file = path.join(root, 'built.cjs');
    fs.writeFileSync(file, ts.transpileModule(text, { compilerOptions }).outputText);
    const load = createRequire(file);
    delete load.cache[file];
    return (load(file) as { loud(x: string): string }).loud('x');
  };

  it('calls a namespace that is compiled to require(), where that gives a function', () => {
    const text = `import * as heavy from 'heavy';\n\n${body('heavy(x)', false)}`;
    const settings = { esModuleInterop: false, moduleResolution: 'bundler' };
    assert.match(
      applied(text, lazily('a.cts', text, 'CommonJS', settings)),
      /\n {2}const heavy = require\('heavy'\) as typeof import\('heavy'\);/,
    );
  });

  it('says what keeps an ES module from making a require()', () => {
    const text = `import { a } from 'heavy';\n\n${body('a(x)', false)}`;
    const refusal = refusalOf(lazily('a.mts', text, 'CommonJS', { moduleResolution: 'bundler' }));
    assert.match(refusal, /makes of import\.meta, and "module": "CommonJS" of tsconfig\.json/);
  });

  it('does not guess what the default export is of what require() gives', () => {
    const write = (text: string) => {
      const folder = path.join(root, 'node_modules', 'guessed');
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, 'package.json'), '{"name":"guessed","main":"index.js"}');
      fs.writeFileSync(path.join(folder, 'index.d.ts'), 'export default function d(x: unknown): string;\n');
      fs.writeFileSync(path.join(folder, 'index.js'), text);
    };
    const text = `import d from 'guessed';\n\n${body('d(x)', false)}`;
    const marked = "Object.defineProperty(exports, '__esModule', { value: true });\n";
    write(`${marked}exports.default = (x) => x;\n`);
    assert.match(applied(text, lazily('a.cts', text, 'NodeNext')), /const \{ default: d \} = require/);
    write(`${marked}exports.default = (x) => x;\nmodule.exports = exports.default;\n`);
    assert.match(refusalOf(lazily('a.cts', text, 'NodeNext')), /not its default export in every build/);
    // Without types that say so, `d` is what they call the default.
    write('module.exports = (x) => x;\n');
    assert.match(
      applied(text, lazily('a.cts', text, 'NodeNext')),
      /const d = require\('guessed'\) as \(typeof import\('guessed'\)\)\['default'\];/,
    );
    const bundled = { moduleResolution: 'bundler' };
    assert.match(applied(text, lazily('a.mts', text, 'ESNext', bundled)), /const d = require\('guessed'\)/);
    write(`${marked}exports.default = (x) => x;\n`);
    assert.match(refusalOf(lazily('a.mts', text, 'ESNext', bundled)), /bundlers take another part/);
  });
});
