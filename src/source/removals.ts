import type * as t from '@babel/types';
import type { SourcePosition } from '../protocol/source';
import { addsTo, companionsOf } from './companions';
import { foreignClasses } from './foreign-classes';
import { type LimitExpression, limitExpression } from './limit-expressions';
import type { SourceLocator } from './locator';
import { type Handed, namesOfEntriesIn, type OtherName, otherNamesIn, parameterNames } from './other-names';
import {
  type Calls,
  callsIn,
  isScheduled,
  isTimerCall,
  makesTimer,
  nameOfFunction,
  waitsInLoop,
} from './removal-calls';
import { beginsAnew, isWhole, removalKind } from './removal-statements';
import {
  lastName,
  leaves,
  limitTested,
  type TestedLimit,
  testOf,
  testsAge,
  testsTime,
} from './removal-tests';
import { childNodes, isFunction, type ScriptPlace } from './syntax';
import { functionsThatLeadTo, type TimedRemoval } from './timed-removals';

/** What a script does to keep a collection from growing for ever. */
export type RemovalKind =
  /** Removes inside a test of the collection's own size: it has a limit that may not be reached yet. */
  | 'bounded'
  /** Empties or removes in a function that a timer calls. */
  | 'timed'
  /** Goes through all or empties it when that is due: by age, every so often, every so many calls. */
  | 'swept'
  /** Removes at all: on some event that may or may not come. */
  | 'removes';

export interface Removal {
  readonly kind: RemovalKind;
  readonly position: SourcePosition | null;
  /** Of what is bounded: all sizes past which it removes; null for one that a living program cannot be asked for. */
  readonly limits: readonly (RemovalLimit | null)[];
  /** Of what is timed: how a timer of Node comes to it; null where a package keeps the time. */
  readonly timer: TimedRemoval | null;
}

export interface RemovalLimit {
  readonly expression: LimitExpression;
  /** True where it limits the number of entries, false where it limits something else that is counted. */
  readonly ofEntries: boolean;
  /** True where the function that adds tests nothing but this, so that no entry is added without it. */
  readonly isEachTime: boolean;
}

/** What is known of the collection beyond its name. */
export interface RemovalSearch {
  /** The place of the class whose field it is: the same field of another class is not meant then. */
  readonly classAt?: ScriptPlace | null;
  /** True where what grows are the collections in it. */
  readonly isInEntries?: boolean;
}

/**
 * Looks in one script for code that takes entries out of what is called `name` (the variable or last property), the
 * strongest kind first: there, by another name that it has in a function, and in the functions that it is handed to, in
 * this script or in another of the same package. It goes by names only, so it may speak for a collection's innocence,
 * never against it.
 */
