import assert from 'node:assert/strict';
import { SampleHistory } from '../../../src/features/attach/sample-history';
import type { MemorySample, RuntimeSample } from '../../../src/protocol/samples';

const sample = (at: number): MemorySample => ({
  at,
  heapUsed: at,
  heapTotal: 0,
  rss: 0,
  external: 0,
  arrayBuffers: 0,
  heapLimit: 0,
});

describe('SampleHistory', () => {
  it('stays within its capacity and keeps the first, the last and the newest half whole', () => {
    const history = new SampleHistory(100);
    for (let at = 0; at < 1000; at++) {
      history.add(sample(at));
      assert.ok(history.length <= 100);
      assert.equal(history.last?.at, at);
    }
    const times = history.all.map(({ at }) => at);
    assert.equal(times[0], 0);
    assert.equal(times.at(-1), 999);
    assert.deepEqual(
      times.slice(-25),
      Array.from({ length: 25 }, (_, i) => 975 + i),
    );
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
  });

  it('keeps gaps, and lists only with the newest sample', () => {
    const runtime: RuntimeSample = {
      malloced: 1,
      code: 2,
      contexts: 1,
      detachedContexts: 0,
      spaces: [{ name: 'old_space', used: 1, size: 2 }],
      gc: null,
      eventLoop: null,
      cpuMs: null,
      resources: { Timeout: 1 },
    };
    const history = new SampleHistory(10);
    for (let at = 0; at < 12; at++) {
      history.add({ ...sample(at), runtime, ...(at === 3 ? { gap: { reason: 'asleep', ms: 9 } } : {}) });
    }
    assert.equal(history.all.filter(({ gap }) => gap).length, 1);
    assert.deepEqual(history.last?.runtime, runtime);
    assert.deepEqual(history.all.at(-2)?.runtime, { ...runtime, spaces: [], resources: null });
    assert.deepEqual(history.all.find(({ gap }) => gap)?.gap, { reason: 'asleep', ms: 9 });
    assert.deepEqual(
      history.since(10).map(({ at }) => at),
      [10, 11],
    );
  });
});
