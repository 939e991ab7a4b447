import { randomUUID } from 'node:crypto';
import type { InspectorSession } from '../../inspector/session';
import type { CensusKind, CensusRow } from '../../protocol/census';
import { counterSource, queriedKinds, type Ranking, type Reading } from './counter';

/** The largest collections of each kind, and what was left out. */
export interface Count {
  /** Largest first. */
  readonly rows: readonly CensusRow[];
  /** Tables that never change, V8's and Node's own mostly. */
  readonly constant: number;
  /** How long the target was kept from its work at once, at most, in ms. */
  readonly longestMs: number;
  /** How long in all, in ms. */
  readonly durationMs: number;
}

/** The kinds that V8 lists. */
type QueriedKind = (typeof queriedKinds)[number];

/** From this share of its limit on a heap has no room for a list of all its objects. */
const CROWDED = 0.75;

export interface CountLimits {
  /** Rows of each kind. */
  readonly limit?: number;
  /** Collections with fewer entries are not worth a row. */
  readonly minEntries?: number;
}

/**
 * Counts the collections of a living target without a snapshot, and knows them again in the next count. It leaves
 * nothing in the target when it is disposed or the connection ends: all that it needs there hangs on one handle.
 */
export class Census {
  readonly #session: InspectorSession;
  readonly #objectGroup: string;
  readonly #counterId: string;
  readonly #prototypes: ReadonlyMap<QueriedKind | 'any', string>;

