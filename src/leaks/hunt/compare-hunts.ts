import { formatBytes, formatCount } from '../../protocol/figures';
import { type Finding, unitOf } from '../../protocol/findings';
import type { Comparison } from '../compare';

/** What of a hunt is compared with another one. */
export interface HuntOutcome {
  readonly verdicts: readonly Finding[];
  /** In each round. */
  readonly operations: number;
  /** Used heap after each round, bytes. */
  readonly heapUsed: readonly number[];
  readonly settled?: readonly { readonly name: string; readonly sentence: string }[];
}

/**
 * Compares a hunt with one of the same program before a change, in figures: what each leak grew by then and grows by
 * now. Without a hunt before it says what this one found.
 */
export function compareOutcomes(before: HuntOutcome | null, after: HuntOutcome): Comparison {
  const leaks = leaksOf(after);
  const earlier = before ? leaksOf(before) : [];
  const now = (old: Finding) => after.verdicts.find(({ key }) => key === old.key);
  const gone = earlier.filter((old) => !now(old));
  const remaining = earlier.flatMap((old) => now(old) ?? []);
  const added = before ? leaks.filter(({ key }) => !earlier.some((old) => old.key === key)) : [];
  const sentences = before
    ? [
        ...gone.map(
          (old) =>
            `${old.name} grew by ${growth(old, before.operations)} before; 0 now${whyNow(old, after)}.`,
        ),
        ...earlier.flatMap((old) => {
          const found = now(old);
          return found ? [stillWords(old, found, before.operations, after.operations)] : [];
        }),
        ...added.map(
          (found) => `${found.name} grows by ${growth(found, after.operations)} and did not before.`,
        ),
      ]
    : [];
  return {
    gone,
    remaining,
    added,
    sentences,
    summary: summarize(before, after, leaks, gone, sentences),
  };
}

function leaksOf({ verdicts }: HuntOutcome): Finding[] {
  return verdicts.filter(({ level }) => level === 'leak');
}

/** "97 entries per 97 operations". */
export function growth(finding: Finding, operations: number): string {
  const { perOperation, entries, unit } = finding;
  if (unit === 'bytes' && perOperation) {
    return `${formatBytes(perOperation.bytes * operations)} per ${formatCount(operations)} operations`;
  }
  const last = (entries.at(-1) ?? 0) - Math.max(0, entries.at(-2) ?? 0);
  const gained = perOperation ? Math.round(perOperation.objects * operations) : last;
  return `${formatCount(gained)} ${unitOf(finding)} per ${formatCount(operations)} operations`;
}

/** A bounded collection in place of the one that leaked has another owner below the same name. */
function whyNow(old: Finding, { settled = [] }: HuntOutcome): string {
  const found = settled.find(({ name }) => name === old.name || name.startsWith(`${old.name}.`));
  return found ? ` (${found.sentence.replace(/\.$/, '')})` : '';
}

function stillWords(old: Finding, found: Finding, operationsBefore: number, operations: number): string {
  const before = growth(old, operationsBefore);
  if (found.level === 'leak')
    return `${found.name} still grows by ${growth(found, operations)} (before: ${before}).`;
  return `${found.name} grew by ${before} before; now it is only to be watched: ${lowerFirst(found.reasons.at(-1) ?? '')}`;
}

function summarize(
  before: HuntOutcome | null,
  after: HuntOutcome,
  leaks: readonly Finding[],
  gone: readonly Finding[],
  sentences: readonly string[],
): string {
  const heap = heapWords(after.heapUsed);
  const [first, ...others] = leaks;
  if (!before) {
    if (!first) return `Nothing leaks. ${heap}`;
    const more = others.length > 0 ? ` So ${others.length === 1 ? 'does' : 'do'} ${namesOf(others)}.` : '';
    return `${first.name} leaks: it grows by ${growth(first, after.operations)}.${more} ${heap}`;
  }
  if (sentences.length === 0) return `Nothing leaks, as before. ${heap}`;
  const head = leaks.length === 0 && gone.length > 0 ? 'Gone: ' : '';
  return `${head}${sentences.join(' ')} ${heap}`;
}

function namesOf(findings: readonly Finding[]): string {
  const shown = findings.slice(0, 3).map(({ name }) => name);
  const rest = findings.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function heapWords(heapUsed: readonly number[]): string {
  if (heapUsed.length === 0) return '';
  return `The heap went from ${formatBytes(heapUsed[0]!)} to ${formatBytes(heapUsed.at(-1)!)}.`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
