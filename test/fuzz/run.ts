import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { distFolder } from '../host/cache-folder';
import { baseFiles } from './bases';
import { type FuzzResult, fuzz } from './fuzz';
import { openLargeFile } from './large-file';

/**
 * `npm run test:fuzz [count [seed]]`: 20,000 damaged snapshots unless said otherwise, some hundred per process, so
 * that one that hangs or takes all memory is found by its seed; and a sound one of more than 4 GB.
 */
const PER_PROCESS = 1000;
const PROCESS_TIMEOUT_MS = 120_000;
const MOST_MEMORY_MB = 1000;

async function main(): Promise<void> {
  const workerFile = path.join(distFolder(), 'snapshot-worker.js');
  if (process.argv[2] === 'part') {
    const result = fuzz(await baseFiles(workerFile), Number(process.argv[3]), Number(process.argv[4]));
    const peakMB = Math.round(process.resourceUsage().maxRSS / 1024);
    process.stdout.write(JSON.stringify({ ...result, peakMB }));
    return;
  }
  const count = Number(process.argv[2] ?? 20_000);
  const firstSeed = Number(process.argv[3] ?? 1);
  const outcomes: Record<string, number> = {};
  const failures: string[] = [];
  let peakMB = 0;
  for (let done = 0; done < count; done += PER_PROCESS) {
    const part = await runPart(Math.min(PER_PROCESS, count - done), firstSeed + done);
    for (const [outcome, times] of Object.entries(part.outcomes))
      outcomes[outcome] = (outcomes[outcome] ?? 0) + times;
    failures.push(...part.failures);
    peakMB = Math.max(peakMB, part.peakMB);
  }
  await openLargeFile(workerFile).catch((error: unknown) => void failures.push(`a file of 4 GB: ${error}`));
  if (peakMB > MOST_MEMORY_MB) failures.push(`${peakMB} MB of memory were taken`);
  for (const failure of failures.slice(0, 50)) console.error(failure);
  console.log(`${count} damaged snapshots: ${JSON.stringify(outcomes)}, at most ${peakMB} MB`);
  console.log(`${count + 1 - failures.length} passed, ${failures.length} failed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

async function runPart(count: number, seed: number): Promise<FuzzResult & { peakMB: number }> {
  try {
    const parameters = [__filename, 'part', String(count), String(seed)];
    const { stdout } = await promisify(execFile)(process.execPath, parameters, {
      timeout: PROCESS_TIMEOUT_MS,
      maxBuffer: 1 << 28,
    });
    return JSON.parse(stdout);
  } catch (error) {
    return { outcomes: {}, failures: [`seeds ${seed} to ${seed + count - 1}: ${String(error)}`], peakMB: 0 };
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
