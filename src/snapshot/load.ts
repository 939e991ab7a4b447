import { cancelled, isCancelled as isCancellation } from '../protocol/errors';
import type { LoadProgress } from '../protocol/snapshot';
import { roomForCounts } from './graph/class-totals';
import { classRoomLength } from './graph/compiled-classes';
import { searchDepthFirst } from './graph/depth-first';
import { roomForDistances } from './graph/distances';
import { findDominators } from './graph/dominators';
import { memoryFor } from './graph/graph-memory';
import { type HeapGraph, toHeapGraph } from './graph/heap-graph';
import { addUpRetained } from './graph/retained-sizes';
import { roomForShallow } from './graph/shallow-sizes';
import { findWeakMapEdges, markTableEdges } from './graph/weak-map-edges';
import type { ByteSource } from './reading/byte-scanner';
import { type SnapshotColumns, toPlainColumns } from './reading/columns';
import { openFile } from './reading/file-source';
import type { SnapshotFormat } from './reading/format';
import { type ParallelReadOptions, readInParallel } from './reading/parallel-reader';
import { readSequentially } from './reading/sequential-reader';
import { Team } from './threads/team';

export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** WebAssembly works on heaps of so many nodes or more: {@link memoryFor} says when that is worth it. */
  readonly fewestNodes?: number;
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
  try {
    return loadWith(file, team, options);
  } catch (error) {
    if (!team.isBroken || isCancellation(error)) throw error;
    // A thread has died within its work.
    return loadWith(file, new Team([]), options);
  }
}

function loadWith(file: string, team: Team, options: LoadOptions): HeapGraph {
  const source = openFile(file);
  const isCancelled = () => options.signal?.aborted === true;
  const makeMemory = (format: SnapshotFormat, moreBytes = 0) =>
    memoryFor(format, { moreBytes, fewestNodes: options.fewestNodes });
  const helping = source.length < SMALL_FILE_BYTES ? new Team([]) : team;
  try {
    const onBytes = (bytes: number) => reportReading(options, bytes, source.length);
    const columns =
      readFast(file, helping, { isCancelled, onBytes, makeMemory }) ??
      readSequentially(source, { signal: options.signal, onBytes, makeMemory });
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
  const makeMemory = (format: SnapshotFormat) => memoryFor(format, { fewestNodes: options.fewestNodes });
  return computeGraph(readSequentially(source, { ...options, makeMemory }), new Team([]), options);
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
  const { nodeCount, memory } = columns;
  const plain = toPlainColumns(columns);
  const distanceWords = memory.numbers(nodeCount);
  const distance = new Int32Array(distanceWords.buffer, distanceWords.byteOffset, nodeCount);
  const classOf = memory.numbers(nodeCount);
  // One thread finds distances when it is done with all else; several may do it at the same time.
  const free = () => (team.size > 1 ? memory.numbers(nodeCount) : distanceWords);
  const shallowRoom = roomForShallow(columns, free());
  const shallow = team.start(1, 'shallowSizes', { columns: plain, room: shallowRoom });
  const classes = team.start(0, 'classes', {
    columns: plain,
    classOf,
    room: memory.numbers(classRoomLength(columns)),
    places: free(),
  });
  const search = searchDepthFirst(columns);
  const distances = team.start(2, 'distances', {
    columns: plain,
    weakMapEdges,
    distances: distance,
    room: roomForDistances(columns, search.numberOf),
  });
  step('dominators', 0.7);
  const dominators = findDominators(search);
  step('sizes', 0.9);
  const shallowSize = shallow(isCancelled) ?? shallowRoom.sizes;
  const { table, locations } = classes(isCancelled);
  const { length } = table.names;
  const counts = team.start(2, 'classCounts', {
    classOf,
    shallowSize,
    distance,
    length,
    room: roomForCounts(columns),
    memory: memory.wasm,
  });
  const { byClass, ...tree } = addUpRetained(search, dominators, { shallowSize, classOf, classes: length });
  distances(isCancelled);
  // For the tables that are linked when they are asked for.
  memory.reuse(search.numberOf, search.cross);
  const classTotals = { ...counts(isCancelled), retainedSize: byClass };
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
