import { formatBytes, formatCount } from './figures';
import type { CollectionKind } from './snapshot';
import type { SourcePosition } from './source';

/** A collection that grew, or whatever else a hunt accuses. The first three levels rank from seen to proven. */
export type FindingLevel = 'suspect' | 'watch' | 'leak';

export type FindingKind =
  | CollectionKind
  | 'listener'
  | 'promise'
  | 'timer'
  /** Sockets and other handles that are open. */
  | 'handle'
  | 'closure'
  | 'external'
  | 'string'
  | 'instances';

export interface Finding {
  /** Stable over runs of the program: made from the owner path and the declaration, never from object ids. */
  readonly key: string;
  readonly level: FindingLevel;
  readonly kind: FindingKind;
  /** V8's id of what grows, in the process that was measured. */
  readonly objectId: number;
  /** The variable, property or holder that grows: `responseCache`, `Session.active`. */
  readonly name: string;
  /** Its owner in words: "variable of module cache.ts", "static field of class SessionStore". */
  readonly holder: string;
  /** From the root to what grows, one readable step each. */
  readonly path: readonly string[];
  /** Where it is declared. */
  readonly location: SourcePosition | null;
  /** Where entries are added, once that was measured. */
  readonly addedAt: SourcePosition | null;
  readonly package: {
    readonly name: string;
    readonly version: string | null;
    /** A later one that the project's lock file names elsewhere in the tree; absent in older reports. */
    readonly laterVersion?: string | null;
  } | null;
  /** `bytes` where `entries` are the sizes of one value that is replaced by ever larger ones. */
  readonly unit?: 'bytes';
  /** One number per snapshot or round. */
  readonly entries: readonly number[];
  readonly retainedSizes: readonly number[];
  /** What it holds, most frequent constructor first. */
  readonly holds: readonly { readonly constructorName: string; readonly count: number }[];
  /** Per operation, when the operations between the snapshots were counted. */
  readonly perOperation: { readonly objects: number; readonly bytes: number } | null;
  /** 0 to 1. */
  readonly confidence: number;
  /** Sentences a person can disagree with: what was measured and what is missing. */
  readonly reasons: readonly string[];
}

const COLLECTIONS: readonly FindingKind[] = ['map', 'set', 'weakmap', 'weakset', 'array', 'object'];

/** What the `entries` of a finding count. */
export function unitOf({ kind, unit }: Pick<Finding, 'kind' | 'unit'>): string {
  if (unit) return unit;
  if (kind === 'listener' || kind === 'listeners') return 'listeners';
  return COLLECTIONS.includes(kind) ? 'entries' : 'objects';
}

/** "1 entry and 1.0 kB", which is what each operation leaves; null where the operations were not counted. */
export function perOperationInWords(finding: Pick<Finding, 'kind' | 'unit' | 'perOperation'>): string | null {
  const { perOperation, unit } = finding;
  if (!perOperation) return null;
  const size = formatBytes(perOperation.bytes);
  // A value that is replaced by larger ones is counted in bytes: they are not told twice.
  if (unit === 'bytes') return size;
  const many = unitOf(finding);
  const one = many === 'entries' ? 'entry' : many.slice(0, -1);
  return `${formatCount(perOperation.objects)} ${perOperation.objects === 1 ? one : many} and ${size}`;
}
