import type { Team } from '../threads/team';
import { blockRoomBytes, roomForBlocks } from './block-kernel';
import { BLOCK_BYTES, type BlockJob, type BlockResult, bytesAtOnce, readBlocks } from './block-reader';
import { ByteScanner } from './byte-scanner';
import { ColumnMemory } from './column-memory';
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
import { type StringColumns, StringTable } from './strings';
import { Turns } from './turns';

export interface ParallelReadOptions {
  readonly isCancelled: () => boolean;
  /** Called with the bytes read so far by this thread. */
  readonly onBytes: (bytes: number) => void;
  readonly blockBytes?: number;
  /** Makes the memory for the columns of a file, with so many bytes more. */
  readonly makeMemory?: (format: SnapshotFormat, moreBytes: number) => ColumnMemory;
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
  const { blockBytes = BLOCK_BYTES, isCancelled, onBytes } = options;
  const atOnce = bytesAtOnce(blockBytes);
  const roomBytes = (team.size + 1) * blockRoomBytes(format, atOnce);
  const memory = options.makeMemory?.(format, roomBytes) ?? ColumnMemory.none();
  const nodes = nodeColumns(format, memory);
  const edges = edgeColumns(format, memory);
  // A thread that died keeps a block, for which the others would wait.
  const isInVain = () => isCancelled() || team.isBroken;
  const locations = memory.numbers(format.nodeCount * (format.location?.width ?? 0));
  const job = {
    file,
    fileBytes,
    format,
    nodesAt,
    turns: turns.memory,
    blockBytes,
    nodes,
    edges,
    locations,
    memory: memory.wasm,
  };
  const jobs = Array.from({ length: team.size + 1 }, (): BlockJob => {
    return { ...job, room: memory.wasm && roomForBlocks(format, atOnce, memory) };
  });
  const strings = team.start(0, 'strings', { file, fileBytes });
  const [ownJob, ...others] = jobs as [BlockJob, ...BlockJob[]];
  const parts = others.map((each, i) => team.start(i, 'blocks', each));
  let own: BlockResult;
  try {
    own = readBlocks(ownJob, turns, { isCancelled: isInVain, onBytes });
  } catch (error) {
    turns.decline();
    throw error;
  }
  const found = strings(isCancelled);
  const results = [own, ...parts.map((answer) => answer(isCancelled))];
  // The strings must begin where the numbers end.
  if (!turns.isFinished || !found || found.offset !== turns.progress.offset) return null;
  if (Math.max(...results.map(({ largestName }) => largestName)) >= found.length) return null;
  return assemble(ownJob, memory, results, found);
}

function assemble(
  { format, nodes, edges, locations }: BlockJob,
  memory: ColumnMemory,
  results: readonly BlockResult[],
  strings: StringColumns,
): SnapshotColumns | null {
  const { nodeCount, edgeCount } = format;
  if (nodeCount === 0 || addUpEdges(nodes.firstEdge, memory) !== edgeCount) return null;
  const locationsEnd = Math.max(...results.map((result) => result.locationsEnd));
  return {
    format,
    nodeCount,
    edgeCount,
    ...nodes,
    nodeDetachedness: results.some(({ saysDetached }) => saysDetached) ? nodes.nodeDetachedness : null,
    ...edges,
    locations: toLocations(locations.subarray(0, locationsEnd), format, memory, 0),
    strings: new StringTable(strings),
    memory,
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
