import assert from 'node:assert/strict';
import {
  type MemoryAlert,
  MemoryWatch,
  USUAL_THRESHOLDS,
  type WatchedLimit,
} from '../../../src/leaks/memory-watch';
import type { MemorySample } from '../../../src/protocol/samples';

const MB = 1e6;
const HEAP_LIMIT: WatchedLimit = { name: 'the heap limit', bytes: 512 * MB, of: 'heapUsed' };

function sample(second: number, heapUsed: number, rss = heapUsed * 1.3): MemorySample {
  const at = 1_700_000_000_000 + second * 1000;
  return {
    at,
    heapUsed,
    rss,
    heapTotal: heapUsed,
    external: 0,
    arrayBuffers: 0,
    heapLimit: HEAP_LIMIT.bytes,
  };
}

function watch(
  seconds: number,
  heapUsed: (second: number) => number,
  limits = [HEAP_LIMIT],
  thresholds = {},
) {
  const memory = new MemoryWatch({ ...USUAL_THRESHOLDS, ...thresholds });
  const alerts: MemoryAlert[] = [];
  for (let second = 0; second < seconds; second++)
    alerts.push(...memory.add(sample(second, heapUsed(second)), limits));
  return { alerts, outlook: memory.outlook(limits) };
}

describe('leaks: watching memory against its limits', () => {
  it('warns at 70 %, alerts at 80 %, each once', () => {
    const { alerts } = watch(200, (second) => (second < 100 ? 300 + second * 1.3 : 430) * MB);
    const levels = alerts.filter(({ kind }) => kind !== 'growth');
    assert.deepEqual(
      levels.map(({ kind }) => kind),
      ['warning', 'alert'],
    );
    assert.match(levels[0]!.message, /^The heap is at 7\d % of the heap limit \(3\d\d MB of 512 MB\)\.$/);
  });

  it('warns where it is told to', () => {
    const climbing = (second: number) => (second < 100 ? 150 + second * 1.3 : 280) * MB;
    assert.deepEqual(
      watch(200, climbing).alerts.filter(({ kind }) => kind !== 'growth'),
      [],
    );
    const { alerts } = watch(200, climbing, [HEAP_LIMIT], { warning: 0.4, alert: 0.5 });
    assert.deepEqual(
      alerts.filter(({ kind }) => kind !== 'growth').map(({ kind }) => kind),
      ['warning', 'alert'],
    );
  });

  it('judges growth by the factor and the samples that are asked for', () => {
    const growing = (second: number) => (100 + second) * MB;
    const kinds = (thresholds: object) =>
      watch(59, growing, [HEAP_LIMIT], thresholds).alerts.map(({ kind }) => kind);
    assert.deepEqual(kinds({}), []);
    assert.deepEqual(kinds({ growthSamples: 30 }), []);
    assert.deepEqual(kinds({ growthSamples: 30, growthFactor: 1.2 }), ['growth']);
  });

  it('tells again only after memory has been well below', () => {
    const kinds = (low: number) =>
      watch(60, (second) => (second % 20 < 10 ? 370 : low) * MB).alerts.map(({ kind }) => kind);
    assert.deepEqual(kinds(350), ['warning']);
    assert.deepEqual(kinds(200), ['warning', 'warning', 'warning']);
  });

  it('takes a single high sample for garbage', () => {
    assert.deepEqual(watch(60, (second) => (second % 5 === 0 ? 450 : 100) * MB).alerts, []);
  });

  it('sees through a sawtooth: what collections leave is flat', () => {
    const { alerts, outlook } = watch(300, (second) => (40 + (second % 9) * 20) * MB);
    assert.deepEqual(alerts, []);
    assert.equal(outlook, null);
  });

  it('sees growth below a sawtooth, and when the limit is reached', () => {
    const heap = (second: number) => (40 + second * 0.5 + (second % 7) * 15) * MB;
    const { alerts, outlook } = watch(60, heap);
    assert.deepEqual(
      alerts.map(({ kind }) => kind),
      ['growth'],
    );
    assert.match(alerts[0]!.message, /has grown from 4\d MB to 6\d MB in 59 s\.$/);
    assert.equal(outlook, null, 'it starts anew after an alert');
    assert.match(
      watch(59, heap).outlook ?? '',
      /^At this rate the heap limit of 512 MB is reached in 1[45] min\.$/,
    );
  });

  it('does not tell from a minute what the day will bring', () => {
    const slow = (second: number) => (40 + second * 0.05) * MB;
    const limit = (megabytes: number) => [{ ...HEAP_LIMIT, bytes: megabytes * MB }];
    assert.equal(watch(60, slow, limit(4000)).outlook, null);
    assert.match(watch(60, slow, limit(300)).outlook ?? '', /reached in 8\d min/);
  });

  it('forgives a start that levels off, and growth of a few megabytes', () => {
    assert.deepEqual(watch(200, (second) => (30 + 30 * (1 - Math.exp(-second / 6))) * MB).alerts, []);
    assert.deepEqual(watch(200, (second) => (4 + second * 0.015) * MB).alerts, []);
  });

  it('holds the whole process against the limit of its container', () => {
    const container: WatchedLimit = { name: 'the container’s limit', bytes: 256 * MB, of: 'rss' };
    const { alerts } = watch(20, () => 150 * MB, [HEAP_LIMIT, container]);
    assert.deepEqual(
      alerts.map(({ message }) => message),
      ['Resident memory is at 76 % of the container’s limit (195 MB of 256 MB).'],
    );
  });
});
