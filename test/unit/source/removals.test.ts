import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SourceLocator } from '../../../src/source/locator';
import { findRemoval } from '../../../src/source/removals';

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
  ['removal by age', 'for (const [k, v] of cache) if (now - v.at > window) cache.delete(k);', 'timed'],
  ['removal of what is asked for, by its age', 'if (cache[k].expires <= now) delete cache[k];', 'removes'],
  ['removal on a test of its own', 'if (session.closed) cache.delete(session.id);', 'removes'],
];

describe('source: code that removes', () => {
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
