import { packageFolder } from '../../source/package-folder';
import type { CallCounter } from './call-counter';

/** When telling of calls has taken so many ms, no more is asked. */
const MOST_MS = 4000;

/** What is known of one package. */
interface Watched {
  /** How many of its modules are running; it is being loaded while there is one. */
  loading: number;
  /** A function of it was called while it was not being loaded. */
  called: boolean;
  /** By file: functions other than the modules' bodies. */
  readonly functions: Map<string, number>;
}

/**
 * Tells which of some packages are used after they were loaded: whether a function of one is called while no module of
 * it is running. Calls are asked for where a package ends loading, to be forgotten: whatever it calls of itself until then
 * is no use of it. Nothing is counted while all packages that were loaded are known to be used.
 */
export class PackageUse {
  readonly #counter: CallCounter;
  readonly #names: ReadonlySet<string>;
  readonly #packages = new Map<string, Watched>();
  /** By file; asked for anew it would make garbage. */
  readonly #nameOf = new Map<string, string | null>();
  /** A package whose ES module has just ended: the next one may follow before anything else runs. */
  #justEnded: string | null = null;
  #spentMs = 0;
  #isGivenUp = false;

  /** @param names Of the packages to watch. */
  constructor(counter: CallCounter, names: ReadonlySet<string>) {
    this.#counter = counter;
    this.#names = names;
  }

  /** Of how many packages no use is known yet. */
  get undecided(): number {
    return [...this.#packages.values()].filter(({ called }) => !called).length;
  }

  /** It took too long: nothing is known for sure. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  get hasJustEnded(): boolean {
    return this.#justEnded !== null;
  }

  /** A module starts to run. @returns Whether it was asked for calls, which makes garbage. */
  begin(file: string): boolean {
    const name = this.#watchedName(file);
    if (this.#justEnded !== null && this.#justEnded === name) {
      // Nothing has run in between.
      this.#justEnded = null;
      return false;
    }
    let asked = this.flush();
    if (name === null) return asked;
    let watched = this.#packages.get(name);
    if (!watched) {
      watched = { loading: 0, called: false, functions: new Map() };
      this.#packages.set(name, watched);
      this.#counter.start();
    } else if (watched.loading === 0 && !watched.called) asked = this.take();
    watched.loading++;
    return asked;
  }

  /**
   * A module has run to its end.
   * @param follows Another module of the package may run before anything else does: {@link flush} is called then.
   */
  end(file: string, { follows }: { readonly follows: boolean }): boolean {
    const asked = this.flush();
    const name = this.#watchedName(file);
    if (name === null) return asked;
    if (follows) {
      this.#justEnded = name;
      return asked;
    }
    return this.#ended(name) || asked;
  }

  /** Something else runs than the next module of a package. */
  flush(): boolean {
    const name = this.#justEnded;
    this.#justEnded = null;
    return name !== null && this.#ended(name);
  }

  /** Asks what was called. Packages that are being loaded have called themselves. */
  take(): boolean {
    if (!this.#counter.isOn || this.#isGivenUp) return false;
    const start = performance.now();
    for (const { file, functions, called } of this.#counter.take()) {
      const watched = this.#packages.get(this.#watchedName(file) ?? '');
      if (!watched) continue;
      watched.functions.set(file, Math.max(functions, watched.functions.get(file) ?? 0));
      if (called > 0 && watched.loading === 0) watched.called = true;
    }
    this.#spentMs += performance.now() - start;
    if (this.#spentMs > MOST_MS) this.#isGivenUp = true;
    if (this.#isGivenUp || this.undecided === 0) this.#counter.stop();
    return true;
  }

  /** Nothing has been loaded for a while: modules that have not ended have thrown, or wait for something. */
  settle(): void {
    this.#justEnded = null;
    if ([...this.#packages.values()].every(({ loading }) => loading === 0)) return;
    this.take();
    for (const watched of this.#packages.values()) watched.loading = 0;
  }

  /** Of each package that was loaded. */
  results(): { readonly name: string; readonly called: boolean; readonly functions: number }[] {
    return [...this.#packages].map(([name, { called, functions }]) => ({
      name,
      called,
      functions: [...functions.values()].reduce((sum, count) => sum + count, 0),
    }));
  }

  #ended(name: string): boolean {
    const watched = this.#packages.get(name);
    if (!watched || watched.loading === 0) return false;
    const asked = watched.loading === 1 && !watched.called && this.take();
    watched.loading--;
    return asked;
  }

  #watchedName(file: string): string | null {
    let name = this.#nameOf.get(file);
    if (name === undefined) {
      const owner = packageFolder(file)?.name;
      name = owner !== undefined && this.#names.has(owner) ? owner : null;
      this.#nameOf.set(file, name);
    }
    return name;
  }
}
