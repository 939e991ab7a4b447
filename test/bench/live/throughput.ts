import { MemorySampler } from '../../../src/inspector/memory-sampler';
import { connect } from '../../../src/inspector/session';
import { type Figure, median, quantile, sleep } from './goals';
import type { BenchShop } from './shop';

/** What is attached or detached needs a moment until it costs what it costs. */
const SETTLE_MS = 200;

/** A machine's speed wanders within seconds: only slices that follow each other at once can be compared. */
const SLICE_MS = 1000;

/**
 * Throughput under full load with Heapwright attached against without, as the median of pairs: one second attached
 * against the mean of the seconds without before and after it, so that a machine that gets slower or faster favours
 * neither.
 */
export async function measureThroughput(
  shop: BenchShop,
  { perSecond, goal, pairs }: { perSecond: number; goal: number; pairs: number },
): Promise<Figure[]> {
  const ratios: number[] = [];
  const costs: number[] = [];
  let before = await measureSlice(shop, 0);
  for (let pair = 0; pair < pairs; pair++) {
    const attached = await measureSlice(shop, perSecond);
    const after = await measureSlice(shop, 0);
    ratios.push((2 * attached.rate) / (before.rate + after.rate));
    costs.push((2 * attached.cpu) / (before.cpu + after.cpu));
    before = after;
  }
  const share = median(ratios);
  return [
    {
      what: `throughput under full load, attached at ${perSecond} Hz, of that without (median of ${pairs} pairs)`,
      goal: `≥ ${goal * 100} %`,
      measured: `${percent(share)} ± ${percent(errorOfMedian(ratios))}`,
      isMet: share >= goal,
    },
    {
      what: `processor time per request, attached at ${perSecond} Hz, of that without`,
      goal: `≤ ${(100 / goal).toFixed(1)} %`,
      measured: `${percent(median(costs))} ± ${percent(errorOfMedian(costs))}`,
      isMet: median(costs) <= 1 / goal,
    },
  ];
}

async function measureSlice(shop: BenchShop, perSecond: number): Promise<{ rate: number; cpu: number }> {
  const session = perSecond > 0 ? await connect({ url: shop.inspectorUrl }) : null;
  const sampler = session ? new MemorySampler(session, { intervalMs: 1000 / perSecond }) : null;
  await sleep(SETTLE_MS);
  const before = await shop.figures();
  await sleep(SLICE_MS);
  const after = await shop.figures();
  sampler?.dispose();
  session?.dispose();
  await sleep(SETTLE_MS);
  const requests = after.requests - before.requests;
  return { rate: requests / (after.ms - before.ms), cpu: (after.cpuMs - before.cpuMs) / requests };
}

/** One standard error of a median: of the quartiles' distance, which outliers do not move. */
function errorOfMedian(values: readonly number[]): number {
  const deviation = (quantile(values, 0.75) - quantile(values, 0.25)) / 1.349;
  return (1.253 * deviation) / Math.sqrt(values.length);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
