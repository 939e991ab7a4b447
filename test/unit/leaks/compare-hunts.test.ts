import assert from 'node:assert/strict';
import { compareOutcomes } from '../../../src/leaks/hunt/compare-hunts';
import type { Finding } from '../../../src/protocol/findings';

function verdict(name: string, perOperation: number, more: Partial<Finding> = {}): Finding {
  return {
    key: `/app/${name}.ts#${name}`,
    level: 'leak',
    kind: 'map',
    objectId: 1,
    name,
    holder: '',
    path: [],
    location: null,
    addedAt: null,
    package: null,
    entries: [100, 200, 300],
    retainedSizes: [],
    holds: [],
    perOperation: { objects: perOperation, bytes: 10 },
    confidence: 0.9,
    reasons: ['Grew.', 'Its holder allows max = 500.'],
    ...more,
  };
}

const hunted = (verdicts: Finding[], operations = 200) => ({
  verdicts,
  operations,
  heapUsed: [9e6, 10e6],
});

describe('leaks: comparing hunts', () => {
  it('says in figures what is gone', () => {
    const { summary, gone } = compareOutcomes(hunted([verdict('cache', 1)]), hunted([]));
    assert.equal(gone.length, 1);
    assert.match(summary, /^Gone: cache grew by 200 entries per 200 operations before; 0 now\./);
  });

  it('says what still grows, what grows less, and what is new', () => {
    const before = hunted([verdict('cache', 1), verdict('bus', 2, { kind: 'listener' }), verdict('log', 1)]);
    const now = hunted([verdict('bus', 1, { kind: 'listener' }), verdict('late', 3)], 100);
    const watched = verdict('log', 1, { level: 'watch' });
    const { sentences } = compareOutcomes(before, { ...now, verdicts: [...now.verdicts, watched] });
    assert.deepEqual(sentences, [
      'cache grew by 200 entries per 200 operations before; 0 now.',
      'bus still grows by 100 listeners per 100 operations (before: 400 listeners per 200 operations).',
      'log grew by 200 entries per 200 operations before; now it is only to be watched: its holder allows max = 500.',
      'late grows by 300 entries per 100 operations and did not before.',
    ]);
  });

  it('says what one hunt found when there is none before', () => {
    assert.match(
      compareOutcomes(null, hunted([verdict('cache', 1), verdict('bus', 1)])).summary,
      /^cache leaks: it grows by 200 entries per 200 operations\. So does bus\. The heap went from 9\.0 MB to 10/,
    );
    assert.match(
      compareOutcomes(null, hunted([verdict('log', 1, { level: 'watch' })])).summary,
      /^Nothing leaks/,
    );
    assert.match(compareOutcomes(hunted([]), hunted([])).summary, /^Nothing leaks, as before/);
  });
});
