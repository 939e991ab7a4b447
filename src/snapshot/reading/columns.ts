import { HeapwrightError } from '../../protocol/errors';
import { at, GraphKernel } from '../graph/graph-kernel';
import { ColumnMemory } from './column-memory';
import { corrupt, isIndexed, NodeType, type SnapshotFormat } from './format';
import { type Sizes, sharedNumbers } from './shared-memory';
import { type StringColumns, StringTable } from './strings';

/** A snapshot file as columns, a row per node and per edge, in the file's order. */
export interface SnapshotColumns {
  readonly format: SnapshotFormat;
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** {@link NodeType} codes. */
  readonly nodeType: Uint8Array;
  readonly nodeName: Uint32Array;
  readonly nodeId: Sizes;
  /** Bytes, as V8 wrote them. */
  readonly nodeSelfSize: Sizes;
  /** 0 unknown, 1 attached, 2 detached; null in files of old Node. */
  readonly nodeDetachedness: Uint8Array | null;
  /** The edges of node i are rows firstEdge[i] to firstEdge[i + 1] - 1. */
  readonly firstEdge: Uint32Array;
  /** Type and target of an edge in one word, since they are always read together: see {@link edgeLink}. */
  readonly edgeLink: Uint32Array;
  readonly edgeName: Uint32Array;
  /**
   * Four numbers each: node row, script id, line, column (zero-based; {@link NO_POSITION} for none). In the order of
   * the nodes once the file is loaded.
   */
  readonly locations: Uint32Array;
  readonly strings: StringTable;
  /** Where the columns lie, with room for what is computed of them. */
  readonly memory: ColumnMemory;
}

/** The same as it goes to another thread, which sees the same memory. */
export type PlainColumns = Omit<SnapshotColumns, 'strings' | 'memory'> & {
  readonly strings: StringColumns;
  readonly memory: WebAssembly.Memory | null;
};

export function toPlainColumns(columns: SnapshotColumns): PlainColumns {
  return { ...columns, strings: columns.strings.columns, memory: columns.memory.wasm };
}

export function fromPlainColumns(columns: PlainColumns): SnapshotColumns {
  return {
    ...columns,
    strings: new StringTable(columns.strings),
    memory: ColumnMemory.full(columns.memory),
  };
}

/** Bits of a link that hold the type. */
export const TYPE_BITS = 4;
const TYPE_MASK = 2 ** TYPE_BITS - 1;
/** A snapshot with more nodes has no room for their rows in a link; its file would have 8 GB or more. */
export const MOST_NODES = 2 ** (32 - TYPE_BITS);

/** One word for the type of an edge ({@link EdgeType}) and the row of the node that it leads to. */
export function edgeLink(type: number, target: number): number {
  return ((target << TYPE_BITS) | type) >>> 0;
}

/** The {@link EdgeType} of a link. */
export function linkType(link: number): number {
  return link & TYPE_MASK;
}

/** The row of the node that a link leads to. */
export function linkTarget(link: number): number {
  return link >>> TYPE_BITS;
}

/** V8 writes -1 where it knows no line. */
export const NO_POSITION = 0xffffffff;

/** The columns that have their final length before the first row is read. */
export type NodeColumns = Pick<
  SnapshotColumns,
  'nodeType' | 'nodeName' | 'nodeId' | 'nodeSelfSize' | 'nodeDetachedness' | 'firstEdge'
>;
export type EdgeColumns = Pick<SnapshotColumns, 'edgeLink' | 'edgeName'>;

/** Empty columns for the nodes that a header promises; ids and sizes in 32 bits. */
export function nodeColumns({ nodeCount, node }: SnapshotFormat, memory: ColumnMemory) {
  return {
    nodeType: memory.bytes(nodeCount),
    nodeName: memory.numbers(nodeCount),
    nodeId: memory.numbers(nodeCount),
    nodeSelfSize: memory.numbers(nodeCount),
    nodeDetachedness: node.detachedness === -1 ? null : memory.bytes(nodeCount),
    firstEdge: memory.numbers(nodeCount + 1),
  };
}

