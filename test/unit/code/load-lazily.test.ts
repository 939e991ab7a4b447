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

  const oneLine: [what: string, before: string, after: string][] = [
    [
      'a function',
      'function a(x) { n++; return ts.version; }',
      "function a(x) {\n  n++;\n  const ts = require('typescript');\n  return ts.version;\n}",
    ],
    [
      'an async function',
      'exports.a = async (x) => { await x; n++; return ts.version; };',
      "exports.a = async (x) => {\n  await x; n++;\n  const ts = require('typescript');\n  return ts.version;\n};",
    ],
    [
      'a method',
      'class A { m(x) { n++; return ts.version; } }',
      "class A { m(x) {\n  n++;\n  const ts = require('typescript');\n  return ts.version;\n} }",
    ],
    [
      'a setter',
      'class A { set v(x) { n++; this.x = ts.version; } }',
      "class A { set v(x) {\n  n++;\n  const ts = require('typescript');\n  this.x = ts.version;\n} }",
    ],
    [
      'a constructor',
      'exports.A = class { constructor(x) { n++; if (x) this.y = ts.version; } };',
      "exports.A = class { constructor(x) {\n  n++;\n  const ts = require('typescript');\n  if (x) this.y = ts.version;\n} };",
    ],
    [
      'a generator',
      'exports.a = function* (x) { n++; yield ts.version; };',
      "exports.a = function* (x) {\n  n++;\n  const ts = require('typescript');\n  yield ts.version;\n};",
    ],
    [
      'a block of a condition',
      'function a(x) {\n  if (x) { n++; return ts.version; }\n  return x;\n}',
      "function a(x) {\n  if (x) {\n    n++;\n    const ts = require('typescript');\n    return ts.version;\n  }\n  return x;\n}",
    ],
    [
      'a loop',
      'function a(x) { n++; for (const y of x) { n++; if (y) return ts.version; } }',
      "function a(x) {\n  n++;\n  const ts = require('typescript');\n  for (const y of x) { n++; if (y) return ts.version; }\n}",
    ],
    [
      'an attempt',
      'function a(x) { n++; try { n++; return ts.version; } finally { n++; } }',
      "function a(x) {\n  n++;\n  const ts = require('typescript');\n  try { n++; return ts.version; } finally { n++; }\n}",
    ],
    [
      'a directive',
      "function a(x) { 'use strict'; n++; return ts.version; }",
      "function a(x) {\n  'use strict'; n++;\n  const ts = require('typescript');\n  return ts.version;\n}",
    ],
    [
      'a directive alone',
      "function a(x) { 'use strict'; return ts.version; }",
      "function a(x) {\n  'use strict';\n  const ts = require('typescript');\n  return ts.version;\n}",
    ],
    [
      'comments',
      'function a(x) { /* count */ n++; /* then */ return ts.version; /* done */ }',
      "function a(x) {\n  /* count */ n++;\n  const ts = require('typescript');\n  /* then */ return ts.version; /* done */\n}",
    ],
    [
      'a comment before the first statement',
      'function a(x) { /* then */ return ts.version; }',
      "function a(x) {\n  const ts = require('typescript');\n  /* then */ return ts.version;\n}",
    ],
    [
      'a function that is declared below',
      'function a(x) { n++; return b(); function b() { return x ? ts.version : ts; } }',
      "function a(x) { n++; return b(); function b() {\n  const ts = require('typescript');\n  return x ? ts.version : ts;\n} }",
    ],
    [
      'no block of its own',
      'function a(x) {\n  n++; return ts.version;\n}',
      "function a(x) {\n  n++;\n  const ts = require('typescript');\n  return ts.version;\n}",
    ],
    [
      'the brace before it',
      'function a(x) { /* count */ n++; return [\n  ts.version ]; }',
      "function a(x) { /* count */ n++;\n  const ts = require('typescript');\n  return [\n  ts.version ]; }",
    ],
  ];
  for (const [what, before, after] of oneLine) {
    it(`keeps what stands before the first use in one line with ${what}`, () => {
      const text = `const ts = require('typescript');\nlet n = 0;\n${before}\n`;
      assert.equal(applied(text, lazily(text, 'example.cjs')), `let n = 0;\n${after}\n`);
    });
  }

  const commented: [what: string, before: string, after: string][] = [
    [
      'in front of a value',
      'exports.a = (x) => /* now */ ts[x];',
      "exports.a = (x) => {\n  const ts = require('typescript');\n  return /* now */ ts[x];\n};",
    ],
    [
      'in brackets around a value',
      'exports.a = (x) => (/* first */ { v: ts[x] } /* last */);',
      "exports.a = (x) => {\n  const ts = require('typescript');\n  return (/* first */ { v: ts[x] } /* last */);\n};",
    ],
    [
      'on a line in brackets',
      'exports.a = (x) => (\n  // as text\n  ts[x]\n);',
      "exports.a = (x) => {\n  const ts = require('typescript');\n  return (\n  // as text\n  ts[x]\n);\n};",
    ],
    [
      'in front of a statement',
      'function a(x) {\n  n++;\n  /* now */ return ts[x];\n}',
      "function a(x) {\n  n++;\n  const ts = require('typescript');\n  /* now */ return ts[x];\n}",
    ],
  ];
  for (const [what, before, after] of commented) {
    it(`keeps a comment ${what}`, () => {
      const text = `const ts = require('typescript');\nlet n = 0;\n${before}\n`;
      assert.equal(applied(text, lazily(text, 'example.cjs')), `let n = 0;\n${after}\n`);
    });
  }

  it('keeps the comments within an import', () => {
    const text =
      "const {\n  // the parser\n  parse, // all of it\n  /* and\n   * its types */\n  tokTypes,\n} = require('@babel/parser');\nexports.tree = (code) => parse(code, tokTypes);\n";
    assert.equal(
      applied(text, lazily(text, 'example.cjs')),
      "exports.tree = (code) => {\n  // the parser\n  // all of it\n  /* and\n   * its types */\n  const { parse, tokTypes } = require('@babel/parser');\n  return parse(code, tokTypes);\n};\n",
    );
  });

  it('keeps the comments of the names that stay and of those that go', () => {
    const text =
      "import {\n  type Node, // a node\n  // the lines\n  sys, // of the shell\n  type Program,\n} from 'typescript';\nexport const f = async (node: Node, program: Program) => sys.newLine + node.pos + program;\n";
    assert.equal(
      applied(text, lazily(text)),
      "import type {\n  Node, // a node\n  Program,\n} from 'typescript';\nexport const f = async (node: Node, program: Program) => {\n  // the lines\n  // of the shell\n  const { sys } = await import('typescript');\n  return sys.newLine + node.pos + program;\n};\n",
    );
  });

  it('leaves the semicolon that stands before the next line where it is', () => {
    const text =
      "const path = require('path')\nconst ts = require('typescript')\n;[1].forEach((x) => path.join(x))\nexports.a = function (x) {\n  x.y = 1\n  ;[2].forEach((one) => ts[one])\n}\n";
    assert.equal(
      applied(text, lazily(text, 'example.cjs')),
      "const path = require('path')\n;[1].forEach((x) => path.join(x))\nexports.a = function (x) {\n  x.y = 1\n  const ts = require('typescript')\n  ;[2].forEach((one) => ts[one])\n}\n",
    );
  });

  const raced: [what: string, around: string, body: string][] = [
    [
      'functions that ask and take',
      "const state = new Map();\nconst isBusy = (k) => state.get(k) === 'busy';\nconst take = (k) => state.set(k, 'busy');",
      "if (isBusy(k)) return 'busy';\nconst n = parse(k);\ntake(k);\nawait null;\nstate.delete(k);\nreturn n;",
    ],
    [
      'a variable that functions read and set',
      'let running = false;\nfunction isRunning() { return running; }\nfunction begin() { running = true; }',
      'if (isRunning()) return null;\nconst n = parse(k);\nbegin();\nreturn n;',
    ],
    [
      'functions that call others',
      'const jobs = {};\nconst find = (k) => jobs[k];\nconst isKnown = (k) => find(k) !== undefined;\nconst put = (k) => { jobs[k] = 1; };\nfunction add(k) { put(k); }',
      'if (isKnown(k)) return null;\nconst n = parse(k);\nadd(k);\nreturn n;',
    ],
    [
      'functions that are given the collection',
      'const jobs = new Set();\nconst isIn = (set, k) => set.has(k);\nconst put = (set, k) => set.add(k);',
      'if (isIn(jobs, k)) return null;\nconst n = parse(k);\nput(jobs, k);\nreturn n;',
    ],
    [
      'methods of an object of the module',
      'class Lock {\n  #held = new Set();\n  has(k) { return this.#held.has(k); }\n  hold(k) { this.#held.add(k); }\n}\nconst lock = new Lock();',
      'if (lock.has(k)) return null;\nconst n = parse(k);\nlock.hold(k);\nreturn n;',
    ],
    [
      'a function that asks behind another wait',
      'const jobs = new Set();\nconst isKnown = (k) => jobs.has(k);',
      'await null;\nif (isKnown(k)) return null;\nconst n = parse(k);\njobs.add(k);\nreturn n;',
    ],
    [
      'a wait that only some come by',
      'let held = null;\nconst isHeld = () => held !== null;\nconst hold = (k) => { held = k; };',
      'if (isHeld()) return null;\nif (k) await k;\nconst n = parse(k);\nhold(k);\nreturn n;',
    ],
    [
      'a callback over a list',
      'const jobs = new Set();',
      'await null;\nif (jobs.has(k)) return null;\nconst n = parse(k);\n[k].forEach((one) => jobs.add(one));\nreturn n;',
    ],
  ];
  for (const [what, around, body] of raced) {
    it(`does not wait between a check and what it is for: ${what}`, () => {
      const text = `import { parse } from '@babel/parser';\n${around}\nexport async function start(k) {\n${body}\n}\n`;
      const [smell] = smells(text, 'example.mjs');
      assert.match(smell?.rewrites[0]?.refusal ?? '', /^While it waits for import\(\), others may change /);
    });
  }

  it('waits beside what only asks, or touches something else', () => {
    const text =
      "import { parse } from '@babel/parser';\nconst jobs = new Set();\nlet count = 0;\nconst isKnown = (k) => jobs.has(k);\nconst counted = () => { count += 1; };\nexport const size = () => jobs.size + count;\nexport async function start(k) {\n  await null;\n  if (isKnown(k)) return null;\n  const n = parse(k);\n  counted();\n  return isKnown(k) ? n : null;\n}\n";
    assert.match(
      applied(text, lazily(text, 'example.ts')),
      / {2}const \{ parse \} = await import\('@babel\/parser'\);\n {2}const n = parse\(k\);/,
    );
  });

  const delayed: [what: string, around: string, body: string, seen: string][] = [
    ['a message to a socket', '', 'async function f(x, ws) { ws.send(parse(x).errors); }', 'calls ws.send'],
    [
      'a message to a socket of a list',
      'const all = new Map();',
      'async function f(x) { const n = parse(x); for (const ws of all.values()) ws.send(n); }',
      'calls ws.send',
    ],
    ['a message to a port', '', 'async function f(x, port) { port.postMessage(parse(x)); }', 'calls port.'],
    [
      'a message to an imported port',
      "import { parentPort } from 'node:worker_threads';",
      'async function f(x) { parentPort.postMessage(parse(x)); }',
      'calls parentPort.postMessage',
    ],
    [
      'a line in a file',
      "import * as fs from 'node:fs';",
      "async function f(x, file) { fs.appendFileSync(file, parse(x) + ''); }",
      'calls fs.appendFileSync',
    ],
    [
      'a file by a named import',
      "import { writeFileSync } from 'node:fs';",
      "async function f(x, file) { writeFileSync(file, parse(x) + ''); }",
      'calls writeFileSync',
    ],
    ['a line in the console', '', 'async function f(x) { console.log(parse(x)); }', 'calls console.log'],
    [
      'a line in the output',
      "import { stdout } from 'node:process';",
      'async function f(x) { stdout.write(parse(x)); }',
      'calls stdout.write',
    ],
    [
      'a line in the output of the process',
      '',
      'async function f(x) { process.stdout.write(parse(x)); }',
      'calls process.stdout.write',
    ],
    [
      'an answer',
      '',
      'async function f(x, res) { res.status(200).json(parse(x)); }',
      'calls res.status(200).json',
    ],
    ['a page', '', "async function f(x, res) { return res.render('page', parse(x)); }", 'calls res.render'],
    [
      'a list that others have',
      'const all = new Map();',
      'async function f(x) { const list = all.get(x); list.push(parse(x)); }',
      'calls list.push',
    ],
    [
      'a function that keeps it',
      'const all = new Map();\nconst save = (x, n) => { all.set(x, n); };',
      'async function f(x) { save(x, parse(x)); }',
      'calls save',
    ],
    [
      'a function that sends it',
      'function reply(ws, n) { ws.send(n); }',
      'async function f(x, ws) { const n = parse(x); reply(ws, n); }',
      'calls reply',
    ],
    [
      'a message behind a wait of some',
      '',
      'async function f(x, ws) { if (x) await x; ws.send(parse(x)); }',
      'calls ws.send',
    ],
    [
      'a message in a promise that is made',
      '',
      'async function f(x, ws) { await new Promise((done) => ws.send(parse(x), done)); }',
      'calls ws.send',
    ],
  ];
  for (const [what, around, body, seen] of delayed) {
    it(`does not wait before what others see: ${what}`, () => {
      const text = `import { parse } from '@babel/parser';\n${around}\nexport ${body}\n`;
      const [smell] = smells(text, 'example.mjs');
      const refusal = smell?.rewrites[0]?.refusal ?? '';
      assert.ok(
        refusal.startsWith(`With import() its callers would see later that it ${seen}`),
        refusal || 'it waits',
      );
    });
  }

  const unseen: [what: string, around: string, body: string][] = [
    ['a message behind a wait', '', 'async function f(x, ws) { await x; ws.send(parse(x)); }'],
    ['a message before it', '', "async function f(x, ws) { ws.send('start'); return parse(x); }"],
    ['a wait before the message', '', 'async function f(x, ws) { const n = parse(await x); ws.send(n); }'],
    ['a list of its own', '', 'async function f(x) { const list = []; list.push(parse(x)); return list; }'],
    [
      'a list that is reduced to',
      '',
      'async function f(x) { return x.reduce((all, one) => { all.push(parse(one)); return all; }, []); }',
    ],
    [
      'a list of its own that a function fills',
      'const fill = (list, n) => { list.push(n); };',
      'async function f(x) { const list = []; fill(list, parse(x)); return list; }',
    ],
    ['a logarithm', '', 'async function f(x) { return Math.log(parse(x).end); }'],
    ['a body that is read', '', 'async function f(request) { return parse(await request.json()); }'],
    [
      'a file that is read',
      "import * as fs from 'node:fs';",
      "async function f(file) { return parse(fs.readFileSync(file, 'utf8')); }",
    ],
    [
      'a method of the project that makes text',
      'const view = { render: (n) => String(n) };',
      'async function f(x) { return view.render(parse(x)); }',
    ],
    [
      'a function that waits before it sends',
      'async function reply(ws, n) { await n; ws.send(n); }',
      'async function f(x, ws) { await reply(ws, parse(x)); }',
    ],
    [
      'a message where it returned before',
      '',
      "async function f(x, ws) {\n  if (x) {\n    return parse(x);\n  }\n  ws.send('nothing');\n}",
    ],
    [
      'a message of the other branch',
      '',
      "async function f(x, ws) {\n  let n = null;\n  if (x) {\n    n = parse(x);\n  } else {\n    ws.send('nothing');\n  }\n  return n;\n}",
    ],
  ];
  for (const [what, around, body] of unseen) {
    it(`waits where nobody sees a difference: ${what}`, () => {
      const text = `import { parse } from '@babel/parser';\n${around}\nexport ${body}\n`;
      assert.match(
        applied(text, lazily(text, 'example.mjs')),
        /\{ parse \} = await import\('@babel\/parser'\)/,
      );
    });
  }

  it('may wait for a package whose own methods have such names', () => {
    const text =
      "import * as babel from '@babel/parser';\nexport async function f(x) {\n  return babel.render(x);\n}\n";
    assert.match(applied(text, lazily(text, 'example.mjs')), /await import/);
  });

  it('loads what sends at once with require, which does not wait', () => {
    const text =
      "const { parse } = require('@babel/parser');\nexports.f = async (x, ws) => {\n  ws.send(parse(x));\n};\n";
    assert.match(
      applied(text, lazily(text, 'example.cjs')),
      /^exports\.f = .*\n {2}const \{ parse \} = require/,
    );
  });

  const typed: [what: string, comment: string, before: string][] = [
    ['at the top', "/** @type {typeof import('typescript')} */\n", ''],
    ['below others', "/** @type {typeof import('typescript')} */\n", "const path = require('path');\n"],
    ['in the same line', "/** @type {typeof import('typescript')} */ ", "const path = require('path');\n"],
    ['over several lines', "/**\n * @type {typeof import('typescript')}\n */\n", "'use strict';\n"],
    ['above a comment', "/** @type {typeof import('typescript')} */\n// the compiler\n", "'use strict';\n"],
  ];
  for (const [what, comment, before] of typed) {
    it(`takes the type of the variable along: ${what}`, () => {
      const text = `${before}${comment}const ts = require('typescript');\nconst names = [];\nexports.a = (x) => {\n  return ts[x] + names;\n};\nexports.b = (x) => {\n  return ts[x];\n};\n`;
      const lines = comment.trimEnd().split('\n');
      const type = lines.filter((line) => !line.startsWith('//'));
      const inside = (list: string[]) => list.map((line) => `  ${line}\n`).join('');
      assert.equal(
        applied(text, lazily(text, 'example.cjs')),
        `${before}const names = [];\nexports.a = (x) => {\n${inside(lines)}  const ts = require('typescript');\n  return ts[x] + names;\n};\nexports.b = (x) => {\n${inside(type)}  const ts = require('typescript');\n  return ts[x];\n};\n`,
      );
    });
  }

  it('leaves a type that is defined above the variable where it is', () => {
    const text =
      "/** @typedef {{ type: string }} Shape */\nconst ts = require('typescript');\nexports.a = (x) => {\n  return ts[x];\n};\n";
    assert.match(applied(text, lazily(text, 'example.cjs')), /^\/\*\* @typedef .*\nexports\.a/);
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
