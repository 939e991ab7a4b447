import assert from 'node:assert/strict';
import { nodeBinary } from '../../host/node-binary';
import { huntIn } from '../../leaks/hunting';
import { innocentPrograms, leakyKinds } from '../../leaks/kinds';

function lineOf(source: string, text: string): number {
  return source.slice(0, source.indexOf(text)).split('\n').length;
}

/** Left to `npm run test:leaks`, which hunts all of them: the other kinds take the same paths. */
const slow = new Set([
  'Map',
  'array slots',
  'AbortSignal listeners',
  'Buffers',
  'global property',
  'symbol keys alone',
  'object of arrays',
  'sockets that nobody closes',
  'strings that hold the text they were cut from',
  'array of ArrayBuffers in a static field',
  'instance field of a long-lived object',
  'async_hooks destroy that never comes',
  'global property behind a symbol',
  'cache whose holder was given no limit',
]);

describe('leaks: hunting, kind by kind', function () {
  this.timeout(120_000);
  for (const { title, source, kind, name, declared, adds } of leakyKinds) {
    if (slow.has(title)) continue;
    it(`finds the leak: ${title}`, async () => {
      const { report } = await huntIn(source, await nodeBinary(24));
      const said = JSON.stringify(report.verdicts, null, 1);
      const [first] = report.verdicts;
      assert.ok(first, 'something is found');
      assert.match(first.name, name, said);
      assert.equal(first.level, 'leak', said);
      assert.equal(first.kind, kind, said);
      assert.equal(first.location?.line, lineOf(source, declared), said);
      if (adds !== null) assert.equal(first.addedAt?.line, lineOf(source, adds), said);
      assert.equal(report.verdicts.filter(({ level }) => level === 'leak').length, 1, said);
    });
  }

  for (const { title, source } of innocentPrograms) {
    it(`accuses nobody: ${title}`, async () => {
      const { report } = await huntIn(source, await nodeBinary(24));
      const leaks = report.verdicts.filter(({ level }) => level === 'leak');
      assert.deepEqual(leaks, []);
    });
  }

  for (const major of [18, 22]) {
    it(`knows what goes when a signal times out: Node ${major}`, async () => {
      const source = `function operation() {
  AbortSignal.timeout(60_000).addEventListener('abort', () => 'late');
}`;
      const { report } = await huntIn(source, await nodeBinary(major));
      assert.deepEqual(
        report.verdicts.map(({ level, kind }) => `${level} ${kind}`),
        ['watch listener'],
        JSON.stringify(report.verdicts, null, 1),
      );
    });
  }

  it('accuses what a signal that timed out too early left: Node 20', async () => {
    // That Node lets go of a timeout that only AbortSignal.any knows, so nothing ever ends what waits for it.
    const source = `const shutdown = new AbortController();
function operation() {
  const signal = AbortSignal.any([shutdown.signal, AbortSignal.timeout(60_000)]);
  signal.addEventListener('abort', () => 'late');
}`;
    const { report } = await huntIn(source, await nodeBinary(20));
    const said = JSON.stringify(report.verdicts, null, 1);
    assert.equal(report.verdicts[0]?.level, 'leak', said);
    assert.equal(report.verdicts[0]?.addedAt?.line, 3, said);
  });

  it('watches timers and handles at once', async () => {
    const source = `const dgram = require('node:dgram');
function operation() {
  const socket = dgram.createSocket('udp4');
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', function bound() {
      setInterval(function ping() { socket.ref(); }, 3600_000).unref();
      resolve();
    });
  });
}`;
    const { report } = await huntIn(source, await nodeBinary(24));
    const said = JSON.stringify(report.verdicts, null, 1);
    const [timer, handle] = ['timer', 'handle'].map((kind) =>
      report.verdicts.find((one) => one.kind === kind),
    );
    assert.equal(timer?.name, 'ping', said);
    assert.equal(timer.addedAt?.line, 6, said);
    assert.equal(handle?.addedAt?.line, 3, said);
  });
});