export async function findRemoval(
  locator: SourceLocator,
  scriptId: number,
  name: string,
  { classAt = null, isInEntries = false }: RemovalSearch = {},
): Promise<Removal | null> {
  const syntax = await locator.syntax(scriptId);
  if (!syntax) return null;
  const bare = name.replace(/^#/, '');
  const { names, handedTo } = otherNamesIn(syntax.program, bare);
  const given = parameterNames(syntax.program, handedTo);
  const inEntries = isInEntries ? namesOfEntriesIn(syntax.program, bare) : [];
  const own = [{ within: syntax.program, name: bare }, ...names, ...given, ...inEntries];
  const foreign = classAt ? foreignClasses(syntax, classAt, bare) : undefined;
  const found = await strongestOf(locator, scriptId, own, foreign);
  if ((found && found.kind !== 'removes') || given.length > 0) return found;
  for (const other of await scriptsThatDeclare(locator, scriptId, handedTo)) {
    const elsewhere = await locator.syntax(other);
    const there = elsewhere && parameterNames(elsewhere.program, handedTo);
    const better = there && (await strongestOf(locator, other, there));
    if (better) return better;
  }
  return found;
}

/** Scripts of the same package whose text has the name of a function that something is handed to. */
async function scriptsThatDeclare(
  locator: SourceLocator,
  scriptId: number,
  handedTo: readonly Handed[],
): Promise<number[]> {
  if (handedTo.length === 0) return [];
  const declares = new RegExp(
    `(function |const |let |exports\\.)(${handedTo.map(({ called }) => called.replaceAll('$', '\\$')).join('|')})\\b`,
  );
  const found: number[] = [];
  for (const other of locator.scriptsBeside(scriptId).slice(0, mostScripts)) {
    const text = await locator.text(other);
    if (text && declares.test(text)) found.push(other);
  }
  return found;
}

/** The strongest removal of what has these names, each in its place. */
async function strongestOf(
  locator: SourceLocator,
  scriptId: number,
  names: readonly OtherName[],
  foreign: ReadonlySet<t.Node> = new Set(),
): Promise<Removal | null> {
  const syntax = await locator.syntax(scriptId);
  if (!syntax) return null;
  const met: Met = { removing: new Set(), limits: [] };
  let best: Found | null = null;
  for (const other of names) {
    const found = strongestIn(syntax.program, other, callsIn(syntax.program, other.name, foreign), met);
    if (found && (!best || rank(found.kind) > rank(best.kind))) best = found;
  }
  if (!best) return null;
  const elsewhere = best.kind === 'removes' ? await timersElsewhere(locator, scriptId, met.removing) : null;
  const position = await locator.position({ scriptId, ...syntax.placeOf(best.node) });
  return {
    kind: elsewhere === null ? best.kind : 'timed',
    position,
    limits: met.limits.map((limit) => {
      const expression = limit && limitExpression(syntax, limit.against);
      const { ofEntries = false, isEachTime = false } = limit ?? {};
      return expression && { expression, ofEntries, isEachTime };
    }),
    timer: elsewhere ?? (best.kind === 'timed' && !best.isScheduled ? timedHere(best.node) : null),
  };

  function timedHere(node: t.Node): TimedRemoval {
    const functions = functionsThatLeadTo(syntax!.program, met.removing);
    return { scriptId, place: syntax!.placeOf(node), functions };
  }
}

/** What was met on the way. */
interface Met {
  /** The names of the functions that remove. */
  readonly removing: Set<string>;
  /** Of all removals past a limit; null where none is tested, as in a ring. */
  readonly limits: (MetLimit | null)[];
}

interface MetLimit extends TestedLimit {
  readonly isEachTime: boolean;
}

/** What keeps a removal from taking place at once. */
interface Guard {
  readonly kind: RemovalKind;
  readonly limit: TestedLimit | null;
  /** True for what a package calls at its time. */
  readonly isScheduled?: boolean;
}

interface Found extends Guard {
  readonly node: t.Node;
}

/** Goes down to where something has the name, so that what stands around that is known. */
function strongestIn(root: t.Node, { within, name }: OtherName, calls: Calls, met: Met): Found | null {
  let best: Found | null = null;
  const leadsThere = (node: t.Node) => node.start! <= within.start! && within.end! <= node.end!;
  const isThere = (node: t.Node) => within.start! <= node.start! && node.end! <= within.end!;
  const visit = (node: t.Node, guard: Guard | null, parent: t.Node, place: Place): void => {
    const kind = isThere(node) ? removalKind(node, name, calls.ringIndexes) : null;
    const sweeps = kind === 'removes' && (place.due === 'all' || (place.due === 'some' && isWhole(node)));
    const own = kind && { kind: sweeps ? ('swept' as const) : kind, limit: null };
    const taken = own && stronger(own, guard);
    const found = taken?.kind === 'removes' && beginsAnew(node) ? null : taken;
    if (found) met.removing.add(place.within);
    if (found?.kind === 'bounded') {
      const { limit } = found;
      const isEachTime = limit?.isAlone === true && !place.waits && addsTo(place.function, name);
      met.limits.push(limit && { ...limit, isEachTime });
    }
    if (found && (!best || rank(found.kind) > rank(best.kind))) best = { ...found, node };
    const inLoop = place.inLoop || loops(node);
    const ahead = guardAt(node, parent, name, calls, { ...place, inLoop });
    const waits = place.waits || (ahead !== null && ahead.kind !== 'bounded');
    let around = { ...placeIn(node, parent, { ...place, waits }, calls), inLoop };
    let inside = stronger(guard, ahead);
    for (const child of childNodes(node)) {
      if (calls.foreign.has(child)) continue;
      if (isThere(child) || leadsThere(child)) visit(child, inside, node, around);
      // What follows `if (size <= max) return;` runs only past the limit.
      if (node.type === 'IfStatement' || !leaves(child)) continue;
      inside = stronger(inside, guardAt(child, node, name, calls, { ...place, inLoop }));
      around = { ...around, due: placeIn(child, node, around, calls).due };
    }
  };
  visit(root, null, root, { within: '', function: root, inLoop: false, due: 'never', waits: false });
  return best;
}

/** The limit of what gains an entry whenever this does: an index and the order of its keys. */
function limitOfCompanion(test: t.Node, name: string, within: t.Node): TestedLimit | null {
  if (!isFunction(within)) return null;
  for (const other of companionsOf(within, name)) {
    const limit = limitTested(test, other);
    if (limit?.ofEntries) return { ...limit, isAlone: false };
  }
  return null;
}

/** Where a node stands. */
interface Place {
  /** The innermost function that has a name. */
  readonly within: string;
  /** The innermost function of all. */
  readonly function: t.Node;
  readonly inLoop: boolean;
  /** Below a test of the time: one entry at hand (`some`), or, in a loop below that, all of them. */
  readonly due: 'never' | 'some' | 'all';
  /** Below what runs later, or only when something is due. */
  readonly waits: boolean;
}

function placeIn(node: t.Node, parent: t.Node, place: Place, calls: Calls): Place {
  const own = isFunction(node) ? nameOfFunction(node, parent) : null;
  const here = { ...place, within: own ?? place.within, function: isFunction(node) ? node : place.function };
  if (place.due === 'some' && loops(node)) return { ...here, due: 'all' };
  const test = testOf(node);
  const isDue = (test && testsTime(test)) || (own !== null && calls.whenDue.has(own)) || false;
  return { ...here, due: place.due === 'never' && isDue ? 'some' : place.due, waits: place.waits || isDue };
}

/** A loop, or a call of a method that calls a function for each entry. */
function loops(node: t.Node): boolean {
  if (/^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type)) return true;
  return (
    node.type === 'CallExpression' && /^(forEach|filter|map|some|every|each)$/.test(lastName(node.callee))
  );
}

