import type { Hand } from '../hand';

/**
 * The text of the class that the bounded-map rewrite writes into a project. It holds a Map instead of extending it,
 * since `extends Map` fails where classes are compiled to ES5; a key that is set again keeps its place and drops none.
 */
export function boundedMapSource(hand: Hand, isTyped: boolean, commonJs: boolean): string {
  const text = isTyped ? typed : untyped(typed, commonJs);
  return text
    .split('\n')
    .map((line) => line.replace(/^( {2})+/, (spaces) => hand.indent.repeat(spaces.length / 2)))
    .map((line) => (hand.semicolon === '' ? line.replace(/;$/, '') : line))
    .join(hand.lineEnd);
}

const typed = `/** A Map that holds at most \`limit\` entries: adding one more drops the oldest. */
export class BoundedMap<K, V> {
  private readonly limit: number;
  private readonly entriesByKey = new Map<K, V>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.entriesByKey.size;
  }

  get(key: K): V | undefined {
    return this.entriesByKey.get(key);
  }

  has(key: K): boolean {
    return this.entriesByKey.has(key);
  }

  set(key: K, value: V): this {
    this.entriesByKey.set(key, value);
    if (this.entriesByKey.size > this.limit) {
      const oldest = this.entriesByKey.keys().next();
      if (!oldest.done) this.entriesByKey.delete(oldest.value);
    }
    return this;
  }

  delete(key: K): boolean {
    return this.entriesByKey.delete(key);
  }

  clear(): void {
    this.entriesByKey.clear();
  }

  forEach(callback: (value: V, key: K, map: BoundedMap<K, V>) => void): void {
    this.entriesByKey.forEach((value, key) => callback(value, key, this));
  }

  keys(): IterableIterator<K> {
    return this.entriesByKey.keys();
  }

  values(): IterableIterator<V> {
    return this.entriesByKey.values();
  }

  entries(): IterableIterator<[K, V]> {
    return this.entriesByKey.entries();
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entriesByKey.entries();
  }
}
`;

/** The same in JavaScript: without types, and with the private members truly private. */
function untyped(text: string, commonJs: boolean): string {
  const plain = text
    .replace('export class BoundedMap<K, V>', commonJs ? 'class BoundedMap' : 'export class BoundedMap')
    .replace('  private readonly limit: number;\n  private readonly entriesByKey = new Map<K, V>();\n\n', '')
    .replace('constructor(limit: number) {\n', 'constructor(limit) {\n    this.entriesByKey = new Map();\n')
    .replace('callback: (value: V, key: K, map: BoundedMap<K, V>) => void', 'callback')
    .replace(/\): [^\n]+ \{$/gm, ') {')
    .replace(/\b(key|value): [KV]\b/g, '$1');
  return commonJs ? `${plain}\nmodule.exports = { BoundedMap };\n` : plain;
}
