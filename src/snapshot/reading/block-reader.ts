import * as fs from 'node:fs';
import type { EdgeColumns, NodeColumns } from './columns';
import type { SnapshotFormat } from './format';
import { scatterEdges, scatterNodes } from './scatter';
import { firstNumber, NumberTokens, Stop } from './tokens';
import { SECTIONS, type Turns } from './turns';

/** What every thread gets to read its blocks of one file. */
export interface BlockJob {
  readonly file: string;
  readonly fileBytes: number;
  readonly format: SnapshotFormat;
  /** Of the first number of the section `nodes`. */
  readonly nodesAt: number;
  readonly turns: SharedArrayBuffer;
  /** How much a thread takes at once: {@link BLOCK_BYTES}, except in tests. */
  readonly blockBytes: number;
  readonly nodes: NodeColumns;
  readonly edges: EdgeColumns;
}

export interface BlockOptions {
  readonly isCancelled: () => boolean;
  /** Called with the place of each block in the file. */
  readonly onBytes: (bytes: number) => void;
}

/** The numbers of `locations` that stood in one block: few enough to be put together at the end. */
export interface LocationPart {
  /** Numbers of the section before these. */
  readonly first: number;
  readonly numbers: Int32Array;
}

export const BLOCK_BYTES = 1 << 20;
/** What is read behind a block: the rest of its last number, and what stands between two sections. */
const OVERLAP_BYTES = 1 << 12;

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
  /** Where in the file its first number starts, and where it ends; nothing when it holds no number. */
  readonly from: number;
  readonly to: number;
  readonly stretches: readonly Stretch[];
}

/**
 * Reads blocks of the file until there are none left: any number of threads may do it at once, each with the same
 * job. It takes only what V8 writes, byte for byte; anything else declines the job, and another reader says what
 * it is. What was read of `locations` is returned.
 */
export function readBlocks(
  job: BlockJob,
  turns: Turns,
  { isCancelled, onBytes }: BlockOptions,
): LocationPart[] {
  const descriptor = fs.openSync(job.file, 'r');
  const bytes = new Uint8Array(job.blockBytes + OVERLAP_BYTES);
  // Each number is a digit and a comma at least.
  const tokens = new NumberTokens(bytes.length >> 1);
  const locations: LocationPart[] = [];
  try {
    while (turns.isOpen) {
      const number = turns.takeBlock();
      const at = job.nodesAt + number * job.blockBytes;
      if (at >= job.fileBytes) break;
      if (isCancelled()) turns.decline();
      onBytes(at);
      bytes.fill(0, fs.readSync(descriptor, bytes, 0, bytes.length, at));
      const block = cutBlock(bytes, job.blockBytes, at, number === 0, tokens);
      if (!place(job, turns, number, block, tokens, locations, isCancelled)) turns.decline();
    }
  } catch (error) {
    turns.decline();
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
  return locations;
}

/** Cuts a block without knowing which section it is in; null when it is not made of numbers. */
function cutBlock(
  bytes: Uint8Array,
  limit: number,
  at: number,
  isFirst: boolean,
  tokens: NumberTokens,
): Block | null {
  const start = isFirst ? 0 : firstNumber(bytes, 0, limit);
  if (start === -1) return null;
  tokens.position = start;
  tokens.length = 0;
  let stretch: Stretch = { section: -1, from: 0, to: 0 };
  const stretches = [stretch];
  for (;;) {
    const stop = tokens.read(bytes, limit);
    stretch.to = tokens.length;
    if (stop === Stop.other) return null;
    if (stop === Stop.limit) return { from: at + start, to: at + tokens.position, stretches };
    const next = nextSection(bytes, tokens.position);
    if (!next) return null;
    tokens.position = next.position;
    stretch = { section: next.section, from: tokens.length, to: tokens.length };
    stretches.push(stretch);
    if (next.section === STRINGS) return { from: at + start, to: at + tokens.position, stretches };
  }
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

/** Waits for the block's turn, passes it on, and puts the numbers where they belong. */
function place(
  job: BlockJob,
  turns: Turns,
  number: number,
  block: Block | null,
  tokens: NumberTokens,
  locations: LocationPart[],
  isCancelled: () => boolean,
): boolean {
  const before = turns.wait(number, isCancelled);
  // Another thread has reached the strings: this block is among them.
  if (!before) return true;
  if (!block || before.offset !== block.from) return false;
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
  if (firsts.includes(-1)) return false;
  after.offset = block.to;
  if (after.section === STRINGS) turns.finish(after);
  else turns.pass(after);
  return block.stretches.every(({ section, from, to }, i) => {
    const numbers = tokens.numbers.subarray(from, to);
    const actual = section === -1 ? before.section : section;
    if (actual === NODES) return scatterNodes(numbers, firsts[i]!, job.format, job.nodes);
    if (actual === EDGES) return scatterEdges(numbers, firsts[i]!, job.format, job.edges);
    if (actual === LOCATIONS) locations.push({ first: firsts[i]!, numbers: numbers.slice() });
    return true;
  });
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
