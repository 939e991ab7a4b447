import type { ModuleRecord } from '../../protocol/module-report';
import type { MemoryReader } from './memory-reader';
import type { PackageUse } from './package-use';
import { quietly } from './quietly';

/** More modules are not written down; a program has a few thousand. */
const MOST_MODULES = 20_000;
/** Garbage is collected at a mark when the heap has grown by so many bytes since the last collection… */
const COLLECT_AFTER = 300_000;
/** …and by this share of itself: so the number of collections grows with the logarithm of the heap only. */
const COLLECT_AFTER_SHARE = 0.02;

// Kept before the program runs, which may replace it.
const later = queueMicrotask;

/** What is charged for a stretch of time and memory. */
interface Account {
  heap: number;
  rss: number;
  ms: number;
}

interface Entry extends Account {
  readonly file: string;
  state: ModuleRecord['state'];
  /** Characters of source, for ES modules: their share of what reading and compiling cost. */
  weight: number;
}

/** What was allocated since the last collection, and by whom. */
interface Stretch {
  readonly account: Account | null;
  bytes: number;
}

/**
 * Charges memory and time to modules. From one mark (a module begins or ends) to the next, all goes to the module on top
 * of the stack: so each gets what it costs by itself. Between marks nothing is done; what the marks themselves cost is
 * left out.
 *
 * Heap: growth is garbage in part. At marks where the heap has grown enough, garbage is collected, and what that frees is
 * taken from those that have allocated since the collection before, in proportion. So a module that grows the heap much is
 * measured to the point, and small ones share their garbage. In exact mode garbage is collected at
 * each mark. The time of collections is nobody's.
 */
export class Ledger {
  readonly #reader: MemoryReader;
  readonly #use: PackageUse | null;
  readonly #collectAfter: number;
  readonly #collectAfterShare: number;
  readonly #entries = new Map<string, Entry>();
  readonly #stack: Entry[] = [];
  /** Reading and compiling of ES modules, which happens before the first of a graph runs. */
  readonly #compiling: Account = { heap: 0, rss: 0, ms: 0 };
  /** ES modules that share it. */
  #compiled: Entry[] = [];
  /** ES modules that were read and have not run yet. */
  readonly #pending = new Set<string>();
  #stretches: Stretch[] = [];
  #grown = 0;
  /** The heap at this mark, or after what it has collected. */
  #marked = 0;
  /** Garbage of the meter's own since the last collection: none of it was any module's. */
  #own = 0;
  #heap: number;
  #rss: number;
  #at: number;

  /** @param use Told where modules begin and end; what that costs is left out. */
  constructor(reader: MemoryReader, exact: boolean, use: PackageUse | null) {
    this.#reader = reader;
    this.#use = use;
    this.#collectAfter = exact ? 0 : COLLECT_AFTER;
    this.#collectAfterShare = exact ? 0 : COLLECT_AFTER_SHARE;
    reader.collect();
    this.#heap = reader.heap;
    this.#rss = reader.rss;
    this.#at = reader.now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A module starts to run. */
  begin(file: string): void {
    this.#mark();
    const entry = this.#entry(file);
    if (entry && !this.#stack.includes(entry)) {
      this.#aside((use) => use.begin(file));
      this.#stack.push(entry);
    }
    this.#resume();
  }

  /**
   * A module has run to its end, or thrown. Others that began after it and did not end have thrown, too.
   * @param follows Another module may run before any other code does, as ES modules of one graph do.
   */
  end(file: string, state: 'loaded' | 'failed' = 'loaded', { follows = false } = {}): void {
    this.#mark();
    this.#pending.delete(file);
    const entry = this.#entries.get(file);
    if (entry) {
      this.#aside((use) => use.end(file, { follows }));
      if (this.#use?.hasJustEnded) later(() => quietly(() => this.#flush()));
      entry.state = state;
      const at = this.#stack.lastIndexOf(entry);
      if (at >= 0) this.#stack.splice(at, 1);
    }
    this.#resume();
  }

  /** An ES module is about to be read. */
  reading(): void {
    this.#mark();
    this.#resume();
  }

  /** An ES module was read; compiling follows. */
  read(file: string, characters: number): void {
    this.#pending.add(file);
    this.compiled(file, characters);
    this.#mark();
    this.#resume();
  }

  /** Has an ES module share the cost of compiling. */
  compiled(file: string, characters: number): void {
    const entry = this.#entry(file);
    if (!entry || entry.weight > 0) return;
    entry.weight = Math.max(1, characters);
    this.#compiled.push(entry);
  }

  /** The file on top of the stack, if any module runs. */
  get running(): string | undefined {
    return this.#stack.at(-1)?.file;
  }

  /**
   * Closes the books for now: nothing has been loaded for a while. What is still on the stack waits for something or has
   * thrown, and is charged nothing more.
   */
  settle(): void {
    this.#mark();
    this.#use?.settle();
    this.#stack.length = 0;
    this.#pending.clear();
    this.#collect(this.#reader.heap);
    this.#shareCompiling();
    this.#resume();
  }

  records(): ModuleRecord[] {
    return [...this.#entries.values()].map(({ file, heap, rss, ms, state }) => ({
      file,
      heap: Math.max(0, Math.round(heap)),
      rss: Math.max(0, rss),
      ms: Math.round(ms * 1000) / 1000,
      state,
    }));
  }

