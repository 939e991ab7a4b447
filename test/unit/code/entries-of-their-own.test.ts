import assert from 'node:assert/strict';
import { detectIn, rewriteIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };

/** What each limit of the cache of the first file is refused for; null where it is made. */
function refusalsOf(files: Readonly<Record<string, string>>): (string | null)[] {
  const program = new SourceProgram();
  for (const [name, text] of Object.entries(files)) program.set(`/project/src/${name}`, text);
  const file = program.parsed(`/project/src/${Object.keys(files)[0]}`)!;
  const smell = detectIn(file, OPTIONS).find(({ identifier }) => /Cache$|^results$/.test(identifier));
  assert.ok(smell, 'nothing was found');
  return ['bounded-map', 'lru-cache'].map((id) => {
    const result = rewriteIn(file, smell.id, id, { maxEntries: 500, ttlMs: 0 }, OPTIONS);
    return result.kind === 'refused' ? result.reason : null;
  });
}

const SERVER = "require('http').createServer((req) => exports.of(req.url));\n";
/** A cache called `kept` of what `made` makes, and more code around it. */
const cacheOf = (made: string, around = '') =>
  `${around}const keptCache = new Map();\nexports.of = (url) => {\n  let kept = keptCache.get(url);\n  if (!kept) {\n    kept = ${made};\n    keptCache.set(url, kept);\n  }\n  return kept;\n};\n${SERVER}`;

type Case = readonly [
  what: string,
  reason: RegExp,
  files: Record<string, string>,
  found: string,
  put: string,
];

/** Each refused as it is, and made with `put` in the place of `found`. */
function check(cases: readonly Case[]): void {
  for (const [what, reason, files, found, put] of cases)
    it(what, () => {
      for (const refusal of refusalsOf(files)) assert.match(refusal ?? 'made', reason);
      assert.ok(Object.values(files).some((text) => text.includes(found)));
      const others = Object.entries(files).map(([name, text]) => [name, text.replaceAll(found, put)]);
      assert.deepEqual(refusalsOf(Object.fromEntries(others)), [null, null]);
    });
}

