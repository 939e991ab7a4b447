import * as os from 'node:os';
import { measureHour } from './an-hour';
import { measureAttach } from './attach';
import { measureChart } from './chart';
import { measureExtensionHost } from './extension-host';
import { type Figure, printRow } from './goals';
import { BenchShop } from './shop';
import { measureThroughput } from './throughput';

/**
 * `npm run bench:live`: what the live side costs the program, the editor and the machine, each figure beside its goal.
 * Ends with code 1 when one is missed. `-- throughput`, `attach`, `hour`, `chart` or `host` measures only that.
 */
const PARTS: Readonly<Record<string, () => Promise<Figure[]>>> = {
  attach: async () => [await measureAttach(20)],
  throughput: async () => {
    const shop = await BenchShop.start();
    const load = shop.load();
    try {
      // Warm before it is measured.
      await new Promise((resolve) => setTimeout(resolve, 3000));
      return [
        ...(await measureThroughput(shop, { perSecond: 1, goal: 0.99, pairs: 120 })),
        ...(await measureThroughput(shop, { perSecond: 10, goal: 0.97, pairs: 120 })),
      ];
    } finally {
      load.dispose();
      await shop.end();
    }
  },
  hour: async () => [await measureHour(1), await measureHour(10)],
  chart: measureChart,
  host: async () => await measureExtensionHost(15),
};

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0)
    throw new Error(`No part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`);
  console.log(
    `${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} cores, Node ${process.versions.node}\n`,
  );
  console.log('| what | goal | measured | |\n| --- | --- | --- | --- |');
  for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
    for (const figure of await PARTS[name]!()) {
      printRow(figure);
      if (!figure.isMet) process.exitCode = 1;
    }
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
