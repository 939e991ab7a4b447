import { isAscii } from 'node:buffer';
import type { Sizes } from './shared-memory';

/** A string table as it goes from thread to thread. */
export interface StringColumns {
  /** A stretch of the file. */
  readonly bytes: Uint8Array;
  /** Where the text of string i starts in `bytes` and where it ends, between its quotes. */
  readonly starts: Sizes;
  readonly ends: Sizes;
  readonly length: number;
  /** The long ones that end with a parenthesis, of which some name edges of WeakMaps. */
  readonly mayNamePairs: readonly number[];
}

/**
 * The string table as the bytes that stand in the file. A string is decoded when it is asked for: of the millions in
 * a heap a person reads a few hundred.
 */
export class StringTable {
  readonly columns: StringColumns;
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #starts: Sizes;
  readonly #ends: Sizes;
  readonly #buffer: Buffer;
  /** V8 writes nothing but ASCII, which is read at once. */
  readonly #encoding: 'latin1' | 'utf8';

  constructor(columns: StringColumns) {
    this.columns = columns;
    this.length = columns.length;
    const { bytes } = columns;
    this.#bytes = bytes;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#encoding = isAscii(bytes) ? 'latin1' : 'utf8';
    this.#starts = columns.starts;
    this.#ends = columns.ends;
  }

  /** The text of string `index`. Bytes that are not UTF-8 become U+FFFD; an index past the table gives ''. */
  get(index: number): string {
    if (index >= this.length) return '';
    const text = this.#buffer.toString(this.#encoding, this.#starts[index]!, this.#ends[index]!);
    return text.includes('\\') ? unescapeJson(text) : text;
  }

  /** How many bytes string `index` takes in the file, between its quotes. */
  byteLength(index: number): number {
    return this.#ends[index]! - this.#starts[index]!;
  }

  /** False when the text of string `index` cannot have one of these {@link hashOfText | hashes}. */
  mayHaveHash(index: number, hashes: ReadonlySet<number>): boolean {
    const raw = this.raw(index);
    return hashes.has(hashOf(raw)) || raw.includes(BACKSLASH);
  }

  /** The bytes between the quotes of string `index`, escapes and all. */
  raw(index: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[index], this.#ends[index]);
  }

  /** The first index of `text`, or -1. For ASCII without escapes, such as V8's own names. */
  indexOf(text: string): number {
    // String by string: one of them may be larger than all others together, and is told by its length.
    const wanted = new TextEncoder().encode(text);
    outer: for (let i = 0; i < this.length; i++) {
      const start = this.#starts[i]!;
      if (this.#ends[i]! - start !== wanted.length) continue;
      for (let k = 0; k < wanted.length; k++) if (this.#bytes[start + k] !== wanted[k]) continue outer;
      return i;
    }
    return -1;
  }
}

const BACKSLASH = 0x5c;

/** A number that tells most texts from each other, see {@link StringTable.mayHaveHash}. */
export function hashOfText(text: string): number {
  return hashOf(new TextEncoder().encode(text));
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash;
}

function unescapeJson(text: string): string {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}