describe('entries that go on where they are', () => {
  const counter = 'function counterOf(start) {\n  let n = start;\n  return () => n++;\n}\n';
  check([
    [
      'are what a generator gives',
      /iterators \(pagesOf\(url\)\), which go on from where they are/,
      { 'kept.js': cacheOf('pagesOf(url)', 'function* pagesOf(url) {\n  yield url;\n}\n') },
      'kept = pagesOf(url)',
      'kept = [...pagesOf(url)]',
    ],
    [
      'are what a generator of another file gives, in an object',
      /iterators \(rowsOf\(url\)\)/,
      {
        'kept.js': cacheOf('{ url, rows: rowsOf(url) }', "const { rowsOf } = require('./rows');\n"),
        'rows.js': 'exports.rowsOf = function* (url) {\n  yield url;\n};\n',
      },
      'function* (url) {\n  yield url',
      'function (url) {\n  return url',
    ],
    [
      'are read one after the other',
      /iterators \(url\.matchAll/,
      { 'kept.js': cacheOf('url.matchAll(/a/g)') },
      'url.matchAll(/a/g)',
      'url.match(/a/g)',
    ],
    [
      'are iterators of a list',
      /iterators \(new Map\(url\)\.values\(\)\)/,
      { 'kept.js': cacheOf('new Map(url).values()') },
      'new Map(url).values()',
      'Object.values(new Map(url))',
    ],
    [
      'are said to be generators',
      /iterators \(Generator<string>\)/,
      {
        'kept.ts': `import { createServer } from 'node:http';\nimport { open } from './open';\nconst keptCache = new Map<string, Generator<string>>();\nfunction of(url: string) {\n  const known = keptCache.get(url);\n  if (known) return known;\n  const made = open(url);\n  keptCache.set(url, made);\n  return made;\n}\ncreateServer((request) => void of(request.url!));\n`,
      },
      'Generator<string>',
      'string[]',
    ],
    [
      'are functions that count',
      /state of their own, which is changed in line 3 \(n\+\+\)/,
      { 'kept.js': cacheOf('counterOf(url.length)', counter) },
      'return () => n++',
      'return () => n',
    ],
    [
      'are functions of another file that count',
      /changed in line 3 of counter\.js/,
      {
        'kept.js': cacheOf('counterOf(url.length)', "const { counterOf } = require('./counter');\n"),
        'counter.js': `${counter}exports.counterOf = counterOf;\n`,
      },
      'return () => n++',
      'return () => n',
    ],
    [
      'are functions made in place',
      /changed in line \d \(n \+= 1\)/,
      {
        'kept.js': cacheOf(
          '(() => {\n      let n = 0;\n      return { hit() { n += 1; return n; } };\n    })()',
        ),
      },
      'n += 1; return n',
      'return n + 1',
    ],
    [
      'are functions that remember what they were given',
      /changed in line 3 \(seen\.add\)/,
      {
        'kept.js': cacheOf(
          'filterOf(url)',
          'function filterOf(url) {\n  const seen = new Set();\n  return (x) => !seen.has(x) && seen.add(x);\n}\n',
        ),
      },
      ' && seen.add(x)',
      '',
    ],
    [
      'are functions that read on',
      /changed in line 3 \(rows\.next\)/,
      {
        'kept.js': cacheOf(
          'readerOf(url)',
          'function readerOf(url) {\n  const rows = linesOf(url);\n  return () => rows.next().value;\n}\n',
        ),
      },
      'rows.next().value',
      'rows.first().value',
    ],
    [
      'are objects that count',
      /changed in line \d \(this\.hits\)/,
      { 'kept.js': cacheOf('{ hits: 0, hit() { this.hits++; return url; } }') },
      'this.hits++; ',
      '',
    ],
    [
      'are objects of a class that changes itself',
      /changed in line 4 \(this\.position\)/,
      {
        'kept.js': cacheOf(
          'new Reader(url)',
          'class Reader {\n  constructor(url) { this.url = url; this.position = 0; }\n  read(count) {\n    this.position += count;\n    return this.url.slice(this.position);\n  }\n}\n',
        ),
      },
      'this.position += count;\n',
      '\n',
    ],
    [
      'are patterns with the flag g',
      /patterns that go on where they last found something \(new RegExp\(url, 'gi'\)\)/,
      {
        'kept.js': `${cacheOf("new RegExp(url, 'gi')")}exports.has = (url, text) => exports.of(url).test(text);\n`,
      },
      "'gi'",
      "'i'",
    ],
    [
      'are patterns with the flag y',
      /patterns that go on/,
      { 'kept.js': cacheOf('{ url, pattern: /a/y }') },
      '/a/y',
      '/a/',
    ],
    [
      'are patterns whose flags nobody knows',
      /patterns that go on/,
      {
        'kept.js':
          "const patternCache = new Map();\nfunction compile(url, flags) {\n  if (!patternCache.has(url)) patternCache.set(url, new RegExp(url, flags));\n  return patternCache.get(url);\n}\nrequire('http').createServer((req) => compile(req.url, req.headers.flags));\n",
      },
      'req.headers.flags',
      "'iu'",
    ],
    [
      'are functions that search on',
      /changed in line 3 \(pattern\.exec\)/,
      {
        'kept.js': cacheOf(
          'finderOf(url)',
          "function finderOf(url) {\n  const pattern = new RegExp(url, 'g');\n  return (text) => pattern.exec(text);\n}\n",
        ),
      },
      "'g'",
      "'u'",
    ],
  ]);

  const made: [what: string, text: string][] = [
    [
      'patterns that are given to texts alone',
      "const patternCache = new Map();\nfunction patternOf(url) {\n  if (!patternCache.has(url)) patternCache.set(url, new RegExp(url, 'g'));\n  return patternCache.get(url);\n}\nexports.of = (url) => url.replace(patternOf(url), '');\n",
    ],
    [
      'functions that change what outlives them',
      'let all = 0;\nfunction memo(make) {\n  const results = new Map();\n  let hits = 0;\n  return (url) => {\n    if (!results.has(url)) results.set(url, () => { hits++; all++; return make(url); });\n    return results.get(url);\n  };\n}\nexports.of = memo((url) => url.trim());\n',
    ],
    [
      'functions that make what they need when it is needed',
      `function parserOf(url) {\n  let parser;\n  return (text) => (parser ??= compile(url))(text);\n}\n${cacheOf('parserOf(url)')}`,
    ],
    [
      'objects that make what they need of themselves',
      `class Page {\n  constructor(url) { this.url = url; }\n  title() {\n    if (!this.titled) this.titled = titleOf(this.url);\n    return this.titled;\n  }\n  add(x) { return this.url + x; }\n  both(x) { return this.add(x); }\n}\n${cacheOf('new Page(url)')}`,
    ],
    ['what was made once for all', cacheOf('NONE', 'const NONE = { hits: 0, hit() { this.hits++; } };\n')],
  ];
  for (const [what, text] of made)
    it(`${what}: made`, () => assert.deepEqual(refusalsOf({ 'kept.js': text + SERVER }), [null, null]));
});

describe('entries that are asked whether they are the same one', () => {
  const interned = (more: string) =>
    `const symbolCache = new Map();\nfunction intern(url) {\n  let known = symbolCache.get(url);\n  if (!known) {\n    known = { url };\n    symbolCache.set(url, known);\n  }\n  return known;\n}\nexports.intern = intern;\n${more}require('http').createServer((req) => exports.of(req.url));\n`;
  check([
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
