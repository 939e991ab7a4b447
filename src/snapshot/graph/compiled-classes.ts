import type { SnapshotColumns } from '../reading/columns';
import type { ClassNames } from './class-names';
import { at, GraphKernel } from './graph-kernel';
import type { Interface, Shapes } from './interfaces';

/** Powers of two. A heap with more is rare: JavaScript finds its classes. */
const MOST_SHAPES = 1 << 17;
const MOST_PLACES = 1 << 17;
const PLACE_WORDS = 5;
/** A type of nodes is a byte. */
const TYPES = 256;

/** Words of the tables behind one another, and where they start. */
const Table = {
  hasBegun: 0,
  slots: 1,
  hashes: 1 + 2 * MOST_SHAPES,
  examples: 1 + 3 * MOST_SHAPES,
  counts: 1 + 4 * MOST_SHAPES,
  places: 1 + 5 * MOST_SHAPES,
  fixed: 1 + 5 * MOST_SHAPES + PLACE_WORDS * MOST_PLACES,
  byName: 1 + 5 * MOST_SHAPES + PLACE_WORDS * MOST_PLACES + TYPES,
} as const;

/** How many words {@link CompiledClasses} takes; V8 has no string that is not the name of a node or an edge. */
export function classRoomLength({ nodeCount, edgeCount }: { nodeCount: number; edgeCount: number }): number {
  return Table.byName + nodeCount + edgeCount + 1024;
}

/**
 * Whether someone has begun to find classes in this memory, who has died then: locations may be lost, and tables are not
 * empty. From then on it says so.
 */
export function hasBegun(room: Uint32Array): boolean {
  const before = room[Table.hasBegun] !== 0;
  room[Table.hasBegun] = 1;
  return before;
}

/** What {@link classify} does, in WebAssembly. Each step is to be done by JavaScript where it says so. */
export class CompiledClasses {
  readonly #kernel: GraphKernel;
  readonly #columns: SnapshotColumns;
  readonly #room: Uint32Array;

  private constructor(
    kernel: GraphKernel,
    columns: SnapshotColumns,
    classOf: Uint32Array,
    room: Uint32Array,
  ) {
    this.#kernel = kernel;
    this.#columns = columns;
    this.#room = room;
    kernel.run.startClasses(at(classOf), columns.strings.indexOf('Object'));
  }

  /**
   * Null when the memory does not allow it.
   * @param room {@link classRoomLength} words, all 0.
   */
  static on(columns: SnapshotColumns, classOf: Uint32Array, room: Uint32Array): CompiledClasses | null {
    const kernel = GraphKernel.onHeap(columns, [columns.locations, classOf, room]);
    return kernel && new CompiledClasses(kernel, columns, classOf, room);
  }

  /** Null when there are too many. */
  findShapes(): Shapes | null {
    const { run } = this.#kernel;
    const { nodeCount, strings } = this.#columns;
    const tables = [Table.slots, Table.hashes, Table.examples, Table.counts].map((table) => this.#at(table));
    run.startShapes(...tables, MOST_SHAPES, strings.indexOf('__proto__'));
    let isWhole = true;
    this.#kernel.inSteps(0, nodeCount, (from, to) => {
      isWhole &&= run.findShapes(from, to) === 1;
    });
    if (!isWhole) return null;
    const column = (table: number) =>
      Array.from(this.#room.subarray(table, table + (run.shapeCount.value >>> 0)));
    const count = column(Table.counts);
    return {
      objects: count.reduce((sum, objects) => sum + objects, 0),
      plainName: strings.indexOf('Object'),
      example: column(Table.examples),
      count,
    };
  }

  /**
   * Finds the class of each node, asking for one at the first node of each name and place.
   * @param fixed Of each type of nodes that has but one class, else -1.
   * @param interfaceOf Of each shape, else -1.
   * @returns False when there are too many.
   */
  findClasses(
    fixed: readonly number[],
    interfaceOf: Int32Array,
    interfaces: readonly Interface[],
    names: ClassNames,
  ): boolean {
    const { nodeCount, locations, strings } = this.#columns;
    const room = this.#room;
    if (Table.byName + strings.length + interfaces.length > room.length || fixed.length > TYPES) return false;
    room.set(fixed, Table.fixed);
    // The shapes are found: nobody looks for their hashes any more.
    room.set(interfaceOf, Table.hashes);
    const { run } = this.#kernel;
    const ends = [at(locations), at(locations) + locations.byteLength];
    const tables = [this.#at(Table.fixed), this.#at(Table.hashes), this.#at(Table.byName)];
    run.startNames(...tables, strings.length, ...ends, this.#at(Table.places), MOST_PLACES);
    let isWhole = true;
    this.#kernel.inSteps(0, nodeCount, (from, to) => {
      for (let node = from; isWhole; ) {
        node = run.findClasses(node, to) >>> 0;
        if (node === to) return;
        const name = run.unknownName.value >>> 0;
        const location = ((run.unknownLocation.value >>> 0) - at(locations)) / 4;
        const made = location < 0 ? names.ofName(name) : names.ofPlace(location, name);
        isWhole = run.setUnknown(made) === 1;
      }
    });
    return isWhole;
  }

  #at(table: number): number {
    return at(this.#room) + 4 * table;
  }
}
