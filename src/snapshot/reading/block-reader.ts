import * as fs from 'node:fs';
import { BlockKernel, type BlockRoom, type BlockTarget, Stop } from './block-kernel';
import type { SnapshotFormat } from './format';
import { SECTIONS, type Turns } from './turns';

/** What every thread gets to read its blocks of one file. */
export interface BlockJob extends BlockTarget {
  readonly file: string;
  readonly fileBytes: number;
  /** Of the first number of the section `nodes`. */
  readonly nodesAt: number;
  readonly turns: SharedArrayBuffer;
  /** How much a thread takes at once: {@link BLOCK_BYTES}, except in tests. */
  readonly blockBytes: number;
  /** Of this thread alone, see {@link bytesAtOnce}. */
  readonly room: BlockRoom | null;
  /** Gets the numbers of the section `locations`: room for one location of each node. */
  readonly locations: Uint32Array;
}

export interface BlockOptions {
  readonly isCancelled: () => boolean;
  /** Called with the place of each block in the file. */
  readonly onBytes: (bytes: number) => void;
}

/** What one thread has read besides nodes and edges. */
export interface BlockResult {
  /** Behind the last number of the section `locations` that it read. */
  readonly locationsEnd: number;
  /** The largest index of a string that its rows name. */
  readonly largestName: number;
  /** Whether a node said that its page let go of it, or not. */
  readonly saysDetached: boolean;
}

export const BLOCK_BYTES = 1 << 19;
/** What is read behind a block: the rest of its last row, and what stands between two sections. */
const OVERLAP_BYTES = 1 << 12;

/** How many bytes a thread has at once. */
export function bytesAtOnce(blockBytes: number): number {
  return blockBytes + OVERLAP_BYTES;
}

/** No row of numbers is longer. */
const LONGEST_ROW_BYTES = 1 << 10;

const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

const NODES = SECTIONS.indexOf('nodes');
const EDGES = SECTIONS.indexOf('edges');
const LOCATIONS = SECTIONS.indexOf('locations');
const STRINGS = SECTIONS.indexOf('strings');

/** Numbers of one section within a block. */
interface Stretch {
  /** -1 for the one that the block begins in: which it is shows when the block's turn comes. */
  readonly section: number;
  readonly from: number;
  to: number;
}

/** A block cut into numbers. */
interface Block {
  /** Where in the file its first number starts, and where it ends. */
  readonly from: number;
  readonly to: number;
  readonly stretches: readonly Stretch[];
  /** How many numbers were cut, with those behind its end that its last row may need. */
  readonly available: number;
}

/**
 * Reads blocks of the file until there are none left: any number of threads may do it at once, each with the same
 * job. It takes only what V8 writes, byte for byte; anything else declines the job, and another reader says what
 * it is.
 */
