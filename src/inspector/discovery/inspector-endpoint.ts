import * as http from 'node:http';
import { HeapwrightError } from '../../protocol/errors';
import type { InspectorAddress } from '../../protocol/targets';

/** One entry of an inspector's `/json/list`, as Node, Deno and Chrome write it. */
export interface InspectorListing {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  /** What it is to people; Deno has its name here, and calls its type that of Node. */
  readonly description?: string;
  readonly url: string;
  readonly webSocketDebuggerUrl: string;
}

/** More than any list of targets needs; a server that floods us is no inspector. */
const LONGEST_ANSWER_BYTES = 1 << 20;

/**
 * Asks an inspector for its targets.
 * @throws `not-an-inspector` when nothing listens there, when what listens does not answer within `timeoutMs` or
 *   answers something else; `cancelled`.
 */
export async function listInspectorTargets(
  address: InspectorAddress,
  options: { signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<readonly InspectorListing[]> {
  const text = await get(address, '/json/list', options.timeoutMs ?? 3000, options.signal);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw notAnInspector(address, 'it answers, but not as an inspector does', error);
  }
  if (!Array.isArray(parsed) || !parsed.every(isListing)) {
    throw notAnInspector(address, 'it answers, but not as an inspector does');
  }
  return parsed;
}

/** The error for a port behind which there is no inspector; `why` continues "… is no Node inspector: ". */
export function notAnInspector(
  { host, port }: InspectorAddress,
  why: string,
  cause?: unknown,
): HeapwrightError {
  return new HeapwrightError(
    'not-an-inspector',
    `${host}:${port} is no Node inspector: ${why}.`,
    'Start the program with "node --inspect", or use the URL it printed after "Debugger listening on".',
    { cause },
  );
}

function isListing(value: unknown): value is InspectorListing {
  if (typeof value !== 'object' || value === null) return false;
  return 'webSocketDebuggerUrl' in value && typeof value.webSocketDebuggerUrl === 'string';
}

function get(
  address: InspectorAddress,
  path: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const request = http.get(
      { ...address, path, agent: false, signal: signal ? AbortSignal.any([signal, deadline]) : deadline },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > LONGEST_ANSWER_BYTES) response.destroy(new Error('endless answer'));
        });
        response.on('end', () => resolve(text));
        response.on('error', fail);
      },
    );
    const fail = (error: Error) => {
      if (signal?.aborted) reject(new HeapwrightError('cancelled', 'Cancelled.', 'Try again.'));
      else if (deadline.aborted)
        reject(notAnInspector(address, `it did not answer within ${timeoutMs} ms`, error));
      else if ('code' in error && error.code === 'ECONNREFUSED') {
        reject(notAnInspector(address, 'nothing listens there', error));
      } else reject(notAnInspector(address, error.message, error));
    };
    request.on('error', fail);
  });
}
