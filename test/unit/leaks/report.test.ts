import assert from 'node:assert/strict';
import type { HuntReport } from '../../../src/leaks/hunt/report';
import { huntHtml } from '../../../src/leaks/hunt/report-html';
import { huntMarkdown } from '../../../src/leaks/hunt/report-markdown';
import type { Finding } from '../../../src/protocol/findings';

const round = {
  ...{ operations: 97, failed: 0, workMs: 1, captureMs: 1, analyseMs: 1 },
  ...{ heapUsedBytes: 4_000_000, rssBytes: 50_000_000, externalBytes: 1_000_000 },
};

const leak: Finding = {
  ...{
    key: 'k',
    level: 'leak',
    kind: 'map',
    objectId: 1,
    name: 'byName',
    holder: 'variable of module "a<b>.ts"',
  },
  path: ['(root)', 'exports: Object', '"<script>": byName'],
  location: { file: '/srv/my app/src/cache.ts', line: 9, column: 7 },
  addedAt: null,
  package: { name: 'debug', version: '4.1.1', laterVersion: '4.3.4' },
  entries: [97, 194, 1291],
  retainedSizes: [1000, 2000, 3000],
  holds: [{ constructorName: '{reply}', count: 1291 }],
  perOperation: { objects: 1, bytes: 501 },
  confidence: 0.92,
  reasons: ['An idle pause took nothing back.'],
};

const report: HuntReport = {
  schema: 1,
  target: {
    ...{ title: 'server <1>.js', pid: 7, nodeVersion: '22.1.0', url: 'ws://127.0.0.1:1/x' },
    workingDirectory: '/srv/my app',
  },
  workload: 'GET http://127.0.0.1/?a=1&b={n}',
  plan: { rounds: 3, operations: 97, warmup: 97, idleMs: 2000 },
  baseline: { ...round, operations: 0 },
  rounds: [round, round, { ...round, failed: 2 }],
  idle: { ...round, operations: 500, heapUsedBytes: 13_500_000 },
  verdicts: [leak],
  settled: [{ key: 's', name: 'pool', location: null, sentence: 'pool stopped growing at its limit.' }],
  analysisMs: 1,
  durationMs: 2,
};

describe('leaks: reports of a hunt', () => {
  it('as a page: figures, curves and links to the lines, and nothing from elsewhere', () => {
    const html = huntHtml(report, null);
    const said = [
      '1 leak found.',
      'pool stopped growing at its limit.',
      '1 entry and 501 B',
      '1.0 kB → 2.0 kB → 3.0 kB',
      'debug@4.1.1 (the lock file also knows 4.3.4)',
      'href="vscode://file/srv/my%20app/src/cache.ts:9:7"',
      '<code>src/cache.ts:9:7</code>',
      'aria-label="entries of byName: round 1 97, round 2 194, round 3 1,291"',
      'warm-up 4.0 MB, round 1 4.0 MB, round 2 4.0 MB, round 3 4.0 MB, rest 14 MB',
      '<td>more work and a rest</td><td>500</td>',
      '97 (2 failed)',
      'a line that was not found',
      '<li>&quot;&lt;script&gt;&quot;: byName</li>',
      '<title>Leak hunt: server &lt;1&gt;.js</title>',
    ];
    for (const text of said) assert.ok(html.includes(text), `${text} is missing in ${html}`);
    assert.doesNotMatch(html, /<script|<link|<img|\bsrc=|url\(|NaN|undefined/);
  });

  it('as a page of a hunt that found nothing', () => {
    const html = huntHtml({ ...report, verdicts: [], settled: [], idle: null }, null);
    assert.match(html, /class="banner ">No leak found\./);
    assert.doesNotMatch(html, /<article|Reached its limit|NaN|undefined/);
  });

  it('draws values of any size within its frame', () => {
    for (const entries of [[0, 0, 0], [5], [1, 1e12, 3], [0.2, 0.4], [-3, 10]]) {
      const html = huntHtml({ ...report, verdicts: [{ ...leak, entries }] }, null);
      for (const [, y] of html.matchAll(/\bc?y="([^"]+)"/g)) assert.ok(Number(y) >= 0 && Number(y) <= 190, y);
      assert.ok([...html.matchAll(/<line /g)].length < 40);
    }
  });

  it('as Markdown', () => {
    const text = huntMarkdown(report, null);
    assert.match(text, /^\*\*1 leak found\.\*\*$/m);
    assert.match(
      text,
      /^### byName \(map in debug@4\.1\.1 \(the lock file also knows 4\.3\.4\)\), 92 % sure$/m,
    );
    assert.match(text, /^\| round 3 \| 97 \(2 failed\) \| 4\.0 MB \| 1\.0 MB \| 50 MB \|$/m);
    assert.match(text, /^- holds 1,291 \{reply\}$/m);
  });
});
