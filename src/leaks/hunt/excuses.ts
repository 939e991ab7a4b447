import type { InspectorSession } from '../../inspector/session';
import type { Owner } from '../../protocol/owners';
import type { SourceLocator } from '../../source/locator';
import { findRemoval, type Removal } from '../../source/removals';
import type { Attribution } from '../attribution';
import { formatCount } from '../figures';
import type { Cohort } from './cohorts';
import { readLimits, readTimeout } from './limits';

/** What a living holder promises of an end. */
export interface Limit {
  readonly sentence: string;
  readonly size: { readonly name: string; readonly value: number } | null;
}

/** The holder of the collection, or one above it, may say how large or how old its entries may become. */
export async function limitOf(
  session: InspectorSession,
  { owner, name }: Attribution,
  entries: number,
  idleMs: number,
): Promise<Limit | null> {
  for (const { holder } of owner.steps.slice(-3)) {
    if (holder.type !== 'object' || holder.name === 'system / Context') continue;
    const limits = await readLimits(session, holder.id);
    if (limits?.size && limits.size.value >= entries) {
      const { name: limitName, value } = limits.size;
      const sentence = `Its holder allows ${limitName} = ${formatCount(value)}, which ${name} has not reached yet.`;
      return { sentence, size: limits.size };
    }
    if (limits?.age && limits.age.value > idleMs) {
      const { name: limitName, value } = limits.age;
      const sentence = `Its holder lets entries live for ${limitName} = ${formatCount(value)} ms: rest longer than that to be sure.`;
      return { sentence, size: null };
    }
  }
  return null;
}

/** Longer than this a timeout holds what it will call for as good as ever, in ms. */
const longTimeoutMs = 15 * 60_000;

/** Timeouts end by themselves; their number is limited by how long they take. */
export async function endOf(session: InspectorSession, { kind, objectId }: Cohort): Promise<Limit | null> {
  const delayMs = kind === 'timer' ? await readTimeout(session, objectId) : null;
  if (delayMs === null || delayMs > longTimeoutMs) return null;
  const sentence =
    delayMs === 0
      ? 'Those that were looked at have ended by themselves since.'
      : `They end by themselves after ${formatCount(delayMs)} ms: rest longer than that to be sure.`;
  return { sentence, size: null };
}

/** What the script of the owner does to take entries out, by the last name on the way to them. */
export async function removalOf({ anchor, steps }: Owner, locator: SourceLocator): Promise<Removal | null> {
  const properties = steps.slice(1).filter(({ edge }) => edge.type === 'property' && edge.name !== '_events');
  const name = properties.at(-1)?.edge.name ?? ('name' in anchor ? anchor.name : null);
  const scriptId =
    anchor.kind === 'variable'
      ? anchor.from[0]?.scriptId
      : anchor.kind === 'export'
        ? anchor.scriptId
        : 'at' in anchor
          ? anchor.at.scriptId
          : undefined;
  if (name === null || scriptId === undefined || name.startsWith('<')) return null;
  return findRemoval(locator, scriptId, name);
}
