/**
 * Finds where the strings of a snapshot's table start and end. AssemblyScript, as src/snapshot/kernel/blocks.ts;
 * src/snapshot/reading/string-kernel.ts calls it.
 *
 * It takes what V8 writes and nothing else: a comma between two strings, and a line break behind it up to Node 22.
 */

/** Why {@link scan} stopped. */
/** At the end of the bytes: it goes on from `position`. */
const STOP_BYTES: i32 = 0;
/** Behind the `]` of the table. */
const STOP_TABLE: i32 = 1;
/** At something that V8 does not write between strings. */
const STOP_OTHER: i32 = 2;

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const COMMA: u32 = 0x2c;
const NEWLINE: u32 = 0x0a;
const CLOSE: u32 = 0x5d;
const CLOSING_PARENTHESIS: u32 = 0x29;
/** No name of an edge of a WeakMap is shorter. */
const SHORTEST_PAIR_NAME: u32 = 50;

/** By length, the last byte of the names that are looked for, each of another length. */
const LAST_BYTES: usize = 256;
const MOST_LENGTHS: u32 = 64;
const INPUT: usize = 1024;

let starts: usize = 0;
let names: usize = 0;
let pairs: usize = 0;

/** Of the next byte. */
export let position: u32 = 0;
/** How many strings started and ended in these bytes, which may differ by one. */
export let startCount: u32 = 0;
export let endCount: u32 = 0;
/** How many of them may name edges of WeakMaps: long, with a parenthesis at the end. */
export let pairCount: u32 = 0;
/** How many may be names that are looked for. */
export let nameCount: u32 = 0;
/** Bytes from the end of each string to the start of the next; 0 before there are two. */
export let gap: u32 = 0;

/** Whether `position` is within a string, and where that started. */
let isInside: bool = false;
let start: u32 = 0;
/** Where the string before it ended; 0 for none. */
let lastEnd: u32 = 0;

/** Makes room for so many bytes at once. */
export function makeRoom(bytes: u32): void {
  starts = (INPUT + bytes + 64) & ~63;
  // A string takes four bytes at least.
  names = starts + bytes + 64;
  pairs = names + bytes + 64;
  const pages = <i32>((pairs + bytes + 0xffff) >>> 16);
  if (pages > memory.size()) memory.grow(pages - memory.size());
}

export function inputAt(): usize {
  return INPUT;
}

export function startsAt(): usize {
  return starts;
}

export function namesAt(): usize {
  return names;
}

export function lastBytesAt(): usize {
  return LAST_BYTES;
}

export function pairsAt(): usize {
  return pairs;
}

/** Scans `length` bytes; the first one stands at `base` of the table, below 2^32 as all places are. */
export function scan(length: u32, base: u32): i32 {
  const end = INPUT + length;
  const toPlace = base - <u32>INPUT;
  let at = INPUT + position;
  startCount = 0;
  endCount = 0;
  pairCount = 0;
  nameCount = 0;
  for (;;) {
    if (!isInside) {
      if (at >= end) break;
      if (load<u8>(at) !== QUOTE) return STOP_OTHER;
      at++;
      isInside = true;
      start = <u32>at + toPlace;
      if (lastEnd !== 0) {
        if (gap === 0) gap = start - lastEnd;
        else if (start - lastEnd !== gap) return STOP_OTHER;
      }
      store<u32>(starts + (startCount++ << 2), start);
    }
    at = endOfString(at, end);
    // What follows the string decides whether it is the last one.
    if (at + 3 >= end && !(at + 1 < end && load<u8>(at + 1) === CLOSE)) break;
    const place = <u32>at + toPlace;
    const length = place - start;
    const last: u32 = load<u8>(at - 1);
    if (length >= SHORTEST_PAIR_NAME && last === CLOSING_PARENTHESIS) {
      store<u32>(pairs + (pairCount++ << 2), endCount);
    }
    if (length < MOST_LENGTHS && last === load<u8>(LAST_BYTES + length)) {
      store<u32>(names + (nameCount++ << 2), endCount);
    }
    endCount++;
    lastEnd = place;
    isInside = false;
    at++;
    const byte: u32 = load<u8>(at++);
    if (byte === CLOSE) {
      position = <u32>(at - INPUT);
      return STOP_TABLE;
    }
    if (byte !== COMMA) return STOP_OTHER;
    if (load<u8>(at) === NEWLINE) at++;
  }
  position = <u32>(min(at, end) - INPUT);
  // A string that ends here may have its quote at the beginning of the next bytes: its last byte goes before these.
  if (position > 0) store<u8>(INPUT - 1, load<u8>(INPUT + position - 1));
  return STOP_BYTES;
}

/** Where the next quote stands that is none of the text; `end`, or a backslash before it, when there is none. */
function endOfString(from: usize, end: usize): usize {
  let at = from;
  while (at < end) {
    if (at + 16 <= end) {
      const bytes = v128.load(at);
      const found = i8x16.bitmask(
        v128.or(i8x16.eq(bytes, i8x16.splat(<i8>QUOTE)), i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH))),
      );
      if (found === 0) {
        at += 16;
        continue;
      }
      at += <usize>ctz(found);
    }
    const byte: u32 = load<u8>(at);
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) {
      if (at + 1 >= end) return at;
      at += 2;
    } else at++;
  }
  return at;
}
