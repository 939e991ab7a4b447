import type { NodeRow } from '../../protocol/snapshot';
import type { Snapshot } from '../../snapshot/client';

const mostVisits = 80;
const mostSteps = 6;

/**
 * Whether Node keeps an object only until a time is up: it hangs on a timer, or on an `AbortSignal` that
 * `AbortSignal.timeout` made or that listens to one of those.
 */
export async function endsWithTime(snapshot: Snapshot, id: number): Promise<boolean> {
  return search(id, async (at) => {
    const { rows } = await snapshot.retainers(at, { limit: 30 });
    const next: number[] = [];
    for (const { node, type } of rows) {
      if (type === 'weak') continue;
      if (node.constructorName === 'Timeout') return 'found';
      if (isSignal(node)) {
        if (await isTimed(snapshot, node.id)) return 'found';
      } else next.push(node.id);
    }
    return next;
  });
}

function isSignal({ constructorName, type }: NodeRow): boolean {
  return constructorName === 'AbortSignal' && type === 'object';
}

/** Only a signal of `AbortSignal.timeout` has the one property; one of `AbortSignal.any` knows its sources. */
async function isTimed(snapshot: Snapshot, signal: number): Promise<boolean> {
  const { rows } = await snapshot.properties(signal, { limit: 60 });
  if (rows.some(({ name }) => name.includes('kTimeout'))) return true;
  const sources = rows.find(({ name }) => name.includes('kSourceSignals'));
  if (!sources) return false;
  return search(sources.node.id, async (at) => {
    const { rows: inside } = await snapshot.properties(at, { limit: 30 });
    for (const { node } of inside) {
      if (!isSignal(node)) continue;
      const { rows: own } = await snapshot.properties(node.id, { limit: 60 });
      if (own.some(({ name }) => name.includes('kTimeout'))) return 'found';
    }
    return inside.filter(({ name }) => name !== '__proto__' && name !== 'map').map(({ node }) => node.id);
  });
}

/** Breadth first, as far as is reasonable. */
async function search(from: number, visit: (id: number) => Promise<'found' | number[]>): Promise<boolean> {
  const seen = new Set([from]);
  let level = [from];
  for (let step = 0; step < mostSteps && level.length > 0; step++) {
    const next: number[] = [];
    for (const id of level) {
      const answer = await visit(id);
      if (answer === 'found') return true;
      for (const one of answer) {
        if (seen.has(one) || seen.size > mostVisits) continue;
        seen.add(one);
        next.push(one);
      }
    }
    level = next;
  }
  return false;
}
