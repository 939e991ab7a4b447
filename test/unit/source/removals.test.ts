import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SourceLocator } from '../../../src/source/locator';
import { findRemoval } from '../../../src/source/removals';

const inPassing = { ofEntries: true, isEachTime: false };

const cases: readonly [title: string, code: string, kind: string | null][] = [
  ['no removal', 'cache.set(1, 2); other.delete(1);', null],
  ['removal on an event', "socket.on('close', () => cache.delete(socket.id));", 'removes'],
  ['removal past a size', 'if (cache.size > limit) cache.delete(first());', 'bounded'],
  ['removal in a loop on the length', 'while (this.cache.length >= max) this.cache.shift();', 'bounded'],
  ['a test of another size', 'if (other.size > limit) cache.delete(first());', 'removes'],
  ['emptied by a timer', 'setInterval(() => cache.clear(), 1000);', 'timed'],
  [
    'emptied by a function that a timer calls',
    'function reset() { cache = {}; } setInterval(reset, 10);',
    'timed',
  ],
  [
    'a method that a timer calls',
    'class A { wipe() { this.cache.clear(); } } setInterval(a.wipe.bind(a), 10);',
    'timed',
  ],
  [
    'a function that another one gives to a timer',
    'const later = (run, ms) => () => setTimeout(() => run(), ms); const sweep = later(() => cache.clear(), 9);',
    'timed',
  ],
  ['a job of a package', "cron.schedule('0 * * * *', () => cache.clear());", 'timed'],
  [
    'a callback of what sets a timer for something else',
    'function ask(done) { setTimeout(log, 9); done(); } ask(() => cache.delete(1));',
    'removes',
  ],
  ['what is put in at a place', 'if (cache.length > max) cache.splice(at, 0, entry);', null],
  [
    'a field that begins anew past a size',
    'class A { add() { if (this.cache.size === 9) this.cache = {}; } }',
    'bounded',
  ],
  ['the first value of a field', 'class A { constructor() { this.cache = new Map(); } }', null],
  [
    'an index that goes with a list past a size',
    'function add(k) { cache[k] = 1; order.push(k); if (order.length > most) delete cache[order.shift()]; }',
    'bounded',
  ],
  [
    'a test of a list that grows elsewhere',
    'function add(k) { cache[k] = 1; if (order.length > most) delete cache[order.shift()]; }',
    'removes',
  ],
  ['delete of a key', 'delete cache[key];', 'removes'],
  ['a declaration is no removal', 'var cache = {};', null],
  ['removal at a size', 'if (cache.size === 100) cache.clear();', 'bounded'],
  ['removal where there is anything', 'if (cache.length > 0) cache.shift();', 'removes'],
  ['removal past another count', 'if (batch.bytes > 65536) cache.length = 0;', 'bounded'],
  ['removal after a limit was passed', '{ if (cache.size <= max) return; cache.clear(); }', 'bounded'],
  [
    'a function that is called past a limit',
    'function flush() { cache = []; } function add(x) { if (cache.length >= 900) flush(); }',
    'bounded',
  ],
  ['a ring', 'cache[at++ & 1023] = event;', 'bounded'],
  ['a ring with an index of its own', 'cache[at] = event; at = (at + 1) % size;', 'bounded'],
  ['a text that is cut', 'cache = (cache + line).slice(-10000);', 'bounded'],
  ['removal by age', 'for (const [k, v] of cache) if (now - v.at > window) cache.delete(k);', 'swept'],
  [
    'a sweep that is due',
    'if (Date.now() - since > 60000) { cache = new Map(); since = Date.now(); }',
    'swept',
  ],
  [
    'a sweep that is due later',
    '{ if (Date.now() < next) return; for (const k of cache.keys()) cache.delete(k); }',
    'swept',
  ],
  [
    'a function that is called when it is due',
    'function prune() { for (const k in cache) delete cache[k]; } if (now - last > 9) prune();',
    'swept',
  ],
  [
    'a function that removes the keys it is given when they are due',
    'function drop(keys) { for (const k of keys) cache.delete(k); } if (now > entry.expires) drop([key]);',
    'removes',
  ],
  ['a sweep at every so many calls', 'if (++calls % 1000 === 0) cache.clear();', 'swept'],
  ['a sweep by chance', 'if (Math.random() < 0.01) cache.clear();', 'swept'],
  ['one in so many', 'if (id % 2 === 0) cache.delete(id);', 'removes'],
  ['what is young enough', 'cache = cache.filter((one) => now - one.at < 60000);', 'swept'],
  ['what is wanted still', 'cache = cache.filter((one) => one !== gone);', 'removes'],
  ['a loop that waits', 'async () => { for (;;) { await sleep(1000); cache.clear(); } };', 'timed'],
  ['a loop over a timer', 'async () => { for await (const _ of every(1000)) cache.clear(); };', 'timed'],
  [
    'a function that is bound to it',
    'function sweep(m) { m.clear(); } setInterval(sweep.bind(null, cache), 10);',
    'timed',
  ],
  [
    'a function that a timer gives it to',
    'function sweep(m) { m.clear(); } setInterval(sweep, 10, cache);',
    'timed',
  ],
  ['removal of what is asked for, by its age', 'if (cache[k].expires <= now) delete cache[k];', 'removes'],
  [
    'removal past a size by another name',
    'function add(k) { const entries = this.cache; if (entries.size > 9) entries.delete(first()); }',
    'bounded',
  ],
  [
    'a function that it is handed to',
    'function put(map, k) { if (map.size >= MOST) map.delete(first(map)); map.set(k, 1); } put(this.cache, key);',
    'bounded',
  ],
  [
    'a function that another one is handed to',
    'function put(map, k) { if (map.size >= MOST) map.delete(first(map)); } put(other, key); keep(cache);',
    null,
  ],
  [
    'a method that is called as the cache is',
    'Result.prototype.cache = function () { return this.store.cache.slice(2); };',
    null,
  ],
  ['removal on a test of its own', 'if (session.closed) cache.delete(session.id);', 'removes'],
];

