import { at } from '../graph/graph-kernel';
import wasm from '../kernel/blocks.wasm';
import { ColumnMemory, roundUp } from './column-memory';
import { type EdgeColumns, edgeColumns, type NodeColumns, nodeColumns, TYPE_BITS } from './columns';
import { compiledKernel } from './compiled-kernel';
import type { SnapshotFormat } from './format';
import type { Sizes } from './shared-memory';

/** Why {@link BlockKernel.cut} stopped: see src/snapshot/kernel/blocks.ts. */
export const Stop = {
  /** Behind the first comma at or past the limit. */
  limit: 0,
  /** Behind the `]` of a section. */
  section: 1,
  /** At something that V8 does not write among its numbers. */
  other: 2,
} as const;

/** What src/snapshot/kernel/blocks.ts exports. */
interface Exports {
  readonly position: WebAssembly.Global;
  readonly count: WebAssembly.Global;
  readonly largestName: WebAssembly.Global;
  readonly detachedness: WebAssembly.Global;
  start(block: number, numbers: number, nodeCodes: number, edgeCodes: number): void;
  cut(limit: number): number;
  nodes(...parameters: number[]): number;
  edges(...parameters: number[]): number;
}

/** What a kernel works on, besides the block: what of it does not lie in `memory` is filled by copying. */
export interface BlockTarget {
  readonly format: SnapshotFormat;
  readonly nodes: NodeColumns;
  readonly edges: EdgeColumns;
  readonly memory: WebAssembly.Memory | null;
}

/** What one thread needs to cut blocks: bytes, numbers, and codes of types. */
export interface BlockRoom {
  readonly bytes: Uint8Array;
  readonly numbers: Uint32Array;
  readonly codes: Uint8Array;
}

/** Bytes before and behind a block that the kernel reads with it; they are zero. */
const MARGIN_BYTES = 64;

/** Room for blocks of up to `byteLength` bytes. */
export function roomForBlocks(format: SnapshotFormat, byteLength: number, memory: ColumnMemory): BlockRoom {
  return {
    bytes: memory.bytes(byteLength + 2 * MARGIN_BYTES),
    numbers: memory.numbers(mostNumbers(byteLength)),
    codes: memory.bytes(codesLength(format)),
  };
}

/** How many bytes of memory that takes. */
export function blockRoomBytes(format: SnapshotFormat, byteLength: number): number {
  return (
    roundUp(byteLength + 2 * MARGIN_BYTES) +
    roundUp(4 * mostNumbers(byteLength)) +
    roundUp(codesLength(format))
  );
}

/** A number is a digit and a comma at least. */
function mostNumbers(byteLength: number): number {
  return (byteLength >> 1) + 16;
}

function codesLength({ nodeTypeCodes, edgeTypeCodes }: SnapshotFormat): number {
  return nodeTypeCodes.length + edgeTypeCodes.length;
}

/**
 * The compiled kernel of src/snapshot/kernel/blocks.ts for one thread: cuts blocks of a file into numbers and puts rows
 * of them into columns. It neither knows nor cares which rows of the file a block has.
 */
export class BlockKernel {
  /** A block is put here. */
  readonly bytes: Uint8Array;
  readonly #exports: Exports;
  readonly #target: BlockTarget;
  readonly #numbers: Uint32Array;
  /** Where the kernel puts the rows of one block when the columns lie in other memory than it works on. */
  readonly #passing: (NodeColumns & EdgeColumns) | null;

  /**
   * @param byteLength Of the largest block, with what is read behind it.
   * @param room For such blocks; where it or a column lies in other memory, the kernel has memory of its own.
   */
  constructor(target: BlockTarget, byteLength: number, room: BlockRoom | null) {
    const { format } = target;
    const shared = ColumnMemory.full(target.memory);
    const arrays = [room, target.nodes, target.edges].flatMap((each) => arraysOf(each ?? {}));
    const isInPlace = room !== null && shared.holds(arrays);
    const memory = isInPlace ? shared : ownMemory(format, byteLength);
    const { bytes, numbers, codes } = isInPlace ? room : roomForBlocks(format, byteLength, memory);
    this.#passing = isInPlace ? null : passingColumns(format, byteLength, memory);
    this.#target = target;
    this.#numbers = numbers;
    this.bytes = bytes.subarray(MARGIN_BYTES, MARGIN_BYTES + byteLength);
    codes.set(format.nodeTypeCodes);
    codes.set(format.edgeTypeCodes, format.nodeTypeCodes.length);
    const { exports } = new WebAssembly.Instance(compiledKernel(wasm), {
      env: { memory: memory.wasm! },
    });
    this.#exports = exports as unknown as Exports;
    this.#exports.start(at(this.bytes), at(numbers), at(codes), at(codes) + format.nodeTypeCodes.length);
  }

  /** Of the next byte of the block. */
  get position(): number {
    return this.#exports.position.value;
  }

