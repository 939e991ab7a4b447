import type { CollectionKind, CollectionRow } from '../../protocol/snapshot';
import type { HeapGraph } from '../graph/heap-graph';
import { linkTarget, linkType } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';
import { nodeRow } from './rows';

/** All collections of a snapshot as columns, in the order of their nodes. */
export interface CollectionColumns {
  readonly length: number;
  readonly node: Uint32Array;
  /** Index into {@link COLLECTION_KINDS}. */
  readonly kind: Uint8Array;
  readonly entries: Uint32Array;
  readonly capacity: Uint32Array;
}

export const COLLECTION_KINDS: readonly CollectionKind[] = [
  'map',
  'set',
  'weakmap',
  'weakset',
  'array',
  'object',
];

const MAP = 0;
const SET = 1;
const WEAK_MAP = 2;
const WEAK_SET = 3;
const ARRAY = 4;
const OBJECT = 5;

/** Bytes of a slot and of the header of V8's arrays on 64-bit machines without pointer compression, as Node runs. */
const SLOT = 8;
const HEADER = 16;
/** Slots before the buckets of a Map's or Set's table: entries, deleted entries, buckets. */
const TABLE_START = 3;
/** An object with fewer properties is a record, not a dictionary; one in dictionary mode may have any number. */
const DICTIONARY_PROPERTIES = 20;

/**
 * The size of every Map, Set, WeakMap, WeakSet, array and of every object that is used as a dictionary.
 *
 * Entries are counted from the edges of the backing store, by slot: an entry is there when its key or its value is an
 * object or string. Numbers, booleans and undefined make no edges in a snapshot; where a whole collection is made of
 * them its entries are estimated as three quarters of the capacity, which still grows when the collection does.
 * Source of the layouts: V8, src/objects/ordered-hash-table.h and hash-table.h.
 */
export function findCollections(graph: HeapGraph): CollectionColumns {
  const { nodeCount, nodeType, nodeName, strings } = graph;
  const kindOfName = new Map<number, number>();
  for (const [name, kind] of [
    ['Map', MAP],
    ['Set', SET],
    ['WeakMap', WEAK_MAP],
    ['WeakSet', WEAK_SET],
    ['Array', ARRAY],
  ] as const) {
    const index = strings.indexOf(name);
    if (index !== -1) kindOfName.set(index, kind);
  }
  const names = storeNames(graph);
  const rows: { node: number; kind: number; entries: number; capacity: number }[] = [];
  for (let node = 0; node < nodeCount; node++) {
    if (nodeType[node] !== NodeType.object) continue;
    const named = kindOfName.get(nodeName[node]!);
    const size = named === undefined || named === ARRAY ? null : tableSize(graph, node, named, names);
    if (size && named !== undefined) rows.push({ node, kind: named, ...size });
    else if (named === ARRAY) rows.push({ node, kind: ARRAY, ...arraySize(graph, node, names) });
    else {
      // A class that extends Map is called otherwise; its table tells.
      const subclass = subclassSize(graph, node, names) ?? dictionarySize(graph, node, names);
      if (subclass) rows.push({ node, ...subclass });
    }
  }
  return {
    length: rows.length,
    node: Uint32Array.from(rows, (row) => row.node),
    kind: Uint8Array.from(rows, (row) => row.kind),
    entries: Uint32Array.from(rows, (row) => row.entries),
    capacity: Uint32Array.from(rows, (row) => row.capacity),
  };
}

/** String indices of the edges from an object to its backing stores. */
interface StoreNames {
  readonly table: number;
  readonly elements: number;
  readonly properties: number;
  /** Every object has one; it is no entry. */
  readonly prototype: number;
  /** Name of the node that the slots of deleted entries lead to since V8 12; older ones leave no edge. */
  readonly hole: number;
}

function storeNames({ strings }: HeapGraph): StoreNames {
  return {
    table: strings.indexOf('table'),
    elements: strings.indexOf('elements'),
    properties: strings.indexOf('properties'),
    prototype: strings.indexOf('__proto__'),
    hole: strings.indexOf('system / Hole'),
  };
}

