import assert from 'node:assert/strict';
import { nodeBinary } from '../../host/node-binary';
import { huntIn } from '../../leaks/hunting';

const cache = (body: string) => `class Cache {
  constructor() { this.max = 300; this.entries = new Map(); }
  set(key, value) { this.entries.set(key, value); ${body} }
}
const cache = new Cache();
let n = 0;
function operation() { cache.set('k' + ++n, { n }); }`;

describe('leaks: driving a cache to its limit', function () {
  this.timeout(120_000);

  it('proves that it stops there', async () => {
    const source = cache(
      'if (this.entries.size > this.max) this.entries.delete(this.entries.keys().next().value);',
    );
    const { report } = await huntIn(source, await nodeBinary(24));
    assert.deepEqual(report.verdicts, []);
    const [settled] = report.settled;
    assert.match(settled?.sentence ?? '', /entries stopped growing at its limit \(max = 300\).*300 entries/);
  });

  it('proves that it does not keep its promise', async () => {
    const { report } = await huntIn(cache(''), await nodeBinary(24));
    const [verdict] = report.verdicts;
    assert.equal(verdict?.level, 'leak', JSON.stringify(report.verdicts));
    assert.match(verdict.reasons.join(' '), /grew past that limit/);
    assert.deepEqual(report.settled, []);
  });
});
