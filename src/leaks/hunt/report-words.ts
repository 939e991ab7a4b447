import { formatCount } from '../../protocol/figures';
import type { Finding } from '../../protocol/findings';
import type { HuntReport } from './report';
import type { RoundRecord } from './rounds';

/** "2 leaks found, 1 to be watched." */
export function headline({ verdicts }: HuntReport): string {
  const leaks = verdicts.filter(({ level }) => level === 'leak').length;
  const watched = verdicts.length - leaks;
  const found = leaks === 0 ? 'No leak found' : leaks === 1 ? '1 leak found' : `${leaks} leaks found`;
  return watched === 0 ? `${found}.` : `${found}, ${watched} to be watched.`;
}

/** "3 rounds of 97 operations (GET http://…), 97 to warm up." */
export function planInWords({ plan, workload }: HuntReport): string {
  const { rounds, operations, warmup } = plan;
  return `${rounds} rounds of ${formatCount(operations)} operations (${workload}), ${formatCount(warmup)} to warm up.`;
}

/** A capture of a hunt, by what came before it. */
export interface Capture {
  readonly title: string;
  /** Where there is little room. */
  readonly label: string;
  readonly round: RoundRecord;
}

/** All captures in their order. */
export function capturesOf({ plan, baseline, rounds, idle }: HuntReport): Capture[] {
  const first = plan.warmup > 0 ? 'warm-up' : 'start';
  const all: Capture[] = [{ title: first, label: first, round: baseline }];
  for (const [index, round] of rounds.entries()) {
    const title = `round ${index + 1}`;
    all.push({ title, label: title, round });
  }
  if (idle)
    all.push({ title: idle.operations > 0 ? 'more work and a rest' : 'a rest', label: 'rest', round: idle });
  return all;
}

/** "200", "200 (3 failed)". */
export function operationsOf({ operations, failed }: RoundRecord): string {
  return formatCount(operations) + (failed > 0 ? ` (${failed} failed)` : '');
}

/** `debug@4.1.1 (the lock file also knows 4.3.4)` */
export function packageInWords({ name, version, laterVersion }: NonNullable<Finding['package']>): string {
  const installed = version ? `${name}@${version}` : name;
  return laterVersion ? `${installed} (the lock file also knows ${laterVersion})` : installed;
}

/** "389 {reply}, 3 string" */
export function holdsInWords({ holds }: Finding): string {
  return holds.map(({ constructorName, count }) => `${formatCount(count)} ${constructorName}`).join(', ');
}
