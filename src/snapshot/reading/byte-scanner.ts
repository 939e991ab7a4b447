import { corrupt, notASnapshot, truncated } from './format';

/** Where the bytes come from: fills `target` from the current position on; 0 at the end. */
export interface ByteSource {
  /** The whole length in bytes, as far as it is known before reading. */
  readonly length: number;
  read(target: Uint8Array): number;
}

const CHUNK_BYTES = 4 << 20;
/** A header larger than this is none. */
const LONGEST_HEADER_BYTES = 16 << 20;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Texts longer than this are looked through in stretches. */
export const LONG_TEXT_BYTES = 1 << 10;
const STRETCH_BYTES = 1 << 16;

/**
 * Where a text that goes on at `from` has a quote or a backslash, or a place before `end` up to which it has none: many
 * times as fast as byte by byte where they are far away.
 */
export function plainEnd(bytes: Uint8Array, from: number, end: number): number {
  const to = Math.min(end, from + STRETCH_BYTES);
  const stretch = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  const quote = stretch.indexOf(QUOTE);
  const plain = quote === -1 ? stretch : stretch.subarray(0, quote);
  const backslash = plain.indexOf(BACKSLASH);
  return from + (backslash === -1 ? plain.length : backslash);
}

/** A cursor over a byte source that holds one chunk of it at a time. */
export class ByteScanner {
  readonly source: ByteSource;
  chunk: Uint8Array;
  position = 0;
  end = 0;
  /** Of `chunk[0]` in the file. */
  chunkOffset = 0;

  constructor(source: ByteSource, chunkBytes = CHUNK_BYTES) {
    this.source = source;
    this.chunk = new Uint8Array(chunkBytes);
  }

  /** Of the next byte in the file. */
  get offset(): number {
    return this.chunkOffset + this.position;
  }

  /** Makes at least one byte available; false at the end of the file. Call it when `position` has reached `end`. */
  refill(): boolean {
    this.chunkOffset += this.end;
    this.position = 0;
    this.end = this.source.read(this.chunk);
    return this.end > 0;
  }

  /** The next byte that is no white space, without taking it; -1 at the end. */
  peek(): number {
    for (;;) {
      if (this.position === this.end && !this.refill()) return -1;
      const byte = this.chunk[this.position]!;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.position++;
    }
  }

  /** Takes `byte` after white space. */
  expect(byte: number): void {
    const found = this.peek();
    if (found === byte) {
      this.position++;
      return;
    }
    if (found === -1) throw truncated(this.offset);
    if (this.offset === 0) throw notASnapshot(0);
    throw corrupt(`“${String.fromCharCode(byte)}” is missing`, this.offset);
  }

  /** Takes `byte` if it is next. */
  accept(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.position++;
    return true;
  }

  /** A key of the top level object; they have no escapes. */
  key(): string {
    this.expect(QUOTE);
    let key = '';
    for (;;) {
      const byte = this.next();
      if (byte === QUOTE) return key;
      if (key.length > 100) throw corrupt('a section has no proper name', this.offset);
      key += String.fromCharCode(byte);
    }
  }

  next(): number {
    if (this.position === this.end && !this.refill()) throw truncated(this.offset);
    return this.chunk[this.position++]!;
  }

  /** Takes any JSON value. Its text is returned when `keep`, up to the size of a header. */
  value(keep: boolean): string {
    const kept: number[] = [];
    let depth = 0;
    this.peek();
    for (;;) {
      if (this.position === this.end && !this.refill()) throw truncated(this.offset);
      const byte = this.chunk[this.position]!;
      // A number or a literal on the top level ends at what follows it.
      if (depth === 0 && (byte === 0x2c || byte === 0x7d) && kept.length > 0) break;
      this.position++;
      kept.push(byte);
      if (byte === QUOTE) this.#restOfString(keep ? kept : undefined);
      else if (byte === 0x5b || byte === 0x7b) depth++;
      else if (byte === 0x5d || byte === 0x7d) depth--;
      if (depth === 0 && (byte === QUOTE || byte === 0x5d || byte === 0x7d)) break;
      if (keep && kept.length > LONGEST_HEADER_BYTES) throw corrupt('its header does not end', this.offset);
      if (!keep && kept.length > 1) kept.length = 1;
    }
    return keep ? new TextDecoder().decode(Uint8Array.from(kept)) : '';
  }

  #restOfString(kept: number[] | undefined): void {
    for (let count = 1; ; count++) {
      // Texts that nobody keeps may be longer than memory.
      if (!kept && count % LONG_TEXT_BYTES === 0)
        this.position = plainEnd(this.chunk, this.position, this.end);
      const byte = this.next();
      kept?.push(byte);
      if (byte === BACKSLASH) {
        const escaped = this.next();
        kept?.push(escaped);
      } else if (byte === QUOTE) return;
      if (kept && kept.length > LONGEST_HEADER_BYTES) throw corrupt('its header does not end', this.offset);
    }
  }
}
