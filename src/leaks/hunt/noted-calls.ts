import type { InspectorSession } from '../../inspector/session';
import type { SourceLocator } from '../../source/locator';
import { type AddingPlace, mostSites, placesOf, type Site, stopWatching } from './call-sites';

let watches = 0;

/** Calls of functions of the target that were noted while some work ran, each with a word that tells what for. */
export class NotedCalls {
  readonly #sites: readonly Site[];
  readonly #locator: SourceLocator;

  private constructor(sites: readonly Site[], locator: SourceLocator) {
    this.#sites = sites;
    this.#locator = locator;
  }

  /**
   * Evaluates `watchFunction(limit)` in the target, does the work, and calls `stop` of what it returned, which undoes
   * all of it and yields the sites as JSON.
   */
  static async watch(
    session: InspectorSession,
    locator: SourceLocator,
    watchFunction: string,
    work: () => Promise<void>,
  ): Promise<NotedCalls> {
    const { connection } = session;
    // One watch may run within another: what the inner one releases must not be the outer one's.
    const objectGroup = `heapwright-calls-${++watches}`;
    const { result: handle } = await connection.send('Runtime.evaluate', {
      expression: `${watchFunction}(${mostSites})`,
      objectGroup,
      includeCommandLineAPI: true,
      silent: true,
    });
    let sites: readonly Site[] = [];
    try {
      await work();
    } finally {
      if (connection.isOpen && handle.objectId) {
        sites = await stopWatching(session, handle.objectId);
        await connection.send('Runtime.releaseObjectGroup', { objectGroup });
      }
    }
    return new NotedCalls(sites, locator);
  }

  /** The places of the calls whose note is wanted, the busiest first. */
  async placesWhere(isWanted: (note: string) => boolean): Promise<AddingPlace[]> {
    return await placesOf(
      this.#sites.filter(({ note }) => isWanted(note)),
      this.#locator,
    );
  }
}
