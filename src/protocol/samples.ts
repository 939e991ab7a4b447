/** One reading of a target's memory. All sizes in bytes. */
export interface MemorySample {
  /**
   * When it was taken, by the target's clock, in ms since the epoch. It never runs backwards: after the clock was set
   * back it goes on from where it was.
   */
  readonly at: number;
  readonly heapUsed: number;
  readonly heapTotal: number;
  /** 0 where the engine does not tell. */
  readonly rss: number;
  readonly external: number;
  readonly arrayBuffers: number;
  /** V8's `heap_size_limit`: past it the target dies of "heap out of memory"; 0 where the engine does not tell. */
  readonly heapLimit: number;
  /** Absent in engines that tell none of it. */
  readonly runtime?: RuntimeSample;
  /** Why there is nothing between the sample before and this one; absent when this one came in its time. */
  readonly gap?: SampleGap;
}

/** What V8 and Node tell beside the sizes of memory. Each is null where this engine does not tell it. */
export interface RuntimeSample {
  /** What V8 itself has taken from malloc, bytes. */
  readonly malloced: number | null;
  /** Compiled code, a part of the heap's total, bytes. */
  readonly code: number | null;
  /** Native contexts, and those of them that are detached but still held: a count of leaked realms. */
  readonly contexts: number | null;
  readonly detachedContexts: number | null;
  /** In the order of V8; empty where it is not kept (older samples) or not told. */
  readonly spaces: readonly HeapSpace[];
  /** Since the sample before. */
  readonly gc: GarbageCollections | null;
  readonly eventLoop: EventLoop | null;
  /** What the whole process took of the processors since the sample before, ms. */
  readonly cpuMs: number | null;
  /** Timers, sockets, files and the like that keep the program alive, by Node's name of their kind. */
  readonly resources: Readonly<Record<string, number>> | null;
}

export interface HeapSpace {
  /** "old_space". */
  readonly name: string;
  readonly used: number;
  /** Committed. */
  readonly size: number;
}

export interface GarbageCollections {
  /** Collections of the young generation. */
  readonly minor: number;
  /** Full collections. */
  readonly major: number;
  /** Steps of incremental marking and calls of weak references. */
  readonly steps: number;
  /** The program stood still for so long in all, and for the longest, ms. */
  readonly pauseMs: number;
  readonly longestMs: number;
}

export interface EventLoop {
  /** How late timers were on average and at worst, ms, since the sample before the one before. */
  readonly meanDelayMs: number;
  readonly worstDelayMs: number;
  /** The share of time since the sample before in which the loop was at work, 0 to 1. */
  readonly utilisation: number;
  /** How often timers came to run since the sample before: 0 while it stands still. */
  readonly turns: number;
}

/**
 * Why samples are missing: our own capture; a target that did not answer (a long native call, a machine out of
 * breath), or that the system has stopped; a machine that slept; an editor that was too busy to ask; a clock that was
 * set forward or back.
 */
export type GapReason =
  | 'capture'
  | 'no-answer'
  | 'stopped'
  | 'asleep'
  | 'not-asked'
  | 'clock-forward'
  | 'clock-back';

export interface SampleGap {
  readonly reason: GapReason;
  /** How long nothing was read; for a clock that was set, by how much. ms. */
  readonly ms: number;
}

/** A word for the chart. */
export const GAP_WORDS: Readonly<Record<GapReason, string>> = {
  capture: 'Snapshot',
  'no-answer': 'No answer',
  stopped: 'Stopped',
  asleep: 'Asleep',
  'not-asked': 'Editor busy',
  'clock-forward': 'Clock set forward',
  'clock-back': 'Clock set back',
};
