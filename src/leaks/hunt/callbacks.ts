import type { Owner } from '../../protocol/owners';
import type { NodeRow } from '../../protocol/snapshot';
import type { SourcePosition } from '../../protocol/source';
import type { Snapshot } from '../../snapshot/client';
import type { SourceLocator } from '../../source/locator';
import { type Attribution, writtenFunction } from '../attribution';
import { packageOf } from '../packages';

/** Who holds a cohort; without an owner it is Node itself. */
export type CohortAttribution = Omit<Attribution, 'owner'> & { readonly owner: Owner | null };

/** What Node's own lists and handles hold (timers, sockets, parsers) is named by the user's function that it will call. */
export async function fromCallback(
  snapshot: Snapshot,
  node: NodeRow,
  locator: SourceLocator,
  constructorName: string,
): Promise<CohortAttribution | null> {
  // Only an object of a class of Node's: what else nobody holds by name is better left unsaid.
  if (node.type !== 'object') return null;
  const native = node.location === null;
  if (native ? !(await isHandle(snapshot, node.id)) : locator.isUserScript(node.location!.scriptId))
    return null;
  const callback = await callbackOf(snapshot, node, locator);
  if (!callback?.written.location) return null;
  const position = await locator.position(callback.written.location);
  if (!position) return null;
  const { originalName: _, ...location } = position satisfies SourcePosition;
  const name = callback.written.name || `callback of ${constructorName}`;
  return {
    name,
    holder: `${constructorName} that Node keeps, which calls ${name}`,
    path: ['(root)', constructorName, `${callback.name}: ${name}`],
    location,
    given: [],
    package: packageOf(location.file),
    key: `${location.file}#${constructorName}.${name}`,
    kind: null,
    owner: null,
  };
}

/** An open handle that calls no function of the user's: only what it is can be said, until it is seen being made. */
export async function unnamedHandle(
  snapshot: Snapshot,
  node: NodeRow,
  constructorName: string,
): Promise<CohortAttribution | null> {
  if (node.type !== 'object' || !(await isHandle(snapshot, node.id))) return null;
  // The two sides of one thing.
  const name = /^(TCP|Pipe|TLSWrap)$/.test(constructorName) ? 'Socket' : constructorName;
  return {
    name,
    holder: `${name} that Node keeps because it is open`,
    path: ['(root)', name],
    location: null,
    given: [],
    package: null,
    key: `handle#${name}`,
    kind: null,
    owner: null,
  };
}

/** A user's function among an object's properties or, for an emitter, among its listeners. */
async function callbackOf(
  snapshot: Snapshot,
  node: NodeRow,
  locator: SourceLocator,
): Promise<{ readonly name: string; readonly written: NodeRow } | null> {
  const { rows } = await snapshot.properties(node.id, { limit: 80 });
  const events = rows.find(({ name, node: { type } }) => name === '_events' && type === 'object');
  const listeners = events ? (await snapshot.properties(events.node.id, { limit: 40 })).rows : [];
  for (const { name, node: candidate } of [...rows, ...listeners]) {
    if (candidate.type !== 'closure') continue;
    const written = await writtenFunction(snapshot, candidate);
    if (written?.location && locator.isUserScript(written.location.scriptId)) return { name, written };
  }
  return null;
}

/** True for what native code of Node keeps alive, and for the JavaScript side of such a handle (a socket's). */
export async function isHandle(snapshot: Snapshot, id: number): Promise<boolean> {
  const { rows: holders } = await snapshot.retainers(id, { limit: 20 });
  if (holders.some(({ node }) => isRoot(node))) return true;
  for (const { name, type, node } of holders) {
    if (!/owner_symbol|native_to_javascript/.test(name) || type === 'weak') continue;
    const { rows } = await snapshot.retainers(node.id, { limit: 20 });
    if (rows.some((row) => isRoot(row.node) || row.name === 'native_to_javascript')) return true;
  }
  return false;
}

function isRoot({ type, name }: NodeRow): boolean {
  return type === 'synthetic' && name === '(Global handles)';
}
