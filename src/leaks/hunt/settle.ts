import type { InspectorSession } from '../../inspector/session';
import { cancelled } from '../../protocol/errors';
import { formatCount } from '../../protocol/figures';
import type { Finding } from '../../protocol/findings';
import { countLiving } from './live-counts';
import type { Workload } from './workloads';

/** A collection that still filled while it was measured, and whose holder names the size at which it stops. */
export interface Limited {
  readonly finding: Finding;
  /** Entries in the last capture. */
  readonly entries: number;
  readonly limit: { readonly name: string; readonly value: number };
}

/** What stopped growing when it was driven to its limit. */
export interface Settled {
  readonly key: string;
  readonly name: string;
  readonly location: Finding['location'];
  /** Where it stands, and that it stays there. */
  readonly sentence: string;
}

export interface SettlePlan {
  readonly operations: number;
  readonly workload: Workload;
  /** As measured in the rounds, in ms. */
  readonly msPerOperation: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

export interface Settlement {
  readonly settled: readonly Settled[];
  /** What grew on past its limit, in place of its finding. */
  readonly broken: readonly Finding[];
}

/** More work than this only to see a limit reached is not worth the wait. */
const mostOperations = 5000;
const mostMs = 15_000;

/**
 * Proves what caches promise: works on until they are as full as their holders allow, and then for another round, in
 * which nothing may grow. No snapshot is needed: the collections are counted in the target by their object ids. What
 * is too far from its limit is left as it is.
 */
export async function settle(
  session: InspectorSession,
  candidates: readonly Limited[],
  { operations, workload, msPerOperation, signal, onProgress }: SettlePlan,
): Promise<Settlement> {
  const within = candidates.filter((one) => {
    const needed = operationsTo(one, operations);
    return needed <= mostOperations && needed * msPerOperation <= mostMs;
  });
  if (within.length === 0 || workload.byHand) return { settled: [], broken: [] };
  const needed = Math.max(...within.map((one) => operationsTo(one, operations)));
  onProgress?.(`Filling what has a limit: ${formatCount(needed)} operations`);
  await workload.run(needed, signal);
  const ids = within.map(({ finding }) => finding.objectId);
  // A cache that throws one half of itself away when it is full takes the object with it.
  const full = await countLiving(session, ids, 'filled');
  await workload.run(operations, signal);
  const later = await countLiving(session, ids, 'filled');
  if (signal?.aborted) throw cancelled();
  const settled: Settled[] = [];
  const broken: Finding[] = [];
  for (const [index, { finding, limit }] of within.entries()) {
    const [before, after] = [full[index]!, later[index]!];
    const { key, name, location } = finding;
    if (before === null || after === null || after <= before) {
      const stands = after === null ? '' : ` It stands at ${formatCount(after)} entries.`;
      const sentence = `${name} stopped growing at its limit (${limit.name} = ${formatCount(limit.value)}).${stands}`;
      settled.push({ key, name, location, sentence });
    } else if (after > limit.value) {
      broken.push({
        ...finding,
        level: 'leak',
        confidence: 0.8,
        reasons: [
          ...finding.reasons,
          `It grew past that limit: ${formatCount(before)} → ${formatCount(after)} entries in ${formatCount(operations)} more operations.`,
        ],
      });
    }
  }
  return { settled, broken };
}

/** So many operations until it is full, and a little more. */
function operationsTo({ finding, entries, limit }: Limited, round: number): number {
  const perOperation = finding.perOperation?.objects ?? 0;
  if (perOperation <= 0) return Number.POSITIVE_INFINITY;
  return Math.ceil(((limit.value - entries) / perOperation) * 1.1) + round;
}
