import type { EdgeRow, NodeRow } from '../../protocol/snapshot';
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
      const own = await propertiesOfSignal(snapshot, node);
      if (own === null) next.push(node.id);
      else if (await isTimed(snapshot, own)) return 'found';
    }
    return next;
  });
}

/** Null for what is no signal; until Node 22 a snapshot calls them by the class that they extend. */
async function propertiesOfSignal(
  snapshot: Snapshot,
  { id, constructorName, type }: NodeRow,
): Promise<readonly EdgeRow[] | null> {
  if (type !== 'object' || !/^(AbortSignal|EventTarget)$/.test(constructorName)) return null;
  const { rows } = await snapshot.properties(id, { limit: 60 });
  return rows.some(({ name }) => name.includes('kAborted')) ? rows : null;
}

/** Only a signal of `AbortSignal.timeout` has the one property; one of `AbortSignal.any` knows its sources. */
async function isTimed(snapshot: Snapshot, own: readonly EdgeRow[]): Promise<boolean> {
  if (endsByItself(own)) return true;
  const sources = own.find(({ name }) => name.includes('kSourceSignals'));
  if (!sources) return false;
  return search(sources.node.id, async (at) => {
    const { rows: inside } = await snapshot.properties(at, { limit: 30 });
    for (const { node } of inside) {
      const source = await propertiesOfSignal(snapshot, node);
      if (source && endsByItself(source)) return 'found';
    }
    return inside.filter(({ name }) => name !== '__proto__' && name !== 'map').map(({ node }) => node.id);
  });
}

function endsByItself(own: readonly EdgeRow[]): boolean {
  return own.some(({ name }) => name.includes('kTimeout'));
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
