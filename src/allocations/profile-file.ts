import { readFile, stat } from 'node:fs/promises';
import type { Protocol } from 'devtools-protocol';
import { HeapwrightError } from '../protocol/errors';

type RawProfile = Protocol.HeapProfiler.SamplingHeapProfile;

/** Beyond it the text fits into no string. */
const MOST_BYTES = 500_000_000;

/**
 * Reads a `.heapprofile` as V8 (`node --heap-prof`), Chrome DevTools and Heapwright write it.
 * @throws `not-a-profile`, `file-not-found`.
 */
export async function readProfile(file: string): Promise<RawProfile> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw notAProfile(file, `it has ${size} bytes, more than can be read at once`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof HeapwrightError) throw error;
    throw new HeapwrightError('file-not-found', `${file} cannot be read.`, 'Check that it is still there.', {
      cause: error,
    });
  }
  return parseProfile(text, file);
}

/** @throws `not-a-profile`. */
export function parseProfile(text: string, file: string): RawProfile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw notAProfile(file, 'it is no JSON', error);
  }
  if (!isObject(parsed)) throw notAProfile(file, 'it has no "head"');
  const head = parsed.head;
  checkNodes(head, file);
  const samples = Array.isArray(parsed.samples) ? (parsed.samples as RawProfile['samples']) : [];
  return { head, samples };
}

/** As DevTools writes it: the profile as V8 sent it, in one object. */
export function formatProfile({ head, samples }: RawProfile): string {
  return JSON.stringify({ head, samples });
}

function checkNodes(
  head: unknown,
  file: string,
): asserts head is Protocol.HeapProfiler.SamplingHeapProfileNode {
  const open: unknown[] = [head];
  while (open.length > 0) {
    const node = open.pop();
    if (!isObject(node)) throw notAProfile(file, 'it has no tree of calls');
    const { callFrame, selfSize, children } = node;
    const isFrame =
      isObject(callFrame) && typeof callFrame.functionName === 'string' && typeof callFrame.url === 'string';
    if (!isFrame) throw notAProfile(file, 'one of its nodes names no function');
    if (typeof selfSize !== 'number' || !(selfSize >= 0))
      throw notAProfile(file, 'one of its nodes has no size');
    if (!Array.isArray(children)) throw notAProfile(file, 'one of its nodes has no list of calls');
    for (const child of children) open.push(child);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function notAProfile(file: string, why: string, cause?: unknown): HeapwrightError {
  return new HeapwrightError(
    'not-a-profile',
    `${file} is no allocation profile: ${why}.`,
    'Open a .heapprofile that Heapwright, Chrome DevTools or "node --heap-prof" wrote.',
    { cause },
  );
}
