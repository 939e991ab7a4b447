/** The objects of one constructor that an operation made and that stayed, and those that went meanwhile. */
export interface StayedRow {
  readonly name: string;
  readonly stayed: number;
  readonly gone: number;
  /** Bytes of what stayed less those of what went. */
  readonly netBytes: number;
}

/** What one operation, or a number of them, did to the heap. Sizes in bytes. */
export interface OperationMeasurement {
  /** When the work began, in ms since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** All of them after collections, but `heapAfter`. */
  readonly heapBefore: number;
  readonly heapAfter: number;
  readonly heapCollected: number;
  /**
   * What the program's objects take more, without compiled code and the like of V8's own, which come and go. Null when
   * no snapshots were taken.
   */
  readonly keptBytes: number | null;
  /** Objects that stayed less those that went, of all constructors; null when no snapshots were taken. */
  readonly netObjects: number | null;
  /** The constructors that changed most; null when no snapshots were taken. */
  readonly stayed: readonly StayedRow[] | null;
}

/** A measured operation, as it is kept. */
export interface OperationRecord extends OperationMeasurement {
  readonly id: string;
  /** "GET /products/1", or what a person called it. */
  readonly name: string;
  readonly program: string;
  readonly pid: number | null;
  /** The requests of a load, as a person types them; null where somebody marked start and end. */
  readonly load: OperationLoad | null;
  /** How often it was done between the measurements. */
  readonly operations: number;
  readonly failed: number;
}

export interface OperationLoad {
  readonly requests: string;
  readonly connections: number;
  /** Where the program listened. */
  readonly ports: readonly number[];
}

/** A record without its long list. */
export type OperationRow = Omit<OperationRecord, 'stayed'>;

/** What one constructor kept for each operation, in two records. */
export interface ComparedRow {
  readonly name: string;
  /** Objects and bytes per operation. */
  readonly first: { readonly objects: number; readonly bytes: number };
  readonly second: { readonly objects: number; readonly bytes: number };
  /** Bytes per operation that the second keeps more. */
  readonly difference: number;
}

export interface OperationsState {
  readonly attached: boolean;
  /** Newest first. */
  readonly rows: readonly OperationRow[];
  /** The operation that was begun and not ended; null when none is. */
  readonly open: { readonly name: string; readonly startedAt: number } | null;
  /** Whether snapshots are taken, which tell what stayed. */
  readonly exact: boolean;
  /** Whether something is under way for which a new operation has to wait. */
  readonly busy: boolean;
  /** One or two records that are ticked, in the order in which they were. */
  readonly selected: readonly string[];
  readonly detail: OperationsDetail | null;
}

export type OperationsDetail =
  | { readonly kind: 'stayed'; readonly title: string; readonly rows: readonly StayedRow[] }
  | {
      readonly kind: 'compared';
      /** Names of both. */
      readonly titles: readonly [string, string];
      readonly summary: string;
      readonly rows: readonly ComparedRow[];
    };

export type OperationsAction =
  | { readonly type: 'begin' }
  | { readonly type: 'end' }
  | { readonly type: 'discard' }
  | { readonly type: 'load' }
  | { readonly type: 'exact'; readonly on: boolean }
  | { readonly type: 'select'; readonly ids: readonly string[] }
  | { readonly type: 'again'; readonly id: string }
  | { readonly type: 'rename'; readonly id: string }
  | { readonly type: 'remove'; readonly id: string };

/** Bytes that each operation kept: of the program's objects where snapshots tell them, else of the whole heap. */
export function keptPerOperation({
  heapBefore,
  heapCollected,
  keptBytes,
  operations,
}: Pick<OperationRecord, 'heapBefore' | 'heapCollected' | 'keptBytes' | 'operations'>): number {
  return (keptBytes ?? heapCollected - heapBefore) / operations;
}
