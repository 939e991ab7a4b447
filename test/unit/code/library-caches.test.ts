import assert from 'node:assert/strict';
import { applyChanges } from '../../../src/code/apply-edits';
import { detect, rewrite } from '../../../src/code/detect';
import type { Smell } from '../../../src/protocol/code';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };
const FILE = '/project/src/it.ts';

const smellsIn = (text: string): Smell[] => detect(FILE, text, OPTIONS);

/** A cache of a library that requests fill, and what bounds it: the first of each pair is found and replaced by the second. */
interface Case {
  readonly what: string;
  readonly load: string;
  readonly make: string;
  readonly use: string;
  readonly bounds: readonly (readonly [found: string, put: string])[];
}

const LRU = "import { LRUCache } from 'lru-cache';";
const CASES: readonly Case[] = [
  {
    what: "lodash's memoize",
    load: "import _ from 'lodash';",
    make: 'const kept = _.memoize(async (id: string) => load(id));',
    use: 'await kept(request.params.id);',
    bounds: [
      ["'lodash'", "'./own-tools'"],
      ['_.memoize(', '_.throttle('],
      ['kept(request.params.id)', "kept('settings')"],
      ['kept(request.params.id)', 'kept(request.params.id); kept.cache.delete(request.params.id)'],
      ['kept(request.params.id)', 'Promise.all(ids.map(kept))'],
    ],
  },
  {
    what: "lodash's memoize by its own name, and one of CommonJS",
    load: "const memoize = require('lodash.memoize');",
    make: 'const kept = memoize((id) => load(id));',
    use: 'kept(request.params.id);',
    bounds: [['kept(request.params.id)', 'kept(request.params.id); kept.cache = new LRUCache({ max: 9 })']],
  },
  {
    what: 'memoizee',
    load: "import memoizee from 'memoizee';",
    make: 'const kept = memoizee(async (id: string) => load(id), { promise: true });',
    use: 'await kept(request.params.id);',
    bounds: [
      ['promise: true', 'promise: true, max: 100'],
      ['promise: true', 'maxAge: 60_000'],
      ['{ promise: true }', 'options'],
      ['kept(request.params.id)', 'kept(request.params.id); kept.clear()'],
    ],
  },
  {
    what: 'fast-memoize',
    load: "import memoize from 'fast-memoize';",
    make: 'const kept = memoize((id: string) => load(id));',
    use: 'kept(request.params.id);',
    bounds: [['load(id));', 'load(id), { cache: bounded });']],
  },
  {
    what: 'memoize in a member of require',
    load: "const memoize = require('p-memoize').default;",
    make: 'const kept = memoize(async (id) => load(id));',
    use: 'await kept(request.params.id);',
    bounds: [['load(id));', 'load(id), { cache: new QuickLRU({ maxSize: 9 }) });']],
  },
  {
    what: 'a NodeCache',
    load: "import NodeCache from 'node-cache';",
    make: 'const kept = new NodeCache({ checkperiod: 600 });',
    use: 'kept.set(request.params.id, await load());',
    bounds: [
      ['checkperiod: 600', 'stdTTL: 600'],
      ['await load());', 'await load(), 60);'],
      ['await load());', 'await load()); kept.del(request.params.old);'],
      ['request.params.id', "'settings'"],
    ],
  },
  {
    what: 'a NodeCache whose entries never expire',
    load: "import NodeCache from 'node-cache';",
    make: 'const kept = new NodeCache({ stdTTL: 0 });',
    use: 'kept.set(request.params.id, await load());',
    bounds: [['stdTTL: 0', 'stdTTL: 9']],
  },
  {
    what: 'an LRU cache without a limit',
    load: "const { LRUCache } = require('lru-cache');",
    make: 'const kept = new LRUCache({ ttl: 60_000 });',
    use: 'kept.set(request.params.id, await load());',
    bounds: [
      ['ttl: 60_000', 'ttl: 60_000, max: 500'],
      ['ttl: 60_000', "'max': 500"],
      ['ttl: 60_000', 'ttl: 60_000, ttlAutopurge: true'],
      ['{ ttl: 60_000 }', '500'],
      ["'lru-cache'", "'./lru-cache'"],
    ],
  },
  {
    what: 'a DataLoader that all requests share',
    load: "import DataLoader from 'dataloader';",
    make: 'const kept = new DataLoader(async (ids: readonly string[]) => loadAll(ids));',
    use: 'await kept.load(request.params.id);',
    bounds: [
      ['loadAll(ids));', 'loadAll(ids), { cache: false });'],
      ['kept.load(request.params.id);', 'kept.load(request.params.id); kept.clearAll();'],
    ],
  },
];