/** So many other scripts of a package are looked through for timers. */
const mostScripts = 200;

/** Another script of the same package that gives one of these functions to a timer. */
async function timersElsewhere(
  locator: SourceLocator,
  scriptId: number,
  functions: ReadonlySet<string>,
): Promise<TimedRemoval | null> {
  const names = [...functions].filter((name) => name !== '');
  if (names.length === 0) return null;
  for (const other of locator.scriptsBeside(scriptId).slice(0, mostScripts)) {
    const text = await locator.text(other);
    if (!text || !/set(Interval|Timeout)/.test(text) || !names.some((name) => text.includes(name))) continue;
    const syntax = await locator.syntax(other);
    const called = syntax && callsIn(syntax.program, '').byTimer;
    if (called && names.some((name) => called.has(name)))
      return { scriptId: other, place: null, functions: functionsThatLeadTo(syntax.program, names) };
  }
  return null;
}

/** What a removal is taken for below a node: in a test of a limit or an age, in what a timer calls. */
function guardAt(node: t.Node, parent: t.Node, name: string, calls: Calls, place: Place): Guard | null {
  const test = testOf(node);
  const limit = test && (limitTested(test, name) ?? limitOfCompanion(test, name, place.function));
  if (limit) return { kind: 'bounded', limit };
  if (isFunction(node)) {
    const called = nameOfFunction(node, parent) ?? '';
    const past = calls.pastLimit.get(called);
    if (past) return { kind: 'bounded', limit: past };
    if (calls.byTimer.has(called)) return { kind: 'timed', limit: null };
  }
  if (isTimerCall(node) || makesTimer(node, calls)) return { kind: 'timed', limit: null };
  if (isScheduled(node) || waitsInLoop(node)) return { kind: 'timed', limit: null, isScheduled: true };
  // An expired entry that goes when it is asked for is one of those that are asked for.
  return place.inLoop && test && testsAge(test) ? { kind: 'swept', limit: null } : null;
}

function rank(kind: RemovalKind): number {
  return { bounded: 3, timed: 2, swept: 1, removes: 0 }[kind];
}

function stronger<A extends Guard | null>(a: A, b: Guard | null): A | Guard {
  if (a === null) return b ?? a;
  return b !== null && rank(b.kind) > rank(a.kind) ? b : a;
}
