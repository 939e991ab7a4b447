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
