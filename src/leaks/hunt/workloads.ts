import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import type autocannon from 'autocannon';
import type { InspectorSession } from '../../inspector/session';
import { cancelled, HeapwrightError } from '../../protocol/errors';
import { type HttpRequest, isNumbered, numbered } from './requests';

/** Work that the target is made to do, a known number of operations at a time. */
export interface Workload {
  /** "GET http://127.0.0.1:3000/work", for reports. */
  readonly title: string;
  /** A person does it, who is not asked for thousands of operations. */
  readonly byHand?: boolean;
  /** Does `operations` operations and resolves when all are done, with how many failed. */
  run(operations: number, signal?: AbortSignal): Promise<{ readonly failed: number }>;
}

export interface HttpWorkloadOptions {
  /** At once; one makes the requests sequential. */
  readonly connections?: number;
  /** Answers with 4xx and 5xx are what is wanted. */
  readonly anyStatus?: boolean;
}

/** How long a request may take, in ms. */
const timeoutMs = 30_000;
/** After so many requests without an answer nobody waits for the rest. */
const mostUnanswered = 3;

/**
 * Sends a request, or a list of them in turn, over keep-alive connections. Answers with 4xx and 5xx count as failed
 * operations; when there are no others it rejects with what the matter is. `{n}` in an address or a body becomes a number that
 * no request before had, for what is kept by address, user or id.
 */
export function httpWorkload(
  requests: readonly HttpRequest[],
  { connections = 1, anyStatus = false }: HttpWorkloadOptions = {},
): Workload {
  const [first] = requests;
  if (!first) throw new HeapwrightError('bad-argument', 'There is no request to send.', 'Give a URL.');
  const { origin } = addressOf(first.url);
  // From the clock, so that the next hunt of the same process does not repeat the numbers of this one.
  let number = Date.now();
  return {
    title: requests.map(({ method = 'GET', url }) => `${method} ${url}`).join(', '),
    run: async (operations, signal) => {
      const { default: send } = await import('autocannon');
      return await new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled());
        const instance = send(
          {
            url: origin,
            amount: operations,
            connections: Math.min(connections, operations),
            timeout: timeoutMs / 1000,
            bailout: mostUnanswered,
            // It looks only so often, in ms, whether all is done.
            sampleInt: 20,
            requests: requests.map((request) => {
              const { url, method = 'GET', headers, body } = request;
              const { pathname, search } = addressOf(url);
              const plain = { method: method as 'GET', path: pathname + search, headers, body };
              if (!isNumbered(request)) return plain;
              const setupRequest = (one: autocannon.Request): autocannon.Request => {
                number++;
                return {
                  ...one,
                  path: numbered(plain.path, number),
                  ...(body === undefined ? {} : { body: numbered(body, number) }),
                };
              };
              return { ...plain, setupRequest };
            }),
          },
          (error, result) => {
            signal?.removeEventListener('abort', stop);
            if (error) return reject(unreachable(first.url, error));
            const failed = result.errors + result['4xx'] + result['5xx'];
            const answered = result['2xx'] + result['3xx'] + result['4xx'] + result['5xx'];
            if (result.timeouts > 0 && answered === 0) return reject(unanswered(first.url));
            if (answered === 0 || result.errors >= mostUnanswered)
              return reject(unreachable(first.url, null));
            if (failed >= operations && !anyStatus) return reject(refused(first.url, result));
            return resolve({ failed: anyStatus ? result.errors : failed });
          },
        );
        const stop = () => {
          instance.stop?.();
          // It does not call back when its server is gone.
          reject(cancelled());
        };
        signal?.addEventListener('abort', stop, { once: true });
        return undefined;
      });
    },
  };
}

function addressOf(url: string): URL {
  if (URL.canParse(url) && /^https?:/.test(url)) return new URL(url);
  throw new HeapwrightError(
    'bad-argument',
    `${url} is no HTTP address.`,
    'Give one such as http://127.0.0.1:3000/work.',
  );
}

