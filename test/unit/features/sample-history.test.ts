import assert from 'node:assert/strict';
import { SampleHistory } from '../../../src/features/attach/sample-history';
import type { MemorySample } from '../../../src/protocol/samples';

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
      assert.ok(history.all.length <= 100);
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
});
