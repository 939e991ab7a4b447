import { MemorySampler } from '../../../src/inspector/memory-sampler';
import { connect } from '../../../src/inspector/session';
import { type Figure, median, sleep } from './goals';
import type { BenchShop } from './shop';

/** What is attached or detached needs a moment until it costs what it costs. */
const SETTLE_MS = 300;

/**
 * Throughput under full load with Heapwright attached against without, as the median of pairs that follow each other at
 * once: whatever else the machine does hits both halves of a pair alike. Which half comes first alternates.
 */
export async function measureThroughput(
  shop: BenchShop,
  { perSecond, goal, pairs, sliceMs }: { perSecond: number; goal: number; pairs: number; sliceMs: number },
): Promise<Figure[]> {
  const ratios: number[] = [];
  const costs: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const halves = { without: { rate: 0, cpu: 0 }, with: { rate: 0, cpu: 0 } };
    for (const half of pair % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
      halves[half] = await measureSlice(shop, half === 'with' ? perSecond : 0, sliceMs);
    }
    ratios.push(halves.with.rate / halves.without.rate);
    costs.push(halves.with.cpu / halves.without.cpu);
  }
  const share = median(ratios);
  return [
    {
      what: `throughput under full load, attached at ${perSecond} Hz, of that without (median of ${pairs} pairs)`,
      goal: `≥ ${goal * 100} %`,
      measured: percent(share),
      isMet: share >= goal,
    },
    {
      what: `processor time per request, attached at ${perSecond} Hz, of that without`,
      goal: `≤ ${(100 / goal).toFixed(1)} %`,
      measured: percent(median(costs)),
      isMet: median(costs) <= 1 / goal,
    },
  ];
}

async function measureSlice(
  shop: BenchShop,
  perSecond: number,
  sliceMs: number,
): Promise<{ rate: number; cpu: number }> {
  const session = perSecond > 0 ? await connect({ url: shop.inspectorUrl }) : null;
  const sampler = session ? new MemorySampler(session, { intervalMs: 1000 / perSecond }) : null;
  await sleep(SETTLE_MS);
  const before = await shop.figures();
  await sleep(sliceMs);
  const after = await shop.figures();
  sampler?.dispose();
  session?.dispose();
  await sleep(SETTLE_MS);
  const requests = after.requests - before.requests;
  return { rate: requests / (after.ms - before.ms), cpu: (after.cpuMs - before.cpuMs) / requests };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
