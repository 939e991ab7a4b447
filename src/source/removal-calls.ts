import type * as t from '@babel/types';
import { keyName } from './members';
import { lastName, testOf, testsLimit } from './removal-tests';
import { childNodes } from './syntax';

const timers = new Set(['setInterval', 'setTimeout', 'setImmediate']);

/** What the rest of a script says of functions and variables, by their names. */
export interface Calls {
  /** Given to a timer: `setInterval(this.reset, ...)`. */
  readonly byTimer: ReadonlySet<string>;
  /** Called where a limit is tested: `if (this.size === this.limit) this.shift()`. */
  readonly pastLimit: ReadonlySet<string>;
  /** Variables that begin again after a number of steps: `at = (at + 1) % size`. */
  readonly ringIndexes: ReadonlySet<string>;
}

/** @param name Of the collection whose limit counts. */
export function callsIn(program: t.Node, name: string): Calls {
  const byTimer = new Set<string>();
  const pastLimit = new Set<string>();
  const ringIndexes = new Set<string>();
  const visit = (node: t.Node, limited: boolean, timed: boolean): void => {
    if (node.type === 'CallExpression') {
      if (isTimerCall(node)) byTimer.add(calledName(node.arguments[0]));
      else if (limited) pastLimit.add(calledName(node.callee));
      else if (timed) byTimer.add(calledName(node.callee));
    }
    if (node.type === 'AssignmentExpression' && isModular(node.right)) ringIndexes.add(lastName(node.left));
    const test = testOf(node);
    const inTest = limited || (test !== null && testsLimit(test, name));
    const inTimer = timed || isTimerCall(node);
    for (const child of childNodes(node)) visit(child, inTest, inTimer);
  };
  visit(program, false, false);
  byTimer.delete('');
  pastLimit.delete('');
  ringIndexes.delete('');
  return { byTimer, pastLimit, ringIndexes };
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

/** `at % size`, `at & mask`: what begins again after a number of steps. */
export function isModular(node: t.Node): boolean {
  return node.type === 'BinaryExpression' && /^[%&]$/.test(node.operator);
}
