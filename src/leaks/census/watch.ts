import { setTimeout as wait } from 'node:timers/promises';
import type { InspectorSession } from '../../inspector/session';
import type {
  CensusKind,
  CensusRow,
  CollectionPlace,
  CollectionsState,
  LivingCollection,
} from '../../protocol/census';
import { Census } from './census';
import { FollowedCollections } from './followed-collections';
import { pauseAfterCount, pauseAfterReading } from './pace';

/** Who holds what, by V8's object ids of one attachment; null for Node's own. */
export type KnownPlaces = Map<number, CollectionPlace | null>;

/** A collection by V8's object id of this attachment. */
export interface KnownCollection {
  readonly kind: CensusKind;
  readonly objectId: number;
}

/** What a look at a snapshot found out. */
export interface Located {
  /** By V8's object ids. */
  readonly places: ReadonlyMap<number, CollectionPlace | null>;
  /** Collections that V8 does not list, to be followed as well. */
  readonly others: readonly KnownCollection[];
}

export type WatchState = Pick<
  CollectionsState,
  'rows' | 'hidden' | 'countedAt' | 'lastCountMs' | 'nextCountAt' | 'activity' | 'notice'
>;

/** The target's event loop gets this long to turn before a first count, in ms. */
const turnMs = 150;
/** A target that has not answered for so long is said to be silent, in ms. */
const silentMs = 3000;

const silent = 'The program does not answer: it may be suspended, or busy. Counting goes on when it does.';
const stopped = 'The program stands still: stopped in a debugger, or busy. Counting goes on when it does.';

/**
 * Counts and follows the collections of one target. Only one thing at a time is asked of it, and it is not kept from
 * its work by counts while it stands still: they could find nothing new.
 */
export class CensusWatch {
  readonly #session: InspectorSession;
  readonly #known: KnownPlaces;
  readonly #onChange: () => void;
  readonly #followed = new FollowedCollections();
  #census: Promise<Census> | undefined;
  #turn: Promise<void> = Promise.resolve();
  #constant = 0;
  #countedAt: number | null = null;
  #lastCountMs: number | null = null;
  #nextCountAt = 0;
  #activity: CollectionsState['activity'] = null;
  #notice: string | null = null;
  #ended = false;

  /** @param known What was found out before through this session; what is found out now is added. */
  constructor(session: InspectorSession, known: KnownPlaces, onChange: () => void) {
    this.#session = session;
    this.#known = known;
    this.#onChange = onChange;
  }

  get state(): WatchState {
    return {
      rows: this.rows,
      hidden: this.#constant + this.#followed.ofNode,
      countedAt: this.#countedAt,
      lastCountMs: this.#lastCountMs,
      nextCountAt: this.#countedAt === null ? null : this.#nextCountAt,
      activity: this.#activity,
      notice: this.#notice,
    };
  }

  get rows(): readonly LivingCollection[] {
    return this.#followed.rows;
  }

  /** When the next count would take no more of the target's time than it may, in ms since the epoch. */
  get nextCountAt(): number {
    return this.#nextCountAt;
  }

  /**
   * Reads the sizes of what is followed, and counts anew where that is wanted. What goes wrong is told in the notice.
   * @param count `aloud` says that it goes on, which would only flash where it is done again and again.
   * @returns How long to wait before it is read again, in ms.
   */
  async refresh(count: 'aloud' | 'silently' | null): Promise<number> {
    return await this.#inTurn(async () => {
      let pauseMs = pauseAfterReading(0);
      const silence = setTimeout(() => this.#say(silent), silentMs);
      try {
        const census = await this.#started();
        const { isStill, durationMs } = await this.#read(census);
        clearTimeout(silence);
        pauseMs = pauseAfterReading(durationMs);
        this.#notice = isStill ? stopped : null;
        if (count && !isStill) {
          if (count === 'aloud') this.#begin('counting');
          await this.#count(census);
        }
      } catch (error) {
        if (this.#session.connection.isOpen)
          this.#notice = error instanceof Error ? error.message : String(error);
      } finally {
        clearTimeout(silence);
      }
      return pauseMs;
    });
  }

