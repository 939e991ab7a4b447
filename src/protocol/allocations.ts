import type { SourcePosition } from './source';

/** A node of a flame chart: a function as it was called from its parent. */
export interface FlameFrame {
  /** The node in the profile. */
  readonly node: number;
  readonly name: string;
  /** Where it stands, short: `shop.ts:12`, or the package. */
  readonly where: string;
  readonly kind: FrameKind;
  /** 0 for the frame that the chart is zoomed to; its ancestors are counted below 0. */
  readonly depth: number;
  /** Bytes from the chart's left edge. */
  readonly start: number;
  /** Bytes that were allocated in it and in all that it called. */
  readonly total: number;
  /** Bytes that were allocated in it alone. */
  readonly self: number;
  /** It has the text that was searched for. */
  readonly found: boolean;
  /** A click can open its line. */
  readonly opens: boolean;
}

/** Whose code it is: the program's, a package's, Node's, or what V8 does by itself. */
export type FrameKind = 'program' | 'package' | 'node' | 'engine';

/** The part of a profile that is shown: what is too narrow to be seen is left out. */
export interface FlameChart {
  /** Top first; within a row from left to right. */
  readonly frames: readonly FlameFrame[];
  /** Bytes of the whole width. */
  readonly total: number;
  /** The node that fills it. */
  readonly root: number;
  /** Frames that are there but too narrow or too many to be shown. */
  readonly hidden: number;
}

/** A line of the table by function, package or file. */
export interface AllocationRow {
  readonly key: string;
  readonly name: string;
  readonly where: string;
  readonly kind: FrameKind;
  readonly self: number;
  readonly total: number;
  readonly position: SourcePosition | null;
}

export type AllocationTable = 'functions' | 'packages' | 'files';

/** A profile as far as it is shown. */
export interface ProfileState {
  /** All that was sampled, in bytes. */
  readonly total: number;
  readonly chart: FlameChart;
  readonly table: AllocationTable;
  /** Largest first, cut to what a page can show. */
  readonly rows: readonly AllocationRow[];
  readonly rowCount: number;
  readonly search: string;
  /** Bytes of what was searched for, with all that it called; null without a search. */
  readonly foundBytes: number | null;
}

/** What the tab of allocations shows. */
export interface AllocationsState {
  /** Null where the profile comes from a file. */
  readonly recorder: RecorderState | null;
  readonly profile: ProfileState | null;
  /** Why there is no profile, or no newer one, in one sentence. */
  readonly failure: string | null;
  /** The share of each line stands in the editors. */
  readonly marked: boolean;
}

export interface RecorderState {
  readonly attached: boolean;
  /** ms since the epoch; null while nothing is sampled. */
  readonly startedAt: number | null;
  /** What was freed since counts as well. */
  readonly includesFreed: boolean;
}

/** What can be clicked there. */
export type AllocationsAction =
  | { readonly type: 'start'; readonly includesFreed: boolean }
  | { readonly type: 'stop' }
  | { readonly type: 'zoom'; readonly node: number }
  | { readonly type: 'search'; readonly text: string }
  | { readonly type: 'table'; readonly table: AllocationTable }
  | { readonly type: 'openFrame'; readonly node: number }
  | { readonly type: 'openRow'; readonly position: SourcePosition }
  | { readonly type: 'save' }
  | { readonly type: 'openFile' }
  | { readonly type: 'mark'; readonly on: boolean };
