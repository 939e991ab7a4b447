import { cancelled, isCancelled as isCancellation } from '../protocol/errors';
import type { LoadProgress } from '../protocol/snapshot';
import { searchDepthFirst } from './graph/depth-first';
import { saysSomething } from './graph/detached';
import { addUpRetained, findDominators } from './graph/dominators';
import { type HeapGraph, toHeapGraph } from './graph/heap-graph';
import { findWeakMapEdges, markTableEdges } from './graph/weak-map-edges';
import type { ByteSource } from './reading/byte-scanner';
import { type SnapshotColumns, sortLocations, toPlainColumns } from './reading/columns';
import { openFile } from './reading/file-source';
import { type ParallelReadOptions, readInParallel } from './reading/parallel-reader';
import { readSequentially } from './reading/sequential-reader';
import { sharedNumbers } from './reading/shared-memory';
import { collectGarbage } from './threads/collect-garbage';
import { BIG_FILE_BYTES } from './threads/tasks';
import { Team } from './threads/team';

export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Absolute path of the bundled src/snapshot/threads/member.ts. */
  readonly threadFile: string;
  /** Threads besides the calling one; as many as there are further cores unless said otherwise. */
  readonly threads?: number;
}

/** A file smaller than this is open before another thread has started. */
const SMALL_FILE_BYTES = 8 << 20;

/**
 * Opens a snapshot file: reads it and computes sizes and distances.
 * @throws `file-not-found`, `not-a-snapshot`, `snapshot-truncated`, `snapshot-corrupt` (with the byte offset),
 *   `cancelled`.
 */
export function loadFile(file: string, options: LoadOptions): HeapGraph {
  const source = openFile(file);
  const isCancelled = () => options.signal?.aborted === true;
  const team = new Team(
    options.threadFile,
    isCancelled,
    source.length < SMALL_FILE_BYTES ? 0 : options.threads,
  );
  try {
    const onBytes = (bytes: number) => reportReading(options, bytes, source.length);
    const columns =
      readFast(file, team, { isCancelled, onBytes }) ??
      readSequentially(source, { signal: options.signal, onBytes });
    return computeGraph(columns, team, options, source.length);
  } finally {
    team.dispose();
    source.dispose();
  }
}

/** Whatever is wrong with the file, the other reader says it better. */
function readFast(file: string, team: Team, options: ParallelReadOptions): SnapshotColumns | null {
  try {
    return readInParallel(file, team, options);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return null;
  }
}

/** The same for bytes that are no file. */
export function loadBytes(
  source: ByteSource,
  options: Omit<LoadOptions, 'threadFile' | 'threads'> = {},
): HeapGraph {
  const team = new Team('', () => false, 0);
  return computeGraph(readSequentially(source, options), team, options, source.length);
}

/** The two long ways, which need nothing of each other, are gone at the same time. */
function computeGraph(
  columns: SnapshotColumns,
  team: Team,
  options: Omit<LoadOptions, 'threadFile'>,
  fileBytes: number,
): HeapGraph {
  const step = (phase: LoadProgress['phase'], fraction: number) => {
    if (options.signal?.aborted) throw cancelled();
    options.onProgress?.({ phase, fraction });
  };
  step('linking', 0.5);
  const weakMapEdges = findWeakMapEdges(columns.strings);
  markTableEdges(columns, weakMapEdges);
  const { nodeCount } = columns;
  const state = new Uint32Array(2 * nodeCount);
  settle(columns, state, fileBytes);
  const plain = toPlainColumns(columns);
  const distance = new Int32Array(new SharedArrayBuffer(4 * nodeCount));
  const classOf = sharedNumbers(nodeCount + 1);
  // One thread does these in turn, and works in the memory of the next one's result; several need some of their own.
  const room = team.size > 1 ? sharedNumbers(nodeCount) : new Uint32Array(distance.buffer);
  const queue = team.size > 1 ? sharedNumbers(nodeCount + 1) : classOf;
  const references = team.start(0, 'references', { columns: plain, fileBytes });
  const shallow = team.start(1, 'shallowSizes', { columns: plain, room });
  const distances = team.start(2, 'distances', {
    columns: plain,
    weakMapEdges,
    distances: distance,
    room: queue,
  });
  const classes = team.start(0, 'classes', { columns: plain, classOf });
  const search = searchDepthFirst(columns, state);
  step('dominators', 0.7);
  const found = findDominators(search);
  references();
  step('sizes', 0.9);
  const shallowSize = shallow();
  const tree = addUpRetained(search, found, shallowSize);
  distances();
  const graph = { ...columns, ...tree, classes: classes(), shallowSize, distance };
  step('sizes', 1);
  return toHeapGraph(graph);
}

/** Brings columns into their final form, and lets go of what nobody needs any more. */
function settle(columns: SnapshotColumns, state: Uint32Array, fileBytes: number): void {
  const { nodeCount, nodeDetachedness } = columns;
  const locations = sortLocations(columns.locations, nodeCount, state);
  Object.assign(columns, { locations });
  if (nodeDetachedness && !saysSomething(nodeDetachedness))
    Object.assign(columns, { nodeDetachedness: null });
  if (fileBytes > BIG_FILE_BYTES) collectGarbage();
}

function reportReading({ onProgress }: LoadOptions, bytes: number, fileBytes: number): void {
  onProgress?.({ phase: 'reading', fraction: 0.5 * Math.min(1, bytes / fileBytes) });
}
