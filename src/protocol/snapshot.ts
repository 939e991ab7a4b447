/**
 * What the snapshot engine answers, as plain data. Sizes are bytes; `id` is V8's stable object id (the same object
 * in two snapshots of one process has the same id); `index` is the row of the node in one file and means nothing
 * in another.
 */

export interface SnapshotInfo {
  readonly file: string;
  readonly fileBytes: number;
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Sum of the self sizes of everything reachable: DevTools' "total". */
  readonly totalSize: number;
  /** V8's id of the root: its properties are what the heap hangs on. */
  readonly rootId: number;
  /** How long reading and indexing took, in ms. */
  readonly loadMs: number;
}

/** A position in a script, both counted from zero, as V8 writes them. */
export interface ScriptLocation {
  readonly scriptId: number;
  readonly line: number;
  readonly column: number;
}

export interface NodeRow {
  readonly id: number;
  readonly index: number;
  /** The class or constructor a person reads: `Map`, `User`, `(string)`, `Object`. */
  readonly constructorName: string;
  /** V8's own node name: the text of a string, the name of a function. */
  readonly name: string;
  /** V8's node type: `object`, `closure`, `string`, `array`, `hidden`, ... */
  readonly type: string;
  readonly selfSize: number;
  readonly retainedSize: number;
  /** Steps from the GC roots along the shortest path; DevTools' "distance". */
  readonly distance: number;
  /** For a function where it is defined; for an object where its constructor is. */
  readonly location: ScriptLocation | null;
}

export type EdgeType = 'context' | 'element' | 'property' | 'internal' | 'hidden' | 'shortcut' | 'weak';

export interface EdgeRow {
  readonly type: EdgeType;
  /** The property, variable or index that holds `node`. */
  readonly name: string;
  readonly node: NodeRow;
}

export interface ConstructorRow {
  /** Stable between the snapshots of one process; what `instances` and `diff` are asked with. */
  readonly key: string;
  readonly name: string;
  readonly count: number;
  readonly selfSize: number;
  readonly retainedSize: number;
  readonly distance: number;
}

/** A step from a holder to what it holds. The first step's `edge` is null: it is a root. */
export interface PathStep {
  readonly edge: { readonly type: EdgeType; readonly name: string } | null;
  readonly node: NodeRow;
}

/** From the GC root (first) to the object that was asked for (last). */
export type RetainingPath = readonly PathStep[];

export type CollectionKind = 'map' | 'set' | 'weakmap' | 'weakset' | 'array' | 'object' | 'listeners';

export interface CollectionRow {
  readonly kind: CollectionKind;
  readonly node: NodeRow;
  readonly entries: number;
  /** Slots the backing store has room for. */
  readonly capacity: number;
}

/** A variable or property that was given ever larger values in a series of snapshots. */
export interface SwellingSlotRow {
  readonly holder: NodeRow;
  readonly edge: { readonly type: EdgeRow['type']; readonly name: string };
  /** In the last snapshot. */
  readonly value: NodeRow;
  /** What the value retained in each snapshot, in bytes. */
  readonly sizes: readonly number[];
}

/** One collection followed by its object id through a series of snapshots of one process. */
export interface CollectionSeriesRow {
  readonly kind: CollectionKind;
  readonly id: number;
  /** Entries in each snapshot; -1 where it does not exist. */
  readonly entries: readonly number[];
  /** Retained size in each snapshot; -1 where it does not exist. */
  readonly retainedSizes: readonly number[];
  /** The collection in the last snapshot of the series that holds it. */
  readonly node: NodeRow;
}

export interface ConstructorDiffRow {
  readonly key: string;
  readonly name: string;
  readonly addedCount: number;
  readonly removedCount: number;
  readonly addedSize: number;
  readonly removedSize: number;
  readonly countDelta: number;
  readonly sizeDelta: number;
}

/** A constructor through a series of snapshots of one process, oldest first. */
export interface ConstructorSeriesRow {
  readonly key: string;
  readonly name: string;
  readonly counts: readonly number[];
  /** Bytes. */
  readonly selfSizes: readonly number[];
}

/** Objects of a constructor that appeared in one snapshot of a series and are still there in the last. */
export interface SurvivorRow {
  readonly key: string;
  readonly name: string;
  readonly count: number;
  readonly selfSize: number;
  /** Some of them, largest retained size first. */
  readonly ids: readonly number[];
}

/** What a heap is made of, in bytes; the kinds are DevTools'. */
export interface HeapStatistics {
  readonly total: number;
  /** Outside of V8's heap, typed arrays among it. */
  readonly native: number;
  readonly typedArrays: number;
  readonly code: number;
  readonly strings: number;
  readonly jsArrays: number;
  readonly system: number;
}

/** A text that stands in the heap more than once. */
export interface DuplicateStringRow {
  readonly text: string;
  readonly count: number;
  /** Of one of them. */
  readonly size: number;
  /** Of all but one. */
  readonly waste: number;
  /** One of them. */
  readonly id: number;
}

/** A scope that lives on, with what its variables hold and who can read them. */
export interface ContextRow {
  readonly node: NodeRow;
  readonly variables: readonly {
    readonly name: string;
    readonly id: number;
    readonly retainedSize: number;
  }[];
  /** Up to twenty. */
  readonly closures: readonly NodeRow[];
}

/** An EventEmitter with its listeners. */
export interface ListenerTableRow {
  readonly node: NodeRow;
  readonly listeners: number;
  readonly events: readonly { readonly name: string; readonly listeners: number }[];
}

export interface Page<Row> {
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly Row[];
}

export interface LoadProgress {
  readonly phase: 'reading' | 'linking' | 'dominators' | 'sizes';
  /** 0 to 1 within the whole load. */
  readonly fraction: number;
}
