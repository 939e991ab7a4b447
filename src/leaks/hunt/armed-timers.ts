import type { ScriptLocation } from '../../protocol/snapshot';
import type { Snapshot } from '../../snapshot/client';
import type { SourceLocator } from '../../source/locator';
import { isGivenByCaller, resolveName } from '../../source/scopes';
import { leadsToRemoval, type TimedRemoval } from '../../source/timed-removals';
import { writtenFunction } from '../attribution';
import { held } from './held-value';

/** With more living timers than this, one of them is taken to be the one that is looked for. */
const mostTimers = 300;

/**
 * Whether any living timer of Node comes to a removal: itself, or through a function that wraps what does and sees it
 * in its scope (a debounce, an instrumentation).
 */
export async function isArmed(
  snapshot: Snapshot,
  locator: SourceLocator,
  removal: TimedRemoval,
): Promise<boolean> {
  const timers = await snapshot.search('class:Timeout type:object', { limit: mostTimers });
  if (timers.total > timers.rows.length) return true;
  for (const timer of timers.rows) {
    const callback = await held(snapshot, timer, '_onTimeout');
    const written = callback && (await writtenFunction(snapshot, callback));
    if (!written) continue;
    if (written.location && (await leadsToRemoval(locator, written.location, removal))) return true;
    const scope = await held(snapshot, written, 'context');
    if (!scope) continue;
    const { rows } = await snapshot.properties(scope.id, { limit: 100 });
    for (const { name, node } of rows) {
      if (node.type !== 'closure' || !node.location) continue;
      // What stands in the same script calls it by name, unless it is given what it calls.
      const mayCall =
        written.location?.scriptId !== removal.scriptId || (await isGiven(locator, written.location, name));
      if (mayCall && (await leadsToRemoval(locator, node.location, removal))) return true;
    }
  }
  return false;
}

/** Whether a function sees a name as a parameter of the one that made it. */
async function isGiven(locator: SourceLocator, location: ScriptLocation, name: string): Promise<boolean> {
  const syntax = await locator.syntax(location.scriptId);
  const binding = syntax && resolveName(syntax.functionAt(location).chain, name);
  return binding ? isGivenByCaller(binding) : false;
}
