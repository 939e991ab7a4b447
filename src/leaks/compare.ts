import { formatBytes, formatSeries } from '../protocol/figures';
import type { Finding } from '../protocol/findings';

/** What a series of snapshots said. */
export interface SeriesOutcome {
  readonly findings: readonly Finding[];
  /** Everything reachable in each snapshot, bytes. */
  readonly totalSizes: readonly number[];
}

export interface Comparison {
  /** Findings of the run before that are not in this one. */
  readonly gone: readonly Finding[];
  /** Findings that both runs have, as this run measured them. */
  readonly remaining: readonly Finding[];
  readonly added: readonly Finding[];
  /** One sentence for each finding that went, stayed or came. */
  readonly sentences: readonly string[];
  /** One or two sentences for the head of the report. */
  readonly summary: string;
}

/**
 * Compares a run with the one before it, by the stable keys of their findings: what a fix removed, what it left, what
 * is new. Without a run before it says what this one found.
 */
export function compareReports(before: SeriesOutcome | null, after: SeriesOutcome): Comparison {
  const earlier = before?.findings ?? [];
  const gone = earlier.filter((old) => !after.findings.some((now) => now.key === old.key));
  const remaining = after.findings.filter((now) => earlier.some((old) => old.key === now.key));
  const added = before ? after.findings.filter((now) => !remaining.includes(now)) : [];
  const sentences = [
    ...gone.map((old) => `${old.name} no longer grows (before: ${formatSeries(old.entries)} entries).`),
    ...remaining.map((now) => {
      const old = earlier.find((one) => one.key === now.key)!;
      return `${now.name} still grows: ${formatSeries(now.entries)} entries (before: ${formatSeries(old.entries)}).`;
    }),
    ...added.map((now) => `${now.name} grows and did not before: ${formatSeries(now.entries)} entries.`),
  ];
  return { gone, remaining, added, sentences, summary: summarize(before, after, gone, remaining, added) };
}

function summarize(
  before: SeriesOutcome | null,
  after: SeriesOutcome,
  gone: readonly Finding[],
  remaining: readonly Finding[],
  added: readonly Finding[],
): string {
  const heap = heapWords(after.totalSizes);
  if (!before) {
    if (after.findings.length === 0) return `No growth: no collection grew in every snapshot. ${heap}`;
    return `${describe(after.findings)} ${heap}`;
  }
  if (after.findings.length === 0 && gone.length > 0) {
    return `No growth any more: ${gone.map(beforeWords).join('; ')}. ${heap} Before the change ${lowerFirst(heapWords(before.totalSizes))}`;
  }
  if (after.findings.length === 0) return `No growth, as in the run before. ${heap}`;
  const parts = [
    gone.length > 0 ? `${names(gone)} no longer ${gone.length === 1 ? 'grows' : 'grow'}` : '',
    remaining.length > 0 ? `${names(remaining)} still ${remaining.length === 1 ? 'grows' : 'grow'}` : '',
    added.length > 0 ? `${names(added)} ${added.length === 1 ? 'is' : 'are'} new` : '',
  ].filter((part) => part !== '');
  return `${parts.join('; ')}. ${heap}`;
}

function describe(findings: readonly Finding[]): string {
  const [first, ...others] = findings;
  const more = others.length > 0 ? `, and ${names(others)}` : '';
  return `${first!.name} grew ${formatSeries(first!.entries)} entries${more}.`;
}

function names(findings: readonly Finding[]): string {
  const shown = findings.slice(0, 3).map(({ name }) => name);
  const rest = findings.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function beforeWords(old: Finding): string {
  return `${old.name} grew ${formatSeries(old.entries)} entries before and stays flat now`;
}

/** "The heap went from 12 MB to 12 MB." */
function heapWords(totalSizes: readonly number[]): string {
  if (totalSizes.length === 0) return '';
  return `The heap went from ${formatBytes(totalSizes[0]!)} to ${formatBytes(totalSizes.at(-1)!)}.`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
