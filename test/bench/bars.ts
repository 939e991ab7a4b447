import type { Measurement, Peer } from './measure';

/** What is aimed at: how many times as long a peer may take at least, or ours at most. */
interface Aims {
  readonly faster: Partial<Record<Peer, number>>;
  /** Times the floor, which is reading the file and adding up its bytes. */
  readonly floor: number;
  /** Share of DevTools' peak memory. */
  readonly memory: number;
  /** Peak memory in sizes of the file; none where the process itself is most of it. */
  readonly fileSizes?: number;
}

const MIDDLE: Aims = { faster: { devtools: 8, rust: 4, memlab: 12 }, floor: 2, memory: 1 / 3 };
const LARGE: Aims = { faster: { devtools: 8, memlab: 8 }, floor: 3, memory: 1 / 3, fileSizes: 1.5 };
/** Time per byte of the largest file in that of the smallest. */
const GROWTH = 1.5;
const DIFF = 8;

export interface Bar {
  readonly title: string;
  readonly seen: string;
  readonly isReached: boolean;
}

/** Measurements of one file; a peer that failed has none. */
export type Results = ReadonlyMap<Peer, Measurement | null>;

/** The bars of one file; none for files between the sizes that were agreed on. */
export function barsOf(fileBytes: number, results: Results): Bar[] {
  const aims = fileBytes < 200e6 ? MIDDLE : LARGE;
  const ours = results.get('heapwright');
  if (!ours) return [{ title: 'opens', seen: 'fails', isReached: false }];
  const bars: Bar[] = [];
  for (const [peer, times] of Object.entries(aims.faster)) {
    const result = results.get(peer as Peer);
    const title = `${times} × as fast as ${peer}`;
    if (!result) bars.push({ title, seen: 'it fails', isReached: true });
    else bars.push(atLeast(title, result.ms / ours.ms, times));
  }
  const floor = results.get('floor');
  const started = results.get('started');
  if (floor) bars.push(atMost(`at most ${aims.floor} × the floor`, ours.ms / floor.ms, aims.floor));
  if (floor && started)
    bars.push(atMost(`at most ${aims.floor} × the floor, started`, started.ms / floor.ms, aims.floor));
  const devtools = results.get('devtools');
  if (devtools) {
    const share = ours.peakBytes / devtools.peakBytes;
    bars.push(atMost("at most 0.33 × DevTools' memory", share, aims.memory));
  }
  if (aims.fileSizes) {
    const sizes = ours.peakBytes / fileBytes;
    bars.push(atMost(`at most ${aims.fileSizes} × the file in memory`, sizes, aims.fileSizes));
  }
  return bars;
}

/** Whether time stays in proportion to size, from the smallest file to the largest. */
export function growthBar(
  smallest: { bytes: number; ms: number },
  largest: { bytes: number; ms: number },
): Bar {
  const growth = largest.ms / largest.bytes / (smallest.ms / smallest.bytes);
  return atMost(`at most ${GROWTH} × the time per byte of the smallest`, growth, GROWTH);
}

export function diffBar(ours: Measurement, devtools: Measurement): Bar {
  return atLeast(`${DIFF} × as fast as devtools`, devtools.ms / ours.ms, DIFF);
}

function atLeast(title: string, value: number, aim: number): Bar {
  return { title, seen: `${value.toFixed(2)} ×`, isReached: value >= aim };
}

function atMost(title: string, value: number, aim: number): Bar {
  return { title, seen: `${value.toFixed(2)} ×`, isReached: value <= aim };
}
