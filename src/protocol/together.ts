import type { FindingKind } from './findings';
import type { MemoryLimits } from './panel';
import type { SourcePosition } from './source';

/** A process that is watched beside others. Sizes in bytes; null where it is not known. */
export interface TogetherRow {
  readonly id: string;
  readonly title: string;
  readonly pid: number;
  /** Its line of the chart; the same as long as it is watched. */
  readonly style: number;
  readonly state: 'waiting' | 'connecting' | 'watched' | 'closed' | 'silent' | 'ended' | 'failed';
  /** Why it is not watched, in one sentence. */
  readonly note: string | null;
  readonly heapUsed: number | null;
  readonly heapLimit: number | null;
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

/** The same thing in the heaps of several processes. */
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
  /** Bytes that each copy retains, largest first, with the process that has it. */
  readonly copies: readonly {
    readonly pid: number;
    readonly bytes: number;
    readonly entries: number | null;
  }[];
  readonly total: number;
}

/** A job that several processes repeat, each for itself. */
export interface RepeatedJob {
  readonly key: string;
  readonly name: string;
  readonly everyMs: number;
  readonly location: SourcePosition;
  readonly package: string | null;
  readonly pids: readonly number[];
}

export interface CopiesReport {
  readonly comparedAt: number;
  /** How many heaps were compared. */
  readonly heaps: number;
  /** "responseCache stands in 4 processes: 4 × 12 MB." */
  readonly summary: string;
  /** Largest total first. */
  readonly rows: readonly CopiesRow[];
  /** Most processes first. */
  readonly jobs: readonly RepeatedJob[];
  /** Processes whose heap was left out, and why. */
  readonly left: readonly string[];
}

/** What the tab of processes that are watched together shows. */
export interface TogetherState {
  readonly rows: readonly TogetherRow[];
  /** ms since the epoch. */
  readonly times: readonly number[];
  /** Of those that live, as far as it is known; null before the first answer. */
  readonly sum: { readonly heapUsed: number; readonly rss: number } | null;
  readonly limit: Pick<MemoryLimits, 'bytes' | 'source'> | null;
  /** The process whose workers join by themselves. */
  readonly following: string | null;
  /** How many workers found no place. */
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
