import { sharedBytes, sharedNumbers } from './shared-memory';

const PAGE_BYTES = 2 ** 16;
/** Addresses of WebAssembly have 32 bits. */
const MOST_PAGES = 2 ** 16;
/** Columns begin where a line of the processor's cache does; nothing stands at place 0. */
const ALIGNMENT = 64;

/**
 * One stretch of shared memory for the columns of a snapshot and all that is computed of them, so that WebAssembly can
 * work on them: it sees a single memory. What is never written to is not taken from the system. Where there is no such
 * stretch, or it is full, columns are arrays of their own, on which JavaScript works.
 */
export class ColumnMemory {
  readonly wasm: WebAssembly.Memory | null;
  #next = ALIGNMENT;
  #end: number;

  private constructor(wasm: WebAssembly.Memory | null) {
    this.wasm = wasm;
    this.#end = wasm?.buffer.byteLength ?? 0;
  }

  /** A stretch of so many bytes, or none where that is more than WebAssembly or the system can give. */
  static of(bytes: number): ColumnMemory {
    const pages = Math.ceil((bytes + ALIGNMENT) / PAGE_BYTES);
    if (pages > MOST_PAGES) return ColumnMemory.none();
    try {
      return new ColumnMemory(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }));
    } catch {
      return ColumnMemory.none();
    }
  }

  static none(): ColumnMemory {
    return new ColumnMemory(null);
  }

  /** The memory of another thread's columns, in which there is no room for more. */
  static full(wasm: WebAssembly.Memory | null): ColumnMemory {
    const memory = new ColumnMemory(wasm);
    memory.#end = 0;
    return memory;
  }

  /** `length` bytes, all zero. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return at === -1 ? sharedBytes(length) : new Uint8Array(this.wasm!.buffer, at, length);
  }

  /** `length` whole numbers of 32 bits, all zero. */
  numbers(length: number): Uint32Array {
    const at = this.#take(length * 4);
    return at === -1 ? sharedNumbers(length) : new Uint32Array(this.wasm!.buffer, at, length);
  }

  /**
   * The same for an array that is read before it is written, such as a table of what was met. A page that is read first
   * is a view of the system's one page of zeros; the first write to it then exchanges it, for which all other threads
   * are interrupted. With two threads at work that costs more than the work itself.
   */
  cleared(length: number): Uint32Array {
    return this.numbers(length).fill(0);
  }

  /**
   * Has the arrays from `first` to `last`, which were taken one after the other, taken again: nobody needs what stands
   * there. What is taken from now on is not zero.
   */
  reuse(first: ArrayBufferView, last: ArrayBufferView): void {
    if (!this.holds([first, last])) return;
    this.#next = first.byteOffset;
    this.#end = last.byteOffset + last.byteLength;
  }

  /** Whether all these arrays lie in the stretch. */
  holds(arrays: readonly ArrayBufferView[]): boolean {
    return this.wasm !== null && arrays.every(({ buffer }) => buffer === this.wasm!.buffer);
  }

  #take(bytes: number): number {
    if (!this.wasm || this.#next + bytes > this.#end) return -1;
    const at = this.#next;
    this.#next = roundUp(at + bytes);
    return at;
  }
}

/** How many bytes of a {@link ColumnMemory} an array of `bytes` takes. */
export function roundUp(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
