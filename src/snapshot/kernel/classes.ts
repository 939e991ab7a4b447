import { EDGE_PROPERTY, NODE_OBJECT, TYPE_MASK, word } from './codes';
import { edgeLink, edgeName, firstEdge, nodeName, nodeType } from './heap';

/** Words of a place: script, line, column, name, and the class plus one. */
const PLACE: u32 = 5;

/** Of each node; until it is known, an object's shape stands there. */
let classOf: usize = 0;
let plainName: u32 = 0;

/** Shapes plus one, by hash; and of each shape its hash, a node, and how many there are. */
let slots: usize = 0;
let hashes: usize = 0;
let examples: usize = 0;
let counts: usize = 0;
let mostShapes: u32 = 0;
let prototypeName: u32 = 0;

export let shapeCount: u32 = 0;

export function startClasses(classOfAt: usize, plain: u32): void {
  classOf = classOfAt;
  plainName = plain;
}

/** `slotsAt` has room for twice as many slots as the others for shapes, a power of two, all 0. */
export function startShapes(
  slotsAt: usize,
  hashesAt: usize,
  examplesAt: usize,
  countsAt: usize,
  most: u32,
  prototype: u32,
): void {
  slots = slotsAt;
  hashes = hashesAt;
  examples = examplesAt;
  counts = countsAt;
  mostShapes = most;
  prototypeName = prototype;
  shapeCount = 0;
}

/** Finds the shapes of the plain objects from `from` to `to`; false when there are too many. */
export function findShapes(from: u32, to: u32): bool {
  for (let node = from; node < to; node++) {
    if (load<u32>(word(nodeName, node)) !== plainName || load<u8>(nodeType + node) !== NODE_OBJECT) continue;
    let hash: u32 = 17;
    const end = load<u32>(word(firstEdge, node), 4);
    for (let edge = nextProperty(load<u32>(word(firstEdge, node)), end); edge < end; ) {
      hash = hash * 31 + load<u32>(word(edgeName, edge));
      edge = nextProperty(edge + 1, end);
    }
    const shape = shapeOf(node, hash ^ (hash >>> 15));
    if (shape === mostShapes) return false;
    store<u32>(word(classOf, node), shape);
  }
  return true;
}

/** The next edge from `from` on that counts, or `end`. */
function nextProperty(from: u32, end: u32): u32 {
  let edge = from;
  while (edge < end) {
    const isProperty = (load<u32>(word(edgeLink, edge)) & TYPE_MASK) === EDGE_PROPERTY;
    if (isProperty && load<u32>(word(edgeName, edge)) !== prototypeName) break;
    edge++;
  }
  return edge;
}

function shapeOf(node: u32, hash: u32): u32 {
  const mask = 2 * mostShapes - 1;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const known = load<u32>(word(slots, slot));
    if (known === 0) {
      if (shapeCount + 1 === mostShapes) return mostShapes;
      store<u32>(word(hashes, shapeCount), hash);
      store<u32>(word(examples, shapeCount), node);
      store<u32>(word(counts, shapeCount), 1);
      store<u32>(word(slots, slot), ++shapeCount);
      return shapeCount - 1;
    }
    const shape = known - 1;
    if (load<u32>(word(hashes, shape)) !== hash) continue;
    if (!haveSameProperties(node, load<u32>(word(examples, shape)))) continue;
    store<u32>(word(counts, shape), load<u32>(word(counts, shape)) + 1);
    return shape;
  }
}

function haveSameProperties(a: u32, b: u32): bool {
  const endA = load<u32>(word(firstEdge, a), 4);
  const endB = load<u32>(word(firstEdge, b), 4);
  let i = nextProperty(load<u32>(word(firstEdge, a)), endA);
  let j = nextProperty(load<u32>(word(firstEdge, b)), endB);
  while (i < endA && j < endB && load<u32>(word(edgeName, i)) === load<u32>(word(edgeName, j))) {
    i = nextProperty(i + 1, endA);
    j = nextProperty(j + 1, endB);
  }
  return i === endA && j === endB;
}

/** The class of each type of nodes that has but one, else -1; the interface of each shape, else -1. */
let fixed: usize = 0;
let interfaceOf: usize = 0;
/** Classes plus one of names: those of the string table, then the interfaces. */
let byName: usize = 0;
let strings: u32 = 0;
/** Sorted by node; four words each, of which the first is the node. */
let locations: usize = 0;
let locationsEnd: usize = 0;
/** A hash table of classes by where they are defined. */
let places: usize = 0;
let mostPlaces: u32 = 0;
let placeCount: u32 = 0;
let nextLocation: usize = 0;

/** Of the class that is not known: where it goes, its name, and where its location lies; 0 for none. */
let unknownSlot: usize = 0;
export let unknownName: u32 = 0;
export let unknownLocation: usize = 0;

