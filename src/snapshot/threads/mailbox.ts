import type { MessagePort } from 'node:worker_threads';
import type { PlainError } from '../../protocol/errors';

/** What a member of a team is started with. */
export interface MemberData {
  /** Tasks come in here, and answers go out. */
  readonly port: MessagePort;
  /** See {@link Word}; shared. */
  readonly words: Int32Array;
}

/** The words by which two threads wake each other, since neither runs an event loop while it waits. */
export const Word = {
  /** Tasks that were posted so far. */
  requests: 0,
  /** Tasks that were answered so far. */
  answers: 1,
  /** 1 once the member runs. */
  ready: 2,
  /** 1 when it shall end. */
  closed: 3,
  count: 4,
} as const;

/** What a member posts for a task. */
export type TaskReply = { readonly answer: unknown } | { readonly error: PlainError };
