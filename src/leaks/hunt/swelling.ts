import type { FindingKind } from '../../protocol/findings';
import type { NodeRow, SwellingSlotRow } from '../../protocol/snapshot';
import type { Snapshot, SnapshotEngine } from '../../snapshot/client';
import { type Attribution, attributeOwner } from '../attribution';
import { findOwner } from '../owners';
import type { SuspectSearch } from './cohorts';

/** A variable or property that was given a larger value in every round. */
export interface Swelling {
  readonly kind: FindingKind;
  readonly slot: SwellingSlotRow;
  readonly attribution: Attribution;
  /** What the value retained after a rest, in bytes; null until that was looked at. */
  readonly idleSize: number | null;
}

/** Fewer bytes per operation are no growth of a text. */
const leastBytesPerOperation = 4;
const mostSlots = 20;

/** Finds what grows as one value, and who declares it. */
export async function findSwelling(
  engine: SnapshotEngine,
  { snapshots, operations, locator, explained, signal }: SuspectSearch,
): Promise<Swelling[]> {
  const last = snapshots.at(-1)!;
  const minGrowth = operations * leastBytesPerOperation;
  const slots = await engine.swellingSlots(snapshots, { minGrowth, limit: mostSlots, signal });
  const found = new Map<string, Swelling>();
  for (const slot of slots) {
    const owner = await findOwner(last, slot.value.id, locator, {
      signal,
      before: { snapshot: snapshots[0]!, linkName: '' },
    });
    if (!owner || owner.steps.some(({ holder }) => explained.has(holder.id))) continue;
    const attribution = await attributeOwner(last, owner, locator, signal);
    if (!attribution || owner.anchor.kind === 'internal') continue;
    if (!found.has(attribution.key)) {
      found.set(attribution.key, { kind: kindOf(slot.value), slot, attribution, idleSize: null });
    }
  }
  return [...found.values()];
}

/** The same after a rest; what is no longer larger than at the baseline drained. */
export async function swellingAfterRest(
  engine: SnapshotEngine,
  baseline: Snapshot,
  idle: Snapshot,
  swellings: readonly Swelling[],
  signal?: AbortSignal,
): Promise<Swelling[]> {
  const slots = await engine.swellingSlots([baseline, idle], { minGrowth: 1, limit: 10_000, signal });
  return swellings.map((one) => {
    const { holder, edge } = one.slot;
    const now = slots.find((slot) => slot.holder.id === holder.id && slot.edge.name === edge.name);
    return { ...one, idleSize: now?.sizes.at(-1) ?? one.slot.sizes[0]! };
  });
}

function kindOf({ type, constructorName }: NodeRow): FindingKind {
  if (type.includes('string')) return 'string';
  if (/^(Buffer|FastBuffer|Uint8Array|ArrayBuffer|DataView)$/.test(constructorName)) return 'external';
  if (constructorName === 'Array') return 'array';
  return constructorName === 'Map' ? 'map' : constructorName === 'Set' ? 'set' : 'object';
}
