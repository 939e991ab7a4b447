import type { InspectorSession } from '../../inspector/session';
import type { SourceLocator } from '../../source/locator';
import { type AddingPlace, callSitesSource, mostSites, parseSites, placesOf, type Site } from './call-sites';

/** Runs in the target: puts recording functions in place of the global timers; `stop` puts the timers back. */
const watchFunction = `(function (limit) {
  ${callSitesSource}
  const calls = callSites(limit);
  const replaced = [];
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    if (!before || !before.configurable || typeof before.value !== 'function') continue;
    const original = before.value;
    const wrapper = function (...args) {
      calls.record(wrapper, typeof args[0] === 'function' ? args[0].name.replace(/^bound /, '') : '');
      return Reflect.apply(original, this, args);
    };
    const { prototype, ...own } = Object.getOwnPropertyDescriptors(original);
    Object.defineProperties(wrapper, own);
    Object.defineProperty(globalThis, name, { ...before, value: wrapper });
    replaced.push([name, before, wrapper]);
  }
  return {
    stop() {
      for (const [name, before, wrapper] of replaced)
        if (globalThis[name] === wrapper) Object.defineProperty(globalThis, name, before);
      return JSON.stringify(calls.all());
    },
  };
})`;

/** Who started timers while `work` ran. */
export class TimerCalls {
  readonly #sites: readonly Site[];
  readonly #locator: SourceLocator;

  private constructor(sites: readonly Site[], locator: SourceLocator) {
    this.#sites = sites;
    this.#locator = locator;
  }

  /** Watches the global timer functions while `work` runs, then puts them back. */
  static async watch(
    session: InspectorSession,
    locator: SourceLocator,
    work: () => Promise<void>,
  ): Promise<TimerCalls> {
    const { connection } = session;
    const objectGroup = 'heapwright-timers';
    const { result: handle } = await connection.send('Runtime.evaluate', {
      expression: `${watchFunction}(${mostSites})`,
      objectGroup,
      silent: true,
    });
    let sites: readonly Site[] = [];
    try {
      await work();
    } finally {
      if (connection.isOpen && handle.objectId) {
        const { result } = await connection.send('Runtime.callFunctionOn', {
          objectId: handle.objectId,
          functionDeclaration: 'function () { return this.stop(); }',
          returnByValue: true,
        });
        sites = parseSites(result.value);
        await connection.send('Runtime.releaseObjectGroup', { objectGroup });
      }
    }
    return new TimerCalls(sites, locator);
  }

  /** Where timers that call a function of this name were started, the busiest place first. */
  async startedFor(callback: string): Promise<AddingPlace[]> {
    return await placesOf(
      this.#sites.filter(({ note }) => note === callback),
      this.#locator,
    );
  }
}
