import type { Hand } from '../hand';

/**
 * The text of the class that the bounded-map rewrite writes into a project. It holds a Map instead of extending it,
 * since `extends Map` fails where classes are compiled to ES5; a key that is set again keeps its place and drops none. It has no
 * `Symbol.toStringTag`: with one TypeScript would take it for a Map where a real one is wanted, as for `structuredClone`.
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

  forEach(callback: (value: V, key: K, map: BoundedMap<K, V>) => void, thisArg?: unknown): void {
    this.entriesByKey.forEach((value, key) => callback.call(thisArg, value, key, this));
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

/** The same in JavaScript: its types stand in comments, and its private members are plain fields. */
function untyped(text: string, commonJs: boolean): string {
  const [head = '', ...members] = text.split('\n\n');
  const [comment = ''] = head.split('\n');
  const opening = [
    comment.replace('/** ', '/**\n * ').replace(' */', '\n *\n * @template K, V\n */'),
    commonJs ? 'class BoundedMap {' : 'export class BoundedMap {',
  ].join('\n');
  const plain = opening + members.map((member) => `\n${documented(member)}`).join('\n');
  return commonJs ? `${plain}\nmodule.exports = { BoundedMap };\n` : plain;
}

/** A method with its types in a comment above it. */
function documented(member: string): string {
  const [signature = '', ...body] = member.split('\n');
  const {
    name = '',
    parameters = '',
    result,
  } = /^ {2}(?<name>.+?)\((?<parameters>.*)\)(?:: (?<result>.+))? \{$/.exec(signature)?.groups ?? {};
  const given = parameters === '' ? [] : parameters.split(/, (?=value: V$|thisArg)/);
  const tags = given.map((one) =>
    one.replace(/^(\w+): (.+)$/, '@param {$2} $1').replace(/^(\w+)\?: (.+)$/, '@param {$2} [$1]'),
  );
  if (result !== undefined && result !== 'void') tags.push(`@returns {${result}}`);
  const comment =
    tags.length === 1 ? [`  /** ${tags[0]} */`] : ['  /**', ...tags.map((tag) => `   * ${tag}`), '   */'];
  const names = given.map((one) => one.replace(/\??:.*/, '')).join(', ');
  const lines = name === 'constructor' ? CONSTRUCTOR : body;
  return [...(tags.length > 0 ? comment : []), `  ${name}(${names}) {`, ...lines].join('\n');
}

const CONSTRUCTOR = [
  '    /** @private */',
  '    this.limit = limit;',
  '    /** @type {Map<K, V>} @private */',
  '    this.entriesByKey = new Map();',
  '  }',
];
