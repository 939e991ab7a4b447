import { isCancelled } from '../../protocol/errors';
import type { MemorySample } from '../../protocol/samples';
import { MemoryReader } from '../memory';
import type { InspectorSession } from '../session';

/** Something with a heap that can be watched beside others: a process, or a worker thread of one. */
export interface MemberSource {
  /** Names one life of one process or thread. */
  readonly id: string;
  readonly title: string;
  readonly pid: number;
  /** Node's number of the worker thread that this is, whose memory is part of its process; null for a process. */
  readonly thread: string | null;
  /** The same for all that do the same work, and can be compared. */
  readonly kin: string;
  /**
   * Null while its inspector is closed: then there is only what the system tells.
   * @throws what `connect` of sessions throws.
   */
  readonly connect: ((signal: AbortSignal) => Promise<InspectorSession>) | null;
  /** What the system tells of it: bytes, or null where it does not; undefined when the process is gone. */
  readRss(): Promise<number | null | undefined>;
}

export type MemberState =
  | 'waiting'
  | 'connecting'
  | 'watched'
  /** Its inspector is closed: memory is what the system tells, and nothing is known of the heap. */
  | 'closed'
  /** Attached, but it does not answer: it is stopped, or busy in synchronous work. */
  | 'silent'
  | 'ended'
  | 'failed';

/** What is known of a member at a moment. Bytes; null where it is not known. */
export interface MemberReading {
  readonly heapUsed: number | null;
  readonly rss: number | null;
  /** The heap if garbage was collected since the reading before: what is kept for longer. */
  readonly kept: number | null;
}

/** A reading that is out for so many ms is no news any more. */
const SILENT_MS = 3000;

/** One process or thread of a group: its connection, and what it answered last. Owns the session. */
export class GroupMember {
  readonly #changed: () => void;
  readonly #ended = new AbortController();
  #source: MemberSource;
  #session: InspectorSession | undefined;
  #reader: MemoryReader | undefined;
  #state: MemberState = 'waiting';
  #last: MemorySample | null = null;
  #rss: number | null = null;
  #note: string | null = null;
  #askedAt: number | null = null;

  /** @param changed Called when its state changes, readings aside. */
  constructor(source: MemberSource, changed: () => void) {
    this.#source = source;
    this.#changed = changed;
  }

  get source(): MemberSource {
    return this.#source;
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

  /** What it answered last; null while its inspector is closed. */
  get last(): MemorySample | null {
    return this.#last;
  }

  /** Resident memory, bytes; null for a thread, which has none of its own. */
  get rss(): number | null {
    return this.#rss;
  }

  /** While it is attached. */
  get session(): InspectorSession | undefined {
    return this.#session;
  }

  /** Attaches, or takes what the system tells; a failure becomes the member's state. */
  async start(): Promise<void> {
    const { connect } = this.#source;
    if (connect) await this.#attach(connect);
    else this.#become('closed', 'Its inspector is closed: only the memory of the whole process is known.');
  }

  /** Its inspector is open by now: it waits to be started once more. */
  opened(source: MemberSource): void {
    if (this.#state !== 'closed') return;
    this.#source = source;
    this.#become('waiting', null);
  }

  async #attach(connect: NonNullable<MemberSource['connect']>): Promise<void> {
    this.#become('connecting', null);
    const { signal } = this.#ended;
    try {
      const session = await connect(signal);
      if (signal.aborted) {
        session.dispose();
        return;
      }
      this.#session = session;
      this.#reader = new MemoryReader(session, { observe: true });
      session.onDidClose(({ message }) => this.#close('ended', message));
      this.#become('watched', null);
    } catch (error) {
      if (!isCancelled(error) && !signal.aborted)
        this.#close('failed', error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * Asks for a reading unless one is under way, and gives back what is known now: the last answer, or null when there
   * is none yet or the process has been silent for too long.
   */
  read(now: number): MemberReading | null {
    if (this.#askedAt === null) void this.#ask(now);
    const isSilent = this.#askedAt !== null && now - this.#askedAt > SILENT_MS;
    if (this.#state === 'watched' && isSilent)
      this.#become('silent', 'It does not answer: it is stopped, or busy.');
    if (this.#state === 'closed') return { heapUsed: null, rss: this.#rss, kept: null };
    if (this.#state !== 'watched' || !this.#last) return null;
    const { heapUsed } = this.#last;
    return { heapUsed, rss: this.#rss, kept: wasCollected(this.#last) ? heapUsed : null };
  }

  async #ask(now: number): Promise<void> {
    this.#askedAt = now;
    try {
      if (this.#reader) this.#take((await this.#reader.read({ signal: this.#ended.signal })).sample);
      else if (this.#state === 'closed') this.#takeRss(await this.#source.readRss());
    } catch {
      // A target that is gone says so by the end of its session; another that cannot answer now may do so next time.
    } finally {
      this.#askedAt = null;
    }
  }

  #take(sample: MemorySample): void {
    this.#last = sample;
    if (this.#source.thread === null) this.#rss = sample.rss || null;
    if (this.#state === 'silent') this.#become('watched', null);
  }

  #takeRss(rss: number | null | undefined): void {
    if (this.#state !== 'closed') return;
    if (rss === undefined) this.#close('ended', 'The process has ended.');
    else this.#rss = rss;
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

/** Where an engine does not tell of its collections, every reading may come after one. */
function wasCollected({ runtime }: MemorySample): boolean {
  return !runtime?.gc || runtime.gc.minor + runtime.gc.major > 0;
}
