import assert from 'node:assert/strict';
import { trendOf } from '../../../src/leaks/hunt/steadiness';
import { type Evidence, judge } from '../../../src/leaks/hunt/verdicts';

function evidence(
  counts: readonly number[],
  options: Partial<Evidence> & { more?: number; later?: number | null; idle?: number | null } = {},
): Evidence {
  const { more = 0, later = null, idle = later ?? counts.at(-1)!, ...rest } = options;
  return {
    name: 'cache',
    unit: 'entries',
    counts,
    trend: trendOf(counts, 100, { operations: more, later, idle }),
    bytesPerOperation: 100,
    operations: 100,
    idleMs: idle === null ? 0 : 1000,
    removal: null,
    addingLineKnown: true,
    ...rest,
  };
}

const level = (counts: readonly number[], options?: Parameters<typeof evidence>[1]) =>
  judge(evidence(counts, options)).level;

describe('leaks: verdicts from slopes', () => {
  it('calls growth with the work a leak, however small or large the level', () => {
    assert.equal(level([0, 100, 200, 300]), 'leak');
    assert.equal(level([1_000_000, 1_000_100, 1_000_200, 1_000_300]), 'leak');
    assert.equal(level([0, 10, 20, 30]), 'leak', 'one in ten operations');
    assert.equal(level([-1, 100, 200, 300]), 'leak', 'born in the first round');
  });

  it('forgives a first round that a cold start inflates', () => {
    assert.equal(level([0, 500, 600, 700]), 'leak');
  });

  it('only watches what flattens', () => {
    assert.equal(level([0, 300, 450, 500]), 'watch');
    assert.equal(level([0, 174, 304, 402]), 'watch', 'keys that are taken at random from 700');
    assert.equal(level([0, 300, 505, 705]), 'leak', 'a first round that is larger is no flattening');
    assert.equal(level([0, 24, 44, 60]), 'leak', 'so few differ by chance');
  });

  it('sees in more work whether growth goes on', () => {
    assert.equal(level([0, 100, 200, 300], { more: 1000, later: 1300 }), 'leak');
    assert.equal(level([0, 100, 200, 300], { more: 1000, later: 700 }), 'watch');
    const stopped = judge(evidence([0, 100, 200, 300], { more: 1000, later: 310 }));
    assert.deepEqual([stopped.level, stopped.stopped], [null, true]);
    assert.equal(level([0, 100, 200, 300], { more: 1000, later: 20 }), null, 'a batch that was written');
    assert.equal(level([0, 100, 200, 300], { more: 1000, later: 1300, idle: 0 }), null, 'a backlog');
    assert.equal(level([0, 100, 200, 300], { more: 1000, later: 1300, idle: 1200 }), 'watch', 'a long one');
    assert.equal(
      level([0, 100, 200, 300], { more: 1000, idle: 1300 }),
      'leak',
      'counted after the rest alone',
    );
    assert.equal(level([0, 100, 200, 300], { more: 1000, idle: 320 }), null);
  });

  it('says nothing of what stops, shrinks, or hardly grows', () => {
    assert.equal(level([0, 300, 300, 300]), null);
    assert.equal(level([0, 300, 100, 300]), null);
    assert.equal(level([0, 1, 2, 2]), null);
  });

  it('tells a backlog from a leak by the rest', () => {
    assert.equal(level([0, 100, 200, 300], { idle: 0 }), null);
    assert.equal(level([0, 100, 200, 300], { idle: 200 }), 'watch');
  });

  it('watches what code bounds or a timer empties, and says where', () => {
    const position = { file: '/app/cache.ts', line: 7, column: 1 };
    for (const kind of ['bounded', 'timed', 'swept'] as const) {
      const judged = judge(evidence([0, 100, 200, 300], { removal: { kind, position, never: null } }));
      assert.equal(judged.level, 'watch');
      assert.ok(
        judged.reasons.some((reason) => reason.includes('cache.ts:7')),
        judged.reasons.join(' '),
      );
    }
    const removal = { kind: 'removes', position, never: 'no timer is set that would' } as const;
    const judged = judge(evidence([0, 100, 200, 300], { removal }));
    assert.equal(judged.level, 'leak');
    assert.match(judged.reasons.join(' '), /cache\.ts:7, but no timer is set that would\./);
  });

  it('names the evidence that is missing', () => {
    const { reasons } = judge(evidence([0, 100, 200], { idle: null }));
    assert.ok(reasons.some((reason) => reason.startsWith('2 rounds cannot tell')));
    assert.ok(reasons.some((reason) => reason.startsWith('No idle pause was measured')));
  });

  it('is surer of whole objects per operation than of odd rates', () => {
    const whole = judge(evidence([0, 100, 200, 300])).confidence;
    const odd = judge(evidence([0, 47, 94, 141])).confidence;
    assert.ok(whole > odd && whole <= 1, `${whole} > ${odd}`);
  });
});
