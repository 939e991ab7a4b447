import type { MemorySample } from '../../../src/protocol/samples';

/** A sample of a second, with all that there can be. */
export function sampleAt(second: number): MemorySample {
  return {
    at: 1_700_000_000_000 + second * 1000,
    heapUsed: 20e6 + second * 1000,
    heapTotal: 40e6,
    rss: 90e6,
    external: 3e6,
    arrayBuffers: 1e6,
    heapLimit: 4e9,
    runtime: {
      malloced: 300_000,
      code: 500_000,
      contexts: 1,
      detachedContexts: 0,
      spaces: [],
      gc: { minor: 2, major: 0, steps: 1, pauseMs: 1.25, longestMs: 0.75 },
      eventLoop: { meanDelayMs: 0.1, worstDelayMs: 4, utilisation: 0.125, turns: 49 },
      cpuMs: 130.5,
      resources: null,
    },
  };
}
