const COMMA = 0x2c;
const NEWLINE = 0x0a;
const CLOSE = 0x5d;
const MINUS = 0x2d;
/** Digits are told from everything else by one comparison once this is taken off their bits. */
const ZERO = 0x30;

/** Why {@link NumberTokens.read} stopped. */
export const Stop = {
  /** Behind a comma at or past the limit. */
  limit: 0,
  /** Behind the `]` of a section. */
  section: 1,
  /** At something that V8 does not write among its numbers. */
  other: 2,
} as const;

/**
 * Cuts numbers out of bytes as V8 writes them: digits, a comma or a line break with a comma between them, nothing
 * else. It neither knows nor cares where rows begin, so that reading may start at any number of a section. This is
 * where most of the time of opening a snapshot goes; each line was measured.
 */
export class NumberTokens {
  /** Each below 2^32; kept in signed form, since that is what V8's compilers are best at. */
  readonly numbers: Int32Array;
  length = 0;
  /** Of the next byte. */
  position = 0;

  constructor(capacity: number) {
    this.numbers = new Int32Array(capacity);
  }

  /**
   * Reads from `position` on, first a digit, up to the first comma at or past `limit`. `bytes` go on behind the
   * limit for at least the longest number, or end in zeros.
   */
  read(bytes: Uint8Array, limit: number): number {
    const { numbers } = this;
    let at = this.position;
    let length = this.length;
    for (;;) {
      const first = at;
      let value = bytes[at++]! ^ ZERO;
      let digit = bytes[at++]! ^ ZERO;
      if (value > 9) {
        // V8 writes no negative number but -1.
        if (value !== (MINUS ^ ZERO) || digit !== 1) return this.#stop(Stop.other, first, length);
        value = -1;
        digit = bytes[at++]! ^ ZERO;
        if (digit < 10) return this.#stop(Stop.other, first, length);
      }
      // Most numbers are short: the first digits go without the loop's overhead.
      if (digit < 10) {
        value = value * 10 + digit;
        digit = bytes[at++]! ^ ZERO;
        if (digit < 10) {
          value = value * 10 + digit;
          digit = bytes[at++]! ^ ZERO;
          while (digit < 10) {
            value = (Math.imul(value, 10) + digit) | 0;
            digit = bytes[at++]! ^ ZERO;
          }
        }
      }
      if (at - first > 10 && !fits(bytes, first, at - 1)) return this.#stop(Stop.other, first, length);
      numbers[length++] = value;
      let separator = digit ^ ZERO;
      if (separator === NEWLINE) separator = bytes[at++]!;
      if (separator !== COMMA) return this.#stop(separator === CLOSE ? Stop.section : Stop.other, at, length);
      if (at > limit) return this.#stop(Stop.limit, at, length);
    }
  }

  #stop(why: number, position: number, length: number): number {
    this.position = position;
    this.length = length;
    return why;
  }
}

/** Whether the digits make a number below 2^32; a larger one is for the reader that takes all. */
function fits(bytes: Uint8Array, from: number, to: number): boolean {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + (bytes[i]! ^ ZERO);
  return value < 2 ** 32;
}

/**
 * Where the first number behind a comma at or past `from` starts; -1 when there is none before `to`. Commas between
 * sections are followed by a line break or a quote.
 */
export function firstNumber(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] !== COMMA) continue;
    const next = bytes[at + 1]!;
    if ((next ^ ZERO) < 10 || next === MINUS) return at + 1;
  }
  return -1;
}
