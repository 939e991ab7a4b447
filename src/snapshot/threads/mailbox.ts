import type { MessagePort } from 'node:worker_threads';
import type { PlainError } from '../../protocol/errors';

/** How a thread that has tasks is connected with one that does them. */
export interface MemberLink {
  /** Tasks go one way, answers the other. */
  readonly port: MessagePort;
  /** See {@link Word}; shared. */
  readonly words: Int32Array;
}

/** What the thread that holds the snapshots is started with. */
export interface SnapshotWorkerData {
  /** Of the threads that help it. */
  readonly links: readonly MemberLink[];
}

/** The words by which two threads wake each other, since neither runs an event loop while it waits. */
export const Word = {
  /** Tasks that were posted so far. */
  requests: 0,
  /** Tasks that were answered so far. */
  answers: 1,
  /** 1 once the member runs. */
  ready: 2,
  /** 1 once it has ended, for whatever reason. */
  ended: 3,
  count: 4,
} as const;

/** What a member posts for a task. */
export type TaskReply = { readonly answer: unknown } | { readonly error: PlainError };
