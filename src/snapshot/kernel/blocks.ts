/**
 * Cuts a block of a snapshot file into numbers, and the numbers into columns. AssemblyScript: esbuild.mjs compiles it to
 * WebAssembly, whose vector instructions look at 64 bytes at once, and which is fast from its first byte on, where
 * JavaScript is compiled again in each thread. src/snapshot/reading/block-kernel.ts calls it and says what lies where.
 *
 * It takes what V8 writes and nothing else: digits with a comma between them, or a line break and a comma.
 */

/** Why {@link cut} stopped. */
/** Behind the first comma at or past the limit. */
const STOP_LIMIT: i32 = 0;
/** Behind the `]` of a section. */
const STOP_SECTION: i32 = 1;
/** At something that V8 does not write among its numbers. */
const STOP_OTHER: i32 = 2;

const ZERO: u32 = 0x30;
const COMMA: u32 = 0x2c;
const NEWLINE: u32 = 0x0a;
const CLOSE: u32 = 0x5d;
const MINUS: u32 = 0x2d;

/** EDGE_TYPES of src/snapshot/reading/format.ts whose names are numbers: element and hidden. */
const INDEXED_TYPES: u32 = (1 << 1) | (1 << 4);

/** Constants for eight bytes at once. */
const EACH_ZERO: u64 = eachHalf(0x30303030);
const EACH_DIGIT: u64 = eachHalf(0x0f0f0f0f);
const EACH_PAIR: u64 = eachHalf(0x00ff00ff);
const EACH_FOUR: u64 = eachHalf(0x0000ffff);
/** Takes everything but a digit, whose four upper bits are gone, past {@link EACH_TOP}. */
const EACH_TO_TOP: u64 = eachHalf(0x76767676);
const EACH_TOP: u64 = eachHalf(0x80808080);

function eachHalf(half: u32): u64 {
  return ((<u64>half) << 32) | half;
}

let input: usize = 0;
let numbers: usize = 0;
let nodeCodes: usize = 0;
let edgeCodes: usize = 0;

/** Of the next byte of the block. */
export let position: u32 = 0;
/** How many numbers there are. */
export let count: u32 = 0;
/** The largest string that the rows named so far. */
export let largestName: u32 = 0;
/** Not 0 once a node said whether its page let go of it. */
export let detachedness: u32 = 0;

/**
 * Where a block's bytes lie, the numbers that it is cut into, and the codes of the types of nodes and edges. Some
 * bytes before the block's and behind them are read, too: a number's last eight digits are loaded at once.
 */
export function start(blockAt: usize, numbersAt: usize, nodeCodesAt: usize, edgeCodesAt: usize): void {
  input = blockAt;
  numbers = numbersAt;
  nodeCodes = nodeCodesAt;
  edgeCodes = edgeCodesAt;
}

function isDigit(byte: u32): bool {
  return (byte ^ ZERO) < 10;
}

/** Reads numbers from `position` on, where one starts. */
export function cut(limit: u32): i32 {
  let at = input + position;
  const end = input + limit;
  let out = numbers + ((<usize>count) << 2);
  let stop = -1;
  while (stop < 0) {
    if (at + 64 <= end) {
      out = cutChunks(at, end, out);
      at = chunkEnd;
      if (overflow) stop = STOP_OTHER;
      // The chunk broke off behind the last number of a line.
      if (load<u8>(at - 1) === NEWLINE) {
        const byte: u32 = load<u8>(at++);
        if (byte === CLOSE) stop = STOP_SECTION;
        else if (byte !== COMMA) stop = STOP_OTHER;
        else if (at > end) stop = STOP_LIMIT;
      } else while (isDigit(load<u8>(at - 1))) at--;
      if (stop >= 0) break;
    }
    // One number at a time, near the ends of blocks and sections.
    let value: u64 = 0;
    let byte: u32 = load<u8>(at);
    if (byte === MINUS) {
      // V8 writes no negative number but -1.
      at += 2;
      if (load<u8>(at - 1) !== ZERO + 1 || isDigit(load<u8>(at))) stop = STOP_OTHER;
      value = 0xffffffff;
    } else {
      const from = at;
      while (isDigit(byte)) {
        value = value * 10 + (byte ^ ZERO);
        byte = load<u8>(++at);
      }
      if (at === from || at - from > 10 || value > 0xffffffff) stop = STOP_OTHER;
    }
    if (stop >= 0) break;
    store<u32>(out, <u32>value);
    out += 4;
    byte = load<u8>(at++);
    if (byte === NEWLINE) byte = load<u8>(at++);
    if (byte === CLOSE) stop = STOP_SECTION;
    else if (byte !== COMMA) stop = STOP_OTHER;
    else if (at > end) stop = STOP_LIMIT;
  }
  position = <u32>(at - input);
  count = <u32>((out - numbers) >>> 2);
  return stop;
}

