/** A reading at a moment, in ms. */
export interface TrendPoint {
  readonly at: number;
  readonly value: number;
}

/** Kendall's rank correlation of values with their order: -1 to 1, and 1 when each is higher than the one before. */
export function tau(values: readonly number[]): number {
  let balance = 0;
  let pairs = 0;
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) {
      balance += Math.sign(values[j]! - values[i]!);
      pairs++;
    }
  }
  return pairs === 0 ? 0 : balance / pairs;
}

/** Theil and Sen: the median of the slopes between all pairs, which a few odd points do not move. Per ms. */
export function medianSlope(points: readonly TrendPoint[]): number {
  const slopes: number[] = [];
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const [a, b] = [points[i]!, points[j]!];
      if (b.at > a.at) slopes.push((b.value - a.value) / (b.at - a.at));
    }
  }
  slopes.sort((a, b) => a - b);
  return slopes[slopes.length >> 1] ?? 0;
}

/**
 * The lowest of each `part` points in a row, counted from the newest: what collections leave of a heap, so that a
 * sawtooth is flat to it. Points that fill no part are left out.
 */
export function lows(points: readonly TrendPoint[], part: number): TrendPoint[] {
  const lowest: TrendPoint[] = [];
  for (let from = points.length % part; from < points.length; from += part) {
    lowest.push(points.slice(from, from + part).reduce((a, b) => (b.value < a.value ? b : a)));
  }
  return lowest;
}
