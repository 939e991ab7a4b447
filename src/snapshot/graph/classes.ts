import type { SnapshotColumns } from '../reading/columns';
import { NodeType } from '../reading/format';
import { sharedNumbers } from '../reading/shared-memory';
import { DETACHED, findDetached } from './detached';
import { findShapes, type Interface, inferInterfaces, matchInterfaces } from './interfaces';

/** The classes ("constructors") of a snapshot: what its nodes are grouped by. */
export interface ClassTable {
  /** The class of each node. */
  readonly classOf: Uint32Array;
  readonly names: readonly string[];
  /** Stable between the snapshots of one process: two classes of one name differ by where they are defined. */
  readonly keys: readonly string[];
  /** What plain objects are called, most frequent first. */
  readonly interfaces: readonly Interface[];
  /** A flag per node for native ones that the page has let go of; null where there are none. */
  readonly isDetached: Uint8Array | null;
}

/**
 * Groups nodes as DevTools does: objects by constructor name and the place where it is defined, functions, regular
 * expressions, code and V8's own nodes under one name each, everything else by its type. Plain objects are told apart
 * by their properties. Source: DevTools, `calculateObjectNames` and `classKeyInternal`.
 * @param classOf Memory for the class of each node; whatever stands in it is overwritten.
 * @param given What plain objects are called, when it shall be as in another snapshot.
 */
export function classify(
  columns: SnapshotColumns,
  classOf: Uint32Array = sharedNumbers(columns.nodeCount),
  given?: readonly Interface[],
): ClassTable {
  const { nodeCount, nodeType, nodeName, locations, strings, format } = columns;
  let nextLocation = 0;
  const locationsEnd = locations.length;
  const names: string[] = [];
  const keys: string[] = [];
  const byKey = new Map<string, number>();
  const intern = (key: string, name: string): number => {
    const known = byKey.get(key);
    if (known !== undefined) return known;
    byKey.set(key, names.length);
    keys.push(key);
    return names.push(name) - 1;
  };

  const fixed = format.nodeTypeNames.map((type, code) => {
    const name = fixedName(code, type);
    return name === null ? -1 : intern(name, name);
  });
  // Until a node's class is known, its shape stands in its place.
  const shapes = findShapes(columns, classOf);
  const { plainName } = shapes;
  const interfaces = given ?? inferInterfaces(columns, shapes);
  const interfaceOf = matchInterfaces(columns, shapes, interfaces);
  const isDetached = findDetached(columns);
  // Names as numbers: those of the string table, the interfaces, and the former again for what is detached.
  const detachedNames = strings.length + interfaces.length;
  const nameOf = (name: number) => {
    if (name < strings.length) return elementName(strings.get(name));
    if (name < detachedNames) return interfaces[name - strings.length]!.name;
    return elementName(DETACHED + strings.get(name - detachedNames));
  };
  const places = new PlaceTable(locations, (script, line, column, name) => {
    const text = nameOf(name);
    return intern(`${script},${line},${column},${text}`, text);
  });
  // By name plus one, for objects without a location: nearly all of them.
  const byName = new Uint32Array(detachedNames + strings.length);
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node]!;
    const ofType = fixed[type]!;
    if (ofType !== -1) {
      classOf[node] = ofType;
      continue;
    }
    let name = nodeName[node]!;
    if (name === plainName && type === NodeType.object) {
      const found = interfaceOf[classOf[node]!]!;
      if (found !== -1) name = strings.length + found;
    } else if (isDetached !== null && isDetached[node] === 1) name += detachedNames;
    while (nextLocation < locationsEnd && locations[nextLocation]! < node) nextLocation += 4;
    const isPlaced = nextLocation < locationsEnd && locations[nextLocation] === node;
    if (type !== NodeType.object || !isPlaced) {
      let known = byName[name]!;
      if (known === 0) {
        const text = nameOf(name);
        known = intern(text, text) + 1;
        byName[name] = known;
      }
      classOf[node] = known - 1;
      continue;
    }
    classOf[node] = places.classAt(nextLocation, name);
  }
  return { classOf, names, keys, interfaces, isDetached };
}

type MakeClass = (script: number, line: number, column: number, name: number) => number;

/**
 * The classes that are told apart by where their constructor stands: a hash table with open addressing, since
 * thousands of objects share a place and a text for each of them would cost more than all the rest.
 */
class PlaceTable {
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
    const made = this.#make(script, line, column, name);
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

/** The one name of all nodes of a type; null for the types that are grouped by their own names. */
function fixedName(code: number, type: string): string | null {
  switch (code) {
    case NodeType.object:
    case NodeType.native:
      return null;
    case NodeType.hidden:
      return '(system)';
    case NodeType.code:
      return '(compiled code)';
    case NodeType.closure:
      return 'Function';
    case NodeType.regexp:
      return 'RegExp';
    default:
      return `(${type})`;
  }
}

/** `<div class="x">` and `Detached <div class="x">` lose their attributes. */
function elementName(name: string): string {
  const prefix = name.startsWith('<') ? 0 : name.startsWith('Detached <') ? 10 : -1;
  if (prefix === -1) return name;
  const space = name.indexOf(' ', prefix);
  return space === -1 ? name : `${name.slice(0, space)}>`;
}
