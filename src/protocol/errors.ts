/**
 * What can go wrong, as codes that the features turn into one message each. A code is stable: tests, the
 * command line's JSON and telemetry-free issue reports name it.
 */
export type ErrorCode =
  | 'nothing-to-fix'
  | 'nothing-recorded'
  | 'cancelled'
  | 'not-an-inspector'
  | 'inspector-busy'
  | 'inspector-closed'
  | 'host-not-loopback'
  | 'target-not-found'
  | 'target-exited'
  | 'target-paused'
  | 'target-timeout'
  | 'no-permission'
  | 'launch-failed'
  | 'not-enough-memory'
  | 'storage-full'
  | 'storage-unwritable'
  | 'file-not-found'
  | 'not-a-snapshot'
  | 'snapshot-truncated'
  | 'snapshot-corrupt'
  | 'snapshot-closed'
  | 'worker-crashed'
  | 'worker-out-of-memory'
  | 'not-compiled'
  | 'not-a-profile'
  | 'bad-argument';

/**
 * An error meant for a person: `message` says what happened, `advice` what to do now. Errors of this kind cross
 * worker boundaries as {@link PlainError} and reach the user once, at the feature that started the work.
 */
export class HeapwrightError extends Error {
  override readonly name = 'HeapwrightError';
  readonly code: ErrorCode;
  readonly advice: string;
  /** Where in a file the fault lies, in bytes from its start. */
  readonly byteOffset: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    advice: string,
    options: { cause?: unknown; byteOffset?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.advice = advice;
    this.byteOffset = options.byteOffset;
  }
}

/** A {@link HeapwrightError} as it travels between threads. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly advice: string;
  readonly byteOffset?: number;
}

/** Turns an error into plain data for `postMessage`; one that is not ours becomes `fallback`. */
export function toPlainError(error: unknown, fallback: ErrorCode): PlainError {
  if (error instanceof HeapwrightError) {
    const { code, message, advice, byteOffset } = error;
    return byteOffset === undefined ? { code, message, advice } : { code, message, advice, byteOffset };
  }
  return {
    code: fallback,
    message: error instanceof Error ? error.message : String(error),
    advice: 'Please report this with the output of the Heapwright log.',
  };
}

/** The reverse of {@link toPlainError}. */
export function fromPlainError(plain: PlainError): HeapwrightError {
  return new HeapwrightError(plain.code, plain.message, plain.advice, { byteOffset: plain.byteOffset });
}

/** The error every cancelled operation rejects with. */
export function cancelled(): HeapwrightError {
  return new HeapwrightError('cancelled', 'Cancelled.', 'Start it again when you are ready.');
}

/** True for the error of {@link cancelled} and for the DOM's AbortError. */
export function isCancelled(error: unknown): boolean {
  return (
    (error instanceof HeapwrightError && error.code === 'cancelled') ||
    (error instanceof Error && error.name === 'AbortError')
  );
}
