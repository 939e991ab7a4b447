import assert from 'node:assert/strict';
import { MemorySampler } from '../../../src/inspector/memory-sampler';
import { gapBetween, type SampleTimes } from '../../../src/inspector/sample-gaps';
import { connect } from '../../../src/inspector/session';
import type { MemorySample } from '../../../src/protocol/samples';
import { startProgram, until } from './target-program';

const SECOND = 1000;
const BASE: SampleTimes = {
  at: 1e12,
  uptimeMs: 5000,
  dueMs: 100,
  askedMs: 100,
  answeredMs: 101,
  hostAt: 1e12,
};
const FACTS = { intervalMs: SECOND, captured: false, stopped: false };

/** `ms` later by every clock, asked for and answered in its time. */
function later(ms: number, change: Partial<Record<keyof SampleTimes, number>> = {}): SampleTimes {
  const times = {
    at: BASE.at + ms,
    uptimeMs: BASE.uptimeMs! + ms,
    dueMs: BASE.dueMs + ms,
    askedMs: BASE.askedMs + ms,
    answeredMs: BASE.answeredMs + ms,
    hostAt: BASE.hostAt + ms,
  };
  for (const [key, by] of Object.entries(change)) times[key as keyof SampleTimes] += by;
  return times;
}

describe('a gap between two samples', () => {
  it('is none while they come in their time, give or take', () => {
    assert.equal(gapBetween(BASE, later(SECOND), FACTS), null);
    assert.equal(gapBetween(BASE, later(2.9 * SECOND), FACTS), null);
    assert.equal(gapBetween(BASE, later(400), { ...FACTS, intervalMs: 100 }), null);
  });

  it('is one when the target did not answer, and says what it knows of why', () => {
    const silent = later(60 * SECOND, { askedMs: -59 * SECOND, dueMs: -59 * SECOND });
    assert.deepEqual(gapBetween(BASE, silent, FACTS), { reason: 'no-answer', ms: 60 * SECOND });
    assert.equal(gapBetween(BASE, silent, { ...FACTS, stopped: true })?.reason, 'stopped');
    assert.equal(gapBetween(BASE, silent, { ...FACTS, captured: true })?.reason, 'capture');
  });

  it('is ours when the editor was too busy to ask', () => {
    assert.equal(gapBetween(BASE, later(9 * SECOND, { dueMs: -8 * SECOND }), FACTS)?.reason, 'not-asked');
  });

  it('is a sleep when both clocks went on and no stopwatch did', () => {
    const hour = 3600 * SECOND;
    const woken = later(SECOND, { at: hour, hostAt: hour });
    assert.deepEqual(gapBetween(BASE, woken, FACTS), { reason: 'asleep', ms: hour + SECOND });
  });

  it('is a clock that was set when only the target’s went elsewhere', () => {
    const hour = 3600 * SECOND;
    assert.deepEqual(gapBetween(BASE, later(SECOND, { at: hour }), FACTS), {
      reason: 'clock-forward',
      ms: hour,
    });
    assert.deepEqual(gapBetween(BASE, later(SECOND, { at: -hour }), FACTS), {
      reason: 'clock-back',
      ms: hour,
    });
    const both = later(SECOND, { at: -hour, hostAt: -hour });
    assert.deepEqual(gapBetween(BASE, both, FACTS), { reason: 'clock-back', ms: hour });
    assert.equal(gapBetween(BASE, later(SECOND, { at: -50 }), FACTS), null);
  });

  it('is judged by our stopwatch where the engine has none', () => {
    const [before, after] = [BASE, later(SECOND, { at: -9 * SECOND })].map((times) => ({
      ...times,
      uptimeMs: null,
    }));
    assert.equal(gapBetween(before!, after!, FACTS)?.reason, 'clock-back');
  });
});