/** `byNameAt` and `placesAt` are all 0; the latter has room for `most` places, a power of two. */
export function startNames(
  fixedAt: usize,
  interfaceOfAt: usize,
  byNameAt: usize,
  stringCount: u32,
  locationsAt: usize,
  locationsEndAt: usize,
  placesAt: usize,
  most: u32,
): void {
  fixed = fixedAt;
  interfaceOf = interfaceOfAt;
  byName = byNameAt;
  strings = stringCount;
  locations = locationsAt;
  locationsEnd = locationsEndAt;
  places = placesAt;
  mostPlaces = most;
  placeCount = 0;
  nextLocation = locations;
}

/** Finds the classes of the nodes from `from` to `to`; stops at the first one whose class has to be made, and returns it. */
export function findClasses(from: u32, to: u32): u32 {
  for (let node = from; node < to; node++) {
    const type: u32 = load<u8>(nodeType + node);
    const ofType = load<i32>(word(fixed, type));
    if (ofType >= 0) {
      store<u32>(word(classOf, node), ofType);
      continue;
    }
    let name = load<u32>(word(nodeName, node));
    unknownLocation = 0;
    if (type === NODE_OBJECT) {
      if (name === plainName) {
        const found = load<i32>(word(interfaceOf, load<u32>(word(classOf, node))));
        if (found >= 0) name = strings + found;
      }
      while (nextLocation < locationsEnd && load<u32>(nextLocation) < node) nextLocation += 16;
      if (nextLocation < locationsEnd && load<u32>(nextLocation) === node) unknownLocation = nextLocation;
    }
    const slot = unknownLocation === 0 ? word(byName, name) : findPlace(unknownLocation, name);
    const known = load<u32>(slot);
    if (known === 0) {
      unknownSlot = slot;
      unknownName = name;
      return node;
    }
    store<u32>(word(classOf, node), known - 1);
  }
  return to;
}

/** Tells the class that was not known; false when there are too many. */
export function setUnknown(ofClass: u32): bool {
  store<u32>(unknownSlot, ofClass + 1);
  if (unknownLocation === 0) return true;
  const place = unknownSlot - ((<usize>(PLACE - 1)) << 2);
  store<u32>(place, load<u32>(unknownLocation, 4));
  store<u32>(place, load<u32>(unknownLocation, 8), 4);
  store<u32>(place, load<u32>(unknownLocation, 12), 8);
  store<u32>(place, unknownName, 12);
  return ++placeCount * 2 < mostPlaces;
}

/** Where the class of a place and name stands, or belongs. */
function findPlace(location: usize, name: u32): usize {
  const script = load<u32>(location, 4);
  const line = load<u32>(location, 8);
  const column = load<u32>(location, 12);
  let hash = (script * 0x9e3779b1) ^ (line * 0x85ebca77) ^ (column * 0xc2b2ae3d) ^ name;
  hash ^= hash >>> 15;
  const mask = mostPlaces - 1;
  let at = word(places, (hash & mask) * PLACE);
  while (load<u32>(at, 16) !== 0) {
    const isHere = load<u32>(at) === script && load<u32>(at, 4) === line && load<u32>(at, 8) === column;
    if (isHere && load<u32>(at, 12) === name) break;
    hash++;
    at = word(places, (hash & mask) * PLACE);
  }
  return at + 16;
}

/**
 * Brings `rows` locations into the order of their nodes. `rowOf` is a word per node, all 0, `values` one per row. Of two
 * of one node the later one counts; how many do is returned, and the others are gone.
 */
export function sortLocations(locations: usize, rows: u32, nodeCount: u32, rowOf: usize, values: usize): u32 {
  for (let row: u32 = 0; row < rows; row++) {
    store<u32>(word(rowOf, load<u32>(locations + ((<usize>row) << 4))), row + 1);
  }
  // Rows in order, before the nodes that they were found at.
  const order = rowOf;
  let counted: u32 = 0;
  for (let node: u32 = 0; node < nodeCount; node++) {
    const row = load<u32>(word(rowOf, node));
    if (row === 0) continue;
    store<u32>(word(order, counted), row - 1);
    store<u32>(word(values, counted++), node);
  }
  putWords(locations, counted, values);
  // One word of all rows after the other: reads that do not wait for each other are many times as fast as exchanges of
  // rows, of which each says where the next one is.
  for (let place: usize = 4; place < 16; place += 4) {
    for (let i: u32 = 0; i < counted; i++) {
      const row = locations + ((<usize>load<u32>(word(order, i))) << 4);
      store<u32>(word(values, i), load<u32>(row + place));
    }
    putWords(locations + place, counted, values);
  }
  return counted;
}

/** Puts a word into each row. */
function putWords(at: usize, rows: u32, values: usize): void {
  for (let i: u32 = 0; i < rows; i++) store<u32>(at + ((<usize>i) << 4), load<u32>(word(values, i)));
}
