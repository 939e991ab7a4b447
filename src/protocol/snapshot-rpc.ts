import type { OwnerAnswer, OwnerQuery } from './owners';
import type {
  CollectionRow,
  CollectionSeriesRow,
  ConstructorDiffRow,
  ConstructorRow,
  ConstructorSeriesRow,
  ContextRow,
  DuplicateStringRow,
  EdgeRow,
  HeapStatistics,
  ListenerTableRow,
  NodeRow,
  Page,
  RetainingPath,
  SnapshotInfo,
  SurvivorRow,
  SwellingSlotRow,
} from './snapshot';

/** A part of a longer list, and in which order. */
export interface PageRequest<Column extends string> {
  readonly offset?: number;
  readonly limit?: number;
  readonly sortBy?: Column;
  /** Largest or last first; true unless said otherwise. */
  readonly descending?: boolean;
}

export type ConstructorColumn = 'name' | 'count' | 'selfSize' | 'retainedSize' | 'distance';
export type InstanceColumn = 'id' | 'name' | 'selfSize' | 'retainedSize' | 'distance';
export type DiffColumn = Exclude<keyof ConstructorDiffRow, 'key'>;

export interface SeriesRequest {
  readonly minEntries?: number;
  readonly growing?: 'every' | 'overall' | 'any';
  readonly limit?: number;
}

/** Every question that the worker answers: its parameters and its answer. `snapshot` is the handle from `open`. */
export interface SnapshotCalls {
  /** Has the threads start ahead of the first file. */
  start: { parameters: null; answer: null };
  open: { parameters: { file: string }; answer: { handle: number; info: SnapshotInfo } };
  close: { parameters: { snapshot: number }; answer: null };
  constructors: {
    parameters: { snapshot: number; filter?: string } & PageRequest<ConstructorColumn>;
    answer: Page<ConstructorRow>;
  };
  instances: {
    parameters: { snapshot: number; constructorKey: string } & PageRequest<InstanceColumn>;
    answer: Page<NodeRow>;
  };
  node: { parameters: { snapshot: number; id: number }; answer: NodeRow | null };
  properties: { parameters: { snapshot: number; id: number } & PageRequest<never>; answer: Page<EdgeRow> };
  retainers: { parameters: { snapshot: number; id: number } & PageRequest<never>; answer: Page<EdgeRow> };
  retainingPaths: { parameters: { snapshot: number; id: number; count: number }; answer: RetainingPath[] };
  holds: {
    parameters: { snapshot: number; id: number; limit: number };
    answer: { constructorName: string; count: number }[];
  };
  closuresOfContext: { parameters: { snapshot: number; id: number; limit: number }; answer: NodeRow[] };
  owner: { parameters: { snapshot: number; query: OwnerQuery }; answer: OwnerAnswer };
  collections: {
    parameters: { snapshot: number; minEntries?: number; limit?: number };
    answer: Page<CollectionRow>;
  };
  diff: {
    parameters: { base: number; target: number } & PageRequest<DiffColumn>;
    answer: Page<ConstructorDiffRow>;
  };
  /** What an object retains, by the dominator tree: the objects that are freed with it, one level down. */
  dominated: {
    parameters: { snapshot: number; id: number } & PageRequest<InstanceColumn>;
    answer: Page<NodeRow>;
  };
  statistics: { parameters: { snapshot: number }; answer: HeapStatistics };
  duplicateStrings: {
    parameters: { snapshot: number } & PageRequest<'text' | 'count' | 'size' | 'waste'>;
    answer: Page<DuplicateStringRow>;
  };
  contexts: { parameters: { snapshot: number; limit: number }; answer: ContextRow[] };
  listenerTables: { parameters: { snapshot: number; limit: number }; answer: ListenerTableRow[] };
  search: {
    parameters: { snapshot: number; query: string } & PageRequest<InstanceColumn>;
    answer: Page<NodeRow>;
  };
  /** Writes a part of the heap to a file of its own; the number of objects in it. */
  cut: {
    parameters: {
      snapshot: number;
      id: number;
      file: string;
      subtree: boolean;
      paths: number;
      redact: boolean;
    };
    answer: { nodeCount: number };
  };
  constructorSeries: { parameters: { snapshots: readonly number[] }; answer: ConstructorSeriesRow[] };
  survivors: {
    parameters: { snapshots: readonly number[]; born: number; examples: number };
    answer: SurvivorRow[];
  };
  swellingSlots: {
    parameters: { snapshots: readonly number[]; minGrowth: number; limit: number };
    answer: SwellingSlotRow[];
  };
  collectionSeries: {
    parameters: { snapshots: readonly number[] } & SeriesRequest;
    answer: CollectionSeriesRow[];
  };
}

export type SnapshotMethod = keyof SnapshotCalls;
