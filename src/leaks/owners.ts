import type { Owner } from '../protocol/owners';
import type { Snapshot } from '../snapshot/client';
import type { SourceLocator } from '../source/locator';

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
}

const usualVisits = 400;

/** The nearest declaration that holds an object; null when only Node's or V8's own code leads there. */
export async function findOwner(
  snapshot: Snapshot,
  id: number,
  locator: SourceLocator,
  { signal, before, mostVisits = usualVisits, budget }: OwnerSearch = {},
): Promise<Owner | null> {
  const most = Math.min(mostVisits, budget?.left ?? mostVisits);
  if (most <= 0) return null;
  const query = {
    id,
    userScripts: locator.userScripts(),
    mostVisits: most,
    before: before ? { snapshot: before.snapshot.handle, linkName: before.linkName } : null,
  };
  const { owner, visits } = await snapshot.owner(query, { signal });
  if (budget) budget.left -= visits;
  return owner;
}
