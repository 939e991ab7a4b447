import type { SnapshotColumns } from '../reading/columns';
import { NodeType } from '../reading/format';
import { sharedNumbers } from '../reading/shared-memory';
import { ClassNames } from './class-names';
import { PlaceTable } from './class-places';
import { CompiledClasses } from './compiled-classes';
import { findDetached } from './detached';
import { findShapes, type Interface, inferInterfaces, matchInterfaces, type Shapes } from './interfaces';

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

/** What {@link classify} may be given. */
export interface ClassifyOptions {
  /** Memory for the class of each node; whatever stands in it is overwritten. */
  readonly classOf?: Uint32Array;
  /** Memory for WebAssembly to work in: {@link classRoomLength} words, all 0. */
  readonly room?: Uint32Array;
  /** What plain objects are called, when it shall be as in another snapshot. */
  readonly interfaces?: readonly Interface[];
}

/**
 * Groups nodes as DevTools does: objects by constructor name and the place where it is defined, functions, regular
 * expressions, code and V8's own nodes under one name each, everything else by its type. Plain objects are told apart
 * by their properties. Source: DevTools, `calculateObjectNames` and `classKeyInternal`.
 */
export function classify(columns: SnapshotColumns, options: ClassifyOptions = {}): ClassTable {
  const { classOf = sharedNumbers(columns.nodeCount), room } = options;
  const compiled = room ? CompiledClasses.on(columns, classOf, room) : null;
  // Until a node's class is known, its shape stands in its place.
  const found = compiled?.findShapes();
  const shapes = found ?? findShapes(columns, classOf);
  const interfaces = options.interfaces ?? inferInterfaces(columns, shapes);
  const interfaceOf = matchInterfaces(columns, shapes, interfaces);
  const isDetached = findDetached(columns);
  const names = new ClassNames(columns, interfaces);
  const fixed = names.ofTypes(columns.format.nodeTypeNames);
  const nodes = { columns, classOf, shapes, interfaceOf, isDetached };
  if (!compiled || !found || isDetached) findClasses(nodes, fixed, names);
  else if (!compiled.findClasses(fixed, interfaceOf, interfaces, names)) {
    // Shapes are gone where classes were found.
    findShapes(columns, classOf);
    findClasses(nodes, fixed, names);
  }
  return { classOf, names: names.names, keys: names.keys, interfaces, isDetached };
}

/** What the class of a node is found by. */
interface Nodes {
  readonly columns: SnapshotColumns;
  readonly classOf: Uint32Array;
  readonly shapes: Shapes;
  readonly interfaceOf: Int32Array;
  readonly isDetached: Uint8Array | null;
}

function findClasses(
  { columns, classOf, shapes: { plainName }, interfaceOf, isDetached }: Nodes,
  fixed: readonly number[],
  names: ClassNames,
): void {
  const { nodeCount, nodeType, nodeName, locations, strings } = columns;
  let nextLocation = 0;
  const locationsEnd = locations.length;
  const places = new PlaceTable(locations, (location, name) => names.ofPlace(location, name));
  const { detachedNames } = names;
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
        known = names.ofName(name) + 1;
        byName[name] = known;
      }
      classOf[node] = known - 1;
      continue;
    }
    classOf[node] = places.classAt(nextLocation, name);
  }
}
