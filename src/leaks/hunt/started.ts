import { setTimeout as wait } from 'node:timers/promises';
import type { InspectorSession } from '../../inspector/session';
import { cancelled } from '../../protocol/errors';

/** A program that computes for longer than this before its first turn is hunted as it is, in ms. */
const patienceMs = 10_000;

/**
 * Waits until the target is between two turns of its event loop: a program that was just launched is attached while
 * its modules still load. What is evaluated meanwhile runs on top of whatever it was doing, and sees that in its stack.
 * @throws `cancelled`, `inspector-closed`.
 */
export async function untilStarted(session: InspectorSession, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const { result } = await session.connection.send(
      'Runtime.evaluate',
      { expression: `new Error().stack.split('\\n').length`, returnByValue: true, silent: true },
      { signal },
    );
    if (typeof result.value !== 'number' || result.value <= 2) return;
    await wait(20, undefined, { signal }).catch(() => {
      throw cancelled();
    });
  }
}
