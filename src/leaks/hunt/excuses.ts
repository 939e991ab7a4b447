import type { InspectorSession } from '../../inspector/session';
import { formatCount } from '../../protocol/figures';
import type { Owner, OwnerStep } from '../../protocol/owners';
import type { Snapshot } from '../../snapshot/client';
import type { LimitExpression } from '../../source/limit-expressions';
import type { SourceLocator } from '../../source/locator';
import { findRemoval, type Removal } from '../../source/removals';
import type { ScriptPlace } from '../../source/syntax';
import type { Attribution } from '../attribution';
import { isArmed } from './armed-timers';
import { closedWithin } from './closing-timers';
import type { Cohort } from './cohorts';
import { readLimits, readTimeout } from './limits';
import { readLivingLimit } from './living-limits';
import { endsWithTime } from './timed-signals';

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
    if (limits?.size && limits.size.value >= entries && !isOutOfReach(limits.size)) {
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

/** No heap has room for so many entries; of bytes it takes more. */
const outOfReach = { entries: 1e9, bytes: 64e9 };

function isOutOfReach({ name, value }: { readonly name: string; readonly value: number }): boolean {
  return value >= (/size|bytes|weight/i.test(name) ? outOfReach.bytes : outOfReach.entries);
}

/** Longer than this a timeout holds what it will call for as good as ever, in ms. */
const longTimeoutMs = 15 * 60_000;

/** Timeouts end by themselves, and with them what waits for one; their number is limited by how long they take. */
export async function endOf(
  session: InspectorSession,
  snapshot: Snapshot,
  locator: SourceLocator,
  { kind, objectId, hold, constructorKey }: Cohort,
): Promise<Limit | null> {
  if (kind !== 'timer' && hold === 'handle') {
    const withinMs = await closedWithin(session, snapshot, locator, constructorKey);
    if (withinMs === null || withinMs > longTimeoutMs) return null;
    const sentence = `Timeouts close them after ${formatCount(withinMs)} ms: rest longer than that to be sure.`;
    return { sentence, size: null };
  }
  if (kind !== 'timer' && hold === 'unknown') {
    const sentence = 'Node keeps them only until a timeout ends: rest longer than that to be sure.';
    return (await endsWithTime(snapshot, objectId)) ? { sentence, size: null } : null;
  }
  const delayMs = kind === 'timer' ? await readTimeout(session, objectId) : null;
  if (delayMs === null || delayMs > longTimeoutMs) return null;
  const sentence =
    delayMs === 0
      ? 'Those that were looked at have ended by themselves since.'
      : `They end by themselves after ${formatCount(delayMs)} ms: rest longer than that to be sure.`;
  return { sentence, size: null };
}

/** Code that takes entries out, and whether the living program will ever have it do so. */
export interface CheckedRemoval extends Removal {
  /** Why it never comes to that: no timer is set, no size is given; null where it may. */
  readonly never: string | null;
  /** The number of entries past which it removes, and what the source calls it. */
  readonly limit: { readonly name: string; readonly value: number } | null;
}

/**
 * What the script of the owner does to take entries out, by the last name on the way to them. What the source promises
 * is asked of the living program: a timer must be set, a size must be given, and it must not be exceeded already.
 * @param entries How many there are by now; null where that is not known.
 */
export async function removalOf(
  session: InspectorSession,
  snapshot: Snapshot,
  owner: Owner,
  locator: SourceLocator,
  entries: number | null = null,
): Promise<CheckedRemoval | null> {
  const name = nameInScript(owner);
  const removal = name && (await findRemoval(locator, name.scriptId, name.name, name));
  if (!removal) return null;
  const { kind, limits, timer } = removal;
  if (timer && !(await isArmed(snapshot, locator, timer)))
    return { ...removal, kind: 'removes', never: 'no timer is set that would', limit: null };
  if (kind !== 'bounded') return { ...removal, never: null, limit: null };
  let isUnlimited = limits.length > 0;
  let isExceeded = limits.length > 0 && entries !== null;
  let limit: CheckedRemoval['limit'] = null;
  for (const one of limits) {
    const value = one && (await readLivingLimit(session, snapshot, owner, one.expression));
    const isNone =
      value === 'none' || (typeof value === 'number' && one?.ofEntries && value >= outOfReach.entries);
    if (!isNone) isUnlimited = false;
    if (typeof value !== 'number' || !one?.isEachTime || entries! < value * farPast) isExceeded = false;
    if (typeof value === 'number' && one?.ofEntries && value > (limit?.value ?? 0))
      limit = { name: wordsOf(one.expression), value };
  }
  if (isUnlimited)
    return { ...removal, kind: 'removes', never: 'no size is given past which it would', limit: null };
  if (isExceeded && limit) {
    const never = `${limit.name} = ${formatCount(limit.value)} has long been passed`;
    return { ...removal, kind: 'removes', never, limit: null };
  }
  return { ...removal, never: null, limit };
}

/** A limit that is tested with each entry and passed so many times over does not hold. */
const farPast = 3;

/** As it stands in the source: `this.max`, `options.limit`. */
function wordsOf(expression: LimitExpression): string {
  if (expression.kind === 'number') return 'its size';
  if (expression.kind === 'reckoned') return wordsOf(expression.from);
  return [expression.kind === 'field' ? 'this' : expression.name, ...expression.properties].join('.');
}

/** A limit that the source names and that was not reached. */
export function limitOfRemoval(
  { name }: Attribution,
  removal: CheckedRemoval | null,
  entries: number,
): Limit | null {
  const limit = removal?.limit ?? null;
  if (!limit || limit.value < entries) return null;
  const sentence = `Its code allows ${limit.name} = ${formatCount(limit.value)}, which ${name} has not reached yet.`;
  return { sentence, size: limit };
}

interface NameInScript {
  readonly scriptId: number;
  readonly name: string;
  /** Of an instance's field, where its class stands; null for what else it is. */
  readonly classAt: ScriptPlace | null;
  /** True where collections in it grow. */
  readonly isInEntries: boolean;
}

/** What the script of an owner calls it: the last name on the way, for searches that go by names. */
export function nameInScript({ anchor, steps }: Owner): NameInScript | null {
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
  const classAt = anchor.kind === 'field' && properties.length === 0 ? anchor.at : null;
  return { scriptId, name, classAt, isInEntries: endsInEntry(steps) };
}

/** Whether the last property or variable holds collections, and what grows is in one of them. */
function endsInEntry(steps: readonly OwnerStep[]): boolean {
  const below = steps.slice(steps.findLastIndex(({ edge }) => edge.type === 'property') + 1);
  return below.some(
    ({ edge, holder }) => edge.type === 'element' || (edge.type === 'internal' && holder.type === 'array'),
  );
}
