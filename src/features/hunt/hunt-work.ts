import type { InspectorSession } from '../../inspector/session';
import { parseRequests } from '../../leaks/hunt/requests';
import { commandWorkload, expressionWorkload, httpWorkload, type Workload } from '../../leaks/hunt/workloads';

/** What one operation is, as the user said it; remembered, so that the same hunt can be made again. */
export type HuntWork =
  /** Requests as {@link parseRequests} reads them. */
  | { readonly kind: 'http'; readonly requests: string; readonly connections: number }
  | { readonly kind: 'expression'; readonly expression: string }
  | { readonly kind: 'command'; readonly command: string; readonly cwd: string | null }
  | { readonly kind: 'byHand'; readonly operations: number };

/** Does the operations of a round by asking a person, who says when they are done. */
export type AskPerson = (operations: number, signal?: AbortSignal) => Promise<void>;

/** The work for a target. @throws `bad-argument` for requests that are none. */
export function workloadOf(work: HuntWork, session: InspectorSession, askPerson: AskPerson): Workload {
  switch (work.kind) {
    case 'http':
      return httpWorkload(parseRequests(work.requests), { connections: work.connections });
    case 'expression':
      return expressionWorkload(session, work.expression);
    case 'command':
      return commandWorkload(work.command, work.cwd ?? undefined);
    case 'byHand':
      return {
        title: describeWork(work),
        byHand: true,
        run: async (operations, signal) => {
          await askPerson(operations, signal);
          return { failed: 0 };
        },
      };
  }
}

/** One line for pick lists. */
export function describeWork(work: HuntWork): string {
  switch (work.kind) {
    case 'http':
      return work.connections > 1 ? `${work.requests}, ${work.connections} at once` : work.requests;
    case 'expression':
      return work.expression;
    case 'command':
      return work.command;
    case 'byHand':
      return `by hand, ${work.operations} times a round`;
  }
}

/**
 * The work at the address where the program listens now: one that takes any free port listens on another after each
 * start. Only where both then and now it listened on exactly one.
 */
export function onCurrentPort(work: HuntWork, then: readonly number[], now: readonly number[]): HuntWork {
  const [old] = then;
  const [current] = now;
  if (work.kind !== 'http' || then.length !== 1 || now.length !== 1 || old === current) return work;
  const requests = work.requests.replaceAll(
    new RegExp(`(https?://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])):${old}\\b`, 'gi'),
    `$1:${current}`,
  );
  return { ...work, requests };
}
