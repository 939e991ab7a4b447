import { HeapwrightError } from '../../protocol/errors';
import { corrupt, isIndexed, NodeType, type SnapshotFormat } from './format';
import { type Sizes, sharedBytes, sharedNumbers } from './shared-memory';
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
}

/** The same as it goes to another thread, which sees the same memory. */
export type PlainColumns = Omit<SnapshotColumns, 'strings'> & { readonly strings: StringColumns };

export function toPlainColumns(columns: SnapshotColumns): PlainColumns {
  return { ...columns, strings: columns.strings.columns };
}

export function fromPlainColumns(columns: PlainColumns): SnapshotColumns {
  return { ...columns, strings: new StringTable(columns.strings) };
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
export function nodeColumns({ nodeCount, node }: SnapshotFormat) {
  return {
    nodeType: sharedBytes(nodeCount),
    nodeName: sharedNumbers(nodeCount),
    nodeId: sharedNumbers(nodeCount),
    nodeSelfSize: sharedNumbers(nodeCount),
    nodeDetachedness: node.detachedness === -1 ? null : sharedBytes(nodeCount),
    firstEdge: sharedNumbers(nodeCount + 1),
  };
}

/** Empty columns for the edges that a header promises. */
export function edgeColumns({ edgeCount }: SnapshotFormat) {
  return {
    edgeLink: sharedNumbers(edgeCount),
    edgeName: sharedNumbers(edgeCount),
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
export function toLocations(numbers: Uint32Array, format: SnapshotFormat, byteOffset: number): Uint32Array {
  const position = format.location;
  if (!position) return sharedNumbers(0);
  const { object, script, line, column, width } = position;
  const isAsWritten = width === 4 && object === 0 && script === 1 && line === 2 && column === 3;
  const rows = numbers.length / width;
  const locations = isAsWritten ? numbers : sharedNumbers(rows * 4);
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    const node = numbers[at + object]! / format.node.width;
    if (node >= format.nodeCount || node !== Math.floor(node)) {
      throw corrupt(`location ${row} is of no node`, byteOffset);
    }
    locations[row * 4] = node;
    if (isAsWritten) continue;
    locations[row * 4 + 1] = numbers[at + script]!;
    locations[row * 4 + 2] = numbers[at + line]!;
    locations[row * 4 + 3] = numbers[at + column]!;
  }
  return locations;
}

/**
 * Brings locations into the order of their nodes, in their own memory; V8 writes them in another. Of two of one node
 * the later one counts.
 * @param places Memory to work in, a word per node.
 */
export function sortLocations(locations: Uint32Array, nodeCount: number, places: Uint32Array): Uint32Array {
  const rows = locations.length / 4;
  places.fill(0);
  for (let row = 0; row < rows; row++) places[locations[row * 4]!] = row + 1;
  // Where each row goes; those that do not count go to the end.
  const targets = new Uint32Array(rows);
  let counted = 0;
  for (let node = 0; node < nodeCount; node++) {
    if (places[node] !== 0) targets[places[node]! - 1] = ++counted;
  }
  let end = counted;
  for (let row = 0; row < rows; row++) if (targets[row] === 0) targets[row] = ++end;
  for (let row = 0; row < rows; row++) {
    while (targets[row] !== row + 1) swapRows(locations, targets, row, targets[row]! - 1);
  }
  return locations.subarray(0, counted * 4);
}

function swapRows(locations: Uint32Array, targets: Uint32Array, a: number, b: number): void {
  const target = targets[a]!;
  targets[a] = targets[b]!;
  targets[b] = target;
  for (let i = 0; i < 4; i++) {
    const word = locations[a * 4 + i]!;
    locations[a * 4 + i] = locations[b * 4 + i]!;
    locations[b * 4 + i] = word;
  }
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
export function addUpEdges(firstEdge: Uint32Array): number {
  let sum = 0;
  for (let i = 1; i < firstEdge.length; i++) {
    sum += firstEdge[i]!;
    firstEdge[i] = sum;
  }
  return sum;
}
