import { isCancelled } from '../../protocol/errors';
import type { MemorySample } from '../../protocol/samples';
import { MemoryReader } from '../memory';
import type { InspectorSession } from '../session';

/** Something with a heap that can be watched beside others. */
export interface MemberSource {
  /** Names one life of one process. */
  readonly id: string;
  readonly title: string;
  readonly pid: number;
  /** Of the process that started it, as far as that is known. */
  readonly parentPid: number | null;
  /** @throws what {@link connect} throws. */
  connect(signal: AbortSignal): Promise<InspectorSession>;
}

export type MemberState =
  | 'waiting'
  | 'connecting'
  | 'watched'
  /** Attached, but it does not answer: it is stopped, or busy in synchronous work. */
  | 'silent'
  | 'ended'
  | 'failed';

/** A reading that is out for so many ms is no news any more. */
const SILENT_MS = 3000;

/** One process of a group: its connection, and what it answered last. Owns the session. */
export class GroupMember {
  readonly source: MemberSource;
  readonly #changed: () => void;
  readonly #ended = new AbortController();
  #session: InspectorSession | undefined;
  #reader: MemoryReader | undefined;
  #state: MemberState = 'waiting';
  #last: MemorySample | null = null;
  #note: string | null = null;
  #askedAt: number | null = null;

  /** @param changed Called when its state changes, readings aside. */
  constructor(source: MemberSource, changed: () => void) {
    this.source = source;
    this.#changed = changed;
  }

  get state(): MemberState {
    return this.#state;
  }

  get isLiving(): boolean {
    return this.#state !== 'ended' && this.#state !== 'failed';
  }

  /** Why it is not watched, in one sentence. */
  get note(): string | null {
    return this.#note;
  }

  get last(): MemorySample | null {
    return this.#last;
  }

  /** While it is attached. */
  get session(): InspectorSession | undefined {
    return this.#session;
  }

  /** Attaches; a failure becomes the member's state. */
  async start(): Promise<void> {
    this.#become('connecting', null);
    const { signal } = this.#ended;
    try {
      const session = await this.source.connect(signal);
      if (signal.aborted) {
        session.dispose();
        return;
      }
      this.#session = session;
      this.#reader = new MemoryReader(session);
      session.onDidClose(({ message }) => this.#close('ended', message));
      this.#become('watched', null);
    } catch (error) {
      if (!isCancelled(error) && !signal.aborted)
        this.#close('failed', error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * Asks for a reading unless one is under way, and gives back what is known now: the last answer, or null when the
   * process has been silent for too long.
   */
  read(now: number): MemorySample | null {
    if (this.#askedAt === null) void this.#ask(now);
    const isSilent = this.#askedAt !== null && now - this.#askedAt > SILENT_MS;
    if (this.#state === 'watched' && isSilent)
      this.#become('silent', 'It does not answer: it is stopped, or busy.');
    return this.#state === 'watched' ? this.#last : null;
  }

  async #ask(now: number): Promise<void> {
    const reader = this.#reader;
    if (!reader) return;
    this.#askedAt = now;
    try {
      const sample = await reader.read({ signal: this.#ended.signal });
      this.#last = sample;
      if (this.#state === 'silent') this.#become('watched', null);
    } catch {
      // A target that is gone says so by the end of its session; another that cannot answer now may do so next time.
    } finally {
      this.#askedAt = null;
    }
  }

  #close(state: 'ended' | 'failed', note: string): void {
    this.#release();
    this.#become(state, note);
  }

  #become(state: MemberState, note: string | null): void {
    this.#state = state;
    this.#note = note;
    this.#changed();
  }

  #release(): void {
    this.#reader?.dispose();
    this.#session?.dispose();
    this.#reader = undefined;
    this.#session = undefined;
  }

  dispose(): void {
    this.#ended.abort();
    this.#release();
  }
}
