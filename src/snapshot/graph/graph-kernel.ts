import wasm from '../kernel/graph.wasm';
import type { ColumnMemory } from '../reading/column-memory';
import type { SnapshotColumns } from '../reading/columns';
import { compiledKernel } from '../reading/compiled-kernel';

type Numbers = readonly number[];

/** What src/snapshot/kernel/graph.ts exports; parameters are told there. */
interface Exports {
  readonly count: WebAssembly.Global;
  readonly skipped: WebAssembly.Global;
  readonly queueEnd: WebAssembly.Global;
  readonly shapeCount: WebAssembly.Global;
  readonly unknownName: WebAssembly.Global;
  readonly unknownLocation: WebAssembly.Global;
  setColumns(...columns: Numbers): void;
  addUp(column: number, from: number, to: number, before: number): number;
  findNodes(locations: number, rows: number, nodeWidth: number, nodeCount: number): number;
  startClasses(...columns: Numbers): void;
  startShapes(...columns: Numbers): void;
  findShapes(from: number, to: number): number;
  startNames(...columns: Numbers): void;
  findClasses(from: number, to: number): number;
  setUnknown(ofClass: number): number;
  sortLocations(...columns: Numbers): number;
  startSearch(...columns: Numbers): void;
  setOwned(): void;
  setOwnedOtherwise(flags: number): void;
  enter(start: number, above: number): void;
  visit(start: number, above: number): void;
  findDominators(count: number, ...columns: Numbers): void;
  startDistances(...columns: Numbers): void;
  meetNext(start: number, end: number, behind: number): number;
  setDistances(distances: number, start: number, end: number, distance: number): void;
  startOwners(...columns: Numbers): void;
  sum(column: number, from: number, to: number): number;
  findOwners(from: number, to: number): void;
  giveToOwners(sizes: number, from: number, to: number, root: number): void;
  bringToNumbers(from: number, to: number, ...columns: Numbers): void;
  addToDominators(from: number, to: number, ...columns: Numbers): void;
  walkClasses(from: number, classes: number, ...columns: Numbers): number;
  bringToNodes(from: number, to: number, ...columns: Numbers): void;
  countClasses(from: number, to: number, ...columns: Numbers): void;
}

/** Rows that are done by one call: WebAssembly goes on in better code only where a function is called again. */
const STEP = 1 << 16;

/** The compiled loops of src/snapshot/kernel/graph.ts, on the memory of one snapshot, for one thread. */
export class GraphKernel {
  readonly run: Exports;

  private constructor(memory: WebAssembly.Memory) {
    const { exports } = new WebAssembly.Instance(compiledKernel(wasm), { env: { memory } });
    this.run = exports as unknown as Exports;
  }

  /** Null when one of the arrays that it would work on lies elsewhere: JavaScript does the same then. */
  static on(memory: ColumnMemory, arrays: readonly ArrayBufferView[]): GraphKernel | null {
    return memory.wasm && memory.holds(arrays) ? new GraphKernel(memory.wasm) : null;
  }

  /** The same for loops over the columns of a heap, with further arrays. */
  static onHeap(columns: SnapshotColumns, arrays: readonly ArrayBufferView[]): GraphKernel | null {
    const { nodeType, nodeName, firstEdge, edgeLink, edgeName, memory } = columns;
    const heap = [nodeType, nodeName, firstEdge, edgeLink, edgeName];
    const kernel = GraphKernel.on(memory, [...heap, ...arrays]);
    kernel?.run.setColumns(...heap.map(at));
    return kernel;
  }

  /** Does the rows from `from` to `to` in steps. */
  inSteps(from: number, to: number, run: (from: number, to: number) => void): void {
    for (let row = from; row < to; row += STEP) run(row, Math.min(to, row + STEP));
  }
}

/** The place of an array as the kernel's functions take it. */
export function at(array: ArrayBufferView): number {
  return array.byteOffset;
}
