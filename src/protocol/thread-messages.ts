import type { PlainError } from './errors';

/** What a worker thread can be asked: method → parameters and answer. */
export type ThreadCalls<Calls> = {
  readonly [Method in keyof Calls]: { parameters: unknown; answer: unknown };
};

/** From the client to the thread. */
export interface ThreadRequest<Calls extends ThreadCalls<Calls>, Method extends keyof Calls = keyof Calls> {
  readonly call: number;
  readonly method: Method;
  readonly parameters: Calls[Method]['parameters'];
  /** One shared 32-bit word that becomes 1 when the caller cancels; the thread looks at it while it computes. */
  readonly cancel: SharedArrayBuffer;
}

/** From the thread to the client. */
export type ThreadResponse =
  | { readonly call: number; readonly answer: unknown }
  | { readonly call: number; readonly error: PlainError }
  | { readonly call: number; readonly progress: unknown };
