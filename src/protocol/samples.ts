/** One reading of a target's memory. All sizes in bytes. */
export interface MemorySample {
  /** When it was taken, by the target's clock, in ms since the epoch. */
  readonly at: number;
  readonly heapUsed: number;
  readonly heapTotal: number;
  readonly rss: number;
  readonly external: number;
  readonly arrayBuffers: number;
  /** V8's `heap_size_limit`: past it the target dies of "heap out of memory". */
  readonly heapLimit: number;
}
