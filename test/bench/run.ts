import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import { changedHeap, compilerHeap, mixedHeap } from './make-heap';
import { type Measurement, measure, type Peer } from './measure';

/**
 * `npm run bench`: opens snapshots of several sizes with our engine and with each peer, one process after the other
 * on the same file, and prints seconds, how many times as long the peer takes, and peak memory. `-- --quick` leaves
 * out the files that need 10 GB of memory to be made.
 */
const PEERS: readonly Peer[] = ['floor', 'heapwright', 'devtools', 'rust', 'memlab'];

interface BenchFile {
  readonly title: string;
  readonly file: string;
  readonly times: number;
}

async function main(): Promise<void> {
  const quick = process.argv.includes('--quick');
  console.log(`${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} cores, Node 24\n`);
  const files: BenchFile[] = [
    { title: 'mixed', file: await mixedHeap(10_000), times: 5 },
    { title: 'TypeScript', file: await compilerHeap(), times: 5 },
    { title: 'mixed', file: await mixedHeap(129_000), times: 5 },
  ];
  if (!quick) {
    files.push({ title: 'mixed', file: await mixedHeap(647_000), times: 3 });
    files.push({ title: 'mixed', file: await mixedHeap(1_350_000), times: 3 });
  }
  console.log('| file | engine | seconds | against ours | against the floor | peak memory | of the file |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const file of files) await benchLoad(file);
  console.log('\n| comparing two loaded snapshots | engine | seconds | against ours |');
  console.log('| --- | --- | --- | --- |');
  await benchDiff();
}

async function benchLoad({ title, file, times }: BenchFile): Promise<void> {
  const { size } = await fs.stat(file);
  const results = new Map<Peer, Measurement | null>();
  for (const peer of PEERS)
    results.set(peer, await measure(peer, [file], peer === 'floor' || peer === 'heapwright' ? times : 1));
  const ours = results.get('heapwright');
  const floor = results.get('floor');
  for (const [peer, result] of results) {
    const cells = result
      ? [
          seconds(result.ms),
          ours ? times10(result.ms / ours.ms) : '',
          floor ? times10(result.ms / floor.ms) : '',
          megabytes(result.peakBytes),
          times10(result.peakBytes / size),
        ]
      : ['fails', '', '', '', ''];
    console.log(`| ${title}, ${megabytes(size)} | ${peer} | ${cells.join(' | ')} |`);
  }
}

async function benchDiff(): Promise<void> {
  const [first, second] = await changedHeap(129_000);
  const { size } = await fs.stat(first);
  const ours = await measure('heapwright', [first, second], 5);
  const theirs = await measure('devtools', [first, second], 1);
  for (const [peer, result] of [
    ['heapwright', ours],
    ['devtools', theirs],
  ] as const) {
    const cells = result && ours ? [seconds(result.ms), times10(result.ms / ours.ms)] : ['fails', ''];
    console.log(`| mixed, ${megabytes(size)} | ${peer} | ${cells.join(' | ')} |`);
  }
}

const seconds = (ms: number) => (ms / 1000).toFixed(2);
const times10 = (ratio: number) => `${ratio.toFixed(1)} ×`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
