import assert from 'node:assert/strict';
import { refusalsOf, refusedUntilChanged } from './limit-refusals';

describe('entries that are asked whether they are the same one', () => {
  const interned = (more: string) =>
    `const symbolCache = new Map();\nfunction intern(url) {\n  let known = symbolCache.get(url);\n  if (!known) {\n    known = { url };\n    symbolCache.set(url, known);\n  }\n  return known;\n}\nexports.intern = intern;\n${more}require('http').createServer((req) => exports.of(req.url));\n`;
  refusedUntilChanged([
    [
      'by who asked for two',
      /line 11 an entry is compared with another value \(intern\(a\) === intern\(b\)\)/,
      { 'kept.js': interned('exports.of = (a, b) => intern(a) === intern(b);\n') },
      'intern(a) === intern(b)',
      'intern(a).url === intern(b).url',
    ],
    [
      'in another file, under other names',
      /line 3 of same\.js an entry is compared/,
      {
        'kept.js': interned('exports.of = intern;\n'),
        'same.js':
          "const { intern } = require('./kept');\nconst same = (one, other) =>\n  one !== other;\nexports.same = (a, b) => same(intern(a), b);\n",
      },
      'one !== other',
      'one.url !== other.url',
    ],
    [
      'by the one of a module',
      /line 12 an entry is compared with another value \(intern\(url\) === ROOT\)/,
      { 'kept.js': interned("const ROOT = intern('/');\nexports.of = (url) => intern(url) === ROOT;\n") },
      'intern(url) === ROOT',
      'intern(url).url === ROOT.url',
    ],
    [
      'as the key of a WeakMap',
      /line 12 an entry is what something else is kept under \(weights\.get\(intern\(url\)\)\)/,
      {
        'kept.js': interned(
          'const weights = new WeakMap();\nexports.of = (url) => weights.get(intern(url));\n',
        ),
      },
      'get(intern(url))',
      'get(intern(url).weight)',
    ],
    [
      'as the key of a Map of another file',
      /of uses\.js an entry is what something else is kept under \(uses\.set\(/,
      {
        'kept.js': interned('exports.of = intern;\n'),
        'uses.js':
          "const { intern } = require('./kept');\nconst uses = new Map();\nexports.use = (url) => {\n  const symbol = intern(url);\n  uses.set(symbol, 1);\n};\nexports.end = (symbol) => uses.delete(symbol);\n",
      },
      'uses.set(symbol, 1)',
      'uses.set(symbol.url, 1)',
    ],
    [
      'as a member of a Set, from a field',
      /an entry is what something else is kept under \(seen\.has\(node\.symbol\)\)/,
      {
        'kept.js': interned(
          'class Leaf {\n  constructor(url) {\n    this.symbol = intern(url);\n  }\n}\nexports.of = (url) => {\n  const seen = new Set();\n  const node = new Leaf(url);\n  return seen.has(node.symbol);\n};\n',
        ),
      },
      'seen.has(node.symbol)',
      'seen.has(node.symbol.url)',
    ],
    [
      'as a member of what is typed',
      /an entry is compared with another value \(a\.symbol === b\.symbol\)/,
      {
        'kept.ts':
          "import { createServer } from 'node:http';\nimport type { Leaf } from './leaf';\nconst symbolCache = new Map<string, { url: string }>();\nfunction intern(url: string) {\n  if (!symbolCache.has(url)) symbolCache.set(url, { url });\n  return symbolCache.get(url)!;\n}\nexport const leaf = (url: string): Leaf => ({ symbol: intern(url) });\ncreateServer((request) => void leaf(request.url!));\n",
        'leaf.ts':
          'export interface Leaf { symbol: { url: string } }\nexport const same = (a: Leaf, b: Leaf) => a.symbol === b.symbol;\n',
      },
      'a.symbol === b.symbol',
      'a.symbol.url === b.symbol.url',
    ],
    [
      'as a member of what has no type',
      /an entry is compared with another value \(a\.symbol === b\.symbol\)/,
      {
        'kept.js': interned(
          'exports.of = (url) => ({ symbol: intern(url) });\nexports.same = (a, b) => a.symbol === b.symbol;\n',
        ),
      },
      'a.symbol === b.symbol',
      'a.symbol.url === b.symbol.url',
    ],
    [
      'as members of a Set of all',
      /what something else is kept under \(\(url\) => intern\(url\)\)/,
      { 'kept.js': interned('exports.of = (urls) => new Set(urls.map((url) => intern(url))).size;\n') },
      '=> intern(url))',
      '=> intern(url).url)',
    ],
    [
      'when they have come',
      /an entry is compared with another value \(symbol === other\)/,
      {
        'kept.js': interned(
          'exports.of = async (url, other) => {\n  const symbol = await intern(url);\n  return symbol === other;\n};\n',
        ),
      },
      'symbol === other',
      'symbol.url === other',
    ],
    [
      'in a list',
      /an entry is compared with another value \(all\.includes\(intern\(url\)\)\)/,
      { 'kept.js': interned('exports.of = (url, all) => all.includes(intern(url));\n') },
      'all.includes(intern(url))',
      'all.includes(intern(url).url)',
    ],
  ]);

  const made: [what: string, text: string][] = [
    [
      'texts that are compared',
      interned('exports.of = (a, b) => intern(a) === intern(b);\n').replace('{ url }', 'url.trim()'),
    ],
    [
      'texts that something is kept under',
      interned('const uses = new Map();\nexports.of = (url) => uses.set(intern(url), 1).clear();\n').replace(
        '{ url }',
        "'/'.concat(url).trim()",
      ),
    ],
    ['asked whether they are there', interned('exports.of = (url) => intern(url) !== undefined;\n')],
    [
      'a sign that nothing was found',
      interned('exports.of = (url) => intern(url) === NONE;\n')
        .replace('known = { url }', 'known = url ? { url } : NONE')
        .replace(/^/, "const NONE = Symbol('none');\n"),
    ],
    [
      'asked before they are taken out',
      "const loadCache = new Map();\nexports.of = (url) => {\n  if (loadCache.has(url)) return loadCache.get(url);\n  const load = fetch(url);\n  loadCache.set(url, load);\n  load.catch(() => { if (loadCache.get(url) === load) loadCache.delete(url); });\n  return load;\n};\nrequire('http').createServer((req) => exports.of(req.url));\n",
    ],
  ];
  for (const [what, text] of made)
    it(`${what}: made`, () => assert.deepEqual(refusalsOf({ 'kept.js': text }), [null, null]));
});