interface Size {
  readonly entries: number;
  readonly capacity: number;
}

/** The node behind the internal edge `name` of `node`, or -1. */
function storeOf({ firstEdge, edgeLink, edgeName }: HeapGraph, node: number, name: number): number {
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) === EdgeType.internal && edgeName[edge] === name)
      return linkTarget(edgeLink[edge]!);
  }
  return -1;
}

/** Slots that an array node has room for. */
function slots({ nodeSelfSize }: HeapGraph, store: number): number {
  return Math.max(0, Math.floor((nodeSelfSize[store]! - HEADER) / SLOT));
}

function tableSize(graph: HeapGraph, node: number, kind: number, names: StoreNames): Size | null {
  const table = storeOf(graph, node, names.table);
  if (table === -1) return null;
  if (kind === WEAK_MAP || kind === WEAK_SET) return ephemeronSize(graph, table);
  return orderedTableSize(graph, table, kind === MAP ? 3 : 2, names.hole);
}

/** Ordered hash tables have half as many buckets as room for entries: slots = 3 + buckets + 2 · buckets · width. */
function orderedTableSize(graph: HeapGraph, table: number, width: number, hole: number): Size {
  const total = slots(graph, table);
  const buckets = Math.max(1, Math.floor((total - TABLE_START) / (1 + 2 * width)));
  const capacity = 2 * buckets;
  const seen = countSlots(graph, table, TABLE_START + buckets, width, hole);
  // The smallest table has room for four entries, so that an empty Map must not count as three.
  const entries = seen > 0 ? seen : capacity > 4 ? Math.round(capacity * 0.75) : 0;
  return { entries, capacity };
}

/** Entries with a key or a value that is an object, deleted ones excepted; `index` names of internal edges are slot numbers. */
function countSlots(graph: HeapGraph, store: number, start: number, width: number, hole: number): number {
  const { firstEdge, edgeLink, edgeName, nodeName, strings } = graph;
  let count = 0;
  let last = -1;
  for (let edge = firstEdge[store]!; edge < firstEdge[store + 1]!; edge++) {
    const link = edgeLink[edge]!;
    if (linkType(link) !== EdgeType.internal || nodeName[linkTarget(link)] === hole) continue;
    const slot = slotNumber(strings.raw(edgeName[edge]!));
    if (slot < start) continue;
    const entry = Math.floor((slot - start) / width);
    if (entry !== last) {
      count++;
      last = entry;
    }
  }
  return count;
}

/** A string of digits as a number, or -1. Bytes are compared, since a heap has millions of these. */
function slotNumber(bytes: Uint8Array): number {
  let value = 0;
  for (let i = 0; i < bytes.length; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return bytes.length === 0 ? -1 : value;
}

/**
 * A WeakMap's table has weak edges to keys and to values that are objects, named by their slots, a value's behind its
 * key's. Source: V8, `ExtractEphemeronHashTableReferences`.
 */
function ephemeronSize(graph: HeapGraph, table: number): Size {
  const { firstEdge, edgeLink, edgeName, strings } = graph;
  let entries = 0;
  let first = -1;
  let last = -1;
  for (let edge = firstEdge[table]!; edge < firstEdge[table + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) !== EdgeType.weak) continue;
    const slot = slotNumber(strings.raw(edgeName[edge]!));
    // No entry is without a key.
    if (first === -1) first = slot;
    const entry = (slot - first) >> 1;
    if (entry !== last) {
      entries++;
      last = entry;
    }
  }
  return { entries, capacity: Math.floor(slots(graph, table) / 2) };
}

function arraySize(graph: HeapGraph, node: number, names: StoreNames): Size {
  const { firstEdge, edgeLink, edgeName } = graph;
  let count = 0;
  let highest = -1;
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) !== EdgeType.element) continue;
    count++;
    if (edgeName[edge]! > highest) highest = edgeName[edge]!;
  }
  const store = storeOf(graph, node, names.elements);
  const capacity = store === -1 ? 0 : slots(graph, store);
  return { entries: count > 0 ? highest + 1 : capacity, capacity: Math.max(capacity, count) };
}

