import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import { type Bar, barsOf, diffBar, growthBar, type Results } from './bars';
import { changedHeap, compilerHeap, mixedHeap } from './make-heap';
import { type Measurement, measure, OWN, type Peer } from './measure';

/**
 * `npm run bench`: opens snapshots of several sizes with our engine and with each peer, one process after the other
 * on the same file, prints seconds, how many times as long the peer takes, and peak memory; and at last what was
 * aimed at and whether it is reached. `-- --quick` leaves out the files that need 10 GB of memory to be made, `-- --cold`
 * has every run read the file from the disk.
 */
const PEERS: readonly Peer[] = ['floor', 'heapwright', 'started', 'devtools', 'rust', 'memlab'];
const isQuick = process.argv.includes('--quick');
const isCold = process.argv.includes('--cold');

interface BenchFile {
  readonly title: string;
  readonly file: string;
  readonly times: number;
}

interface Loaded extends BenchFile {
  readonly bytes: number;
  readonly results: Results;
}

async function main(): Promise<void> {
  const cache = isCold ? 'files come from the disk' : "files lie in the system's cache";
  console.log(`${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} cores, Node 24; ${cache}\n`);
  const files: BenchFile[] = [
    { title: 'mixed', file: await mixedHeap(10_000), times: 5 },
    { title: 'mixed', file: await mixedHeap(129_000), times: 5 },
    { title: 'TypeScript', file: await compilerHeap(), times: 5 },
  ];
  if (!isQuick) {
    files.push({ title: 'mixed', file: await mixedHeap(647_000), times: 3 });
    files.push({ title: 'mixed', file: await mixedHeap(1_350_000), times: 3 });
  }
  console.log('| file | engine | seconds | against ours | against the floor | peak memory | of the file |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  const loaded: Loaded[] = [];
  for (const file of files) loaded.push(await benchLoad(file));
  console.log('\n| comparing two loaded snapshots | engine | seconds | against ours |');
  console.log('| --- | --- | --- | --- |');
  const diff = await benchDiff();
  console.log('\n| file | aim | seen | |');
  console.log('| --- | --- | --- | --- |');
  printBars(loaded, diff);
}

async function benchLoad(benched: BenchFile): Promise<Loaded> {
  const { title, file, times } = benched;
  const { size: bytes } = await fs.stat(file);
  const results = new Map<Peer, Measurement | null>();
  for (const peer of PEERS) {
    const isShort = OWN.includes(peer) || bytes < 200e6;
    results.set(peer, await measure(peer, [file], { times: isShort ? times : 1, isCold }));
  }
  const ours = results.get('heapwright');
  const floor = results.get('floor');
  for (const [peer, result] of results) {
    const cells = result
      ? [
          seconds(result.ms),
          ours ? times10(result.ms / ours.ms) : '',
          floor ? times10(result.ms / floor.ms) : '',
          megabytes(result.peakBytes),
          times10(result.peakBytes / bytes),
        ]
      : ['fails', '', '', '', ''];
    console.log(`| ${title}, ${megabytes(bytes)} | ${nameOf(peer)} | ${cells.join(' | ')} |`);
  }
  return { ...benched, bytes, results };
}

async function benchDiff(): Promise<Bar[]> {
  const files = await changedHeap(129_000);
  const { size } = await fs.stat(files[0]);
  const ours = await measure('heapwright', files, { times: 5, isCold });
  const theirs = await measure('devtools', files, { times: 3, isCold });
  for (const [peer, result] of [
    ['heapwright', ours],
    ['devtools', theirs],
  ] as const) {
    const cells = result && ours ? [seconds(result.ms), times10(result.ms / ours.ms)] : ['fails', ''];
    console.log(`| mixed, ${megabytes(size)} | ${peer} | ${cells.join(' | ')} |`);
  }
  return ours && theirs ? [diffBar(ours, theirs)] : [];
}

/** The bars were agreed on for the files of about 104, 540 and 1,130 MB, growth from the first to the last. */
function printBars(loaded: readonly Loaded[], diff: readonly Bar[]): void {
  const print = (file: string, { title, seen, isReached }: Bar) =>
    console.log(`| ${file} | ${title} | ${seen} | ${isReached ? 'reached' : 'not reached'} |`);
  const mixed = loaded.filter(({ title }) => title === 'mixed');
  for (const { title, bytes, results } of mixed.slice(1)) {
    for (const bar of barsOf(bytes, results)) print(`${title}, ${megabytes(bytes)}`, bar);
  }
  const [smallest, largest] = [mixed[0], mixed.at(-1)].map((file) => ({
    bytes: file?.bytes ?? 0,
    ms: file?.results.get('heapwright')?.ms ?? 0,
  }));
  if (smallest && largest) print(`mixed, ${megabytes(largest.bytes)}`, growthBar(smallest, largest));
  for (const bar of diff) print('comparing', bar);
}

const nameOf = (peer: Peer) => (peer === 'started' ? 'heapwright, started' : peer);
const seconds = (ms: number) => (ms / 1000).toFixed(2);
const times10 = (ratio: number) => `${ratio.toFixed(1)} ×`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
