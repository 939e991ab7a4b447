/** What a block's reader must know of all that stands before it. */
export interface Progress {
  /** Index into {@link SECTIONS}. */
  section: number;
  /** Numbers of this section so far. */
  numbers: number;
  /** Of the next byte in the file. */
  offset: number;
}

/** The sections that are read in blocks, in the only order in which V8 writes them. */
export const SECTIONS = ['nodes', 'edges', 'locations', 'strings'] as const;

const NEXT_BLOCK = 0;
const TURN = 1;
const STATE = 2;
const WORDS = 3;

const READING = 0;
const DECLINED = 1;
const FINISHED = 2;

/** A thread that waits longer than this looks whether the work was called off. */
const LONGEST_WAIT_MS = 50;

/**
 * How the threads that read one file agree: each takes the next block, and when it has cut it into numbers, waits
 * for its turn to learn which rows they are. Lives in shared memory.
 */
export class Turns {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #progress: Float64Array;

  constructor(memory = new SharedArrayBuffer(8 * WORDS + 8 * 3)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, WORDS);
    this.#progress = new Float64Array(memory, 8 * WORDS, 3);
  }

  /** The number of a block that nobody has taken yet. */
  takeBlock(): number {
    return Atomics.add(this.#words, NEXT_BLOCK, 1);
  }

  get isOpen(): boolean {
    return Atomics.load(this.#words, STATE) === READING;
  }

  get isFinished(): boolean {
    return Atomics.load(this.#words, STATE) === FINISHED;
  }

  /** The file is not written as V8 writes it, or nobody wants it any more: all threads stop. */
  decline(): void {
    Atomics.store(this.#words, STATE, DECLINED);
    Atomics.notify(this.#words, TURN);
  }

  /** All sections of numbers are cut: nobody gets the turn any more. */
  finish(progress: Progress): void {
    this.#progress.set([progress.section, progress.numbers, progress.offset]);
    Atomics.compareExchange(this.#words, STATE, READING, FINISHED);
    Atomics.notify(this.#words, TURN);
  }

  /** Waits until all blocks before `block` have had their turn; null when the work was called off meanwhile. */
  wait(block: number, isCancelled: () => boolean): Progress | null {
    for (;;) {
      if (!this.isOpen) return null;
      const turn = Atomics.load(this.#words, TURN);
      if (turn === block) {
        const [section = 0, numbers = 0, offset = 0] = this.#progress;
        return { section, numbers, offset };
      }
      Atomics.wait(this.#words, TURN, turn, LONGEST_WAIT_MS);
      if (isCancelled()) this.decline();
    }
  }

  /** Gives the turn to the next block. */
  pass(progress: Progress): void {
    this.#progress.set([progress.section, progress.numbers, progress.offset]);
    Atomics.add(this.#words, TURN, 1);
    Atomics.notify(this.#words, TURN);
  }

  /** Where the last thread stood. */
  get progress(): Progress {
    const [section = 0, numbers = 0, offset = 0] = this.#progress;
    return { section, numbers, offset };
  }

  /** For the first block. */
  start(offset: number): void {
    this.#progress.set([0, 0, offset]);
  }
}
