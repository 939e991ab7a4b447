import wasm from '../kernel/strings.wasm';
import { compiledKernel } from './compiled-kernel';

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
  readonly nameCount: WebAssembly.Global;
  readonly gap: WebAssembly.Global;
  makeRoom(bytes: number): void;
  inputAt(): number;
  startsAt(): number;
  namesAt(): number;
  lastBytesAt(): number;
  pairsAt(): number;
  scan(length: number, base: number): number;
}

/** The compiled kernel of src/snapshot/kernel/strings.ts with its memory. */
export class StringKernel {
  /** Bytes of the table are put here. */
  readonly bytes: Uint8Array;
  readonly #exports: Exports;

  /**
   * @param byteLength How many bytes at once.
   * @param names Looked for; in ASCII, shorter than 64 bytes, each of another length.
   */
  constructor(byteLength: number, names: readonly string[]) {
    const { exports } = new WebAssembly.Instance(compiledKernel(wasm));
    this.#exports = exports as unknown as Exports;
    this.#exports.makeRoom(byteLength);
    const { buffer } = this.#exports.memory;
    this.bytes = new Uint8Array(buffer, this.#exports.inputAt(), byteLength);
    const lastBytes = new Uint8Array(buffer, this.#exports.lastBytesAt());
    for (const name of names) lastBytes[name.length] = name.charCodeAt(name.length - 1);
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

  /** How many ended. A string that goes on behind the bytes has no end yet. */
  get endCount(): number {
    return this.#exports.endCount.value;
  }

  /** How many bytes stand between the end of each string and the start of the next. */
  get gap(): number {
    return this.#exports.gap.value;
  }

  /** Which of the ended ones may be names that are looked for. */
  get names(): Uint32Array {
    return this.#numbers(this.#exports.namesAt(), this.#exports.nameCount);
  }

  /** Which of the ended ones may name edges of WeakMaps. */
  get pairs(): Uint32Array {
    return this.#numbers(this.#exports.pairsAt(), this.#exports.pairCount);
  }

  #numbers(at: number, length: WebAssembly.Global): Uint32Array {
    return new Uint32Array(this.#exports.memory.buffer, at, length.value);
  }
}
