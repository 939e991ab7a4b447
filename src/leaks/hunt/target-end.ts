import { setTimeout as wait } from 'node:timers/promises';
import type { InspectorSession } from '../../inspector/session';
import { HeapwrightError } from '../../protocol/errors';

/** Why a session is over is known a moment after its connection is closed, in ms. */
const reasonMs = 500;

/**
 * Works as long as the target lives: `work` gets a signal that is aborted with the target's end as well.
 * @throws `target-exited` when it ended or closed its inspector, whatever that did to the work.
 */
export async function whileItLives<T>(
  session: InspectorSession,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  let why = 'The connection to the process is lost.';
  let tell = () => {};
  const ended = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const subscription = session.onDidClose(({ message }) => {
    why = message;
    gone.abort();
    tell();
  });
  try {
    return await work(signal ? AbortSignal.any([signal, gone.signal]) : gone.signal);
  } catch (error) {
    if (session.connection.isOpen || signal?.aborted) throw error;
    await Promise.race([ended, wait(reasonMs)]);
    throw new HeapwrightError(
      'target-exited',
      `The hunt could not go on. ${why}`,
      'Look at what the program printed last; start it again and attach.',
      { cause: error },
    );
  } finally {
    subscription.dispose();
  }
}
