import assert from 'node:assert/strict';
import { compareReports } from '../../../src/leaks/compare';
import type { Finding } from '../../../src/protocol/findings';

function finding(name: string, entries: readonly number[]): Finding {
  return {
    key: `/app/${name}.ts#${name}`,
    level: 'suspect',
    kind: 'map',
    objectId: 1,
    name,
    holder: `variable of module ${name}.ts`,
    path: [name],
    location: null,
    addedAt: null,
    package: null,
    entries,
    retainedSizes: entries.map((count) => count * 100),
    holds: [],
    perOperation: null,
    confidence: 0.7,
    reasons: [],
  };
}

const before = {
  findings: [finding('responseCache', [200, 5200, 10_200]), finding('active', [10, 20, 30])],
  totalSizes: [12e6, 16e6, 20e6],
};

describe('leaks: comparing with the run before', () => {
  it('says what is gone, with the figures of both runs', () => {
    const { gone, summary, sentences } = compareReports(before, {
      findings: [],
      totalSizes: [12e6, 12e6, 12e6],
    });
    assert.equal(gone.length, 2);
    assert.match(summary, /No growth any more: responseCache grew 200 → 5,200 → 10,200 entries before/);
    assert.match(summary, /from 12 MB to 12 MB/);
    assert.match(summary, /before the change the heap went from 12 MB to 20 MB/i);
    assert.equal(sentences.length, 2);
  });

  it('tells what stays from what is new', () => {
    const after = {
      findings: [finding('active', [5, 10, 15]), finding('late', [1, 2, 3])],
      totalSizes: [1e6, 2e6],
    };
    const { gone, remaining, added, summary } = compareReports(before, after);
    assert.deepEqual(
      [gone, remaining, added].map((list) => list.map(({ name }) => name)),
      [['responseCache'], ['active'], ['late']],
    );
    assert.match(summary, /^responseCache no longer grows; active still grows; late is new\./);
  });

  it('says what one run found when there is none before', () => {
    assert.match(
      compareReports(null, before).summary,
      /^responseCache grew 200 → 5,200 → 10,200 entries, and active\./,
    );
    assert.match(compareReports(null, { findings: [], totalSizes: [5e6, 5e6] }).summary, /^No growth/);
  });
});
