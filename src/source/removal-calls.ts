import type * as t from '@babel/types';
import { keyName } from './members';
import {
  isNamed,
  lastName,
  limitTested,
  mentionsTime,
  type TestedLimit,
  testOf,
  testsTime,
} from './removal-tests';
import { childNodes, isFunction, walk } from './syntax';

const timers = new Set(['setInterval', 'setTimeout', 'setImmediate']);
/** What packages call that have a function run later or again: cron jobs, debounces. */
const schedulers = /^(schedule|scheduleJob|cron|CronJob|debounce|throttle|every|setIntervalAsync)$/;

/** What the rest of a script says of functions and variables, by their names. */
export interface Calls {
  /** Given to a timer: `setInterval(this.reset, ...)`. */
  readonly byTimer: ReadonlySet<string>;
  /** Give a function of their caller's to a timer: `const later = (run) => () => setTimeout(run, 100)`. */
  readonly timerMakers: ReadonlySet<string>;
  /** Called where a limit is tested, and that limit: `if (this.size === this.limit) this.shift()`. */
  readonly pastLimit: ReadonlyMap<string, TestedLimit>;
  /** Called where a test says that it is due: `if (now - since > 60_000) this.sweep()`. */
  readonly whenDue: ReadonlySet<string>;
  /** Variables that begin again after a number of steps: `at = (at + 1) % size`. */
  readonly ringIndexes: ReadonlySet<string>;
  /** Classes that are left out. */
  readonly foreign: ReadonlySet<t.Node>;
}

/**
 * @param name Of the collection whose limit counts.
 * @param foreign Classes of the script that have one of their own.
 */
export function callsIn(program: t.Node, name: string, foreign: ReadonlySet<t.Node> = new Set()): Calls {
  const byTimer = new Set<string>();
  const pastLimit = new Map<string, TestedLimit>();
  const ringIndexes = new Set<string>();
  const whenDue = new Set<string>();
  const timerMakers = timerMakersIn(program);
  const visit = (node: t.Node, limit: TestedLimit | null, timed: boolean, due: boolean): void => {
    // What is given a key removes that one; a sweep is given the time, the collection or nothing.
    if (
      due &&
      node.type === 'CallExpression' &&
      node.arguments.every((one) => isNamed(one, name) || mentionsTime(one))
    )
      whenDue.add(calledName(node.callee));
    if (node.type === 'CallExpression') {
      if (isTimerCall(node) || timerMakers.has(calledName(node.callee)))
        byTimer.add(calledName(node.arguments[0]));
      else if (limit) pastLimit.set(calledName(node.callee), limit);
      else if (timed) byTimer.add(calledName(node.callee));
    }
    if (node.type === 'AssignmentExpression' && isModular(node.right)) ringIndexes.add(lastName(node.left));
    const test = testOf(node);
    const inTest = limit ?? (test && limitTested(test, name));
    const inTimer = timed || isTimerCall(node);
    const whileDue = due || (test !== null && testsTime(test));
    for (const child of childNodes(node)) {
      if (!foreign.has(child)) visit(child, inTest, inTimer, whileDue);
    }
  };
  visit(program, null, false, false);
  byTimer.delete('');
  pastLimit.delete('');
  ringIndexes.delete('');
  whenDue.delete('');
  return { byTimer, timerMakers, pastLimit, whenDue, ringIndexes, foreign };
}

/** Functions that hand one of their parameters to a timer, or call it in what they hand to one. */
function timerMakersIn(program: t.Node): Set<string> {
  const makers = new Set<string>();
  const visit = (node: t.Node, parent: t.Node, around: readonly t.Function[], names: readonly string[]) => {
    if (isTimerCall(node)) {
      for (const [index, maker] of around.entries()) {
        if (
          maker.params.some((parameter) => parameter.type === 'Identifier' && mentions(node, parameter.name))
        )
          makers.add(names[index]!);
      }
    }
    const outer = isFunction(node) ? [...around, node] : around;
    const named = isFunction(node) ? [...names, nameOfFunction(node, parent) ?? ''] : names;
    for (const child of childNodes(node)) visit(child, node, outer, named);
  };
  visit(program, program, [], []);
  makers.delete('');
  return makers;
}

/** Whether a timer call is given `name` as what it runs, or runs it in the function that it is given. */
function mentions(timerCall: t.Node, name: string): boolean {
  const run = 'arguments' in timerCall ? (timerCall.arguments as t.Node[])[0] : undefined;
  let found = false;
  if (run)
    walk(run, (node) => {
      if (node === run && calledName(node) === name) found = true;
      if (node.type === 'CallExpression' && calledName(node.callee) === name) found = true;
      return found ? false : undefined;
    });
  return found;
}

/** A call by which a function of its arguments runs later, by a package: `cron.schedule('0 * * * *', sweep)`. */
export function isScheduled(node: t.Node): boolean {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return false;
  return schedulers.test(calledName(node.callee));
}

/** A call of what hands its argument to a timer. */
export function makesTimer(node: t.Node, { timerMakers }: Calls): boolean {
  return node.type === 'CallExpression' && timerMakers.has(calledName(node.callee));
}

/** `reset` of `reset`, `this.reset` and `this.reset.bind(this)`. */
function calledName(callee: t.Node | undefined): string {
  if (callee?.type === 'CallExpression' && callee.callee.type === 'MemberExpression') {
    return calledName(callee.callee.object);
  }
  if (callee?.type === 'Identifier') return callee.name;
  return callee?.type === 'MemberExpression' ? (keyName(callee.property, callee.computed) ?? '') : '';
}

/** Its own name, or that of the variable, property or assignment target that it is given to. */
export function nameOfFunction(node: t.Function, parent: t.Node): string | null {
  if ('id' in node && node.id?.type === 'Identifier') return node.id.name;
  if ('key' in node) return keyName(node.key, 'computed' in node && node.computed === true);
  if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent.type === 'ObjectProperty') return keyName(parent.key, parent.computed);
  if (parent.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression') {
    return keyName(parent.left.property, parent.left.computed);
  }
  return null;
}

/** `setInterval(...)`, `timers.setTimeout(...)`. */
export function isTimerCall(node: t.Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  if (callee.type === 'Identifier') return timers.has(callee.name);
  return callee.type === 'MemberExpression' && timers.has(keyName(callee.property, callee.computed) ?? '');
}

/** A loop that waits in every turn: `for (;;) { await sleep(60_000); ... }`, `for await (const _ of every(60_000))`. */
export function waitsInLoop(node: t.Node): boolean {
  if (node.type === 'ForOfStatement' && node.await)
    return node.right.type === 'CallExpression' && node.right.arguments[0]?.type === 'NumericLiteral';
  if (node.type !== 'WhileStatement' && node.type !== 'ForStatement' && node.type !== 'DoWhileStatement')
    return false;
  let found = false;
  walk(node.body, (inner) => {
    if (isFunction(inner)) return false;
    if (inner.type === 'AwaitExpression' && waits(inner.argument)) found = true;
    return found ? false : undefined;
  });
  return found;
}

/** `sleep(100)`, `new Promise((resolve) => setTimeout(resolve, 100))`. */
function waits(promise: t.Node): boolean {
  let found = false;
  walk(promise, (node) => {
    if (node.type === 'CallExpression' && /sleep|delay|wait|pause|timeout/i.test(calledName(node.callee)))
      found = true;
    return found ? false : undefined;
  });
  return found;
}

/** `at % size`, `at & mask`: what begins again after a number of steps. */
export function isModular(node: t.Node): boolean {
  return node.type === 'BinaryExpression' && /^[%&]$/.test(node.operator);
}
