import type { InspectorSession } from '../../inspector/session';
import type { NodeRow } from '../../protocol/snapshot';
import type { Snapshot } from '../../snapshot/client';
import type { SourceLocator } from '../../source/locator';
import { writtenFunction } from '../attribution';
import { held } from './held-value';
import { readTimeout } from './limits';

const samples = 9;
/** Both ends of a connection may be in one process, and only one of them closes it. */
const leastShare = 1 / 3;
const mostSteps = 4;
const mostVisits = 60;
const closers = /^(destroy|close|end|terminate|abort|kill|disconnect|release)/i;
const callsCloser = /\b(destroy|close|end|terminate|abort|kill|disconnect|release)\w*\s*\(/i;

/**
 * In how many ms at most timeouts will close handles (sockets, ports) of a class, of which the newest are looked at:
 * one that calls for it, or a socket's own idle time, which a listener waits for. Null where nothing will.
 */
export async function closedWithin(
  session: InspectorSession,
  snapshot: Snapshot,
  locator: SourceLocator,
  constructorKey: string,
): Promise<number | null> {
  const { rows } = await snapshot.instances(constructorKey, {
    sortBy: 'id',
    descending: true,
    limit: samples,
  });
  const delays: number[] = [];
  for (const row of rows) {
    const timer = await closingTimer(snapshot, locator, row);
    const delayMs = timer && (await readTimeout(session, timer.id));
    if (delayMs !== null) delays.push(delayMs);
  }
  return delays.length > 0 && delays.length >= rows.length * leastShare ? Math.max(...delays) : null;
}

/** A timer that holds a handle so as to close it. */
async function closingTimer(
  snapshot: Snapshot,
  locator: SourceLocator,
  handle: NodeRow,
): Promise<NodeRow | null> {
  const seen = new Set([handle.id]);
  let level = [handle.id];
  for (let step = 0; step < mostSteps && level.length > 0; step++) {
    const next: number[] = [];
    for (const id of level) {
      const { rows } = await snapshot.retainers(id, { limit: 30 });
      for (const { node, type } of rows) {
        if (type === 'weak' || seen.has(node.id) || seen.size > mostVisits) continue;
        seen.add(node.id);
        if (node.constructorName !== 'Timeout') next.push(node.id);
        else if (await willClose(snapshot, locator, node, handle)) return node;
      }
    }
    level = next;
  }
  return null;
}

async function willClose(
  snapshot: Snapshot,
  locator: SourceLocator,
  timer: NodeRow,
  handle: NodeRow,
): Promise<boolean> {
  const callback = await held(snapshot, timer, '_onTimeout');
  if (callback && (await closes(snapshot, locator, callback))) return true;
  // Node tells a socket that it was idle for too long, and whoever listens for that may close it.
  const events = await held(snapshot, handle, '_events');
  const listener = events && (await held(snapshot, events, 'timeout'));
  return listener !== null && (await closes(snapshot, locator, listener));
}

/** By its name, or by what it calls; one that is called `once` is wrapped in a function of Node's. */
async function closes(snapshot: Snapshot, locator: SourceLocator, callback: NodeRow): Promise<boolean> {
  const once = await held(snapshot, callback, 'listener');
  const written = await writtenFunction(snapshot, once ?? callback);
  if (!written?.location) return false;
  if (closers.test(written.name)) return true;
  const isUsers = locator.isUserScript(written.location.scriptId);
  const syntax = isUsers ? await locator.syntax(written.location.scriptId) : null;
  if (!syntax) return false;
  const { node } = syntax.functionAt(written.location);
  return callsCloser.test(syntax.text.slice(node.start!, node.end!));
}