  #entry(file: string): Entry | undefined {
    let entry = this.#entries.get(file);
    if (!entry && this.#entries.size < MOST_MODULES) {
      entry = { file, heap: 0, rss: 0, ms: 0, state: 'loading', weight: 0 };
      this.#entries.set(file, entry);
    }
    return entry;
  }

  /** The graph of ES modules has run: whatever comes next is the program. */
  #flush(): void {
    this.#mark();
    this.#aside((use) => use.flush());
    this.#resume();
  }

  /** Garbage of the meter's own goes at once: it would be taken from the modules. */
  #aside(work: (use: PackageUse) => boolean): void {
    if (!this.#use) return;
    const heap = this.#reader.heap;
    if (work(this.#use)) this.#collect(heap);
  }

  /** Charges what came since the last mark. */
  #mark(): void {
    const now = this.#reader.now;
    const heap = this.#reader.heap;
    this.#marked = heap;
    const account = this.#stack.at(-1) ?? (this.#pending.size > 0 ? this.#compiling : null);
    if (account) {
      account.ms += now - this.#at;
      account.rss += this.#reader.rss - this.#rss;
    }
    const growth = heap - this.#heap;
    this.#grown += growth;
    if (growth > 0) {
      if (account) account.heap += growth;
      this.#stretches.push({ account, bytes: growth });
    } else {
      // V8 has collected by itself meanwhile.
      this.#takeBack(Math.max(0, -growth - this.#own));
      this.#own = 0;
    }
    if (this.#grown >= Math.max(this.#collectAfter, heap * this.#collectAfterShare)) this.#collect(heap);
  }

  /** What happens between mark and here is the meter's own. */
  #resume(): void {
    this.#rss = this.#reader.rss;
    this.#heap = this.#reader.heap;
    this.#own += Math.max(0, this.#heap - this.#marked);
    this.#at = this.#reader.now;
  }

  #collect(heap: number): void {
    this.#reader.collect();
    this.#marked = this.#reader.heap;
    this.#takeBack(Math.max(0, heap - this.#marked - this.#own));
    this.#own = 0;
    this.#stretches = [];
    this.#grown = 0;
  }

  /** Takes freed bytes from those that have allocated since the last collection. */
  #takeBack(freed: number): void {
    const allocated = this.#stretches.reduce((sum, { bytes }) => sum + bytes, 0);
    const part = allocated > 0 ? Math.min(1, freed / allocated) : 0;
    for (const stretch of this.#stretches) {
      const garbage = stretch.bytes * part;
      stretch.bytes -= garbage;
      if (stretch.account) stretch.account.heap -= garbage;
    }
  }

  #shareCompiling(): void {
    const all = this.#compiled.reduce((sum, { weight }) => sum + weight, 0);
    for (const entry of this.#compiled) {
      const part = entry.weight / all;
      entry.heap += this.#compiling.heap * part;
      entry.rss += this.#compiling.rss * part;
      entry.ms += this.#compiling.ms * part;
    }
    this.#compiled = [];
    Object.assign(this.#compiling, { heap: 0, rss: 0, ms: 0 });
  }
}
