import wasm from '../kernel/strings.wasm';

/** Why {@link StringKernel.scan} stopped: see src/snapshot/kernel/strings.ts. */
export const StringStop = {
  /** At the end of the bytes: it goes on from `position`. */
  bytes: 0,
  /** Behind the `]` of the table. */
  table: 1,
  /** At something that V8 does not write between strings. */
  other: 2,
} as const;

/** What src/snapshot/kernel/strings.ts exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly position: WebAssembly.Global;
  readonly startCount: WebAssembly.Global;
  readonly endCount: WebAssembly.Global;
  readonly pairCount: WebAssembly.Global;
  makeRoom(bytes: number): void;
  inputAt(): number;
  startsAt(): number;
  endsAt(): number;
  pairsAt(): number;
  scan(length: number, base: number): number;
}

/** The compiled kernel of src/snapshot/kernel/strings.ts with its memory. */
export class StringKernel {
  /** Bytes of the table are put here. */
  readonly bytes: Uint8Array;
  readonly #exports: Exports;

  /** @param byteLength How many bytes at once. */
  constructor(byteLength: number) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm));
    this.#exports = exports as unknown as Exports;
    this.#exports.makeRoom(byteLength);
    this.bytes = new Uint8Array(this.#exports.memory.buffer, this.#exports.inputAt(), byteLength);
  }

  /** How many bytes were done by the last scan. */
  get position(): number {
    return this.#exports.position.value;
  }

  /** Scans the first `length` bytes, which stand at `base` of the table; see {@link StringStop}. */
  scan(length: number, base: number): number {
    this.#exports.position.value = 0;
    return this.#exports.scan(length, base);
  }

  /** Where the strings that the last scan came by start within the table. */
  get starts(): Uint32Array {
    return this.#numbers(this.#exports.startsAt(), this.#exports.startCount);
  }

  /** Where they end. A string that goes on behind the bytes has no end yet. */
  get ends(): Uint32Array {
    return this.#numbers(this.#exports.endsAt(), this.#exports.endCount);
  }

  /** Which of the ended ones may name edges of WeakMaps. */
  get pairs(): Uint32Array {
    return this.#numbers(this.#exports.pairsAt(), this.#exports.pairCount);
  }

  #numbers(at: number, length: WebAssembly.Global): Uint32Array {
    return new Uint32Array(this.#exports.memory.buffer, at, length.value);
  }
}
