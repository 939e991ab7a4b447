import assert from 'node:assert/strict';
import { refusalsOf, refusedUntilChanged } from './limit-refusals';

const SERVER = "require('http').createServer((req) => exports.of(req.url));\n";
/** A cache called `kept` of what `made` makes, and more code around it. */
const cacheOf = (made: string, around = '') =>
  `${around}const keptCache = new Map();\nexports.of = (url) => {\n  let kept = keptCache.get(url);\n  if (!kept) {\n    kept = ${made};\n    keptCache.set(url, kept);\n  }\n  return kept;\n};\n${SERVER}`;

describe('entries that go on where they are', () => {
  const counter = 'function counterOf(start) {\n  let n = start;\n  return () => n++;\n}\n';
  refusedUntilChanged([
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