describe('source: code that removes', () => {
  it('looks into functions of other scripts of the package', async () => {
    const texts = new Map([
      [3, 'import { put } from "./put.js";\nput(cache, 1);'],
      [4, 'export function put(map, k) {\n  map.set(k, 1);\n  if (map.size > 100) map.clear();\n}'],
    ]);
    const scripts = [...texts.keys()].map((scriptId) => ({
      scriptId,
      url: `file:///x/${scriptId}.js`,
      sourceMapUrl: '',
    }));
    const locator = new SourceLocator(scripts, { readScript: async (id) => texts.get(id) ?? null });
    const found = await findRemoval(locator, 3, 'cache');
    assert.equal(found?.kind, 'bounded');
    assert.equal(found.position?.line, 3);
    assert.equal(path.basename(found.position.file), '4.js');
  });

  it('reads past which sizes it removes, in terms that a living program can be asked', async () => {
    const text = `const LIMIT = 500;
function keep(options, cache, given) {
  const { length } = given;
  return class {
    add() {
      const most = this.options.max;
      if (cache.size > LIMIT) cache.clear();
      if (cache.size > options.limit) cache.clear();
      if (cache.size > most) cache.clear();
      const { maxSize } = this;
      if (cache.size > maxSize) cache.clear();
      if (this.bytes > this.maxBytes) cache.clear();
    }
    trim(to) {
      while (cache.size > to) cache.delete(first());
      while (cache.size > Math.min(to, 9)) cache.delete(first());
    }
  };
}`;
    const script = { scriptId: 3, url: 'file:///x/3.js', sourceMapUrl: '' };
    const locator = new SourceLocator([script], { readScript: async () => text });
    const found = await findRemoval(locator, 3, 'cache');
    assert.deepEqual(found?.limits, [
      { expression: { kind: 'number', value: 500 }, ...inPassing },
      { expression: { kind: 'variable', name: 'options', properties: ['limit'] }, ...inPassing },
      { expression: { kind: 'field', properties: ['options', 'max'] }, ...inPassing },
      { expression: { kind: 'field', properties: ['maxSize'] }, ...inPassing },
      { expression: { kind: 'field', properties: ['maxBytes'] }, ofEntries: false, isEachTime: false },
      null,
      null,
    ]);
  });

  it('knows a limit that each entry is tested against', async () => {
    const limitsIn = async (text: string) => {
      const script = { scriptId: 3, url: 'file:///x/3.js', sourceMapUrl: '' };
      const locator = new SourceLocator([script], { readScript: async () => text });
      return (await findRemoval(locator, 3, 'cache'))?.limits.map((limit) => limit?.isEachTime);
    };
    const add = (test: string) => `function add(x) { cache.push(x); ${test} cache.shift(); }`;
    assert.deepEqual(await limitsIn(add('if (cache.length > 50)')), [true]);
    assert.deepEqual(await limitsIn(add('if (cache.length > 50 && idle)')), [false]);
    assert.deepEqual(await limitsIn(add('if (++n % 100 === 0) while (cache.length > 50)')), [false]);
    assert.deepEqual(await limitsIn('function trim() { if (cache.length > 50) cache.shift(); }'), [false]);
    const later = 'setInterval(() => { cache[0] = 1; while (cache.length > 50) cache.shift(); }, 9);';
    assert.deepEqual(await limitsIn(later), [false]);
  });

  it('goes back from what a limit is reckoned from to what stays', async () => {
    const text = `class Recent {
      add(entry) {
        const { most, cache } = this;
        const allowed = (this.pairs ? 2 : 1) * most;
        cache.push(entry);
        if (most < Infinity && allowed < cache.length) cache.splice(0, cache.length - allowed);
      }
    }`;
    const script = { scriptId: 3, url: 'file:///x/3.js', sourceMapUrl: '' };
    const locator = new SourceLocator([script], { readScript: async () => text });
    const found = await findRemoval(locator, 3, 'cache');
    const expression = { kind: 'reckoned', from: { kind: 'field', properties: ['most'] } };
    assert.deepEqual(
      found?.limits.map((limit) => limit?.expression),
      [expression],
    );
  });

  it('leaves out the same field of another class of the script', async () => {
    const limited = 'add(x) { this.cache.push(x); if (this.cache.length > this.most) this.cache.shift(); }';
    const compiled = 'Ring.prototype.add = function (x) { if (this.cache.length > 9) this.cache.shift(); };';
    const kindIn = async (...lines: string[]) => {
      const script = { scriptId: 3, url: 'file:///x/3.js', sourceMapUrl: '' };
      const locator = new SourceLocator([script], { readScript: async () => lines.join('\n') });
      const at = { line: 1, column: lines[1]!.indexOf('(', 6) };
      return (await findRemoval(locator, 3, 'cache', { classAt: at }))?.kind ?? null;
    };
    const other = `class Ring { cache = []; ${limited} }`;
    assert.equal(await kindIn(other, 'class Bag { constructor() { this.cache = []; } }'), null);
    assert.equal(await kindIn('', `class Bag { cache = []; constructor() {} ${limited} }`), 'bounded');
    // What another class does with what it was given may be done to this one.
    assert.equal(
      await kindIn(`class Keeper { ${limited} }`, 'class Bag { constructor() { this.cache = []; } }'),
      'bounded',
    );
    const inherits = 'class Bag extends Ring { constructor() { super(); this.cache = []; } }';
    assert.equal(await kindIn(other, inherits), 'bounded');
    const ring = `const Ring = (function () { function Ring() { this.cache = []; } ${compiled} return Ring; })();`;
    const bag = 'var B = (function () { function Bag() { this.cache = []; } return Bag; })();';
    assert.equal(await kindIn(ring, bag.replace('(', ' ')), null);
    const below = 'var B = (function (Up) { function Bag() { this.cache = []; } return Bag; })(Ring);';
    assert.equal(await kindIn(ring, below), 'bounded');
  });

  it('finds what empties the collections in a collection', async () => {
    const kindIn = async (text: string, isInEntries = true) => {
      const script = { scriptId: 3, url: 'file:///x/3.js', sourceMapUrl: '' };
      const locator = new SourceLocator([script], { readScript: async () => text });
      return (await findRemoval(locator, 3, 'wheel', { isInEntries }))?.kind ?? null;
    };
    const timed = (code: string) => `setInterval(() => { ${code} }, 500);`;
    assert.equal(await kindIn(timed('wheel[at].clear();')), 'timed');
    assert.equal(await kindIn(timed('this.wheel.get(at).length = 0;')), 'timed');
    assert.equal(await kindIn(timed('for (const slot of wheel) slot.clear();')), 'timed');
    assert.equal(
      await kindIn(timed('for (const [at, slot] of Object.entries(wheel)) slot.delete(1);')),
      'timed',
    );
    assert.equal(await kindIn(timed('wheel.forEach((slot) => slot.clear());')), 'timed');
    const trimmed = 'const room = wheel.get(id) ?? []; room.push(1); if (room.length > 50) room.shift();';
    assert.equal(await kindIn(`function add(id) { ${trimmed} }`), 'bounded');
    assert.equal(await kindIn(timed('wheel[at].clear();'), false), null);
    assert.equal(await kindIn(timed('other[at].clear();')), null);
  });

  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'heapwright-removals-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [title, code, kind] of cases) {
    it(`reads ${title} as ${kind ?? 'nothing'}`, async () => {
      const file = path.join(folder, 'script.js');
      writeFileSync(file, `// first line\n${code}`);
      const locator = new SourceLocator([{ scriptId: 3, url: file, sourceMapUrl: '' }]);
      const found = await findRemoval(locator, 3, 'cache');
      assert.equal(found?.kind ?? null, kind);
      if (kind) assert.equal(found?.position?.line, 2);
    });
  }
});
