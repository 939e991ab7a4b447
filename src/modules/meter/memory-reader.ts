import * as v8 from 'node:v8';
import * as vm from 'node:vm';

// Kept before the program runs: what it replaces later, such as a test's clock, must not reach the meter.
const { getHeapStatistics } = v8;
const readRss = process.memoryUsage.rss;
const clock = performance.now.bind(performance);

/** Reads heap, RSS and time. */
export class MemoryReader {
  readonly #collect = exposedCollector();

  /** Bytes. */
  get heap(): number {
    return getHeapStatistics().used_heap_size;
  }

  /** Bytes. */
  get rss(): number {
    return readRss();
  }

  /** ms */
  get now(): number {
    return clock();
  }

  /** Collects all garbage, at once. */
  collect(): void {
    this.#collect?.();
  }
}

/** V8's own `gc`, without leaving a global for the program to find. */
function exposedCollector(): (() => void) | null {
  try {
    v8.setFlagsFromString('--expose-gc');
    const collect: unknown = vm.runInNewContext('gc');
    v8.setFlagsFromString('--no-expose-gc');
    return typeof collect === 'function' ? () => void collect() : null;
  } catch {
    return null;
  }
}