function subclassSize(graph: HeapGraph, node: number, names: StoreNames): (Size & { kind: number }) | null {
  if (names.table === -1) return null;
  const table = storeOf(graph, node, names.table);
  const layout = table === -1 ? null : tableLayout(graph, table);
  if (!layout) return null;
  return {
    kind: layout.width === 3 ? MAP : SET,
    ...orderedTableSize(graph, table, layout.width, names.hole),
  };
}

/** How the table of a Map (key, value, chain) or a Set (key, chain) is laid out. */
export interface TableLayout {
  /** The first slot of the first entry. */
  readonly start: number;
  readonly width: 2 | 3;
}

/** 3 + 7 · buckets slots make a Map, 3 + 5 · buckets a Set, with buckets a power of two; null for other arrays. */
export function tableLayout(graph: HeapGraph, table: number): TableLayout | null {
  if (graph.nodeType[table] !== NodeType.array) return null;
  const body = slots(graph, table) - TABLE_START;
  for (const width of [3, 2] as const) {
    const buckets = body / (1 + 2 * width);
    if (buckets >= 1 && Number.isInteger(Math.log2(buckets))) return { start: TABLE_START + buckets, width };
  }
  return null;
}

/** An object counts as a dictionary by its number of properties, named or numbered. */
function dictionarySize(graph: HeapGraph, node: number, names: StoreNames): (Size & { kind: number }) | null {
  const { firstEdge, edgeLink, edgeName } = graph;
  let properties = 0;
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
    const type = linkType(edgeLink[edge]!);
    if (type === EdgeType.element) properties++;
    else if (type === EdgeType.property && edgeName[edge] !== names.prototype) properties++;
  }
  const store = storeOf(graph, node, names.properties);
  const room = store === -1 ? 0 : slots(graph, store);
  // Keys whose values are numbers show only in the dictionary itself.
  const keys = room > DICTIONARY_PROPERTIES * 3 ? countKeys(graph, store) : 0;
  const elements = properties === 0 ? numberedRoom(graph, node, names) : 0;
  const entries = Math.max(properties, keys, elements);
  if (entries < DICTIONARY_PROPERTIES) return null;
  return { kind: OBJECT, entries, capacity: Math.max(entries, Math.floor(room / 3)) };
}

/**
 * Keys of a dictionary in hash mode: its entries are three slots wide (key, value, details) behind a head whose
 * length differs between versions of V8, so that keys are the strings and symbols of the slots that most of them share.
 */
function countKeys(graph: HeapGraph, store: number): number {
  const { firstEdge, edgeLink, edgeName, nodeType, strings } = graph;
  const byPhase = [0, 0, 0];
  for (let edge = firstEdge[store]!; edge < firstEdge[store + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) !== EdgeType.internal) continue;
    const slot = slotNumber(strings.raw(edgeName[edge]!));
    if (slot >= 0 && isKey(nodeType[linkTarget(edgeLink[edge]!)]!)) byPhase[slot % 3]!++;
  }
  return Math.max(...byPhase);
}

function isKey(type: number): boolean {
  return (
    type === NodeType.string ||
    type === NodeType.symbol ||
    type === NodeType.consString ||
    type === NodeType.slicedString
  );
}

/** Integer keys with number values make no edge at all: the room of the table is what there is to go by. */
function numberedRoom(graph: HeapGraph, node: number, names: StoreNames): number {
  const store = storeOf(graph, node, names.elements);
  return store === -1 ? 0 : Math.floor(slots(graph, store) / 4);
}

/** A collection as the product shows it. */
export function collectionRow(graph: HeapGraph, columns: CollectionColumns, i: number): CollectionRow {
  return {
    kind: COLLECTION_KINDS[columns.kind[i]!]!,
    node: nodeRow(graph, columns.node[i]!),
    entries: columns.entries[i]!,
    capacity: columns.capacity[i]!,
  };
}
