import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SampleHistory } from '../../../src/features/attach/sample-history';
import { RunWriter } from '../../../src/history/run-writer';
import { explainRss } from '../../../src/leaks/rss-growth';
import type { MemorySample } from '../../../src/protocol/samples';
import type { Figure } from './goals';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What the extension holds after an hour of samples, beyond what it held after the first minute. */
export async function measureHour(perSecond: number): Promise<Figure> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-bench-'));
  const history = new SampleHistory();
  const writer = new RunWriter(
    folder,
    { id: 'hour', title: 'shop', pid: 1, nodeVersion: null, workingDirectory: null, from: 0 },
    {
      onFailure: (error) => {
        throw error;
      },
    },
  );
  const take = (fromSecond: number, toSecond: number) => {
    for (let i = fromSecond * perSecond; i < toSecond * perSecond; i++) {
      const sample = makeSample((i * 1000) / perSecond);
      history.add(sample);
      writer.add(sample, { urgent: i % perSecond === 0 });
      if (i % (10 * perSecond) === 0) explainRss(history.since(sample.at - 600_000), null);
    }
  };
  take(0, 60);
  const before = held();
  take(60, 3660);
  const grown = held() - before;
  writer.dispose();
  await fs.rm(folder, { recursive: true, force: true });
  return {
    what: `memory that an hour of samples adds in the extension, ${perSecond} Hz`,
    goal: '< 5 MB, and no more after',
    measured: `${(grown / 1e6).toFixed(1)} MB`,
    isMet: grown < 5e6 && history.length <= 20_000,
  };
}

function held(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function makeSample(at: number): MemorySample {
  const heapUsed = 50e6 + 20e6 * Math.random();
  return {
    at: 1_700_000_000_000 + at,
    heapUsed,
    heapTotal: 80e6,
    rss: 150e6 + 10e6 * Math.random(),
    external: 5e6,
    arrayBuffers: 2e6,
    heapLimit: 4e9,
    runtime: {
      malloced: 300_000 + Math.floor(1000 * Math.random()),
      code: 1e6,
      contexts: 1,
      detachedContexts: 0,
      spaces: Array.from({ length: 13 }, (_, i) => ({ name: `space_${i}`, used: heapUsed / 13, size: 7e6 })),
      gc: { minor: 3, major: 0, steps: 0, pauseMs: Math.random(), longestMs: Math.random() },
      eventLoop: { meanDelayMs: Math.random(), worstDelayMs: Math.random(), utilisation: 0.5, turns: 49 },
      cpuMs: 500,
      resources: { Timeout: 2, TCPServerWrap: 1 },
    },
  };
}
