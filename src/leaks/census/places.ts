import type { CollectionPlace } from '../../protocol/census';
import type { Snapshot } from '../../snapshot/client';
import type { SourceLocator } from '../../source/locator';
import { attribute } from '../attribution';
import type { KnownCollection } from './watch';

/** Who holds a collection, for what the attribution of findings says. */
type Named = {
  readonly name: string;
  readonly holder: string;
  readonly location: CollectionPlace['location'];
};

export function placeOf({ name, holder, location }: Named): CollectionPlace {
  return { name, holder, location };
}

/**
 * Names the holders of collections by a snapshot in which they live.
 * @param objectIds V8's ids.
 * @returns By object id; null where only Node or V8 holds it. What the snapshot does not know is missing.
 */
export async function placesIn(
  snapshot: Snapshot,
  objectIds: readonly number[],
  locator: SourceLocator,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, CollectionPlace | null>> {
  const places = new Map<number, CollectionPlace | null>();
  for (const id of objectIds) {
    if (!(await snapshot.node(id))) continue;
    const attribution = await attribute(snapshot, id, locator, signal);
    places.set(id, attribution && placeOf(attribution));
  }
  return places;
}

/** An object used as a dictionary, which V8 does not list among living objects: only a snapshot knows it. */
export interface Dictionary extends KnownCollection {
  readonly place: CollectionPlace;
}

/** More dictionaries of a snapshot are not looked at. */
const mostDictionaries = 20;

/** The largest dictionary objects that a program of the user's holds. */
export async function dictionariesIn(
  snapshot: Snapshot,
  locator: SourceLocator,
  { minEntries = 10, signal }: { readonly minEntries?: number; readonly signal?: AbortSignal } = {},
): Promise<Dictionary[]> {
  const { rows } = await snapshot.collections({ minEntries, limit: 2000, signal });
  const dictionaries: Dictionary[] = [];
  for (const { node } of rows.filter((row) => row.kind === 'object').slice(0, mostDictionaries)) {
    const attribution = await attribute(snapshot, node.id, locator, signal);
    if (attribution?.location)
      dictionaries.push({ kind: 'object', objectId: node.id, place: placeOf(attribution) });
  }
  return dictionaries;
}
