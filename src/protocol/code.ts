import type { SourcePosition } from './source';

/** Rule ids are public: settings, ignore comments, SARIF and the docs name them. */
export type RuleId = 'unbounded-collection' | 'lazy-import';

/** UTF-16 offsets into the text of a file, `end` exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type Severity = 'hint' | 'information' | 'warning';

/** What a static detector found. */
export interface Smell {
  /** Stable while the declaration keeps its name and place in the file's structure. */
  readonly id: string;
  readonly rule: RuleId;
  readonly file: string;
  /** The declared name, or the imported module. */
  readonly identifier: string;
  /** What the collection is for; null where the rule has no roles. */
  readonly role: 'cache' | 'registry' | 'state' | 'queue' | 'log' | 'memo' | null;
  readonly range: TextRange;
  readonly position: SourcePosition;
  readonly severity: Severity;
  /** What is added where, from what key, and what never removes it. */
  readonly message: string;
  readonly rewrites: readonly RewriteOffer[];
}

/** A rewrite that stands in the lightbulb menu: offered, or refused with a reason that the menu shows. */
export interface RewriteOffer {
  /** `lru-cache`, `lazy-import`, ... */
  readonly id: string;
  readonly title: string;
  readonly preferred: boolean;
  readonly refusal: string | null;
}

export interface TextChange extends TextRange {
  readonly text: string;
  /** The part of `text` that a person should look at and may change: a limit. */
  readonly placeholder?: TextRange;
}

export interface FileEdit {
  readonly file: string;
  /** True when the file is to be created; then `changes` holds its whole text at offset 0. */
  readonly create: boolean;
  readonly changes: readonly TextChange[];
}

/** What an import was measured to cost at load, in bytes of heap. */
export interface MeasuredImport {
  readonly specifier: string;
  /** With all that it needs. */
  readonly total: number;
  /** What nothing else needed. */
  readonly saved: number;
}

/** The outcome of asking for a rewrite: the edits of one undoable step, or why there are none. */
export type RewriteResult =
  | {
      readonly kind: 'edits';
      readonly edits: readonly FileEdit[];
      /** A package that the edited code needs and that is no direct dependency yet. */
      readonly dependency: {
        readonly name: string;
        readonly range: string;
        readonly packageJson: string;
      } | null;
    }
  | { readonly kind: 'refused'; readonly reason: string };

export interface RewriteSettings {
  /** Entries that a bounded cache may hold. */
  readonly maxEntries: number;
  /** How long an entry lives, in ms; 0 for no limit. */
  readonly ttlMs: number;
}

/** Growth that was measured at a declaration; it raises a smell's severity and sizes its rewrite. */
export interface GrowthEvidence {
  readonly file: string;
  readonly line: number;
  readonly entries: readonly number[];
  readonly retainedSizes: readonly number[];
}
