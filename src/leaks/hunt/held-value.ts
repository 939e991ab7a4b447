import type { NodeRow } from '../../protocol/snapshot';
import type { Snapshot } from '../../snapshot/client';

/** What an object holds under a name, its scope (`context`) as well; null where there is nothing. */
export async function held(snapshot: Snapshot, { id }: NodeRow, name: string): Promise<NodeRow | null> {
  const { rows } = await snapshot.properties(id, { limit: 100 });
  return rows.find((row) => row.name === name)?.node ?? null;
}
