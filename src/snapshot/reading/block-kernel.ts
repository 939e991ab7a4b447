import wasm from '../kernel/blocks.wasm';
import { type EdgeColumns, type NodeColumns, TYPE_BITS } from './columns';
import type { SnapshotFormat } from './format';

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
  readonly memory: WebAssembly.Memory;
  readonly position: WebAssembly.Global;
  readonly count: WebAssembly.Global;
  readonly largestName: WebAssembly.Global;
  readonly detachedness: WebAssembly.Global;
  makeRoom(bytes: number): void;
  inputAt(): number;
  numbersAt(): number;
  columnsAt(): number;
  nodeCodesAt(): number;
  edgeCodesAt(): number;
  cut(limit: number): number;
  nodes(...parameters: number[]): number;
  edges(...parameters: number[]): number;
}

/**
 * The compiled kernel of src/snapshot/kernel with its memory, for one thread: cuts blocks of a file into numbers and
 * puts rows of them into columns. It neither knows nor cares which rows of the file a block has.
 */
export class BlockKernel {
  /** A block is put here. */
  readonly bytes: Uint8Array;
  readonly #exports: Exports;
  readonly #format: SnapshotFormat;
  readonly #numbers: number;
  readonly #columns: number;

  /** @param byteLength Of the largest block, with what is read behind it. */
  constructor(format: SnapshotFormat, byteLength: number) {
    this.#format = format;
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm));
    this.#exports = exports as unknown as Exports;
    this.#exports.makeRoom(byteLength);
    const { buffer } = this.#exports.memory;
    this.bytes = new Uint8Array(buffer, this.#exports.inputAt(), byteLength);
    new Uint8Array(buffer, this.#exports.nodeCodesAt()).set(format.nodeTypeCodes);
    new Uint8Array(buffer, this.#exports.edgeCodesAt()).set(format.edgeTypeCodes);
    this.#numbers = this.#exports.numbersAt();
    this.#columns = this.#exports.columnsAt();
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
    return new Uint32Array(this.#exports.memory.buffer, this.#numbers + 4 * from, to - from);
  }

  /**
   * Puts `rows` of nodes, which start at number `first` of the block, into the columns from `row` on; the number of
   * edges of node i goes to firstEdge[i + 1]. False when a number cannot be what it should.
   */
  putNodes(first: number, rows: number, row: number, columns: NodeColumns): boolean {
    const { width, type, name, id, selfSize, edgeCount, detachedness } = this.#format.node;
    if (row + rows > this.#format.nodeCount) return false;
    const types = this.#format.nodeTypeCodes.length;
    const isValid = this.#exports.nodes(
      first,
      rows,
      width,
      type,
      name,
      id,
      selfSize,
      edgeCount,
      detachedness,
      types,
    );
    if (isValid === 0) return false;
    columns.nodeName.set(this.#column(0, rows), row);
    columns.nodeId.set(this.#column(1, rows), row);
    columns.nodeSelfSize.set(this.#column(2, rows), row);
    columns.firstEdge.set(this.#column(3, rows), row + 1);
    const bytes = new Uint8Array(this.#exports.memory.buffer, this.#columns + 16 * rows, 2 * rows);
    columns.nodeType.set(bytes.subarray(0, rows), row);
    // Most files know nothing of it: the memory of the column is never taken.
    if (this.saysDetached) columns.nodeDetachedness?.set(bytes.subarray(rows), row);
    return true;
  }

  /** The same for edges. */
  putEdges(first: number, rows: number, row: number, columns: EdgeColumns): boolean {
    const { width, type, name, toNode } = this.#format.edge;
    const { nodeCount, edgeCount, node, edgeTypeCodes } = this.#format;
    if (row + rows > edgeCount) return false;
    const isValid = this.#exports.edges(
      first,
      rows,
      width,
      type,
      name,
      toNode,
      edgeTypeCodes.length,
      node.width,
      nodeCount,
      TYPE_BITS,
    );
    if (isValid === 0) return false;
    columns.edgeLink.set(this.#column(0, rows), row);
    columns.edgeName.set(this.#column(1, rows), row);
    return true;
  }

  #column(index: number, rows: number): Uint32Array {
    return new Uint32Array(this.#exports.memory.buffer, this.#columns + 4 * rows * index, rows);
  }
}
