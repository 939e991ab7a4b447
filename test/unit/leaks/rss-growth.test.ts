import assert from 'node:assert/strict';
import { explainRss } from '../../../src/leaks/rss-growth';
import type { MemorySample } from '../../../src/protocol/samples';

const MB = 1e6;

/** A minute of samples; what is given grows by so many bytes over it, and RSS with it. */
function minute(
  growth: Partial<Record<'heapUsed' | 'heapTotal' | 'external' | 'arrayBuffers' | 'rss', number>>,
) {
  return Array.from({ length: 61 }, (_, i): MemorySample => {
    const at = (key: keyof typeof growth, base: number) => base + ((growth[key] ?? 0) * i) / 60;
    return {
      at: 1e12 + i * 1000,
      heapUsed: at('heapUsed', 20 * MB) + (i % 5) * MB,
      heapTotal: at('heapTotal', 40 * MB),
      rss: at('rss', 100 * MB),
      external: at('external', 5 * MB),
      arrayBuffers: at('arrayBuffers', 1 * MB),
      heapLimit: 2000 * MB,
    };
  });
}

describe('why RSS grows while the heap does not', () => {
  it('says nothing while RSS is flat, or the heap explains it, or there is too little to judge', () => {
    assert.equal(explainRss(minute({}), null), null);
    assert.equal(explainRss(minute({ heapUsed: 80 * MB, heapTotal: 80 * MB, rss: 85 * MB }), null), null);
    assert.equal(explainRss(minute({ rss: 80 * MB }).slice(0, 20), null), null);
    assert.equal(explainRss(minute({ rss: 5 * MB }), null), null);
  });

  it('names array buffers', () => {
    const grown = minute({ external: 100 * MB, arrayBuffers: 100 * MB, rss: 102 * MB });
    assert.match(
      explainRss(grown, null)!,
      /^RSS has grown by \d+ MB in 60 s while the heap stays at 20 MB: \d+ MB in array buffers \(Buffers/,
    );
  });

  it('names external memory that is no buffer, and heap that V8 keeps free', () => {
    assert.match(explainRss(minute({ external: 50 * MB, rss: 50 * MB }), null)!, /in other external memory/);
    assert.match(explainRss(minute({ heapTotal: 50 * MB, rss: 50 * MB }), null)!, /V8 keeps free/);
  });

  it('names code', () => {
    const grown = minute({ heapTotal: 40 * MB, rss: 40 * MB }).map((sample, i) => ({
      ...sample,
      runtime: {
        malloced: 0,
        code: (40 * MB * i) / 60,
        contexts: 1,
        detachedContexts: 0,
        spaces: [],
        gc: null,
        eventLoop: null,
        cpuMs: null,
        resources: null,
      },
    }));
    const sentence = explainRss(grown, null)!;
    assert.match(sentence, /in compiled code/);
    assert.doesNotMatch(sentence, /keeps free/);
  });

  it('leaves the rest to what V8 does not know, or to the workers whose heaps are that large', () => {
    const grown = minute({ rss: 90 * MB });
    assert.match(explainRss(grown, null)!, /that V8 does not know of/);
    assert.match(explainRss(grown, { count: 1, bytes: 1 * MB })!, /that V8 does not know of/);
    assert.match(
      explainRss(grown, { count: 3, bytes: 60 * MB })!,
      /3 worker threads hold 60 MB in heaps of their own/,
    );
  });
});
