import { linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';
import { hashOfText } from '../reading/strings';

/**
 * Plain objects by the names of their properties: what a person would call their interface. Sources of the rules:
 * DevTools, `inferInterfaceDefinitions` and `applyInterfaceDefinitions`.
 */
export interface Interface {
  /** `{id, name}`, with as many properties as fit. */
  readonly name: string;
  readonly properties: readonly string[];
}

/** The plain objects of a snapshot, grouped by the same properties in the same order. */
export interface Shapes {
  /** How many plain objects there are. */
  readonly objects: number;
  /** What they are called: an index into the string table. */
  readonly plainName: number;
  /** A node of each shape, and how many there are. */
  readonly example: readonly number[];
  readonly count: readonly number[];
}

const LONGEST_NAME = 120;
/** An interface has two objects at least, and one of a thousand plain objects. */
const FEWEST_OBJECTS = 2;
const LEAST_SHARE = 1 / 1000;

/**
 * Sorts the plain objects of a snapshot by their properties.
 * @param shapeOf Gets the shape of each of them, at its node's row.
 */
export function findShapes(columns: SnapshotColumns, shapeOf: Uint32Array): Shapes {
  const { nodeCount, nodeType, nodeName, strings } = columns;
  const plainName = strings.indexOf('Object');
  const prototype = strings.indexOf('__proto__');
  const table = new ShapeTable();
  let objects = 0;
  for (let node = 0; node < nodeCount; node++) {
    if (nodeName[node] !== plainName || nodeType[node] !== NodeType.object) continue;
    shapeOf[node] = table.shapeOf(columns, prototype, node);
    objects++;
  }
  return { objects, plainName, example: table.example, count: table.count };
}

/**
 * A hash table of property lists, with open addressing; a list is told from another by the names' places in the string
 * table, without a text being made of them.
 */
class ShapeTable {
  readonly example: number[] = [];
  readonly count: number[] = [];
  readonly #hashes: number[] = [];
  readonly #names: Uint32Array[] = [];
  /** Shapes plus one, by hash. */
  #slots = new Int32Array(1024);
  /** The list that is looked for. */
  #list: Uint32Array = new Uint32Array(64);

  /** The shape of an object. */
  shapeOf({ firstEdge, edgeLink, edgeName }: SnapshotColumns, prototype: number, node: number): number {
    let list = this.#list;
    let length = 0;
    let hash = 17;
    for (let edge = firstEdge[node]!, end = firstEdge[node + 1]!; edge < end; edge++) {
      const name = edgeName[edge]!;
      if (linkType(edgeLink[edge]!) !== EdgeType.property || name === prototype) continue;
      hash = (Math.imul(hash, 31) + name) | 0;
      if (length === list.length) list = this.#growList();
      list[length++] = name;
    }
    return this.#find(node, hash ^ (hash >>> 15), length);
  }

  #growList(): Uint32Array {
    const larger = new Uint32Array(this.#list.length * 2);
    larger.set(this.#list);
    this.#list = larger;
    return larger;
  }

  #find(node: number, hash: number, length: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const shape = this.#slots[slot]! - 1;
      if (shape === -1) return this.#add(node, hash, length, slot);
      if (this.#hashes[shape] !== hash || !areSame(this.#names[shape]!, this.#list, length)) continue;
      this.count[shape]!++;
      return shape;
    }
  }

  #add(node: number, hash: number, length: number, slot: number): number {
    const shape = this.example.push(node) - 1;
    this.count.push(1);
    this.#hashes.push(hash);
    this.#names.push(this.#list.slice(0, length));
    this.#slots[slot] = shape + 1;
    if (2 * shape > this.#slots.length) this.#growSlots();
    return shape;
  }

  #growSlots(): void {
    this.#slots = new Int32Array(4 * this.#slots.length);
    const mask = this.#slots.length - 1;
    this.#hashes.forEach((hash, shape) => {
      let slot = hash & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = shape + 1;
    });
  }
}