describe('a target that gives no samples for a while', function () {
  this.timeout(120_000);

  /** Samples and troubles of a program, ten times a second, while `act` goes on. */
  async function watch(
    source: string,
    act: (
      program: { pid: number; url: string },
      seen: { samples: MemorySample[]; troubles: (string | null)[] },
    ) => Promise<void>,
  ): Promise<void> {
    const program = await startProgram(source);
    const session = await connect({ url: program.url });
    const sampler = new MemorySampler(session, { intervalMs: 100 });
    const seen = { samples: [] as MemorySample[], troubles: [] as (string | null)[] };
    sampler.onSample((sample) => seen.samples.push(sample));
    sampler.onTrouble((trouble) => seen.troubles.push(trouble));
    try {
      await until(
        () => seen.samples.length > 2,
        () => 'no samples',
      );
      await act(program, seen);
      for (let i = 1; i < seen.samples.length; i++) {
        assert.ok(seen.samples[i]!.at >= seen.samples[i - 1]!.at, 'time ran back');
      }
    } finally {
      sampler.dispose();
      session.dispose();
      await program.dispose();
    }
  }

  it('was stopped by the system: says so, and goes on when it does', async function () {
    if (process.platform !== 'linux') this.skip();
    await watch('', async ({ pid }, { samples, troubles }) => {
      process.kill(pid, 'SIGSTOP');
      await until(
        () => troubles.some((trouble) => trouble?.startsWith('Stopped since')),
        () => `told: ${troubles.join(' | ')}`,
      );
      process.kill(pid, 'SIGCONT');
      await until(
        () => samples.at(-1)?.gap !== undefined || samples.some(({ gap }) => gap),
        () => 'no gap',
      );
      assert.equal(samples.find(({ gap }) => gap)?.gap?.reason, 'stopped');
      assert.equal(troubles.at(-1), null);
    });
  });

  it('stands at a breakpoint of another debugger: says so while its memory is still read', async () => {
    const source = `globalThis.stop = false; setInterval(() => { if (globalThis.stop) debugger; }, 5);`;
    await watch(source, async ({ url }, { samples, troubles }) => {
      const other = await connect({ url });
      await other.connection.send('Debugger.enable', {});
      const paused = new Promise((resolve) => other.connection.on('Debugger.paused', resolve));
      await other.evaluate('globalThis.stop = true');
      await paused;
      const count = samples.length;
      await until(
        () => troubles.some((trouble) => trouble?.endsWith('stopped at a breakpoint.')),
        () => `told: ${troubles.join(' | ')}`,
      );
      assert.ok(samples.length > count + 3);
      await other.evaluate('globalThis.stop = false');
      await other.connection.send('Debugger.resume', undefined);
      await until(
        () => troubles.at(-1) === null,
        () => `told: ${troubles.join(' | ')}`,
      );
      other.dispose();
    });
  });

  it('is in one long call into the system: the whole delay is told afterwards', async () => {
    const source = `setTimeout(() => require('child_process').execFileSync('sleep', ['4']), 600);`;
    await watch(source, async (_program, { samples, troubles }) => {
      await until(
        () => troubles.some((trouble) => trouble?.startsWith('No answer since')),
        () => `told: ${troubles.join(' | ')}`,
      );
      await until(
        () => samples.some(({ runtime }) => (runtime?.eventLoop?.worstDelayMs ?? 0) > 3500),
        () => `worst: ${Math.max(...samples.map(({ runtime }) => runtime?.eventLoop?.worstDelayMs ?? 0))}`,
      );
      assert.equal(samples.find(({ gap }) => gap)?.gap?.reason, 'no-answer');
    });
  });

  it('computes without a break: its memory is read, and the whole delay is told afterwards', async () => {
    const source = `setTimeout(() => { for (const end = Date.now() + 4500; Date.now() < end; ); }, 600);`;
    await watch(source, async (_program, { samples, troubles }) => {
      await until(
        () => troubles.some((trouble) => trouble?.endsWith('busy in JavaScript without a break.')),
        () => `told: ${troubles.join(' | ')}`,
      );
      await until(
        () => samples.some(({ runtime }) => (runtime?.eventLoop?.worstDelayMs ?? 0) > 3500),
        () => `worst: ${Math.max(...samples.map(({ runtime }) => runtime?.eventLoop?.worstDelayMs ?? 0))}`,
      );
    });
  });

  it('has a clock that jumps: back is no way back, and each jump is told', async () => {
    const source = `const real = Date.now; globalThis.shift = 0; Date.now = () => real() + globalThis.shift;`;
    await watch(source, async ({ url }, { samples }) => {
      const other = await connect({ url });
      for (const [shift, reason] of [
        [-3_600_000, 'clock-back'],
        [0, 'clock-forward'],
      ] as const) {
        await other.evaluate(`globalThis.shift = ${shift}`);
        await until(
          () => samples.some(({ gap }) => gap?.reason === reason),
          () => `no ${reason}`,
        );
      }
      const count = samples.length;
      await until(
        () => samples.length > count + 3,
        () => 'it stopped',
      );
      other.dispose();
    });
  });
});
