import { linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';

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
  const table = new ShapeTable(columns);
  let objects = 0;
  for (let node = 0; node < nodeCount; node++) {
    if (nodeName[node] !== plainName || nodeType[node] !== NodeType.object) continue;
    shapeOf[node] = table.shapeOf(node);
    objects++;
  }
  return { objects, plainName, example: table.example, count: table.count };
}

/** A hash table of property lists; a list is told from another by its edges, without a text being made of it. */
class ShapeTable {
  readonly example: number[] = [];
  readonly count: number[] = [];
  readonly #columns: SnapshotColumns;
  readonly #prototype: number;
  readonly #byHash = new Map<number, number[]>();

  constructor(columns: SnapshotColumns) {
    this.#columns = columns;
    this.#prototype = columns.strings.indexOf('__proto__');
  }

  shapeOf(node: number): number {
    const { firstEdge, edgeLink, edgeName } = this.#columns;
    let hash = 17;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      const name = edgeName[edge]!;
      if (linkType(edgeLink[edge]!) !== EdgeType.property || name === this.#prototype) continue;
      hash = (Math.imul(hash, 31) + name) | 0;
    }
    let shapes = this.#byHash.get(hash);
    if (!shapes) {
      shapes = [];
      this.#byHash.set(hash, shapes);
    }
    let shape = shapes.find((known) => this.#areSame(this.example[known]!, node));
    if (shape === undefined) {
      shape = this.example.push(node) - 1;
      this.count.push(0);
      shapes.push(shape);
    }
    this.count[shape]!++;
    return shape;
  }

  #areSame(a: number, b: number): boolean {
    const { firstEdge, edgeName } = this.#columns;
    const lastA = firstEdge[a + 1]!;
    const lastB = firstEdge[b + 1]!;
    for (let i = firstEdge[a]!, j = firstEdge[b]!; ; i++, j++) {
      i = this.#nextProperty(i, lastA);
      j = this.#nextProperty(j, lastB);
      if (i === lastA || j === lastB) return i === lastA && j === lastB;
      if (edgeName[i] !== edgeName[j]) return false;
    }
  }

  #nextProperty(from: number, end: number): number {
    const { edgeLink, edgeName } = this.#columns;
    let edge = from;
    while (edge < end) {
      const isProperty = linkType(edgeLink[edge]!) === EdgeType.property;
      if (isProperty && edgeName[edge] !== this.#prototype) break;
      edge++;
    }
    return edge;
  }
}

/** The names of an object's properties, `__proto__` left out; a dictionary may have very many. */
function* propertiesOf(columns: SnapshotColumns, node: number): Generator<string> {
  const { firstEdge, edgeLink, edgeName, strings } = columns;
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) !== EdgeType.property) continue;
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
  return Int32Array.from(shapes.example, (node) => {
    const properties = new Set(propertiesOf(columns, node));
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
