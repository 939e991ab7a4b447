import assert from 'node:assert/strict';
import { exportRun } from '../../../src/history/export-run';
import type { Run } from '../../../src/protocol/history';
import { sampleAt } from './samples';

const RUN: Run = {
  summary: {
    id: 'r1',
    title: 'a "b".js',
    pid: 7,
    nodeVersion: 'v24.1.0',
    workingDirectory: '/shop',
    from: sampleAt(0).at,
    to: sampleAt(2).at,
    samples: 3,
    peakHeapUsed: 1,
    peakRss: 1,
    alerts: 0,
    findings: 0,
    fileBytes: 1,
  },
  samples: [0, 1, 2].map(sampleAt),
  events: [{ at: sampleAt(1).at, kind: 'operation', text: 'GET /', figures: { heapGrowthBytes: 5 } }],
};

describe('the export of a run', () => {
  it('as CSV has one row per sample and as many cells as columns', () => {
    const [header, ...rows] = exportRun(RUN, 'csv').trimEnd().split('\r\n');
    assert.equal(rows.length, 3);
    const names = header!.split(',');
    for (const row of rows) assert.equal(row.split(',').length, names.length);
    const cell = (row: number, name: string) => rows[row]!.split(',')[names.indexOf(name)];
    assert.equal(cell(1, 'time'), '2023-11-14T22:13:21.000Z');
    assert.equal(cell(2, 'heap_used_bytes'), '20002000');
    assert.equal(cell(0, 'gc_pause_ms'), '1.25');
    assert.equal(cell(0, 'gap'), '');
  });

  it('as JSON has samples by name, and the events', () => {
    const { run, samples, events } = JSON.parse(exportRun(RUN, 'json'));
    assert.equal(run.title, 'a "b".js');
    assert.equal(samples[2].heap_used_bytes, 20_002_000);
    assert.deepEqual(events, RUN.events);
  });

  it('as OpenMetrics keeps to its grammar', () => {
    const text = exportRun(RUN, 'openmetrics');
    assert.ok(text.endsWith('\n# EOF\n'));
    const line =
      /^(?:# (?:TYPE \S+ (?:gauge|counter)|UNIT \S+ (?:bytes|seconds|ratio)|HELP \S+ .+)|# EOF|[a-z_]+\{[a-z]+="(?:[^"\\]|\\.)*"(?:,[a-z]+="(?:[^"\\]|\\.)*")*\} [\d.e+-]+ \d+(?:\.\d+)?)$/;
    let family = '';
    let lastTime = 0;
    for (const row of text.trimEnd().split('\n')) {
      assert.match(row, line);
      const [, type, name] = /^# (TYPE|UNIT) (\S+)/.exec(row) ?? [];
      if (type === 'TYPE') {
        family = name!;
        lastTime = 0;
      } else if (type === 'UNIT') assert.ok(family.endsWith(row.split(' ').at(-1)!), row);
      else if (!row.startsWith('#')) {
        // Samples of a family stand together, under its name, in the order of time.
        assert.match(row, new RegExp(`^${family}(_total)?\\{`));
        const time = Number(row.split(' ').at(-1));
        assert.ok(time > lastTime);
        lastTime = time;
      }
    }
    assert.match(
      text,
      /^heapwright_gc_pause_seconds_total\{program="a \\"b\\".js",pid="7",run="r1"\} 0.00375 1700000002$/m,
    );
    assert.match(text, /^heapwright_heap_used_bytes\{.*\} 20002000 1700000002$/m);
  });
});