function areSame(names: Uint32Array, list: Uint32Array, length: number): boolean {
  if (names.length !== length) return false;
  for (let i = 0; i < length; i++) if (names[i] !== list[i]) return false;
  return true;
}

/** The names of an object's properties that are wanted, `__proto__` left out; a dictionary may have very many. */
function* propertiesOf(
  columns: SnapshotColumns,
  node: number,
  isWanted: (name: number) => boolean = () => true,
): Generator<string> {
  const { firstEdge, edgeLink, edgeName, strings } = columns;
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) !== EdgeType.property || !isWanted(edgeName[edge]!)) continue;
    const name = strings.get(edgeName[edge]!);
    if (name !== '__proto__') yield name;
  }
}

/** The interfaces that are frequent enough, most objects first. */
export function inferInterfaces(columns: SnapshotColumns, shapes: Shapes): Interface[] {
  const byName = new Map<string, Interface & { count: number }>();
  shapes.example.forEach((node, shape) => {
    const candidate = toInterface(propertiesOf(columns, node));
    if (!candidate) return;
    const known = byName.get(candidate.name);
    if (known) known.count += shapes.count[shape]!;
    else byName.set(candidate.name, { ...candidate, count: shapes.count[shape]! });
  });
  const least = Math.max(FEWEST_OBJECTS, shapes.objects * LEAST_SHARE);
  return [...byName.values()].filter(({ count }) => count >= least).sort((a, b) => b.count - a.count);
}

function toInterface(properties: Iterable<string>): Interface | null {
  let text = '';
  const taken: string[] = [];
  for (const property of properties) {
    const formatted = formatProperty(property);
    // Braces are counted too.
    if (taken.length > 0 && text.length + 1 + formatted.length > LONGEST_NAME) break;
    text += taken.length === 0 ? formatted : `, ${formatted}`;
    taken.push(property);
  }
  return taken.length === 0 ? null : { name: `{${text}}`, properties: taken };
}

function formatProperty(name: string): string {
  return /[,'"{}]/.test(name) ? JSON.stringify(name) : name;
}

/**
 * The interface of each shape, as an index, or -1 for a mere object: the one with most properties of those that it
 * has all of; of equals, the most frequent.
 */
export function matchInterfaces(
  columns: SnapshotColumns,
  shapes: Shapes,
  interfaces: readonly Interface[],
): Int32Array {
  const byProperty = indexByRarest(interfaces);
  // A dictionary has thousands of names that are nobody's: their bytes tell so, without a text being made of them.
  const hashes = new Set(interfaces.flatMap(({ properties }) => properties.map(hashOfText)));
  const isNamed = (name: number) => columns.strings.mayHaveHash(name, hashes);
  return Int32Array.from(shapes.example, (node) => {
    const properties = new Set(propertiesOf(columns, node, isNamed));
    let best = -1;
    for (const property of properties) {
      for (const candidate of byProperty.get(property) ?? []) {
        if (!isBetter(interfaces, candidate, best)) continue;
        if (interfaces[candidate]!.properties.every((name) => properties.has(name))) best = candidate;
      }
    }
    return best;
  });
}

function isBetter(interfaces: readonly Interface[], candidate: number, best: number): boolean {
  if (best === -1) return true;
  const more = interfaces[candidate]!.properties.length - interfaces[best]!.properties.length;
  return more > 0 || (more === 0 && candidate < best);
}

/** Each interface under that of its properties which the fewest others have. */
function indexByRarest(interfaces: readonly Interface[]): Map<string, number[]> {
  const uses = new Map<string, number>();
  for (const name of interfaces.flatMap(({ properties }) => properties))
    uses.set(name, (uses.get(name) ?? 0) + 1);
  const index = new Map<string, number[]>();
  interfaces.forEach(({ properties }, i) => {
    const rarest = properties.reduce((a, b) => (uses.get(b)! < uses.get(a)! ? b : a));
    index.set(rarest, [...(index.get(rarest) ?? []), i]);
  });
  return index;
}
