import type { NodeRow } from '../../protocol/snapshot';
import type { Snapshot } from '../../snapshot/client';
import type { SourceLocator } from '../../source/locator';
import { attributeOwner } from '../attribution';
import { findNodesOwner, type OwnerSearch } from '../owners';
import type { CohortAttribution } from './callbacks';

/**
 * Names what nobody but Node or V8 holds: the variable of Node's own module (performance marks in `markEntryBuffer`),
 * or the table of the symbols that `Symbol.for` made. There is no line to open until it is seen being made.
 */
export async function fromNodesOwn(
  snapshot: Snapshot,
  node: NodeRow,
  locator: SourceLocator,
  search: OwnerSearch,
): Promise<CohortAttribution | null> {
  if (node.type === 'symbol') return fromSymbolTable(snapshot, node);
  const owner = await findNodesOwner(snapshot, node.id, locator, search);
  if (owner?.anchor.kind !== 'variable') return null;
  const [from] = owner.anchor.from;
  const module = from && locator.script(from.scriptId)?.url;
  const attribution = module ? await attributeOwner(snapshot, owner, locator, search.signal) : null;
  if (!attribution) return null;
  const { name } = owner.anchor;
  const { path } = attribution;
  return unlocated(name, `variable of Node's own module ${module}`, path, `${module}#${name}`);
}

async function fromSymbolTable(snapshot: Snapshot, node: NodeRow): Promise<CohortAttribution | null> {
  const { rows: holders } = await snapshot.retainers(node.id, { limit: 20 });
  const strong = holders.filter(({ type }) => type !== 'weak');
  if (strong.length === 0 || strong.some(({ node: { type } }) => !/^(array|hidden|synthetic)$/.test(type)))
    return null;
  const name = 'Symbol.for';
  const holder = 'the table of symbols that Symbol.for made, which V8 never empties';
  return unlocated(name, holder, ['(root)', name], 'v8#Symbol.for');
}

function unlocated(name: string, holder: string, path: readonly string[], key: string): CohortAttribution {
  return { name, holder, path, location: null, given: [], package: null, key, kind: null, owner: null };
}
