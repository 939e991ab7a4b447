/** A living collection as it was counted in the target, without a snapshot. */
export interface CensusRow {
  readonly kind: 'map' | 'set' | 'array';
  /** V8's object id, as in a snapshot; null while no snapshot was taken since the collection was made. */
  readonly objectId: number | null;
  readonly entries: number;
  /** Classes of some of what it holds. */
  readonly holds: readonly string[];
}

/** What the tab of living collections shows. */
export interface CollectionsState {
  /** Whether there is a target to count in. */
  readonly attached: boolean;
  /** Largest first. */
  readonly rows: readonly CensusRow[];
  /** When they were counted, in ms since the epoch; null before the first time. */
  readonly countedAt: number | null;
  /** A count is under way. */
  readonly counting: boolean;
  /** Why the last count failed, in one sentence. */
  readonly failure: string | null;
}

/** What can be clicked there. */
export type CollectionsAction = { readonly type: 'count' };
