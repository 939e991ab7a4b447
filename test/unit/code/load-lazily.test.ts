import assert from 'node:assert/strict';
import * as path from 'node:path';
import { detect, rewrite } from '../../../src/code/detect';
import type { RewriteResult } from '../../../src/protocol/code';
import { projectRoot } from '../../host/cache-folder';
import { applied } from './apply-changes';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: 100_000 };
const SETTINGS = { maxEntries: 500, ttlMs: 0 };
/** Imports resolve from here to the project's own packages; the file itself is never on disk. */
const file = (name: string) => path.join(projectRoot(), 'src', name);

const smells = (text: string, name = 'example.ts') =>
  detect(file(name), text, OPTIONS).filter(({ rule }) => rule === 'lazy-import');

const lazily = (text: string, name = 'example.ts'): RewriteResult => {
  const [smell] = smells(text, name);
  assert.ok(smell, 'nothing was flagged');
  return rewrite(file(name), text, smell.id, 'load-lazily', SETTINGS, OPTIONS);
};

describe('Load lazily', function () {
  // The edited program is checked, and the first check reads TypeScript's libraries.
  this.timeout(120_000);

  it('moves a named import into the async function that uses it', () => {
    const text =
      "import { parse } from '@babel/parser';\nimport path from 'node:path';\n\nexport async function tree(code: string) {\n  return parse(code + path.sep);\n}\n";
    assert.equal(
      applied(text, lazily(text)),
      "import path from 'node:path';\n\nexport async function tree(code: string) {\n  const { parse } = await import('@babel/parser');\n  return parse(code + path.sep);\n}\n",
    );
  });

  it('goes by what was measured where something was', () => {
    const text =
      "import { parse } from '@babel/parser';\nexport async function tree(code: string) {\n  return parse(code);\n}\n";
    const found = (total: number, saved: number) =>
      detect(file('example.ts'), text, {
        ...OPTIONS,
        measuredImports: [{ specifier: '@babel/parser', total, saved }],
      }).filter(({ rule }) => rule === 'lazy-import');
    assert.match(found(3_400_000, 2_300_000)[0]!.message, /takes 2\.3 MB/);
    assert.deepEqual(found(3_400_000, 50_000), [], 'others need nearly all of it');
    assert.deepEqual(found(60_000, 60_000), [], 'it is smaller than it looks');
    assert.match(smells(text)[0]!.message, /takes about/);
  });

  it('renames default and aliased imports, and keeps what is used as a type', () => {
    const text =
      "import ts, { sys as system, type Node } from 'typescript';\n\nexport const f = async (node: ts.Node) => ts.SyntaxKind[node.kind] + system.newLine;\n";
    assert.equal(
      applied(text, lazily(text)),
      "import type ts from 'typescript';\nimport type { Node } from 'typescript';\n\nexport const f = async (node: ts.Node) => {\n  const { default: ts, sys: system } = await import('typescript');\n  return ts.SyntaxKind[node.kind] + system.newLine;\n};\n".replace(
        '};\n',
        '};\n',
      ),
    );
  });

  it('loads a namespace as a whole', () => {
    const text =
      "import * as ts from 'typescript';\nexport async function v() {\n  return [1].map(() => ts.version);\n}\n";
    assert.match(
      applied(text, lazily(text)),
      /^export async function v\(\) \{\n {2}const ts = await import\('typescript'\);/,
    );
  });

  it('moves require into a synchronous function', () => {
    const text =
      "const ts = require('typescript');\n\nexports.version = function () {\n  return ts.version;\n};\n";
    assert.equal(
      applied(text, lazily(text, 'example.cjs')),
      "exports.version = function () {\n  const ts = require('typescript');\n  return ts.version;\n};\n",
    );
  });

  it('makes a require for what a synchronous function of an ES module needs', () => {
    const text = "import ts from 'typescript';\n\nexport function f() {\n  return ts.version;\n}\n";
    assert.equal(
      applied(text, lazily(text, 'example.mjs')),
      "import { createRequire } from 'node:module';\n\nconst require = createRequire(import.meta.url);\n\nexport function f() {\n  const ts = require('typescript');\n  return ts.version;\n}\n",
    );
  });

  const silent: [what: string, text: string][] = [
    [
      'use at load',
      "import ts from 'typescript';\nexport const v = ts.version;\nexport async function f() { return ts; }",
    ],
    [
      'a function that runs at load',
      "import ts from 'typescript';\nasync function main() { return ts.version; }\nmain();",
    ],
    [
      'a class that is made at load',
      "import ts from 'typescript';\nclass A { constructor() { void ts.version; } }\nexport const a = new A();",
    ],
    [
      'a function that is called at load by another',
      "import ts from 'typescript';\nconst b = () => ts.version;\nfunction a() { return b(); }\na();",
    ],
    ['a base class', "import { Foo } from 'typescript';\nexport class A extends Foo {}"],
    ['a static field', "import ts from 'typescript';\nexport class A { static v = ts.version; }"],
    ['a re-export', "import ts from 'typescript';\nexport { ts };"],
    ['types only', "import ts from 'typescript';\nexport async function f(node: ts.Node) { return node; }"],
    [
      'an import type',
      "import type ts from 'typescript';\nexport async function f(node: ts.Node) { return node; }",
    ],
    [
      'a built-in module',
      "import zlib from 'node:zlib';\nexport async function f() { return zlib.gzipSync(''); }",
    ],
    ['a file of the project', "import x from './x';\nexport async function f() { return x; }"],
    ['a side effect', "import 'typescript';\nexport async function f() {}"],
    ['a package that is small', "import once from 'isexe';\nexport async function f() { return once; }"],
    [
      'a package that is not there',
      "import x from 'no-such-package-here';\nexport async function f() { return x; }",
    ],
  ];
  for (const [what, text] of silent) {
    it(`is silenced by ${what}`, () => assert.deepEqual(smells(text), []));
  }

  it('says what it costs', () => {
    const [smell] = smells(
      "import ts from 'typescript';\nexport async function f() { return ts.version; }\n",
    );
    assert.match(smell?.message ?? '', /typescript takes about \d+\.\d MB.*line 2/);
  });
});
