import assert from 'node:assert/strict';
import { detect } from '../../../src/code/detect';

const found = (text: string, file = '/project/src/cache.ts', evidence: { line: number }[] = []) =>
  detect(file, text, {
    evidence: evidence.map(({ line }) => ({ file, line, entries: [1, 2, 3], retainedSizes: [1, 2, 3] })),
    lazyImportMinimumBytes: 1e6,
  }).filter((smell) => smell.rule === 'unbounded-collection');

describe('unbounded collections', () => {
  const flagged: [what: string, text: string, name: string, line: number][] = [
    [
      'a module-level Map that a function adds to',
      'const cache = new Map<string, number>();\nexport function put(k: string) { cache.set(k, 1); }\n',
      'cache',
      1,
    ],
    [
      'a static Set',
      'export class A {\n  static all = new Set<A>();\n  constructor() { A.all.add(this); }\n}\nnew A();\n',
      'all',
      2,
    ],
    [
      'a private instance field',
      'class A {\n  #seen = new Map<string, number>();\n  see(url: string) { this.#seen.set(url, 1); }\n}\nexport const one = new A();\n',
      '#seen',
      2,
    ],
    [
      'a plain object',
      'const byKey: Record<string, number> = {};\nexport const put = (k: string) => (byKey[k] = k.length);\n',
      'byKey',
      1,
    ],
    [
      'an array',
      'const lines: string[] = [];\nexport const log = (line: string) => void lines.push(line);\n',
      'lines',
      1,
    ],
    [
      'the cache of a memoizer',
      'export function memoize(f: (k: string) => number) {\n  const seen = new Map<string, number>();\n  return (k: string) => seen.get(k) ?? seen.set(k, f(k)).get(k);\n}\n',
      'seen',
      2,
    ],
    [
      'a field that the constructor makes',
      'class ItemStore {\n  constructor() { this.items = new Map(); }\n  put(url) { this.items.set(url, 1); }\n}\nmodule.exports = ItemStore;\n',
      'items',
      2,
    ],
    [
      'a Map with an annotation',
      'const cache: Map<string, number> = new Map();\nexport const put = (k: string) => cache.set(k, 1);\n',
      'cache',
      1,
    ],
    [
      'CommonJS',
      'const cache = new Map();\nmodule.exports = (k) => {\n  if (!cache.has(k)) cache.set(k, { k });\n  return cache.get(k);\n};\n',
      'cache',
      1,
    ],
    [
      'a part of an object made at load',
      'class Log {\n  byUrl = new Map();\n  put(url) { this.byUrl.set(url, 1); }\n}\nclass App {\n  constructor() { this.log = new Log(); }\n}\nmodule.exports = new App();\n',
      'byUrl',
      2,
    ],
    [
      'what is called by its entries, under keys that say nothing',
      'const sessions = new Map();\nexport const open = (id) => void sessions.set(id, { at: Date.now() });\n',
      'sessions',
      1,
    ],
    [
      'a Map whose size is only reported',
      'const cache = new Map();\nexport const put = (k) => void cache.set(k, 1);\nexport const count = () => cache.size;\n',
      'cache',
      1,
    ],
  ];
  for (const [what, text, name, line] of flagged) {
    it(`flags ${what}`, () => {
      const [smell, ...others] = found(
        text,
        /#|: [A-Za-z]|</.test(text) ? undefined : '/project/src/cache.js',
      );
      assert.ok(smell, 'nothing was flagged');
      assert.equal(others.length, 0);
      assert.equal(smell.identifier, name);
      assert.equal(smell.position.line, line);
    });
  }

  const silent: [what: string, text: string][] = [
    ['delete', 'const m = new Map(); export const f = (k: string) => { m.set(k, 1); m.delete(k); };'],
    [
      'clear',
      'const m = new Map(); export const f = (k: string) => { m.set(k, 1); }; setInterval(() => m.clear(), 9);',
    ],
    [
      'a size check',
      'const m = new Map(); export const f = (k: string) => { if (m.size < 9) m.set(k, 1); };',
    ],
    [
      'a new value',
      'let m = new Map(); export const f = (k: string) => { m.set(k, 1); if (k) m = new Map(); };',
    ],
    [
      'filling at load only',
      'const m = new Map(); for (const k of ["a"]) m.set(k, 1); export const f = () => m.get("a");',
    ],
    [
      'keys that are written out',
      'const m = new Map(); export const f = () => { m.set("a", 1); m.set("b", 2); };',
    ],
    ['a seed', 'const m = new Map([["a", 1]]); export const f = (k: string) => m.set(k, 1).has("a") && 1;'],
    [
      'an exported collection',
      'export const m = new Map(); export const f = (k: string) => { m.set(k, 1); };',
    ],
    ['being passed on', 'const m = new Map(); export const f = (k: string) => { m.set(k, 1); sweep(m); };'],
    ['a local collection', 'export const f = (k: string) => { const m = new Map(); m.set(k, 1); };'],
    [
      'keys of a union of literals',
      'const m = new Map(); export const f = (k: "a" | "b") => void m.set(k, 1);',
    ],
    [
      'keys of an enum',
      'enum E { A, B } const m = new Map<E, number>(); export const f = (k: E) => m.set(k, 1) && 1;',
    ],
    [
      'keys of a keyof',
      'const o = { a: 1, b: 2 }; const m = new Map(); export const f = (k: keyof typeof o) => void m.set(k, 1);',
    ],
    [
      'deletion from an object',
      'const m: any = {}; export const f = (k: string) => { m[k] = 1; delete m[k]; };',
    ],
    ['a length set', 'const a: any[] = []; export const f = (k: string) => { a.push(k); a.length = 0; };'],
    [
      'one object for each socket',
      'class Log { byUrl = new Map(); put(url) { this.byUrl.set(url, 1); } }\nserver.on("connection", (socket) => { logs.add(new Log(socket)); });',
    ],
    [
      'one object of many',
      'class Log { byUrl = new Map(); put(url) { this.byUrl.set(url, 1); } }\nconst logs = new Map(); export const of = (plugin) => void logs.set(plugin.id, new Log());',
    ],
    [
      'names of own parts',
      'const byPlugin = new Map(); export const f = (plugin) => void byPlugin.set(plugin.name, plugin);',
    ],
    ['sums by name', 'const sums = {}; function f(key) { sums[key] = (sums[key] || 0) + 1; }'],
    [
      'what is only kept in a test',
      'const sent = new Map(); export const f = (url) => { if (process.env.CI) sent.set(url, 1); };',
    ],
    [
      'a small range of numbers',
      'const small = new Map(); export const f = (n) => { if (n >= 0 && n < 256) small.set(n, String(n)); };',
    ],
    [
      'objects that nobody keeps',
      'export class A { private m = new Map(); put(k: string) { this.m.set(k, 1); } }',
    ],
    [
      'a comment',
      '// heapwright-ignore-next-line unbounded-collection -- one per tenant\nconst m = new Map(); export const f = (k: string) => void m.set(k, 1);',
    ],
    [
      'a comment for the file',
      '/* heapwright-ignore-file */\nconst m = new Map(); export const f = (k: string) => void m.set(k, 1);',
    ],
    ['WeakMap', 'const m = new WeakMap(); export const f = (k: object) => { m.set(k, 1); };'],
    ['a syntax error', 'const m = new Map(); export const f = (k: string) => { m.set(k, 1); ;;; ) };'],
    [
      'another collection of the same name',
      'const m = new Map(); export const f = (m: any, k: string) => { m.set(k, 1); };',
    ],
  ];
  for (const [what, text] of silent) {
    it(`is silenced by ${what}`, () => assert.deepEqual(found(text), []));
  }

  it('raises its voice where growth was measured at the line', () => {
    const text = 'const cache = new Map();\nexport const put = (k: string) => void cache.set(k, 1);\n';
    assert.equal(found(text)[0]?.severity, 'information');
    assert.equal(found(text, undefined, [{ line: 1 }])[0]?.severity, 'warning');
    assert.equal(found(text, undefined, [{ line: 2 }])[0]?.severity, 'information');
  });

  it('says what is added where', () => {
    const [smell] = found(
      'const cache = new Map();\n\nexport const put = (user: any) => void cache.set(user.id, 1);\n',
    );
    assert.match(smell?.message ?? '', /added in line 3 from user\.id/);
  });
});
