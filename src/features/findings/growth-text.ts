import { formatDelta, formatSeries } from '../../protocol/figures';
import { type Finding, unitOf } from '../../protocol/findings';
import type { CollectionKind } from '../../protocol/snapshot';

const KIND_WORDS: Record<CollectionKind, string> = {
  map: 'Map',
  set: 'Set',
  weakmap: 'WeakMap',
  weakset: 'WeakSet',
  array: 'Array',
  object: 'Object',
  listeners: 'Listener list',
};

const OTHER_WORDS: Partial<Record<Finding['kind'], string>> = {
  listener: 'Listener list',
  promise: 'Promise reactions',
  timer: 'Timers',
  handle: 'Handles',
  closure: 'Closures',
  external: 'Buffers',
  string: 'Strings',
  instances: 'Objects',
};

/** What a finding is, as the first word of a sentence. */
export function kindWord(kind: Finding['kind']): string {
  return kind in KIND_WORDS
    ? KIND_WORDS[kind as CollectionKind]
    : (OTHER_WORDS[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1));
}

/** Retained bytes gained between the first and the last snapshot that hold the collection. */
export function retainedGrowth(finding: Finding): number {
  const present = finding.retainedSizes.filter((size) => size >= 0);
  return present.length < 2 ? 0 : present[present.length - 1]! - present[0]!;
}

/** `Map grew 200 → 5,200 → 10,200 entries, +4.1 MB retained`: the CodeLens, and the start of the diagnostic. */
export function growthSentence(finding: Finding): string {
  return `${kindWord(finding.kind)} grew ${formatSeries(finding.entries)} ${unitOf(finding)}, ${formatDelta(retainedGrowth(finding))} retained`;
}
