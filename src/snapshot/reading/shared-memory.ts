/**
 * Arrays that several threads see. All columns live in such memory, so that no thread copies what another one
 * computed. Memory of a column that nobody writes to is not taken from the system.
 */
export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

/** `length` whole numbers of 32 bits, all zero. */
export function sharedNumbers(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * 4));
}

/** `length` numbers up to `largest`, all zero: in 32 bits each where that is enough, else as doubles. */
export function sharedSizes(length: number, largest: number): Sizes {
  return largest < 2 ** 32 ? sharedNumbers(length) : new Float64Array(new SharedArrayBuffer(length * 8));
}

/** Bytes or ids: 32 bits where all values fit, doubles otherwise. */
export type Sizes = Uint32Array | Float64Array;
