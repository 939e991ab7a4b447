import assert from 'node:assert/strict';
import { formatBytes, formatCount, formatDelta, formatSeries } from '../../../src/protocol/figures';

describe('figures', () => {
  it('writes bytes 1000-based with at most three figures', () => {
    const cases: [number, string][] = [
      [0, '0 B'],
      [999, '999 B'],
      [1000, '1.0 kB'],
      [9949, '9.9 kB'],
      [9951, '10 kB'],
      [999_499, '999 kB'],
      [999_501, '1.0 MB'],
      [4_132_000, '4.1 MB'],
      [1_320_000_000, '1.3 GB'],
      [5_000_000_000_000, '5000 GB'],
    ];
    for (const [bytes, text] of cases) assert.equal(formatBytes(bytes), text, String(bytes));
  });

  it('signs deltas', () => {
    assert.equal(formatDelta(4_100_000), '+4.1 MB');
    assert.equal(formatDelta(-12_000), '−12 kB');
  });

  it('separates thousands, and marks where a collection did not exist', () => {
    assert.equal(formatCount(1_234_567), '1,234,567');
    assert.equal(formatSeries([200, 5200, 10_200]), '200 → 5,200 → 10,200');
    assert.equal(formatSeries([-1, 10]), '– → 10');
  });
});
