import { formatBytes } from '../protocol/figures';

/** What processes that do the same work are compared by; null where it is not known (yet). */
export interface PeerFigures {
  readonly id: string;
  /** What collections leave of the heap, bytes. */
  readonly heap: number | null;
  /** Bytes. */
  readonly rss: number | null;
  /** Of the heap, bytes per minute. */
  readonly growth: number | null;
}

interface Measure {
  readonly of: 'heap' | 'rss' | 'growth';
  /** Differences below this are chance, in bytes. */
  readonly leastBytes: number;
  readonly words: (value: number, median: number) => string;
}

/** In the order in which they are told. */
const MEASURES: readonly Measure[] = [
  {
    of: 'growth',
    leastBytes: 1e6,
    words: (value, median) =>
      `Its heap grows by ${formatBytes(value)} a minute, that of the others by ${formatBytes(Math.max(0, median))}.`,
  },
  {
    of: 'heap',
    leastBytes: 5e6,
    words: (value, median) =>
      `Its heap keeps ${formatBytes(value)}${times(value, median)}; the median is ${formatBytes(median)}.`,
  },
  {
    of: 'rss',
    leastBytes: 20e6,
    words: (value, median) =>
      `It takes ${formatBytes(value)} of memory${times(value, median)}; the median is ${formatBytes(median)}.`,
  },
];

/** Fewer have no majority that one could differ from. */
const FEWEST_PEERS = 3;
/** Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993): modified z-scores above this are outliers. */
const OUTLIER = 3.5;
/** Makes the median absolute deviation comparable with a standard deviation. */
const NORMAL = 0.6745;
/** So far above the median it lies at least: workers that are alike to the byte would make an outlier of any difference. */
const LEAST_SHARE = 0.25;

/**
 * Which of some processes that do the same work stands out upwards from the others, and why, in a sentence each. Judged
 * by the distance from the median in median absolute deviations, which the odd one itself does not move.
 */
export function oddOnes(peers: readonly PeerFigures[]): Map<string, string> {
  const odd = new Map<string, string>();
  for (const { of, leastBytes, words } of MEASURES) {
    const known = peers.flatMap((peer) => {
      const value = peer[of];
      return value === null ? [] : [{ id: peer.id, value }];
    });
    if (known.length < FEWEST_PEERS) continue;
    const middle = median(known.map(({ value }) => value));
    const deviation = median(known.map(({ value }) => Math.abs(value - middle)));
    for (const { id, value } of known) {
      const excess = value - middle;
      const score = (NORMAL * excess) / Math.max(deviation, 1);
      const matters = excess > leastBytes && excess > LEAST_SHARE * Math.abs(middle);
      if (matters && score > OUTLIER && !odd.has(id)) odd.set(id, words(value, middle));
    }
  }
  return odd;
}

/** ", 3 times as much as others" where it is at least twice. */
function times(value: number, middle: number): string {
  return middle > 0 && value >= 2 * middle ? `, ${Math.round(value / middle)} times as much as others` : '';
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