describe('caches that libraries keep', () => {
  for (const { what, load, make, use, bounds } of CASES) {
    const text = `${load}\n${make}\napp.get('/:id', async (request, response) => {\n  ${use}\n});\n`;
    it(`finds ${what}`, () => {
      assert.deepEqual(
        smellsIn(text).map(({ identifier }) => identifier),
        ['kept'],
      );
    });
    for (const [found, put] of bounds) {
      it(`is silent about ${what} with ${put}`, () => {
        assert.ok(text.includes(found), found);
        assert.deepEqual(smellsIn(text.replace(found, put)), []);
      });
    }
  }

  it('is silent about a DataLoader that each request has', () => {
    const text =
      "import DataLoader from 'dataloader';\napp.get('/:id', async (request, response) => {\n  const kept = new DataLoader(loadAll);\n  response.json(await kept.load(request.params.id));\n});\n";
    assert.deepEqual(smellsIn(text), []);
  });

  it('tells what keeps the entries, and how they end', () => {
    const [smell] = smellsIn(
      "import memoizee from 'memoizee';\nconst load = memoizee(ask);\napp.get('/:id', (request) => load(request.params.id));\n",
    );
    assert.match(
      smell?.message ?? '',
      /from the cache of memoizee behind this module function: .*request\.params\.id/,
    );
    assert.equal(smell?.role, 'memo');
    assert.deepEqual(
      smell?.rewrites.map(({ id }) => id),
      ['library-limit'],
    );
    assert.match(smell?.rewrites[0]?.refusal ?? '', /memoizee\(fn, \{ max: 500 \}\)/);
  });

  it('sets no limit aside for each of many objects', () => {
    const text = `${LRU}
class Room {
  readonly kept = new LRUCache({ ttl: 60_000 });
  say(request: Request) {
    this.kept.set(request.body.userId, request.body.text);
  }
}
const rooms = new Map<string, Room>();
app.post('/:room', (request) => {
  rooms.set(request.params.room, new Room());
  rooms.get(request.params.room)?.say(request);
});
`;
    const smell = smellsIn(text).find(({ identifier }) => identifier === 'kept');
    assert.match(smell?.rewrites[0]?.refusal ?? JSON.stringify(smell), /one of many \(line 10 /);
  });

  for (const [before, after] of [
    ['new LRUCache({ ttl: 60_000 })', 'new LRUCache({ max: 800, ttl: 60_000 })'],
    ['new LRUCache({\n  ttl: 60_000,\n})', 'new LRUCache({\n  max: 800,\n  ttl: 60_000,\n})'],
    ['new LRUCache({})', 'new LRUCache({ max: 800 })'],
    ['new LRUCache()', 'new LRUCache({ max: 800 })'],
  ] as const) {
    it(`makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`, () => {
      const make = (made: string) =>
        `${LRU}\nconst kept = ${made};\napp.get('/:id', (request) => {\n  kept.set(request.params.id, 1);\n});\n`;
      const [smell] = smellsIn(make(before));
      const settings = { maxEntries: 800, ttlMs: 0 };
      const result = rewrite(FILE, make(before), smell!.id, 'library-limit', settings, OPTIONS);
      assert.ok(result.kind === 'edits', JSON.stringify(result));
      assert.equal(applyChanges(make(before), result.edits[0]!.changes), make(after));
      const [change] = result.edits[0]!.changes;
      assert.equal(change?.text.slice(change.placeholder!.start, change.placeholder!.end), '800');
    });
  }
});
