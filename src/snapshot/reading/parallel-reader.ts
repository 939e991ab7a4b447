import type { Team } from '../threads/team';
import { BLOCK_BYTES, type BlockJob, type BlockResult, readBlocks } from './block-reader';
import { ByteScanner } from './byte-scanner';
import {
  addUpEdges,
  checkRoom,
  edgeColumns,
  nodeColumns,
  type SnapshotColumns,
  toLocations,
} from './columns';
import { openFile } from './file-source';
import { parseFormat, type SnapshotFormat } from './format';
import { sharedNumbers } from './shared-memory';
import { type StringColumns, StringTable } from './strings';
import { Turns } from './turns';

export interface ParallelReadOptions {
  readonly isCancelled: () => boolean;
  /** Called with the bytes read so far by this thread. */
  readonly onBytes: (bytes: number) => void;
  readonly blockBytes?: number;
}

/**
 * Reads a file that is written exactly as V8 writes it, with all threads of the team and the calling one: the strings
 * first, which are found from the end of the file, then the numbers in blocks that each thread takes as it comes.
 * Null for any other file, however valid it may be; {@link readSequentially} takes those.
 */
export function readInParallel(
  file: string,
  team: Team,
  options: ParallelReadOptions,
): SnapshotColumns | null {
  const start = readHeader(file);
  if (!start) return null;
  const { format, nodesAt, fileBytes } = start;
  const turns = new Turns();
  turns.start(nodesAt);
  const nodes = nodeColumns(format);
  const edges = edgeColumns(format);
  const { blockBytes = BLOCK_BYTES, isCancelled, onBytes } = options;
  // A thread that died keeps a block, for which the others would wait.
  const isInVain = () => isCancelled() || team.isBroken;
  const locations = sharedNumbers(format.nodeCount * (format.location?.width ?? 0));
  const job: BlockJob = {
    file,
    fileBytes,
    format,
    nodesAt,
    turns: turns.memory,
    blockBytes,
    nodes,
    edges,
    locations,
  };
  const strings = team.start(0, 'strings', { file, fileBytes });
  const parts = Array.from({ length: team.size }, (_, i) => team.start(i, 'blocks', job));
  let own: BlockResult;
  try {
    own = readBlocks(job, turns, { isCancelled: isInVain, onBytes });
  } catch (error) {
    turns.decline();
    throw error;
  }
  const found = strings(isCancelled);
  const results = [own, ...parts.map((answer) => answer(isCancelled))];
  // The strings must begin where the numbers end.
  if (!turns.isFinished || !found || found.offset !== turns.progress.offset) return null;
  if (Math.max(...results.map(({ largestName }) => largestName)) >= found.length) return null;
  return assemble(job, results, found);
}

function assemble(
  { format, nodes, edges, locations }: BlockJob,
  results: readonly BlockResult[],
  strings: StringColumns,
): SnapshotColumns | null {
  const { nodeCount, edgeCount } = format;
  if (nodeCount === 0 || addUpEdges(nodes.firstEdge) !== edgeCount) return null;
  const locationsEnd = Math.max(...results.map((result) => result.locationsEnd));
  return {
    format,
    nodeCount,
    edgeCount,
    ...nodes,
    nodeDetachedness: results.some(({ saysDetached }) => saysDetached) ? nodes.nodeDetachedness : null,
    ...edges,
    locations: toLocations(locations.subarray(0, locationsEnd), format, 0),
    strings: new StringTable(strings),
  };
}

/** The header and where the first node stands; null when the file does not begin as V8 begins it. */
function readHeader(file: string): { format: SnapshotFormat; nodesAt: number; fileBytes: number } | null {
  const source = openFile(file);
  try {
    const scanner = new ByteScanner(source, HEADER_STEP_BYTES);
    scanner.expect(0x7b);
    if (scanner.key() !== 'snapshot') return null;
    scanner.expect(0x3a);
    const format = parseFormat(scanner.value(true), scanner.offset);
    checkRoom(format, source.length, scanner.offset);
    if (!scanner.accept(0x2c) || scanner.key() !== 'nodes') return null;
    scanner.expect(0x3a);
    scanner.expect(0x5b);
    // Rows that do not fit in 32 bits when they are counted in numbers.
    if (format.nodeCount * format.node.width >= 2 ** 31) return null;
    return { format, nodesAt: scanner.offset, fileBytes: source.length };
  } finally {
    source.dispose();
  }
}

const HEADER_STEP_BYTES = 1 << 14;
