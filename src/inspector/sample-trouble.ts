import type { MemorySample } from '../protocol/samples';
import { isStopped } from './discovery/proc-filesystem';
import { Listeners, type Subscription } from './listeners';
import type { InspectorSession } from './session';

/** Longer than a collection takes; whoever looks at the chart wonders by then. */
const PATIENCE_MS = 3000;
/** A program that stands still takes less of a processor than this share. */
const IDLE_SHARE = 0.05;

/**
 * Why no good samples come, in one sentence, told once when it begins; null when it is over. A target that is stopped
 * at a breakpoint answers, but no turn of its event loop passes.
 */
export class SampleTrouble {
  readonly #session: InspectorSession;
  readonly #changed = new Listeners<string | null>();
  #current: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** Of the last sample with a turn of the event loop before it. */
  #lastTurnAt: number | undefined;
  #lastAt = 0;
  #stopped = false;
  #isDisposed = false;

  constructor(session: InspectorSession) {
    this.#session = session;
  }

  onChange(listener: (trouble: string | null) => void): Subscription {
    return this.#changed.add(listener);
  }

  /** Whether the system had stopped the target when it last did not answer. */
  get wasStopped(): boolean {
    return this.#stopped;
  }

  asked(): void {
    const askedMs = performance.now();
    const since = clock(Date.now());
    this.#timer = setTimeout(() => void this.#noAnswer(askedMs, since), PATIENCE_MS);
  }

  answered(sample: MemorySample): void {
    clearTimeout(this.#timer);
    this.#stopped = false;
    this.#tell(this.#standstill(sample));
  }

  failed(reason: string): void {
    clearTimeout(this.#timer);
    this.#tell(reason);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#changed.clear();
  }

  async #noAnswer(askedMs: number, since: string): Promise<void> {
    // A capture stops the target too, and says so itself.
    if (this.#session.capturedSince(askedMs)) return;
    this.#tell(`No answer since ${since}: the program is in one long call, or stopped in a debugger.`);
    const { pid, isLocal } = this.#session.info;
    if (!isLocal || pid === null || !(await isStopped(pid)) || this.#isDisposed) return;
    this.#stopped = true;
    this.#tell(`Stopped since ${since} by Ctrl+Z or SIGSTOP: it goes on with "fg" or "kill -CONT ${pid}".`);
  }

  #standstill({ at, runtime }: MemorySample): string | null {
    const sinceLastMs = at - this.#lastAt;
    this.#lastAt = at;
    if (runtime?.eventLoop?.turns !== 0 || this.#lastTurnAt === undefined) this.#lastTurnAt = at;
    const stillMs = at - this.#lastTurnAt;
    if (stillMs < PATIENCE_MS) return null;
    // The sentence stays the same while it lasts, but for what it turns out to be.
    const since = clock(this.#lastTurnAt);
    const isIdle = (runtime?.cpuMs ?? Number.POSITIVE_INFINITY) < IDLE_SHARE * sinceLastMs;
    return isIdle
      ? `Stands still since ${since}: stopped at a breakpoint.`
      : `The event loop stands still since ${since}: busy in JavaScript without a break.`;
  }

  #tell(trouble: string | null): void {
    if (trouble === this.#current || this.#isDisposed) return;
    this.#current = trouble;
    this.#changed.fire(trouble);
  }
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString();
}
