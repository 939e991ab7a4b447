import type { SourcePosition } from './source';

/** What is counted; `object` is one used as a dictionary, `target` an EventTarget. */
export type CensusKind = 'map' | 'set' | 'array' | 'object' | 'emitter' | 'target';

/** A living collection as it was counted in the target, without a snapshot. */
export interface CensusRow {
  /** The same in every count of one census. */
  readonly id: number;
  readonly kind: CensusKind;
  /** Its class: `Map`, `SessionStore`, `Server`. */
  readonly className: string;
  /** Entries; listeners for an emitter. */
  readonly entries: number;
  /** Some of its keys, or of its events with their listeners, as text. */
  readonly keys: readonly string[];
  /** Classes of some of what it holds. */
  readonly holds: readonly string[];
}

/** Who holds a collection, and where that is declared. */
export interface CollectionPlace {
  /** `responseCache`, `Session.active`. */
  readonly name: string;
  /** "variable of module cache.ts". */
  readonly holder: string;
  readonly location: SourcePosition | null;
}

/** A collection followed through the counts. */
export interface LivingCollection extends CensusRow {
  /** Entries gained per minute, over the last minutes; null until there is enough to tell. */
  readonly perMinute: number | null;
  /** Entries over the last minutes, oldest first, for a sparkline. */
  readonly series: readonly number[];
  /** Null while nobody looked. */
  readonly place: CollectionPlace | null;
}

/** What the tab of living collections shows. */
export interface CollectionsState {
  /** Whether there is a target to count in. */
  readonly attached: boolean;
  /** Largest first. */
  readonly rows: readonly LivingCollection[];
  /** Node's own, and tables of numbers and words that never change, which are not among the rows. */
  readonly hidden: number;
  /** When they were counted, in ms since the epoch; null before the first time. */
  readonly countedAt: number | null;
  /** How long the last count kept the target from its work at once, at most, in ms. */
  readonly lastCountMs: number | null;
  /** When the next count is due, in ms since the epoch; null when there is none. */
  readonly nextCountAt: number | null;
  /** Counts again by itself; otherwise only the sizes of what was found are followed. */
  readonly automatic: boolean;
  readonly activity: 'counting' | 'locating' | null;
  /** Why nothing is counted just now, or why the last count failed, in one sentence. */
  readonly notice: string | null;
}

/** What can be clicked there. */
export type CollectionsAction =
  | { readonly type: 'count' }
  | { readonly type: 'automatic'; readonly on: boolean }
  /** Takes a snapshot to learn who holds them. */
  | { readonly type: 'findLines' }
  | { readonly type: 'open'; readonly id: number };

const KIND_WORDS: Record<CensusKind, string> = {
  map: 'Map',
  set: 'Set',
  array: 'Array',
  object: 'Object',
  emitter: 'EventEmitter',
  target: 'EventTarget',
};

/** `Map`, or with the class of a program's own: `SessionStore (Map)`. */
export function collectionWords({ kind, className }: Pick<CensusRow, 'kind' | 'className'>): string {
  const word = KIND_WORDS[kind];
  return className === word ? word : `${className} (${word})`;
}

/** What the entries of that kind are called. */
export function entriesWord(kind: CensusKind): string {
  return kind === 'emitter' || kind === 'target' ? 'listeners' : 'entries';
}
