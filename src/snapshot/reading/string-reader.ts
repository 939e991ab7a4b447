import { isAscii, isUtf8 } from 'node:buffer';
import * as fs from 'node:fs';
import { type ByteScanner, LONG_TEXT_BYTES, plainEnd } from './byte-scanner';
import { corrupt, truncated } from './format';
import { type Sizes, sharedBytes, sharedNumbers, sharedSizes } from './shared-memory';
import { StringKernel, StringStop } from './string-kernel';
import { KNOWN_NAMES, type StringColumns, StringTable } from './strings';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const CLOSE = 0x5d;
const CLOSING_PARENTHESIS = 0x29;

/** No name of an edge of a WeakMap is shorter. */
const SHORTEST_PAIR_NAME = 50;

/** Bytes that are read at once. */
const STEP_BYTES = 16 << 20;
/** The same where the kernel scans them. */
const SCAN_BYTES = 1 << 18;

/** The bytes of a section, of which more may come. */
interface Bytes {
  /** Of bytes[0] in the file. */
  readonly offset: number;
  bytes: Uint8Array;
  filled: number;
  /** Adds some behind `filled`; false at the end of the file. */
  more(): boolean;
}

/**
 * Reads the `strings` section, the scanner standing on its `[`. The rest of the file is read straight into the
 * table's own buffer, and the quotes are looked for there.
 */
export function readStrings(scanner: ByteScanner): StringTable {
  scanner.expect(0x5b);
  const rest = Math.max(0, scanner.source.length - scanner.offset);
  const input: Bytes = {
    offset: scanner.offset,
    bytes: sharedBytes(Math.max(rest, scanner.end - scanner.position)),
    filled: scanner.end - scanner.position,
    more() {
      if (this.filled === this.bytes.length) {
        // The file is longer than its source said.
        const larger = sharedBytes(Math.max(1 << 16, this.bytes.length * 2));
        larger.set(this.bytes);
        this.bytes = larger;
      }
      const end = Math.min(this.bytes.length, this.filled + STEP_BYTES);
      const count = scanner.source.read(this.bytes.subarray(this.filled, end));
      this.filled += count;
      return count > 0;
    },
  };
  input.bytes.set(scanner.chunk.subarray(scanner.position, scanner.end));
  const { columns, end } = scanStrings(input);
  // What was read too far goes back to the scanner.
  scanner.chunk = input.bytes.slice(end, input.filled);
  scanner.chunkOffset = input.offset + end;
  scanner.position = 0;
  scanner.end = input.filled - end;
  if (scanner.chunk.length === 0) scanner.chunk = new Uint8Array(1 << 12);
  return new StringTable(columns);
}

/** The table of a file that is written as V8 writes it. */
export interface LastSection extends StringColumns {
  /** Of its first byte in the file. */
  readonly offset: number;
}

/**
 * Reads the strings of a file as V8 writes them, as its last section, without having read what stands before.
 * Null when they cannot be found so.
 */
export function readLastSection(file: string, fileBytes: number): LastSection | null {
  const descriptor = fs.openSync(file, 'r');
  try {
    const offset = findLastSection(descriptor, fileBytes);
    // Places are counted in 32 bits here; the reader that takes every file takes larger tables too.
    if (offset === -1 || fileBytes - offset >= 2 ** 32) return null;
    return scanLastSection(descriptor, fileBytes, offset);
  } finally {
    fs.closeSync(descriptor);
  }
}

function scanLastSection(descriptor: number, fileBytes: number, offset: number): LastSection | null {
  const bytes = sharedBytes(fileBytes - offset);
  // A string takes four bytes at least; memory that is never written to is never taken.
  const starts = sharedNumbers((bytes.length >> 2) + 2);
  const mayNamePairs: number[] = [];
  const mayBeKnown: number[] = [];
  const kernel = new StringKernel(SCAN_BYTES, KNOWN_NAMES);
  let startCount = 0;
  let length = 0;
  for (let at = 0; ; at += kernel.position) {
    const filled = fs.readSync(descriptor, kernel.bytes, 0, SCAN_BYTES, offset + at);
    // Copying into shared memory goes word by word here; the system does it faster.
    const copied = Math.min(filled, bytes.length - at);
    if (fs.readSync(descriptor, bytes, at, copied, offset + at) !== copied) return null;
    const stop = kernel.scan(filled, at);
    for (const pair of kernel.pairs) mayNamePairs.push(length + pair);
    for (const name of kernel.names) mayBeKnown.push(length + name);
    starts.set(kernel.starts, startCount);
    startCount += kernel.starts.length;
    length += kernel.endCount;
    if (stop === StringStop.other || (stop === StringStop.bytes && kernel.position === 0)) return null;
    if (stop === StringStop.bytes) continue;
    const end = at + kernel.position;
    const rest = Buffer.alloc(100);
    const left = fs.readSync(descriptor, rest, 0, rest.length, offset + end);
    if (!/^\s*\}\s*$/.test(rest.toString('latin1', 0, left)) || !isUtf8(bytes.subarray(0, end))) return null;
    // Behind the last string stand its quote and the bracket.
    starts[length] = end - 2 + kernel.gap;
    const columns = {
      bytes,
      isAscii: isAscii(bytes),
      starts,
      ends: null,
      gap: kernel.gap,
      length,
      mayNamePairs,
    };
    return { ...columns, known: findKnown(new StringTable({ ...columns, known: null }), mayBeKnown), offset };
  }
}

