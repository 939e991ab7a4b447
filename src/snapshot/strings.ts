import type { ByteScanner } from './byte-scanner';
import { corrupt, truncated } from './format';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const CLOSE = 0x5d;

/**
 * The string table as the bytes that stand in the file. A string is decoded when it is asked for: of the millions in
 * a heap a person reads a few hundred.
 */
export class StringTable {
  readonly #bytes: Uint8Array;
  /** Start of string i; it ends two bytes or more before the start of the next. */
  readonly #starts: Float64Array | Uint32Array;
  readonly #ends: Float64Array | Uint32Array;
  readonly #decoder = new TextDecoder();
  readonly length: number;

  constructor(
    bytes: Uint8Array,
    starts: Float64Array | Uint32Array,
    ends: Float64Array | Uint32Array,
    length: number,
  ) {
    this.#bytes = bytes;
    this.#starts = starts;
    this.#ends = ends;
    this.length = length;
  }

  /** The text of string `index`. Bytes that are not UTF-8 become U+FFFD; an index past the table gives ''. */
  get(index: number): string {
    if (index >= this.length) return '';
    const bytes = this.#bytes.subarray(this.#starts[index], this.#ends[index]);
    const text = this.#decoder.decode(bytes);
    return bytes.includes(BACKSLASH) ? unescapeJson(text) : text;
  }

  /** The bytes between the quotes of string `index`, escapes and all. */
  raw(index: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[index], this.#ends[index]);
  }

  /** The first index of `text`, or -1. For ASCII without escapes, such as V8's own names. */
  indexOf(text: string): number {
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

function unescapeJson(text: string): string {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}

/**
 * Reads the `strings` section, the scanner standing on its `[`. The rest of the file is read straight into the
 * table's own buffer, and the quotes are looked for there.
 */
export function readStrings(scanner: ByteScanner): StringTable {
  scanner.expect(0x5b);
  const rest = Math.max(0, scanner.source.length - scanner.offset);
  let bytes = new Uint8Array(Math.max(rest, scanner.end - scanner.position));
  const base = scanner.offset;
  let filled = scanner.end - scanner.position;
  bytes.set(scanner.chunk.subarray(scanner.position, scanner.end));

  const more = (): boolean => {
    if (filled === bytes.length) {
      // The file is longer than its source said.
      const larger = new Uint8Array(Math.max(1 << 16, bytes.length * 2));
      larger.set(bytes);
      bytes = larger;
    }
    const count = scanner.source.read(bytes.subarray(filled, Math.min(bytes.length, filled + (16 << 20))));
    filled += count;
    return count > 0;
  };

  const wide = bytes.length >= 2 ** 32;
  const make = (length: number) => (wide ? new Float64Array(length) : new Uint32Array(length));
  let starts = make(1 << 16);
  let ends = make(1 << 16);
  let count = 0;
  let at = 0;
  for (;;) {
    // Between strings: commas and white space.
    if (at === filled && !more()) throw truncated(base + at);
    const byte = bytes[at++]!;
    if (byte === CLOSE) break;
    if (byte === COMMA || byte === 0x0a || byte === 0x20 || byte === 0x0d || byte === 0x09) continue;
    if (byte !== QUOTE) throw corrupt('the string table has something that is no string', base + at - 1);
    if (count === starts.length) {
      starts = grown(starts, make(count * 2));
      ends = grown(ends, make(count * 2));
    }
    starts[count] = at;
    for (;;) {
      if (at === filled && !more()) throw truncated(base + at);
      const inside = bytes[at]!;
      if (inside === QUOTE) break;
      at += inside === BACKSLASH ? 2 : 1;
      if (at > filled && !more()) throw truncated(base + filled);
    }
    ends[count++] = at++;
  }
  // What was read too far goes back to the scanner.
  scanner.chunk = bytes.slice(at, filled);
  scanner.chunkOffset = base + at;
  scanner.position = 0;
  scanner.end = filled - at;
  if (scanner.chunk.length === 0) scanner.chunk = new Uint8Array(1 << 12);
  return new StringTable(bytes, starts, ends, count);
}

function grown<T extends Float64Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old as never);
  return larger;
}