function unanswered(url: string): HeapwrightError {
  return new HeapwrightError(
    'target-timeout',
    `${url} did not answer within ${timeoutMs / 1000} s.`,
    'The program may be blocked, wait for something, or not speak HTTP there: open the address by hand.',
  );
}

function refused(url: string, { statusCodeStats = {} }: autocannon.Result): HeapwrightError {
  const codes = Object.keys(statusCodeStats).filter((code) => code >= '400');
  return new HeapwrightError(
    'bad-argument',
    `Every request to ${url} was answered by an error (HTTP ${codes.join(', ')}).`,
    'Check the address, the method and the body.',
  );
}

function unreachable(url: string, cause: unknown): HeapwrightError {
  return new HeapwrightError(
    'target-not-found',
    `Nothing answers at ${url}.`,
    'Check the address, and that the program listens there.',
    { cause },
  );
}

/** Evaluates a JavaScript expression in the target's global scope once for each operation; promises are awaited. */
export function expressionWorkload(session: InspectorSession, expression: string): Workload {
  return {
    title: `evaluating ${expression.length > 60 ? `${expression.slice(0, 60)}…` : expression}`,
    async run(operations, signal) {
      // The loop runs in the target: nothing of the inspector's happens per operation. Its state is asked for again
      // and again, because V8 may collect a promise that only the inspector awaits.
      const send = async <T>(code: string): Promise<T> => {
        const { result, exceptionDetails } = await session.connection.send(
          'Runtime.evaluate',
          { expression: code, returnByValue: true, silent: true },
          { signal },
        );
        if (exceptionDetails)
          throw failedExpression(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value as T;
      };
      await send(`void (${loopFunction})(${JSON.stringify(`return (${expression}\n)`)}, ${operations})`);
      for (let waitMs = 1; ; waitMs = Math.min(100, waitMs * 2)) {
        const state = await send<{ done: boolean; error: string | null }>(`globalThis.${stateName}`);
        if (state.done) {
          await send(`void delete globalThis.${stateName}`);
          if (state.error !== null) throw failedExpression(state.error);
          return { failed: 0 };
        }
        await wait(waitMs, undefined, { signal }).catch(() => {
          throw cancelled();
        });
      }
    },
  };
}

/** Where the loop in the target keeps its state while it runs. */
const stateName = '__heapwrightWork';

const loopFunction = `async function (code, operations) {
  const state = { done: false, error: null };
  globalThis.${stateName} = state;
  try {
    const operation = new Function(code);
    for (let i = 0; i < operations; i++) {
      const outcome = operation();
      if (outcome && typeof outcome.then === 'function') await outcome;
    }
  } catch (error) {
    state.error = String((error && error.stack) || error);
  }
  state.done = true;
}`;

function failedExpression(said: string): HeapwrightError {
  return new HeapwrightError(
    'bad-argument',
    `The expression failed in the target: ${said}`,
    'It is evaluated in the global scope; require and local variables are not there.',
  );
}

/** Runs a shell command per round, with the number of operations in the environment variable OPERATIONS. */
export function commandWorkload(command: string, cwd?: string): Workload {
  return {
    title: command,
    run: (operations, signal) =>
      new Promise((resolve, reject) => {
        const child = spawn(command, {
          shell: true,
          cwd,
          stdio: ['ignore', 'ignore', 'inherit'],
          env: { ...process.env, OPERATIONS: String(operations) },
          signal,
        });
        child.once('error', (error) => reject(signal?.aborted ? cancelled() : error));
        child.once('exit', (code) => {
          if (code === 0) resolve({ failed: 0 });
          else
            reject(
              new HeapwrightError(
                'bad-argument',
                `The command ended with code ${code}: ${command}`,
                'Run it by hand to see why; it must end with 0 after each round.',
              ),
            );
        });
      }),
  };
}