export function readBlocks(job: BlockJob, turns: Turns, { isCancelled, onBytes }: BlockOptions): BlockResult {
  const descriptor = fs.openSync(job.file, 'r');
  let locationsEnd = 0;
  try {
    const kernel = new BlockKernel(job, bytesAtOnce(job.blockBytes), job.room);
    const { bytes } = kernel;
    while (turns.isOpen) {
      const number = turns.takeBlock();
      const at = job.nodesAt + number * job.blockBytes;
      if (at >= job.fileBytes) break;
      if (isCancelled()) turns.decline();
      onBytes(at);
      bytes.fill(0, fs.readSync(descriptor, bytes, 0, bytes.length, at));
      const block = cutBlock(kernel, job.blockBytes, at, number === 0);
      const end = place(job, turns, number, block, kernel, isCancelled);
      if (end === DECLINED) turns.decline();
      locationsEnd = Math.max(locationsEnd, end);
    }
    return { locationsEnd, largestName: kernel.largestName, saysDetached: kernel.saysDetached };
  } catch (error) {
    turns.decline();
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Cuts a block without knowing which section it is in; null when it is not made of numbers. */
function cutBlock(kernel: BlockKernel, limit: number, at: number, isFirst: boolean): Block | null {
  const { bytes } = kernel;
  const start = isFirst ? 0 : firstNumber(bytes, limit);
  if (start === -1) return null;
  kernel.position = start;
  kernel.count = 0;
  let stretch: Stretch = { section: -1, from: 0, to: 0 };
  const stretches = [stretch];
  for (;;) {
    const stop = kernel.cut(limit);
    stretch.to = kernel.count;
    if (stop === Stop.other) return null;
    if (stop === Stop.limit) {
      const to = at + kernel.position;
      kernel.cut(kernel.position + LONGEST_ROW_BYTES);
      return { from: at + start, to, stretches, available: kernel.count };
    }
    const next = nextSection(bytes, kernel.position);
    if (!next) return null;
    kernel.position = next.position;
    stretch = { section: next.section, from: kernel.count, to: kernel.count };
    stretches.push(stretch);
    if (next.section === STRINGS)
      return { from: at + start, to: at + kernel.position, stretches, available: kernel.count };
  }
}

/**
 * Where the first number behind a comma within the block starts; -1 when there is none. Commas between sections are
 * followed by a line break or a quote.
 */
function firstNumber(bytes: Uint8Array, limit: number): number {
  for (let at = bytes.indexOf(COMMA); at !== -1 && at < limit; at = bytes.indexOf(COMMA, at + 1)) {
    const next = bytes[at + 1]!;
    if ((next >= ZERO && next <= NINE) || next === MINUS) return at + 1;
  }
  return -1;
}

/** Sections between those we read, as V8 writes them when they are empty. */
const BETWEEN =
  /^,\s*(?:"(?:trace_function_infos|trace_tree|samples|locations)":\[\s*\],\s*)*"(edges|locations|strings)":\[/;

/** What follows the `]` of a section. */
function nextSection(bytes: Uint8Array, position: number): { section: number; position: number } | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + position, Math.min(400, bytes.length - position));
  const match = BETWEEN.exec(text.toString('latin1'));
  const section = SECTIONS.indexOf(match?.[1] as (typeof SECTIONS)[number]);
  return match && section !== -1 ? { section, position: position + match[0].length } : null;
}

const DECLINED = -1;

/**
 * Waits for the block's turn, passes it on, and puts the numbers where they belong. Behind the last number of the
 * section `locations`, or 0; {@link DECLINED} when the file is not as V8 writes it.
 */
function place(
  job: BlockJob,
  turns: Turns,
  number: number,
  block: Block | null,
  kernel: BlockKernel,
  isCancelled: () => boolean,
): number {
  const before = turns.wait(number, isCancelled);
  // Another thread has reached the strings: this block is among them.
  if (!before) return 0;
  if (!block || before.offset !== block.from) return DECLINED;
  const after = { ...before };
  const firsts = block.stretches.map(({ section, from, to }) => {
    if (section !== -1) {
      if (!isWhole(job.format, after) || section <= after.section) return -1;
      after.section = section;
      after.numbers = 0;
    }
    const first = after.numbers;
    after.numbers += to - from;
    return first;
  });
  if (firsts.includes(-1)) return DECLINED;
  after.offset = block.to;
  if (after.section === STRINGS) turns.finish(after);
  else turns.pass(after);
  let locationsEnd = 0;
  for (const [i, { section, from, to }] of block.stretches.entries()) {
    const first = firsts[i]!;
    const actual = section === -1 ? before.section : section;
    if (actual === LOCATIONS) {
      locationsEnd = first + to - from;
      if (locationsEnd > job.locations.length) return DECLINED;
      job.locations.set(kernel.numbers(from, to), first);
    } else if (actual !== STRINGS && !placeRows(job, kernel, actual, first, from, to, block.available)) {
      return DECLINED;
    }
  }
  return locationsEnd;
}

/**
 * Puts the rows that begin among the numbers from `from` to `to` into columns; `first` numbers of the section stand
 * before them. The row that the block begins in is the one before's, which looks so far ahead.
 */
function placeRows(
  job: BlockJob,
  kernel: BlockKernel,
  section: number,
  first: number,
  from: number,
  to: number,
  available: number,
): boolean {
  const { width } = section === NODES ? job.format.node : job.format.edge;
  const head = (width - (first % width)) % width;
  const rows = Math.max(0, Math.ceil((to - from - head) / width));
  if (from + head + rows * width > available) return false;
  const row = (first + head) / width;
  return section === NODES
    ? kernel.putNodes(from + head, rows, row)
    : kernel.putEdges(from + head, rows, row);
}

/** Whether a section has as many numbers as the header says. */
function isWhole(
  { nodeCount, edgeCount, node, edge, location }: SnapshotFormat,
  progress: { section: number; numbers: number },
) {
  if (progress.section === NODES) return progress.numbers === nodeCount * node.width;
  if (progress.section === EDGES) return progress.numbers === edgeCount * edge.width;
  return location !== null && progress.numbers % location.width === 0;
}
