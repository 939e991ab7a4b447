import { MemoryReader } from '../../../src/inspector/memory';
import { connect } from '../../../src/inspector/session';
import { type Figure, median } from './goals';
import { BenchShop } from './shop';

/** From the click to the first figures, on loopback, in processes that nobody was attached to before. */
export async function measureAttach(times: number): Promise<Figure> {
  const durations: number[] = [];
  for (let i = 0; i < times; i++) {
    const shop = await BenchShop.start();
    try {
      const start = performance.now();
      const session = await connect({ url: shop.inspectorUrl });
      const reader = new MemoryReader(session, { observe: true });
      await reader.read();
      durations.push(performance.now() - start);
      reader.dispose();
      session.dispose();
    } finally {
      await shop.end();
    }
  }
  const typical = median(durations);
  const longest = Math.max(...durations);
  return {
    what: `attaching on loopback, to the first sample (median and longest of ${times})`,
    goal: '< 500 ms',
    measured: `${Math.round(typical)} ms, ${Math.round(longest)} ms`,
    isMet: longest < 500,
  };
}