/** The first index of each of {@link KNOWN_NAMES}, or -1. */
function findKnown(strings: StringTable, candidates: readonly number[]): number[] {
  const known = KNOWN_NAMES.map(() => -1);
  for (const index of candidates) {
    const name = KNOWN_NAMES.indexOf(strings.get(index));
    if (known[name] === -1) known[name] = index;
  }
  return known;
}

/** No string has a line break within: behind the last line break with the section's name, the section begins. */
const MARK = Buffer.from('\n"strings":[');

/** Where the first byte behind the `[` of the last section stands; -1 when it is not to be found. */
function findLastSection(descriptor: number, fileBytes: number): number {
  const step = 1 << 20;
  const buffer = Buffer.allocUnsafe(Math.min(fileBytes, step + MARK.length));
  for (let end = fileBytes; end > 0; end -= step) {
    const from = Math.max(0, end - step);
    const length = fs.readSync(descriptor, buffer, 0, Math.min(buffer.length, fileBytes - from), from);
    // There is but one; searching forwards is many times as fast.
    const at = buffer.subarray(0, length).indexOf(MARK);
    if (at !== -1) return from + at + MARK.length;
  }
  return -1;
}

/** Finds where each string starts and ends; `end` is the place behind the section's `]`. */
function scanStrings(input: Bytes): { columns: StringColumns; end: number } {
  const make = (length: number) => sharedSizes(length, input.bytes.length);
  let starts = make(1 << 16);
  let ends = make(1 << 16);
  let count = 0;
  const mayNamePairs: number[] = [];
  let at = 0;
  let { bytes, filled } = input;
  const more = () => {
    const some = input.more();
    ({ bytes, filled } = input);
    return some;
  };
  for (;;) {
    // Between strings: commas and white space.
    while (at >= filled) if (!more()) throw truncated(input.offset + filled);
    const byte = bytes[at++]!;
    if (byte === CLOSE) {
      checkEncoding(bytes, starts, ends, count, at, input.offset);
      const table = { bytes, isAscii: isAscii(bytes), starts, ends, gap: 0, length: count };
      return { columns: { ...table, mayNamePairs, known: null }, end: at };
    }
    if (byte === COMMA || byte === 0x0a || byte === 0x20 || byte === 0x0d || byte === 0x09) continue;
    if (byte !== QUOTE)
      throw corrupt('the string table has something that is no string', input.offset + at - 1);
    if (count === starts.length) {
      starts = grown(starts, make(count * 2));
      ends = grown(ends, make(count * 2));
    }
    starts[count] = at;
    for (let leapAt = at + LONG_TEXT_BYTES; ; ) {
      while (at >= filled) if (!more()) throw truncated(input.offset + filled);
      if (at >= leapAt) {
        const plain = plainEnd(bytes, at, filled);
        // Where escapes are close to each other, going on byte by byte is faster.
        leapAt = plain - at < LONG_TEXT_BYTES ? plain + LONG_TEXT_BYTES : plain;
        at = plain;
        if (at >= filled) continue;
      }
      const inside = bytes[at]!;
      if (inside === QUOTE) break;
      at += inside === BACKSLASH ? 2 : 1;
    }
    if (at - starts[count]! >= SHORTEST_PAIR_NAME && bytes[at - 1] === CLOSING_PARENTHESIS)
      mayNamePairs.push(count);
    ends[count++] = at++;
  }
}

/** Which string is not UTF-8 is only looked for when one is. */
function checkEncoding(
  bytes: Uint8Array,
  starts: Sizes,
  ends: Sizes,
  length: number,
  end: number,
  offset: number,
): void {
  if (isUtf8(bytes.subarray(0, end))) return;
  for (let i = 0; i < length; i++) {
    if (isUtf8(bytes.subarray(starts[i], ends[i]))) continue;
    throw corrupt(`string ${i} of its string table is not UTF-8`, offset + starts[i]!);
  }
}

function grown(old: Sizes, larger: Sizes): Sizes {
  larger.set(old);
  return larger;
}
