import type { Owner, OwnerAlias, OwnerQuery, ScriptRange } from '../protocol/owners';
import type { Snapshot } from '../snapshot/client';
import { nameOfBlockVariable } from '../source/block-variables';
import type { SourceLocator } from '../source/locator';
import { isGivenByCaller, isRequired, resolveName } from '../source/scopes';

/** How {@link findOwner} looks. */
export interface OwnerSearch {
  readonly signal?: AbortSignal;
  /**
   * Only what was in this earlier snapshot may be named, and no object of class `linkName`: links of a chain, closures
   * of one request came with the growth themselves.
   */
  readonly before?: { readonly snapshot: Snapshot; readonly linkName: string };
  /** How many holders are looked at; chains of hundreds of links need more. */
  readonly mostVisits?: number;
  /** How many holders several searches may look at together; counted down. */
  readonly budget?: { left: number };
  /** Parameters that several searches went past; added to. */
  readonly knownAliases?: OwnerAlias[];
}

const usualVisits = 400;

/** The nearest declaration that holds an object; null when only Node's or V8's own code leads there. */
export async function findOwner(
  snapshot: Snapshot,
  id: number,
  locator: SourceLocator,
  search: OwnerSearch = {},
): Promise<Owner | null> {
  const asked = asker(snapshot, id, locator.userScripts(), search);
  if (!asked) return null;
  const ask = async (aliases: OwnerQuery['aliases']): Promise<Owner | null> => {
    const owner = await asked(aliases);
    return owner && (await named(owner, locator));
  };
  const known = search.knownAliases ?? [];
  const aliases: OwnerAlias[] = [...known];
  const farther = known.length > 0 ? await ask(aliases) : null;
  const owner = farther && farther.anchor.kind !== 'internal' ? farther : await ask([]);
  let best = owner;
  let bestAlias: Alias | null = null;
  for (let asks = 0, other = owner; other && asks < mostAliases; asks++) {
    const alias = await aliasOf(other, locator);
    const isNamed = other === owner || isHeldByName(other, owner!);
    if (alias === null) {
      if (isNamed) known.push(...aliases.slice(known.length).filter(({ within }) => within !== null));
      return isNamed ? other : best;
    }
    // A parameter stands nearer to the declaration than what another module required.
    if (isNamed && (bestAlias === null || (bestAlias.within === null && alias.within !== null))) {
      best = other;
      bestAlias = alias;
    }
    const { within } = alias;
    aliases.push({ holder: other.anchorNode!.id, name: other.steps[0]!.edge.name, within });
    other = await ask(aliases);
  }
  return best;
}

/** The variable of Node's own code that holds what no code of the user's does; null when there is none. */
export async function findNodesOwner(
  snapshot: Snapshot,
  id: number,
  locator: SourceLocator,
  search: OwnerSearch = {},
): Promise<Owner | null> {
  return (await asker(snapshot, id, locator.internalScripts(), search)?.([])) ?? null;
}

/** Asks the snapshot for the holder among these scripts, past other names for it; null where the budget is used up. */
function asker(
  snapshot: Snapshot,
  id: number,
  userScripts: OwnerQuery['userScripts'],
  { signal, before, mostVisits = usualVisits, budget }: OwnerSearch,
): ((aliases: OwnerQuery['aliases']) => Promise<Owner | null>) | null {
  const most = Math.min(mostVisits, budget?.left ?? mostVisits);
  if (most <= 0) return null;
  const query = {
    id,
    userScripts,
    mostVisits: most,
    before: before ? { snapshot: before.snapshot.handle, linkName: before.linkName } : null,
  };
  return async (aliases) => {
    const { owner, visits } = await snapshot.owner({ ...query, aliases }, { signal });
    if (budget) budget.left -= visits;
    return owner;
  };
}

/** So many other names for one thing are gone past to find its own. */
const mostAliases = 4;

/** A variable that is but another name: a parameter of the function `within`, or what another module exports. */
interface Alias {
  readonly within: ScriptRange | null;
}

/** Null for a name of its own. */
async function aliasOf({ anchor, anchorNode }: Owner, locator: SourceLocator): Promise<Alias | null> {
  if (anchor.kind !== 'variable' || anchor.unnamed || !anchorNode) return null;
  const [from] = anchor.from;
  const syntax = from && (await locator.syntax(from.scriptId));
  const binding = syntax && resolveName(syntax.functionAt(from).chain, anchor.name);
  if (!binding) return null;
  if (!isGivenByCaller(binding)) return isRequired(binding) ? { within: null } : null;
  const { scriptId } = from;
  const { scope } = binding;
  return { within: { from: { scriptId, ...syntax.placeOf(scope) }, to: syntax.endOf(scope) } };
}

/** A declaration from which names and entries lead down to where the nearest holder stands, and no function's scope. */
function isHeldByName(owner: Owner, nearest: Owner): boolean {
  return owner.anchor.kind !== 'internal' && scopesBelow(owner) <= scopesBelow(nearest);
}

function scopesBelow({ steps }: Owner): number {
  return steps.slice(1).filter(({ edge }) => /^(context|previous)$/.test(edge.name)).length;
}

/** A variable of a block gets the name that its source gives it; what it holds names it where that is not to be had. */
async function named(owner: Owner, locator: SourceLocator): Promise<Owner> {
  const { anchor } = owner;
  if (anchor.kind !== 'variable' || !anchor.unnamed) return owner;
  const name = await nameOfBlockVariable(locator, anchor.from, anchor.name, anchor.unnamed);
  if (name === null) return owner;
  const [first, ...rest] = owner.steps;
  const steps = first ? [{ ...first, edge: { ...first.edge, name } }, ...rest] : rest;
  return { ...owner, anchor: { ...anchor, name }, steps };
}
