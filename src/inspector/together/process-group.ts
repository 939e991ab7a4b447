import { Listeners, type Subscription } from '../listeners';
import { GroupHistory } from './group-history';
import { GroupMember, type MemberReading, type MemberSource } from './group-member';

/** More lines than a chart can show, and more connections than anybody needs. */
const MOST_LIVING = 32;
/** Of those that have ended, so many stay to be seen. */
const MOST_ENDED = 6;
/** A herd of new workers is attached to in turn. */
const CONNECTING_AT_ONCE = 4;

/**
 * Several processes and threads that are watched together: one light reading of each per tick, on one time line. Members that end
 * stay for a while as ended. Owns all sessions.
 */
export class ProcessGroup {
  readonly history = new GroupHistory();
  readonly #intervalMs: number;
  readonly #members = new Map<string, GroupMember>();
  readonly #changed = new Listeners<void>();
  #timer: NodeJS.Timeout | undefined;

  /** @param options.intervalMs Between two readings; a second by default. */
  constructor(options: { intervalMs?: number } = {}) {
    this.#intervalMs = options.intervalMs ?? 1000;
  }

  /** After each tick, and when a member's state has changed. */
  onDidChange(listener: () => void): Subscription {
    return this.#changed.add(listener);
  }

  /** In the order in which they were added. */
  get members(): readonly GroupMember[] {
    return [...this.#members.values()];
  }

  get living(): readonly GroupMember[] {
    return this.members.filter(({ isLiving }) => isLiving);
  }

  /** How many more can be watched. */
  get room(): number {
    return MOST_LIVING - this.living.length;
  }

  has(id: string): boolean {
    return this.#members.has(id);
  }

  /**
   * Watches these too, as far as there is room for them. Sources that are members already stay what they are, unless
   * an inspector is open by now that was closed.
   */
  add(sources: readonly MemberSource[]): void {
    for (const source of sources) if (source.connect) this.#members.get(source.id)?.opened(source);
    const fresh = sources.filter(({ id }) => !this.#members.has(id)).slice(0, Math.max(0, this.room));
    for (const source of fresh) {
      this.#members.set(source.id, new GroupMember(source, () => this.#memberChanged()));
    }
    this.#connectNext();
    this.#run();
    this.#changed.fire();
  }

  remove(id: string): void {
    this.#members.get(id)?.dispose();
    this.#members.delete(id);
    this.history.forget(id);
    if (this.#members.size === 0) this.clear();
    else this.#connectNext();
    this.#changed.fire();
  }

  /** Lets go of all of them. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const member of this.#members.values()) member.dispose();
    this.#members.clear();
    this.history.clear();
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.clear();
    this.clear();
  }

  #memberChanged(): void {
    this.#forgetOldest();
    this.#connectNext();
    this.#changed.fire();
  }

  #forgetOldest(): void {
    const ended = this.members.filter(({ isLiving }) => !isLiving);
    for (const { source } of ended.slice(0, Math.max(0, ended.length - MOST_ENDED))) {
      this.#members.delete(source.id);
      this.history.forget(source.id);
    }
  }

  #connectNext(): void {
    // Starting one comes back here by its change of state: so they are counted anew each time.
    for (;;) {
      const members = this.members;
      const next = members.find(({ state }) => state === 'waiting');
      if (!next || members.filter(({ state }) => state === 'connecting').length >= CONNECTING_AT_ONCE) return;
      void next.start();
    }
  }

  #run(): void {
    if (this.#timer !== undefined || this.#members.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tick();
      this.#run();
    }, this.#intervalMs);
  }

  #tick(): void {
    const now = Date.now();
    const readings = new Map<string, MemberReading | null>();
    for (const member of this.#members.values()) {
      if (member.session || member.state === 'closed') readings.set(member.source.id, member.read(now));
    }
    if (readings.size > 0) this.history.add(now, readings);
    this.#changed.fire();
  }
}
