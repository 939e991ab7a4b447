import { formatBytes, formatMs } from '../protocol/figures';
import type { MemorySample } from '../protocol/samples';

/** The heaps of a process's worker threads, which are in its RSS but not in its heap. */
export interface WorkerHeaps {
  readonly count: number;
  readonly bytes: number;
}

const LEAST_SAMPLES = 30;
const LEAST_MS = 20_000;
/** What is worth a sentence: so many bytes, and so much of what there was. */
const LEAST_BYTES = 20e6;
const LEAST_SHARE = 0.1;
/** The heap "stays flat" while it has less than this share of the growth. */
const HEAP_SHARE = 1 / 3;
/** Parts smaller than this share of the growth are left out. */
const PART_SHARE = 0.1;

/** What RSS is made of, beside the heap that is used, and what that means. */
const PARTS: readonly { readonly of: (sample: MemorySample) => number; readonly words: string }[] = [
  {
    of: ({ arrayBuffers }) => arrayBuffers,
    words: 'in array buffers (Buffers and typed arrays that something holds)',
  },
  {
    of: ({ external, arrayBuffers }) => external - arrayBuffers,
    words: 'in other external memory (strings and objects of native code)',
  },
  {
    of: ({ runtime }) => runtime?.code ?? 0,
    words: 'in compiled code (functions made by eval, vm or templates)',
  },
  {
    of: ({ heapTotal, heapUsed, runtime }) => heapTotal - heapUsed - (runtime?.code ?? 0),
    words: 'of heap that V8 keeps free for what comes next',
  },
  { of: ({ runtime }) => runtime?.malloced ?? 0, words: 'in V8’s own work space' },
];

/**
 * "Heap flat, RSS grows": says in a sentence where the growth of RSS over `samples` is; null when RSS does not grow, or
 * when the heap explains it by itself. Levels are the lowest values of the first and of the last fifth: what
 * collections leave.
 */
export function explainRss(samples: readonly MemorySample[], workers: WorkerHeaps | null): string | null {
  const durationMs = samples.length < LEAST_SAMPLES ? 0 : samples.at(-1)!.at - samples[0]!.at;
  if (durationMs < LEAST_MS) return null;
  const fifth = Math.ceil(samples.length / 5);
  const grown = growthBetween(samples.slice(0, fifth), samples.slice(-fifth));
  const before = low(samples.slice(0, fifth), ({ rss }) => rss);
  const growth = grown(({ rss }) => rss);
  const heap = grown(({ heapUsed }) => heapUsed);
  if (growth < Math.max(LEAST_BYTES, LEAST_SHARE * before) || heap > HEAP_SHARE * growth) return null;

  const parts = PARTS.map(({ of, words }) => ({ bytes: grown(of), words }));
  const known = parts.reduce((sum, { bytes }) => sum + bytes, heap);
  const rest = { bytes: growth - known, words: restWords(growth - known, workers) };
  const told = [...parts, rest]
    .filter(({ bytes }) => bytes >= PART_SHARE * growth)
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ bytes, words }) => `${formatBytes(bytes)} ${words}`);
  const heapNow = formatBytes(low(samples.slice(-fifth), ({ heapUsed }) => heapUsed));
  const what = `RSS has grown by ${formatBytes(growth)} in ${formatMs(durationMs)} while the heap stays at ${heapNow}`;
  return told.length === 0 ? `${what}.` : `${what}: ${told.join('; ')}.`;
}

/** What V8 does not know of, for {@link explainRss} and for whoever decides to ask for the workers' heaps. */
export function unaccounted({ rss, heapTotal, external, runtime }: MemorySample): number {
  return rss - heapTotal - external - (runtime?.malloced ?? 0);
}

function restWords(bytes: number, workers: WorkerHeaps | null): string {
  const unknown =
    'that V8 does not know of (native add-ons, thread stacks, an allocator that gives nothing back)';
  if (!workers || workers.count === 0 || workers.bytes < bytes / 5) return unknown;
  const threads = workers.count === 1 ? 'one worker thread' : `${workers.count} worker threads`;
  return `outside this heap: ${threads} hold ${formatBytes(workers.bytes)} in heaps of their own`;
}

function growthBetween(first: readonly MemorySample[], last: readonly MemorySample[]) {
  return (of: (sample: MemorySample) => number) => low(last, of) - low(first, of);
}

function low(samples: readonly MemorySample[], of: (sample: MemorySample) => number): number {
  return Math.min(...samples.map(of));
}
