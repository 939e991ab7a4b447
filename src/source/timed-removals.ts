import type * as t from '@babel/types';
import type { ScriptLocation } from '../protocol/snapshot';
import type { SourceLocator } from './locator';
import { callsIn, nameOfFunction } from './removal-calls';
import { lastName } from './removal-tests';
import { childNodes, isFunction, type ScriptPlace, walk } from './syntax';

/** A removal that a timer of Node leads to. */
export interface TimedRemoval {
  /** The script that sets the timer. */
  readonly scriptId: number;
  /** Where that script removes; null where another script does, by one of the functions. */
  readonly place: ScriptPlace | null;
  /** Functions in which the removal stands, and those that call them. */
  readonly functions: ReadonlySet<string>;
}

/** Names of functions of a script that lead to one of `names`, by calls of any depth. Goes by names only. */
export function functionsThatLeadTo(program: t.Program, names: Iterable<string>): Set<string> {
  const callers = new Map<string, Set<string>>();
  const visit = (node: t.Node, parent: t.Node, around: readonly string[]): void => {
    if (node.type === 'CallExpression') {
      const called = lastName(node.callee);
      const known = callers.get(called) ?? new Set();
      for (const name of around) known.add(name);
      callers.set(called, known);
    }
    const own = isFunction(node) ? nameOfFunction(node, parent) : null;
    const inside = own ? [...around, own] : around;
    for (const child of childNodes(node)) visit(child, node, inside);
  };
  visit(program, program, []);
  const found = new Set(names);
  found.delete('');
  for (const name of found) for (const caller of callers.get(name) ?? []) found.add(caller);
  return found;
}

/** Whether the function at `callback`, which a living timer will call, comes to the removal. */
export async function leadsToRemoval(
  locator: SourceLocator,
  callback: ScriptLocation,
  { scriptId, place, functions }: TimedRemoval,
): Promise<boolean> {
  const syntax = callback.scriptId === scriptId ? await locator.syntax(scriptId) : null;
  if (!syntax) return false;
  const { chain, node } = syntax.functionAt(callback);
  if (place && syntax.enclosing(place).includes(node)) return true;
  const { timerMakers } = callsIn(syntax.program, '');
  for (const [index, outer] of chain.entries()) {
    const name = isFunction(outer) ? nameOfFunction(outer, chain[index - 1] ?? outer) : null;
    if (name && timerMakers.has(name)) return true;
  }
  const own = isFunction(node) ? nameOfFunction(node, chain.at(-2) ?? node) : null;
  return (own !== null && functions.has(own)) || callsOne(node, functions);
}

function callsOne(node: t.Node, functions: ReadonlySet<string>): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === 'CallExpression' && functions.has(lastName(inner.callee))) found = true;
    return found ? false : undefined;
  });
  return found;
}