  /**
   * Lets `find` find out who holds what is followed, while nothing else is asked of the target.
   * @param find Takes a snapshot and, with the collections' object ids in it, looks for their holders.
   */
  async locate(find: (objectIds: () => Promise<readonly number[]>) => Promise<Located>): Promise<void> {
    await this.#inTurn(async () => {
      this.#begin('locating');
      const census = await this.#started();
      const { places, others } = await find(async () => {
        const ids = await census.objectIds(this.#followed.ids);
        return [...ids.values()].filter((id) => id !== null);
      });
      for (const [objectId, place] of places) this.#known.set(objectId, place);
      await this.#recognise(census);
      await this.#follow(census, others);
    });
  }

  /** Follows collections that somebody else found. */
  async follow(found: readonly KnownCollection[]): Promise<void> {
    await this.#inTurn(async () => {
      const census = await this.#started();
      await this.#recognise(census);
      await this.#follow(census, found);
    });
  }

  async #read(census: Census): Promise<{ readonly isStill: boolean; readonly durationMs: number }> {
    if (this.#countedAt === null) {
      // The first reading has nothing to compare with.
      await census.read();
      await wait(turnMs);
    }
    const startedAt = performance.now();
    const { entries, turned } = await census.read();
    this.#followed.read(entries, Date.now());
    return { isStill: !turned, durationMs: performance.now() - startedAt };
  }

  async #count(census: Census): Promise<void> {
    const { rows, constant, longestMs, durationMs } = await census.count();
    const now = Date.now();
    this.#followed.count(rows, now);
    await census.keep(this.#followed.ids);
    this.#constant = constant;
    this.#countedAt = now;
    this.#lastCountMs = longestMs;
    this.#nextCountAt = now + pauseAfterCount(durationMs);
    await this.#recognise(census);
  }

  /** Who holds what was found out before is known by V8's object ids. */
  async #recognise(census: Census): Promise<void> {
    if (this.#known.size === 0) return;
    for (const [id, objectId] of await census.objectIds(this.#followed.unplaced)) {
      const place = objectId === null ? undefined : this.#known.get(objectId);
      if (place !== undefined) this.#followed.place(id, place);
    }
  }

  async #follow(census: Census, found: readonly KnownCollection[]): Promise<void> {
    for (const { kind, objectId } of found) {
      const row = await census.follow(kind, objectId);
      if (!row || isNamespace(row)) continue;
      this.#followed.add(row, Date.now());
      const place = this.#known.get(objectId);
      if (place !== undefined) this.#followed.place(row.id, place);
    }
  }

  /** A census that could not start is tried again next time. */
  async #started(): Promise<Census> {
    const starting = this.#census ?? Census.start(this.#session);
    this.#census = starting;
    try {
      return await starting;
    } catch (error) {
      this.#census = undefined;
      throw error;
    }
  }

  /** One after another; each ends its activity. */
  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work).finally(() => {
      this.#activity = null;
      if (!this.#ended) this.#onChange();
    });
    this.#turn = turn.then(
      () => {},
      () => {},
    );
    return await turn;
  }

  #begin(activity: NonNullable<CollectionsState['activity']>): void {
    this.#activity = activity;
    this.#onChange();
  }

  #say(notice: string): void {
    this.#notice = notice;
    this.#onChange();
  }

  /** Leaves nothing in the target. */
  dispose(): void {
    this.#ended = true;
    void this.#census?.then((census) => census.dispose()).catch(() => {});
  }
}

/** What a module exports is an object of many names as well, but nobody adds to it. */
function isNamespace({ kind, holds }: CensusRow): boolean {
  return kind === 'object' && holds.every((name) => name === 'function' || name === 'boolean');
}