  /** @throws `inspector-closed` */
  static async start(session: InspectorSession): Promise<Census> {
    const { connection } = session;
    const objectGroup = `heapwright-census-${randomUUID()}`;
    const { result: counter, exceptionDetails } = await connection.send('Runtime.evaluate', {
      expression: counterSource,
      objectGroup,
      silent: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    const { result: held } = await connection.send('Runtime.callFunctionOn', {
      objectId: counter.objectId!,
      functionDeclaration: 'function () { return this.prototypes; }',
      objectGroup,
    });
    const { result: properties } = await connection.send('Runtime.getProperties', {
      objectId: held.objectId!,
      ownProperties: true,
    });
    const prototypes = new Map<QueriedKind | 'any', string>();
    for (const { name, value } of properties) {
      if (value?.objectId) prototypes.set(name as QueriedKind | 'any', value.objectId);
    }
    return new Census(session, objectGroup, counter.objectId!, prototypes);
  }

  private constructor(
    session: InspectorSession,
    objectGroup: string,
    counterId: string,
    prototypes: ReadonlyMap<QueriedKind | 'any', string>,
  ) {
    this.#session = session;
    this.#objectGroup = objectGroup;
    this.#counterId = counterId;
    this.#prototypes = prototypes;
  }

  /**
   * Counts all: V8 lists the objects, after collections of its own, and the sizes are read where the list is. What it
   * found is followed by {@link read} from then on.
   */
  async count({ limit = 30, minEntries = 10 }: CountLimits = {}): Promise<Count> {
    const rows: CensusRow[] = [];
    let constant = 0;
    let longestMs = 0;
    let durationMs = 0;
    for (const kinds of await this.#lists()) {
      const startedAt = performance.now();
      const ranking = await this.#rank(kinds, limit, minEntries);
      const tookMs = performance.now() - startedAt;
      longestMs = Math.max(longestMs, tookMs);
      durationMs += tookMs;
      rows.push(...(ranking?.rows ?? []));
      constant += ranking?.constant ?? 0;
    }
    rows.sort((a, b) => b.entries - a.entries);
    return { rows, constant, longestMs, durationMs };
  }

  /**
   * The kinds that are listed at once. What a list costs is V8's collections before it, however much it lists: all that
   * is not much more than one kind. But it takes a word per object, for which there may be no room.
   */
  async #lists(): Promise<readonly (readonly QueriedKind[])[]> {
    const share = await this.#call<number | null>('function () { return this.share(); }', []);
    return (share ?? 0) > CROWDED ? queriedKinds.map((kind) => [kind]) : [queriedKinds];
  }

  async #rank(kinds: readonly QueriedKind[], limit: number, least: number): Promise<Ranking | null> {
    const prototypeObjectId = this.#prototypes.get(kinds.length === 1 ? kinds[0]! : 'any');
    if (!prototypeObjectId) return null;
    const { connection } = this.#session;
    const { objects } = await connection.send('Runtime.queryObjects', {
      prototypeObjectId,
      objectGroup: this.#objectGroup,
    });
    try {
      return await this.#call<Ranking>(
        'function (kinds, list, limit, least) { return this.rank(kinds.split(" "), list, limit, least); }',
        [{ value: kinds.join(' ') }, { objectId: objects.objectId! }, { value: limit }, { value: least }],
      );
    } finally {
      // The list is an array itself, and keeps alive what it lists.
      this.#release(objects.objectId!);
    }
  }

  /** The entries of what is followed, in less than a millisecond; a collection that is gone is missing. */
  async read(): Promise<Reading> {
    return await this.#call<Reading>('function () { return this.read(); }', []);
  }

  /** Forgets all collections but these, until they are counted again. */
  async keep(ids: readonly number[]): Promise<void> {
    await this.#call(
      'function (...ids) { this.keep(ids); }',
      ids.map((value) => ({ value })),
    );
  }

  /**
   * Follows an object that was found in another way.
   * @param objectId V8's id of it, as in a snapshot that was taken through this session.
   * @returns Null when it is gone.
   */
  async follow(kind: CensusKind, objectId: number): Promise<CensusRow | null> {
    try {
      const { result } = await this.#session.connection.send('HeapProfiler.getObjectByHeapObjectId', {
        objectId: String(objectId),
        objectGroup: this.#objectGroup,
      });
      if (!result.objectId) return null;
      try {
        return await this.#call<CensusRow>('function (kind, object) { return this.follow(kind, object); }', [
          { value: kind },
          { objectId: result.objectId },
        ]);
      } finally {
        this.#release(result.objectId);
      }
    } catch (error) {
      if (!this.#session.connection.isOpen) throw error;
      return null;
    }
  }

  /**
   * V8's ids of collections, as in snapshots. Null for one that is gone, and for one that V8 has not numbered: it
   * numbers what lives when a snapshot is taken.
   */
  async objectIds(ids: readonly number[]): Promise<ReadonlyMap<number, number | null>> {
    return new Map(await Promise.all(ids.map(async (id) => [id, await this.#objectIdOf(id)] as const)));
  }

  async #objectIdOf(id: number): Promise<number | null> {
    const { connection } = this.#session;
    const { result } = await connection.send('Runtime.callFunctionOn', {
      objectId: this.#counterId,
      functionDeclaration: 'function (id) { return this.of(id); }',
      arguments: [{ value: id }],
      objectGroup: this.#objectGroup,
      silent: true,
    });
    if (!result.objectId) return null;
    try {
      const { heapSnapshotObjectId } = await connection.send('HeapProfiler.getHeapObjectId', {
        objectId: result.objectId,
      });
      return Number(heapSnapshotObjectId) || null;
    } catch (error) {
      if (!connection.isOpen) throw error;
      return null;
    } finally {
      this.#release(result.objectId);
    }
  }

  async #call<Answer>(
    functionDeclaration: string,
    values: readonly ({ readonly value: unknown } | { readonly objectId: string })[],
  ): Promise<Answer> {
    const { result, exceptionDetails } = await this.#session.connection.send('Runtime.callFunctionOn', {
      objectId: this.#counterId,
      functionDeclaration,
      arguments: [...values],
      returnByValue: true,
      silent: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as Answer;
  }

  #release(objectId: string): void {
    const { connection } = this.#session;
    if (connection.isOpen) void connection.send('Runtime.releaseObject', { objectId }).catch(() => {});
  }

  /** Takes all that it keeps out of the target. */
  dispose(): void {
    const { connection } = this.#session;
    if (!connection.isOpen) return;
    void connection.send('Runtime.releaseObjectGroup', { objectGroup: this.#objectGroup }).catch(() => {});
  }
}

/**
 * Counts the largest collections of a living target once. Far cheaper than a snapshot, but it names no holders.
 * @returns Largest first, each with V8's object id, which is null while no snapshot was taken.
 */
export async function takeCensus(
  session: InspectorSession,
  { limit = 30, minEntries = 10 }: CountLimits = {},
): Promise<(CensusRow & { readonly objectId: number | null })[]> {
  const census = await Census.start(session);
  try {
    const { rows } = await census.count({ limit, minEntries });
    const largest = rows.slice(0, limit);
    const objectIds = await census.objectIds(largest.map(({ id }) => id));
    return largest.map((row) => ({ ...row, objectId: objectIds.get(row.id) ?? null }));
  } finally {
    census.dispose();
  }
}
