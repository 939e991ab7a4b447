import type { Sizes } from './shared-memory';

/** A string table as it goes from thread to thread. */
export interface StringColumns {
  /** A stretch of the file. */
  readonly bytes: Uint8Array;
  readonly isAscii: boolean;
  /** Where the text of string i starts in `bytes` and where it ends, between its quotes. */
  readonly starts: Sizes;
  /** Null where the next string, or what stands in its place, starts `gap` bytes behind each end. */
  readonly ends: Sizes | null;
  readonly gap: number;
  readonly length: number;
  /** The first index of each of {@link KNOWN_NAMES}, or -1; null when they were not looked for. */
  readonly known: readonly number[] | null;
  /** The long ones that end with a parenthesis, of which some name edges of WeakMaps. */
  readonly mayNamePairs: readonly number[];
}

/** What is looked for in every heap, so that the reader does it in passing; each of another length. */
export const KNOWN_NAMES: readonly string[] = [
  'Object',
  '__proto__',
  '(map descriptors)',
  'sloppy_function_map',
  'system / NativeContext',
  'system / ExternalStringData',
];

/**
 * The string table as the bytes that stand in the file. A string is decoded when it is asked for: of the millions in
 * a heap a person reads a few hundred.
 */
export class StringTable {
  readonly columns: StringColumns;
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #starts: Sizes;
  readonly #ends: Sizes | null;
  readonly #gap: number;
  readonly #buffer: Buffer;
  /** V8 writes nothing but ASCII, which is read at once. */
  readonly #encoding: 'latin1' | 'utf8';

  constructor(columns: StringColumns) {
    this.columns = columns;
    this.length = columns.length;
    const { bytes } = columns;
    this.#bytes = bytes;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#encoding = columns.isAscii ? 'latin1' : 'utf8';
    this.#starts = columns.starts;
    this.#ends = columns.ends;
    this.#gap = columns.gap;
  }

  /**
   * The text of string `index`, cut where it is longer than anyone reads. Bytes that are not UTF-8 become U+FFFD; an
   * index past the table gives ''.
   */
  get(index: number): string {
    if (index >= this.length) return '';
    const start = this.#starts[index]!;
    const end = this.#end(index);
    const to = Math.min(end, start + LONGEST_TEXT_BYTES);
    const text = this.#buffer.toString(this.#encoding, start, to);
    return text.includes('\\') ? unescapeJson(text, to < end ? ESCAPE_LENGTH : 1) : text;
  }

  /** Whether string `index` is `text`: for ASCII without escapes, such as V8's own names. */
  is(index: number, text: string): boolean {
    if (index >= this.length || this.byteLength(index) !== text.length) return false;
    return this.#buffer.toString('latin1', this.#starts[index], this.#end(index)) === text;
  }

  /** How many bytes string `index` takes in the file, between its quotes. */
  byteLength(index: number): number {
    return this.#end(index) - this.#starts[index]!;
  }

  #end(index: number): number {
    return this.#ends ? this.#ends[index]! : this.#starts[index + 1]! - this.#gap;
  }

  /** False when the text of string `index` cannot have one of these {@link hashOfText | hashes}. */
  mayHaveHash(index: number, hashes: ReadonlySet<number>): boolean {
    const hash = hashOf(this.#bytes, this.#starts[index]!, this.#end(index));
    return hash === ESCAPED || hashes.has(hash);
  }

  /** The bytes between the quotes of string `index`, escapes and all. */
  raw(index: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[index], this.#end(index));
  }

  /** The first index of `text`, or -1. For ASCII without escapes, such as V8's own names. */
  indexOf(text: string): number {
    const { known } = this.columns;
    const place = KNOWN_NAMES.indexOf(text);
    if (known && place !== -1) return known[place]!;
    // String by string: one of them may be larger than all others together, and is told by its length.
    const wanted = new TextEncoder().encode(text);
    outer: for (let i = 0; i < this.length; i++) {
      const start = this.#starts[i]!;
      if (this.#end(i) - start !== wanted.length) continue;
      for (let k = 0; k < wanted.length; k++) if (this.#bytes[start + k] !== wanted[k]) continue outer;
      return i;
    }
    return -1;
  }
}

const BACKSLASH = 0x5c;

/** A text has no more than half a billion characters, a tooltip far less. */
const LONGEST_TEXT_BYTES = 1 << 24;
/** The longest escape is `\\u0000`: so much of one may be left where a text was cut. */
const ESCAPE_LENGTH = 6;

/** A number that tells most texts from each other, see {@link StringTable.mayHaveHash}. */
export function hashOfText(text: string): number {
  const bytes = new TextEncoder().encode(text);
  return hashOf(bytes, 0, bytes.length);
}

/** In place of the hash of a text with escapes: no hash of 32 bits. */
const ESCAPED = 2 ** 32;

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === BACKSLASH) return ESCAPED;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash;
}

/** The text that JSON stands for, without up to `ends` - 1 of its last characters: it may end within an escape. */
function unescapeJson(text: string, ends: number): string {
  for (let cut = 0; cut < ends; cut++) {
    try {
      return JSON.parse(`"${text.slice(0, text.length - cut)}"`);
    } catch {
      // It is the next try, or no JSON at all.
    }
  }
  return text;
}
