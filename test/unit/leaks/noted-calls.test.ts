import assert from 'node:assert/strict';
import path from 'node:path';
import { connect } from '../../../src/inspector/session';
import { handleCalls } from '../../../src/leaks/hunt/handle-calls';
import { NotedCalls } from '../../../src/leaks/hunt/noted-calls';
import { timerCalls } from '../../../src/leaks/hunt/timer-calls';
import { SourceLocator } from '../../../src/source/locator';
import { nodeBinary } from '../../host/node-binary';
import { Program } from '../../leaks/program';

/** A program that anything which disturbs it would end: a thrown error in a timer, in an async hook, in its formatter. */
const source = `const net = require('node:net');
const odd = function () {};
Object.defineProperty(odd, 'name', { get() { throw new Error('nobody asks for my name'); } });
globalThis.odd = odd;
let format = (error, frames) => frames.length + ' frames';
globalThis.touched = 0;
Object.defineProperty(Error, 'prepareStackTrace', {
  configurable: true,
  get: () => format,
  set(value) { globalThis.touched++; format = value; },
});
globalThis.work = (operations) => {
  for (let i = 0; i < operations; i++) {
    setTimeout(odd, 0);
    setImmediate(odd);
    net.createServer().listen(0).close();
    JSON.stringify = () => { throw new Error('not for you'); };
    setTimeout(odd, 0);
    JSON.stringify = stringify;
  }
};
const { stringify } = JSON;
const timers = [setTimeout, setInterval, setImmediate];
const own = format;
globalThis.isAsBefore = () => {
  const before = globalThis.touched;
  globalThis.work(1);
  return before === globalThis.touched && timers[0] === setTimeout && timers[1] === setInterval &&
    timers[2] === setImmediate && format === own && Error.stackTraceLimit === 10 && /^\\d+ frames$/.test(new Error().stack);
};
setInterval(() => {}, 1000);
`;

describe('leaks: noting calls', function () {
  this.timeout(120_000);
  it('works where a program has frozen or taken away what it needs', async () => {
    const files = {
      'program.cjs': `delete globalThis.WeakRef;
JSON.stringify = () => { throw new Error('not for you'); };
for (const one of [Error, Object, Array, Map]) Object.freeze(one);
globalThis.work = (operations) => {
  for (let i = 0; i < operations; i++)
    setTimeout(function later() {}, 0);
};
setInterval(() => {}, 1000);
`,
    };
    const program = await Program.start(files, await nodeBinary(22));
    try {
      const locator = new SourceLocator([]);
      const calls = await NotedCalls.watch(program.session, locator, timerCalls, () => program.work(3));
      const [place, ...others] = await calls.placesWhere((note) => note === 'later');
      assert.deepEqual(others, []);
      assert.equal(place?.times, 3);
      assert.equal(place.position.file, path.join(program.folder, 'program.cjs'));
      assert.deepEqual([place.position.line, place.position.column], [6, 5]);
      assert.equal(
        await program.session.evaluate('setTimeout.name === "setTimeout" && !/calls/.test(setTimeout)'),
        true,
      );
    } finally {
      await program.dispose();
    }
  });

  for (const major of [18, 26]) {
    for (const [what, watched] of [
      ['timers', timerCalls],
      ['handles', handleCalls],
    ] as const) {
      it(`of ${what} never disturbs the program, Node ${major}`, async () => {
        const program = await Program.start({ 'program.cjs': source }, await nodeBinary(major));
        try {
          const { session } = program;
          const calls = await NotedCalls.watch(session, new SourceLocator([]), watched, () =>
            program.work(3),
          );
          const places = await calls.placesWhere(() => true);
          // The timers' names cannot be read: their calls are not noted, and nothing else comes of it.
          assert.equal(places.length > 0, what === 'handles');
          assert.equal(await session.evaluate('isAsBefore()'), true);
        } finally {
          await program.dispose();
        }
      });

      it(`of ${what} ends when the connection has ended in the middle of it, Node ${major}`, async () => {
        const program = await Program.start({ 'program.cjs': source }, await nodeBinary(major));
        try {
          const { session } = program;
          const lost = await connect({ url: session.info.url });
          await NotedCalls.watch(lost, new SourceLocator([]), watched, async () => {
            assert.equal(await session.evaluate('isAsBefore()'), false, 'it is watched');
            lost.dispose();
          });
          for (let i = 0; i < 100 && !(await session.evaluate('isAsBefore()')); i++)
            await session.collectGarbage();
          assert.equal(await session.evaluate('isAsBefore()'), true);
        } finally {
          await program.dispose();
        }
      });
    }
  }
});