let chunkEnd: usize = 0;
let overflow: bool = false;

function digitsOf(bytes: v128): u64 {
  return <u64>i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10)));
}

function equalTo(bytes: v128, byte: i8): u64 {
  return <u64>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(byte)));
}

/**
 * The same for whole chunks of 64 bytes before `end`, as long as they hold nothing unusual; a mask of 64 bits says
 * which bytes are digits, and where those end a number does.
 */
function cutChunks(from: usize, end: usize, into: usize): usize {
  let at = from;
  let out = into;
  // The comma before the next number; a number starts at `from`.
  let comma = from - 1;
  let digitBefore: u64 = 0;
  let commaBefore: u64 = 1;
  let lineBefore: u64 = 0;
  for (; at + 64 <= end; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const digits = digitsOf(a) | (digitsOf(b) << 16) | (digitsOf(c) << 32) | (digitsOf(d) << 48);
    const commas =
      equalTo(a, 0x2c) | (equalTo(b, 0x2c) << 16) | (equalTo(c, 0x2c) << 32) | (equalTo(d, 0x2c) << 48);
    const lines =
      equalTo(a, 0x0a) | (equalTo(b, 0x0a) << 16) | (equalTo(c, 0x0a) << 32) | (equalTo(d, 0x0a) << 48);
    // A comma stands behind each line break, and a digit behind each comma.
    const isUnusual =
      ~(digits | commas | lines) |
      (((commas << 1) | commaBefore) & ~digits) |
      (((lines << 1) | lineBefore) & ~commas);
    if (isUnusual !== 0) break;
    if ((lines | lineBefore) === 0) {
      for (let left = commas; left !== 0; left &= left - 1) {
        const end = at + <usize>ctz(left);
        store<u32>(out, numberBetween(comma, end));
        out += 4;
        comma = end;
      }
    } else {
      for (let left = ~digits & ((digits << 1) | digitBefore); left !== 0; left &= left - 1) {
        store<u32>(out, numberBefore(at + <usize>ctz(left)));
        out += 4;
      }
      if (commas !== 0) comma = at + 63 - <usize>clz(commas);
    }
    digitBefore = digits >> 63;
    commaBefore = commas >> 63;
    lineBefore = lines >> 63;
  }
  chunkEnd = at;
  return out;
}

/** The number between two commas. */
function numberBetween(comma: usize, end: usize): u32 {
  const unused = (comma + 9 - end) << 3;
  return <isize>unused < 0 ? longNumberBefore(end) : join(load<u64>(end - 8), unused);
}

/** The number whose digits end at `end`. */
function numberBefore(end: usize): u32 {
  const bytes = load<u64>(end - 8);
  const word = bytes ^ EACH_ZERO;
  const others = ((word + EACH_TO_TOP) | word) & EACH_TOP;
  return others === 0 ? longNumberBefore(end) : join(bytes, 64 - <usize>clz(others));
}

/**
 * The number that eight bytes end with; as many bits before it are of something else. Neighbours are put together,
 * first digits, then pairs, then fours. Source: Daniel Lemire, "Quickly parsing eight digits", 2018.
 */
