import { parentPort } from 'node:worker_threads';
import { HeapwrightError, toPlainError } from './errors';
import type { ThreadCalls, ThreadRequest, ThreadResponse } from './thread-messages';

/** What answering a call may use besides its parameters. */
export interface CallContext<Progress> {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

export type Answerers<Calls extends ThreadCalls<Calls>, Progress> = {
  readonly [Method in keyof Calls]: (
    parameters: Calls[Method]['parameters'],
    context: CallContext<Progress>,
  ) => Calls[Method]['answer'];
};

/** Answers the calls of a {@link ThreadClient} in this worker thread, one at a time. */
export function serve<Calls extends ThreadCalls<Calls>, Progress = never>(
  answerers: Answerers<Calls, Progress>,
): void {
  parentPort?.on('message', ({ call, method, parameters, cancel }: ThreadRequest<Calls>) => {
    const respond = (response: ThreadResponse) => parentPort?.postMessage(response);
    const context = { signal: signalOf(cancel), report: (progress: Progress) => respond({ call, progress }) };
    try {
      respond({ call, answer: answerers[method](parameters, context) });
    } catch (error) {
      respond({ call, error: toPlainError(outOfMemory(error) ?? error, 'worker-crashed') });
    }
  });
}

/** A signal that looks at shared memory, since no message arrives while the thread computes. */
function signalOf(cancel: SharedArrayBuffer): AbortSignal {
  const word = new Int32Array(cancel);
  const { signal } = new AbortController();
  return Object.defineProperty(signal, 'aborted', { get: () => Atomics.load(word, 0) === 1 });
}

/** Typed arrays that cannot be had throw a RangeError, which leaves the thread alive. */
function outOfMemory(error: unknown): HeapwrightError | null {
  if (!(error instanceof RangeError) || !/allocation|array length/i.test(error.message)) return null;
  return new HeapwrightError(
    'worker-out-of-memory',
    `This needs more memory than there is (${error.message}).`,
    'Close other snapshots or programs and try again.',
    { cause: error },
  );
}
