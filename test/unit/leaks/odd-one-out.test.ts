import assert from 'node:assert/strict';
import { oddOnes, type PeerFigures } from '../../../src/leaks/odd-one-out';

const MB = 1e6;

function peers(figures: readonly Partial<PeerFigures>[]): PeerFigures[] {
  return figures.map((figure, index) => ({
    id: `w${index + 1}`,
    heap: 30 * MB,
    rss: 80 * MB,
    growth: 0,
    ...figure,
  }));
}

describe('leaks: the odd one among processes that do the same work', () => {
  it('names the worker whose heap is far from the others, and by how much', () => {
    const odd = oddOnes(
      peers([{ heap: 28 * MB }, { heap: 29 * MB }, { heap: 30.5 * MB }, { heap: 90 * MB }]),
    );
    assert.deepEqual(
      [...odd],
      [['w4', 'Its heap keeps 90 MB, 3 times as much as others; the median is 30 MB.']],
    );
  });

  it('names the worker that grows while the others do not, growth before size', () => {
    const odd = oddOnes(
      peers([{}, { growth: 0.2 * MB }, { growth: 12 * MB, heap: 90 * MB }, { growth: -0.1 * MB }]),
    );
    assert.deepEqual([...odd], [['w3', 'Its heap grows by 12 MB a minute, that of the others by 100 kB.']]);
  });

  it('names nobody while all of them grow alike', () => {
    assert.equal(
      oddOnes(peers([{ growth: 9 * MB }, { growth: 10 * MB }, { growth: 11 * MB }, { growth: 10 * MB }]))
        .size,
      0,
    );
  });

  it('names nobody for small differences between workers that are alike to the byte', () => {
    assert.equal(oddOnes(peers([{}, {}, {}, { heap: 34 * MB, rss: 90 * MB }])).size, 0);
  });

  it('names nobody among two, or where nothing is known', () => {
    assert.equal(oddOnes(peers([{ heap: 10 * MB }, { heap: 900 * MB }])).size, 0);
    assert.equal(
      oddOnes(peers([{}, {}, {}]).map((peer) => ({ ...peer, heap: null, rss: null, growth: null }))).size,
      0,
    );
  });

  it('sees two odd ones among seven', () => {
    const odd = oddOnes(
      peers([{}, { heap: 31 * MB }, { heap: 29 * MB }, {}, {}, { heap: 200 * MB }, { heap: 210 * MB }]),
    );
    assert.deepEqual([...odd.keys()], ['w6', 'w7']);
  });
});
