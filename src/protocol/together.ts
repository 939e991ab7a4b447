import type { FindingKind } from './findings';
import type { MemoryLimits } from './panel';
import type { SourcePosition } from './source';

/** What a heap belongs to: a process with its main thread, or one of its worker threads. */
export interface HeapOwner {
  readonly pid: number;
  /** Node's number of the worker thread; null for the main thread. */
  readonly thread: string | null;
}

/** "pid 4711", "thread 2 of 4711". */
export function ownerInWords({ pid, thread }: HeapOwner): string {
  return thread === null ? `pid ${pid}` : `thread ${thread} of ${pid}`;
}

/** A process or worker thread that is watched beside others. Sizes in bytes; null where it is not known. */
export interface TogetherRow extends HeapOwner {
  readonly id: string;
  readonly title: string;
  /** Its line of the chart; the same as long as it is watched. */
  readonly style: number;
  readonly state: 'waiting' | 'connecting' | 'watched' | 'closed' | 'silent' | 'ended' | 'failed';
  /** Why it is not watched, in one sentence. */
  readonly note: string | null;
  readonly heapUsed: number | null;
  readonly heapLimit: number | null;
  /** Held from the heap outside of it, array buffers among it. */
  readonly external: number | null;
  /** Of a process; a thread has none of its own. */
  readonly rss: number | null;
  /** How much of the last second the event loop was at work, 0 to 1. */
  readonly loopUtilisation: number | null;
  /** How late timers were at worst in the last second, ms. */
  readonly loopDelayMs: number | null;
  /** What collections leave of the heap grows by so many bytes a minute. */
  readonly growth: number | null;
  /** Why it is the odd one out among those that do the same work. */
  readonly odd: string | null;
  /** One for each of {@link TogetherState.times}. */
  readonly heapLine: readonly (number | null)[];
  readonly rssLine: readonly (number | null)[];
}

/** The same thing in several heaps. */
export interface CopiesRow {
  /** File and name. */
  readonly key: string;
  readonly name: string;
  /** Its owner in words. */
  readonly holder: string;
  readonly kind: FindingKind;
  /** Of the class, for instances. */
  readonly className: string | null;
  readonly location: SourcePosition | null;
  readonly package: string | null;
  /** Bytes that each copy retains, largest first, with the heap that has it. */
  readonly copies: readonly (HeapOwner & {
    readonly bytes: number;
    readonly entries: number | null;
  })[];
  readonly total: number;
}

/** A job that several processes or threads repeat, each for itself. */
export interface RepeatedJob {
  readonly key: string;
  readonly name: string;
  readonly everyMs: number;
  readonly location: SourcePosition;
  readonly package: string | null;
  readonly heaps: readonly HeapOwner[];
}

export interface CopiesReport {
  readonly comparedAt: number;
  /** How many heaps were compared. */
  readonly heaps: number;
  /** "responseCache stands in 4 processes: 4 × 12 MB." */
  readonly summary: string;
  /** Largest total first. */
  readonly rows: readonly CopiesRow[];
  /** Most heaps first. */
  readonly jobs: readonly RepeatedJob[];
  /** Heaps that were left out, and why. */
  readonly left: readonly string[];
}

/** What the tab of processes that are watched together shows. */
export interface TogetherState {
  readonly rows: readonly TogetherRow[];
  /** ms since the epoch. */
  readonly times: readonly number[];
  /** Of those that live, as far as it is known; null before the first answer. */
  readonly sum: { readonly heapUsed: number; readonly external: number; readonly rss: number } | null;
  readonly limit: Pick<MemoryLimits, 'bytes' | 'source'> | null;
  /** The process whose workers join by themselves. */
  readonly following: string | null;
  /** How many workers and threads found no place. */
  readonly leftOut: number;
  /** Heaps are being compared: "Heap 2 of 4". */
  readonly comparing: string | null;
  readonly copies: CopiesReport | null;
}

/** What can be clicked there. */
export type TogetherAction =
  | { readonly type: 'choose' }
  | { readonly type: 'stop' }
  | { readonly type: 'remove'; readonly id: string }
  | { readonly type: 'attach'; readonly id: string }
  | { readonly type: 'compare' }
  | { readonly type: 'open'; readonly key: string };