function join(bytes: u64, unused: usize): u32 {
  let word = ((bytes >> unused) << unused) & EACH_DIGIT;
  word = (word * 2561) >> 8;
  word = ((word & EACH_PAIR) * 6553601) >> 16;
  return <u32>(((word & EACH_FOUR) * 42949672960001) >> 32);
}

/** The same for more digits. */
function longNumberBefore(end: usize): u32 {
  let from = end;
  while (isDigit(load<u8>(from - 1)) && end - from < 12) from--;
  let value: u64 = 0;
  for (let at = from; at < end; at++) value = value * 10 + (<u32>load<u8>(at) ^ ZERO);
  if (value > 0xffffffff) overflow = true;
  return <u32>value;
}

/**
 * Puts `rows` nodes from number `first` on into columns, whose places are told last: names, ids, self sizes and numbers
 * of edges in 32 bits each, types and detachedness in 8. Before them are the places of fields in a row, and how many
 * types there are. False when a number cannot be what it should.
 */
export function nodes(
  first: u32,
  rows: u32,
  width: u32,
  type: u32,
  name: u32,
  id: u32,
  selfSize: u32,
  edgeCount: u32,
  detached: i32,
  types: u32,
  nameOut: usize,
  idOut: usize,
  selfSizeOut: usize,
  edgeCountOut: usize,
  typeOut: usize,
  detachedOut: usize,
): bool {
  let largest = largestName;
  let from = numbers + (first << 2);
  for (let row: u32 = 0; row < rows; row++, from += width << 2) {
    const code = load<u32>(from + (type << 2));
    if (code >= types) return false;
    const nameIndex = load<u32>(from + (name << 2));
    if (nameIndex > largest) largest = nameIndex;
    const word = row << 2;
    store<u32>(nameOut + word, nameIndex);
    store<u32>(idOut + word, load<u32>(from + (id << 2)));
    store<u32>(selfSizeOut + word, load<u32>(from + (selfSize << 2)));
    store<u32>(edgeCountOut + word, load<u32>(from + (edgeCount << 2)));
    store<u8>(typeOut + row, load<u8>(nodeCodes + code));
    if (detached < 0) continue;
    const state = load<u32>(from + (detached << 2));
    // Most files know nothing of it: the memory of the column is never taken.
    if (state === 0) continue;
    detachedness |= state;
    store<u8>(detachedOut + row, <u8>state);
  }
  largestName = largest;
  return true;
}

/**
 * The same for edges: links (src/snapshot/reading/columns.ts), then names. Targets are told as places in the file,
 * `nodeWidth` numbers apart; `perNode` is 2^32 / nodeWidth, rounded up: a product takes a fraction of a division's time,
 * and is as exact for places that are a node's.
 */
export function edges(
  first: u32,
  rows: u32,
  width: u32,
  type: u32,
  name: u32,
  toNode: u32,
  types: u32,
  nodeWidth: u32,
  perNode: u32,
  nodeCount: u32,
  typeBits: u32,
  linkOut: usize,
  nameOut: usize,
): bool {
  let largest = largestName;
  let from = numbers + (first << 2);
  for (let row: u32 = 0; row < rows; row++, from += width << 2) {
    const fileCode = load<u32>(from + (type << 2));
    if (fileCode >= types) return false;
    const code: u32 = load<u8>(edgeCodes + fileCode);
    const to = load<u32>(from + (toNode << 2));
    const target = <u32>((<u64>to * perNode) >> 32);
    if (target * nodeWidth !== to || target >= nodeCount) return false;
    const nameIndex = load<u32>(from + (name << 2));
    if (((INDEXED_TYPES >> code) & 1) === 0 && nameIndex > largest) largest = nameIndex;
    store<u32>(linkOut + (row << 2), (target << typeBits) | code);
    store<u32>(nameOut + (row << 2), nameIndex);
  }
  largestName = largest;
  return true;
}