  set position(value: number) {
    this.#exports.position.value = value;
  }

  /** How many numbers were cut since it was last set to 0. */
  get count(): number {
    return this.#exports.count.value;
  }

  set count(value: number) {
    this.#exports.count.value = value;
  }

  /** The largest index of a string that any row named so far. */
  get largestName(): number {
    return this.#exports.largestName.value >>> 0;
  }

  /** Whether any node said that its page let go of it, or that it did not. */
  get saysDetached(): boolean {
    return this.#exports.detachedness.value !== 0;
  }

  /** Cuts numbers from `position` on, where one starts; see {@link Stop}. */
  cut(limit: number): number {
    return this.#exports.cut(limit);
  }

  /** The numbers from `from` to `to`; -1 is 2^32 - 1. */
  numbers(from: number, to: number): Uint32Array {
    return this.#numbers.subarray(from, to);
  }

  /**
   * Puts `rows` of nodes, which start at number `first` of the block, into the columns from `row` on; the number of
   * edges of node i goes to firstEdge[i + 1]. False when a number cannot be what it should.
   */
  putNodes(first: number, rows: number, row: number): boolean {
    const { format, nodes } = this.#target;
    const { width, type, name, id, selfSize, edgeCount, detachedness } = format.node;
    if (row + rows > format.nodeCount) return false;
    const into = this.#passing ?? nodes;
    const at = this.#passing ? 0 : row;
    const isValid = this.#exports.nodes(
      ...[first, rows, width, type, name, id, selfSize, edgeCount, detachedness, format.nodeTypeCodes.length],
      ...[placeOf(into.nodeName, at), placeOf(into.nodeId, at), placeOf(into.nodeSelfSize, at)],
      ...[placeOf(into.firstEdge, at + 1), placeOf(into.nodeType, at)],
      into.nodeDetachedness ? placeOf(into.nodeDetachedness, at) : 0,
    );
    if (isValid === 0) return false;
    if (!this.#passing) return true;
    const passed = this.#passing;
    nodes.nodeName.set(passed.nodeName.subarray(0, rows), row);
    nodes.nodeId.set(passed.nodeId.subarray(0, rows), row);
    nodes.nodeSelfSize.set(passed.nodeSelfSize.subarray(0, rows), row);
    nodes.firstEdge.set(passed.firstEdge.subarray(1, rows + 1), row + 1);
    nodes.nodeType.set(passed.nodeType.subarray(0, rows), row);
    if (this.saysDetached) {
      nodes.nodeDetachedness?.set(passed.nodeDetachedness!.subarray(0, rows), row);
      // Only what is not zero is written to it.
      passed.nodeDetachedness?.fill(0, 0, rows);
    }
    return true;
  }

  /** The same for edges. */
  putEdges(first: number, rows: number, row: number): boolean {
    const { format, edges } = this.#target;
    const { width, type, name, toNode } = format.edge;
    if (row + rows > format.edgeCount) return false;
    const into = this.#passing ?? edges;
    const at = this.#passing ? 0 : row;
    const nodeWidth = format.node.width;
    const isValid = this.#exports.edges(
      ...[first, rows, width, type, name, toNode, format.edgeTypeCodes.length],
      ...[nodeWidth, Math.ceil(2 ** 32 / nodeWidth), format.nodeCount, TYPE_BITS],
      ...[placeOf(into.edgeLink, at), placeOf(into.edgeName, at)],
    );
    if (isValid === 0) return false;
    if (!this.#passing) return true;
    edges.edgeLink.set(this.#passing.edgeLink.subarray(0, rows), row);
    edges.edgeName.set(this.#passing.edgeName.subarray(0, rows), row);
    return true;
  }
}

function arraysOf(columns: object): ArrayBufferView[] {
  return Object.values(columns).filter((column) => column !== null);
}

/** Where row `row` of a column lies. */
function placeOf(column: Sizes | Uint8Array, row: number): number {
  return column.byteOffset + row * column.BYTES_PER_ELEMENT;
}

function ownMemory(format: SnapshotFormat, byteLength: number): ColumnMemory {
  const rows = mostRows(byteLength);
  // nodeColumns, edgeColumns.
  const columns = 2 * roundUp(rows) + 6 * roundUp(4 * (rows + 1));
  return ColumnMemory.of(blockRoomBytes(format, byteLength) + columns);
}

function passingColumns(
  format: SnapshotFormat,
  byteLength: number,
  memory: ColumnMemory,
): NodeColumns & EdgeColumns {
  const rows = mostRows(byteLength);
  return {
    ...nodeColumns({ ...format, nodeCount: rows }, memory),
    ...edgeColumns({ ...format, edgeCount: rows }, memory),
  };
}

/** No row has fewer than three numbers. */
function mostRows(byteLength: number): number {
  return Math.ceil(mostNumbers(byteLength) / 3);
}
