/** Makes the class of a location, given by its first index in the column, and a name. */
type MakeClass = (location: number, name: number) => number;

/**
 * The classes that are told apart by where their constructor stands: a hash table with open addressing, since
 * thousands of objects share a place and a text for each of them would cost more than all the rest.
 */
export class PlaceTable {
  readonly #locations: Uint32Array;
  /** Five words each: script, line, column, name, and the class plus one. */
  #slots = new Uint32Array(5 * 1024);
  #used = 0;

  readonly #make: MakeClass;

  /** @param make Asked at the first object of each place and name. */
  constructor(locations: Uint32Array, make: MakeClass) {
    this.#locations = locations;
    this.#make = make;
  }

  /** The class of an object whose location starts at `at`. */
  classAt(at: number, name: number): number {
    const script = this.#locations[at + 1]!;
    const line = this.#locations[at + 2]!;
    const column = this.#locations[at + 3]!;
    const slot = this.#find(script, line, column, name);
    if (this.#slots[slot + 4] !== 0) return this.#slots[slot + 4]! - 1;
    const made = this.#make(at, name);
    this.#slots.set([script, line, column, name, made + 1], slot);
    if (++this.#used * 10 > this.#slots.length) this.#grow();
    return made;
  }

  /** The slot of a place and name, or the empty one where it belongs. */
  #find(script: number, line: number, column: number, name: number): number {
    const slots = this.#slots;
    const mask = slots.length / 5 - 1;
    let hash =
      Math.imul(script, 0x9e3779b1) ^ Math.imul(line, 0x85ebca77) ^ Math.imul(column, 0xc2b2ae3d) ^ name;
    hash ^= hash >>> 15;
    for (let index = hash & mask; ; index = (index + 1) & mask) {
      const at = index * 5;
      if (slots[at + 4] === 0) return at;
      const isSame = slots[at] === script && slots[at + 1] === line && slots[at + 2] === column;
      if (isSame && slots[at + 3] === name) return at;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 5) {
      if (old[at + 4] === 0) continue;
      const slot = this.#find(old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!);
      this.#slots.set(old.subarray(at, at + 5), slot);
    }
  }
}