/** Empty columns for the edges that a header promises. */
export function edgeColumns({ edgeCount }: SnapshotFormat, memory: ColumnMemory) {
  return {
    edgeLink: memory.numbers(edgeCount),
    edgeName: memory.numbers(edgeCount),
  };
}

/** A header that promises more rows than the file has bytes would have us allocate without bound. */
export function checkRoom(
  { nodeCount, node, edgeCount, edge }: SnapshotFormat,
  fileBytes: number,
  at: number,
) {
  for (const [rows, width] of [
    [nodeCount, node.width],
    [edgeCount, edge.width],
  ] as const) {
    if (rows * width * 2 <= fileBytes + 16) continue;
    throw corrupt(`its header promises ${rows} rows, more than the file has room for`, at);
  }
  if (nodeCount >= MOST_NODES) {
    throw new HeapwrightError(
      'worker-out-of-memory',
      `The snapshot has ${nodeCount.toLocaleString('en-US')} objects, more than Heapwright can hold.`,
      `Take one of a smaller heap: up to ${MOST_NODES.toLocaleString('en-US')} objects can be opened.`,
    );
  }
}

/**
 * Makes columns of the numbers of the section `locations`; as V8 orders their fields, it takes no further memory.
 * @throws `snapshot-corrupt` when one is of no node.
 */
export function toLocations(
  numbers: Uint32Array,
  format: SnapshotFormat,
  memory: ColumnMemory,
  byteOffset: number,
): Uint32Array {
  const position = format.location;
  if (!position) return sharedNumbers(0);
  const { object, script, line, column, width } = position;
  const isAsWritten = width === 4 && object === 0 && script === 1 && line === 2 && column === 3;
  const rows = numbers.length / width;
  const kernel = isAsWritten ? GraphKernel.on(memory, [numbers]) : null;
  if (kernel) {
    if (kernel.run.findNodes(at(numbers), rows, format.node.width, format.nodeCount) === 1) return numbers;
    throw corrupt('one of its locations is of no node', byteOffset);
  }
  const locations = isAsWritten ? numbers : sharedNumbers(rows * 4);
  for (let row = 0; row < rows; row++) {
    const first = row * width;
    const node = numbers[first + object]! / format.node.width;
    if (node >= format.nodeCount || node !== Math.floor(node)) {
      throw corrupt(`location ${row} is of no node`, byteOffset);
    }
    locations[row * 4] = node;
    if (isAsWritten) continue;
    locations[row * 4 + 1] = numbers[first + script]!;
    locations[row * 4 + 2] = numbers[first + line]!;
    locations[row * 4 + 3] = numbers[first + column]!;
  }
  return locations;
}

/**
 * Names must be in the string table, and the first node must be the root, which leads to the others.
 * @throws `snapshot-corrupt`
 */
export function checkReferences(columns: SnapshotColumns, byteOffset: number): void {
  const { nodeName, edgeName, edgeLink, strings, nodeType, firstEdge, nodeCount } = columns;
  if (nodeType[0] !== NodeType.synthetic) throw corrupt('its first node is not the root', byteOffset);
  if (nodeCount > 1 && firstEdge[1] === 0) throw corrupt('its root leads to nothing', byteOffset);
  const count = strings.length;
  for (let node = 0; node < nodeName.length; node++) {
    if (nodeName[node]! >= count)
      throw corrupt(`the name of node ${node} is not in its string table`, byteOffset);
  }
  for (let edge = 0; edge < edgeName.length; edge++) {
    if (edgeName[edge]! < count || isIndexed(linkType(edgeLink[edge]!))) continue;
    throw corrupt(`the name of edge ${edge} is not in its string table`, byteOffset);
  }
}

/** Turns the numbers of edges per node, which stand at firstEdge[node + 1], into first rows; the sum is returned. */
export function addUpEdges(firstEdge: Uint32Array, memory: ColumnMemory): number {
  const kernel = GraphKernel.on(memory, [firstEdge]);
  let sum = 0;
  if (kernel) {
    kernel.inSteps(0, firstEdge.length, (from, to) => {
      sum = kernel.run.addUp(at(firstEdge), from, to, sum);
    });
    return sum;
  }
  for (let i = 1; i < firstEdge.length; i++) {
    sum += firstEdge[i]!;
    firstEdge[i] = sum;
  }
  return sum;
}
