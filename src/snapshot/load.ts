import { cancelled, isCancelled as isCancellation } from '../protocol/errors';
import type { LoadProgress } from '../protocol/snapshot';
import { searchDepthFirst } from './graph/depth-first';
import { findDominators } from './graph/dominators';
import { type HeapGraph, toHeapGraph } from './graph/heap-graph';
import { addUpClasses, addUpRetained, toNodes } from './graph/retained-sizes';
import { findWeakMapEdges, markTableEdges } from './graph/weak-map-edges';
import type { ByteSource } from './reading/byte-scanner';
import { type SnapshotColumns, toPlainColumns } from './reading/columns';
import { openFile } from './reading/file-source';
import { type ParallelReadOptions, readInParallel } from './reading/parallel-reader';
import { readSequentially } from './reading/sequential-reader';
import { sharedNumbers } from './reading/shared-memory';
import { Team } from './threads/team';

export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** A file smaller than this is open before another thread has been told of it. */
const SMALL_FILE_BYTES = 4 << 20;

/**
 * Opens a snapshot file: reads it and computes sizes and distances.
 * @param team Shares the work.
 * @throws `file-not-found`, `not-a-snapshot`, `snapshot-truncated`, `snapshot-corrupt` (with the byte offset),
 *   `cancelled`.
 */
export function loadFile(file: string, team: Team, options: LoadOptions = {}): HeapGraph {
  const source = openFile(file);
  const isCancelled = () => options.signal?.aborted === true;
  const helping = source.length < SMALL_FILE_BYTES ? new Team([]) : team;
  try {
    const onBytes = (bytes: number) => reportReading(options, bytes, source.length);
    const columns =
      readFast(file, helping, { isCancelled, onBytes }) ??
      readSequentially(source, { signal: options.signal, onBytes });
    return computeGraph(columns, helping, options);
  } finally {
    helping.rest();
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
export function loadBytes(source: ByteSource, options: LoadOptions = {}): HeapGraph {
  return computeGraph(readSequentially(source, options), new Team([]), options);
}

/**
 * Two threads have about the same to do: the calling one searches depth first and finds dominators, the other one does
 * the rest. What waits for what, and whose memory is free by when, makes the order.
 */
function computeGraph(columns: SnapshotColumns, team: Team, options: LoadOptions): HeapGraph {
  const isCancelled = () => options.signal?.aborted === true;
  const step = (phase: LoadProgress['phase'], fraction: number) => {
    if (isCancelled()) throw cancelled();
    options.onProgress?.({ phase, fraction });
  };
  step('linking', 0.5);
  const weakMapEdges = findWeakMapEdges(columns.strings);
  markTableEdges(columns, weakMapEdges);
  const { nodeCount } = columns;
  const plain = toPlainColumns(columns);
  const distance = new Int32Array(new SharedArrayBuffer(4 * nodeCount));
  const classOf = sharedNumbers(nodeCount);
  // Distances come later, unless there are more threads.
  const owners = team.size > 1 ? sharedNumbers(nodeCount) : new Uint32Array(distance.buffer);
  const shallow = team.start(1, 'shallowSizes', { columns: plain, room: owners });
  const classes = team.start(0, 'classes', { columns: plain, classOf });
  const search = searchDepthFirst(columns);
  const queue = search.numberOf;
  const distances = team.start(2, 'distances', {
    columns: plain,
    weakMapEdges,
    distances: distance,
    room: queue,
  });
  step('dominators', 0.7);
  const dominators = findDominators(search);
  step('sizes', 0.9);
  const shallowSize = shallow(isCancelled);
  const { table, locations } = classes(isCancelled);
  const { length } = table.names;
  const counts = team.start(2, 'classCounts', { classOf, shallowSize, distances: distance, length });
  const retained = addUpRetained(search, dominators, shallowSize, classOf, length);
  const retainedSize = addUpClasses(search, dominators, retained, length);
  const tree = toNodes(search, dominators, retained);
  distances(isCancelled);
  const classTotals = { ...counts(isCancelled), retainedSize };
  step('sizes', 1);
  return toHeapGraph({
    ...columns,
    ...tree,
    locations,
    classes: table,
    classTotals,
    shallowSize,
    distance,
  });
}

function reportReading({ onProgress }: LoadOptions, bytes: number, fileBytes: number): void {
  onProgress?.({ phase: 'reading', fraction: 0.5 * Math.min(1, bytes / fileBytes) });
}
