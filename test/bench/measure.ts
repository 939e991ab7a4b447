import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { cacheEntry } from '../host/cache-entry';
import { distFolder, projectRoot } from '../host/cache-folder';
import { nodeBinary } from '../host/node-binary';
import { npmInstall } from '../host/npm';

const run = promisify(execFile);

/** `started` is ours with its threads started before, as the extension starts them while V8 writes a snapshot. */
export type Peer = 'heapwright' | 'started' | 'devtools' | 'rust' | 'memlab' | 'floor';

export interface Measurement {
  /** Median, in ms. */
  readonly ms: number;
  /** Largest resident memory of the process, in bytes. */
  readonly peakBytes: number;
}

/** Needs no package: ours, and the floor. */
export const OWN: readonly Peer[] = ['heapwright', 'started', 'floor'];

/** The newest of each when this list was last renewed. */
const PACKAGES = ['@vscode/v8-heap-parser@0.1.0', '@memlab/heap-analysis@2.0.5'];

export interface MeasureOptions {
  /** Runs, of which the median counts. */
  readonly times: number;
  /** Whether the system forgets the files before each run, so that they come from the disk. */
  readonly isCold: boolean;
}

/**
 * Runs a peer on a file, or its comparison on two, each time in a process of its own; null when it fails or takes
 * longer than ten minutes. All are timed alike, from the call that opens the file to its answer: without the start of
 * the process and the loading of modules, with whatever threads an engine starts.
 */
export async function measure(
  peer: Peer,
  files: readonly string[],
  { times, isCold }: MeasureOptions,
): Promise<Measurement | null> {
  const modules = await modulesOf(peer);
  const results: Measurement[] = [];
  for (let i = 0; i < times; i++) {
    try {
      if (isCold) await forget(files);
      const { stdout } = await run(
        await nodeBinary(24),
        [
          '--max-old-space-size=16000',
          path.join(projectRoot(), 'test/bench/peer.mjs'),
          peer,
          modules,
          ...files,
        ],
        { env: { ...process.env, HEAPWRIGHT_DIST: distFolder() }, timeout: 600_000, maxBuffer: 1 << 28 },
      );
      results.push(JSON.parse(stdout.trim().split('\n').at(-1)!));
    } catch {
      return null;
    }
  }
  results.sort((a, b) => a.ms - b.ms);
  const { ms } = results[results.length >> 1]!;
  return { ms, peakBytes: Math.max(...results.map(({ peakBytes }) => peakBytes)) };
}

/** Has Linux drop its copies of files. */
async function forget(files: readonly string[]): Promise<void> {
  for (const file of files) await run('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none']);
}

/** Where a peer's packages are: DevTools is among our own, ours is built with the tests, the others are fetched. */
async function modulesOf(peer: Peer): Promise<string> {
  if (peer === 'devtools') return projectRoot();
  if (OWN.includes(peer)) return __dirname;
  return await cacheEntry(path.join('bench', 'peers'), async (temporary) => {
    await npmInstall(temporary, PACKAGES);
  });
}
