import { HeapwrightError } from '../../protocol/errors';

/**
 * What V8 writes into a snapshot's header, and the codes the engine uses instead of the file's own: the order of
 * types and fields may differ between versions, the meaning of a code here never does.
 * Source: V8, `HeapSnapshotJSONSerializer::SerializeSnapshot` in src/profiler/heap-snapshot-generator.cc.
 */
export const NODE_TYPES = [
  'hidden',
  'array',
  'string',
  'object',
  'code',
  'closure',
  'regexp',
  'number',
  'native',
  'synthetic',
  'concatenated string',
  'sliced string',
  'symbol',
  'bigint',
  'object shape',
] as const;

export const EDGE_TYPES = [
  'context',
  'element',
  'property',
  'internal',
  'hidden',
  'shortcut',
  'weak',
] as const;

/** Codes of node types that the engine's rules name. A type that V8 adds later gets a code past the known ones. */
export const NodeType = {
  hidden: 0,
  array: 1,
  string: 2,
  object: 3,
  code: 4,
  closure: 5,
  regexp: 6,
  number: 7,
  native: 8,
  synthetic: 9,
  consString: 10,
  slicedString: 11,
  symbol: 12,
  bigint: 13,
  shape: 14,
} as const;

export const EdgeType = {
  context: 0,
  element: 1,
  property: 2,
  internal: 3,
  hidden: 4,
  shortcut: 5,
  weak: 6,
  /** Ours: an internal edge from the table of a WeakMap to a value, which the key keeps alive, not the table. */
  fromTable: 15,
} as const;

/** True for edges whose `name_or_index` is a number; all others name a string. */
export function isIndexed(edgeType: number): boolean {
  return edgeType === EdgeType.element || edgeType === EdgeType.hidden;
}

/** The header, with positions of fields looked up and the file's type numbers translated. */
export interface SnapshotFormat {
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Bytes outside of the heap that V8 names in the header; they belong to no node. */
  readonly extraNativeBytes: number;
  readonly node: {
    readonly width: number;
    readonly type: number;
    readonly name: number;
    readonly id: number;
    readonly selfSize: number;
    readonly edgeCount: number;
    /** -1 in files of old Node. */
    readonly detachedness: number;
  };
  readonly edge: {
    readonly width: number;
    readonly type: number;
    readonly name: number;
    readonly toNode: number;
  };
  readonly location: {
    readonly width: number;
    readonly object: number;
    readonly script: number;
    readonly line: number;
    readonly column: number;
  } | null;
  /** The file's number of a type → {@link NodeType}; and the names behind all codes in use. */
  readonly nodeTypeCodes: Uint8Array;
  readonly nodeTypeNames: readonly string[];
  readonly edgeTypeCodes: Uint8Array;
}

/**
 * Reads the `snapshot` section.
 * @throws `snapshot-corrupt` when something the engine cannot do without is missing.
 */
export function parseFormat(json: string, byteOffset: number): SnapshotFormat {
  let header: unknown;
  try {
    header = JSON.parse(json);
  } catch (error) {
    throw corrupt('its header is not JSON', byteOffset, error);
  }
  const {
    meta,
    node_count: nodeCount,
    edge_count: edgeCount,
    extra_native_bytes: extra,
  } = asRecord(header, byteOffset);
  const { node_fields, node_types, edge_fields, edge_types, location_fields } = asRecord(meta, byteOffset);
  const nodeFields = asNames(node_fields, 'node_fields', byteOffset);
  const edgeFields = asNames(edge_fields, 'edge_fields', byteOffset);
  const field = (fields: readonly string[], name: string) => {
    const index = fields.indexOf(name);
    if (index === -1) throw corrupt(`its header has no field "${name}"`, byteOffset);
    return index;
  };
  const node = {
    width: nodeFields.length,
    type: field(nodeFields, 'type'),
    name: field(nodeFields, 'name'),
    id: field(nodeFields, 'id'),
    selfSize: field(nodeFields, 'self_size'),
    edgeCount: field(nodeFields, 'edge_count'),
    detachedness: nodeFields.indexOf('detachedness'),
  };
  const edge = {
    width: edgeFields.length,
    type: field(edgeFields, 'type'),
    name: field(edgeFields, 'name_or_index'),
    toNode: field(edgeFields, 'to_node'),
  };
  const nodeTypes = translate(typeNames(node_types, node.type, 'node_types', byteOffset), NODE_TYPES);
  const edgeTypes = translate(typeNames(edge_types, edge.type, 'edge_types', byteOffset), EDGE_TYPES);
  if (edgeTypes.names.length > EdgeType.fromTable)
    throw corrupt('its header names too many kinds of edges', byteOffset);
  return {
    nodeCount: asCount(nodeCount, 'node_count', byteOffset),
    edgeCount: asCount(edgeCount, 'edge_count', byteOffset),
    extraNativeBytes: typeof extra === 'number' && extra > 0 ? extra : 0,
    node,
    edge,
    location: locationFormat(location_fields),
    nodeTypeCodes: nodeTypes.codes,
    nodeTypeNames: nodeTypes.names,
    edgeTypeCodes: edgeTypes.codes,
  };
}

/** Old Node writes no locations. */
function locationFormat(fields: unknown): SnapshotFormat['location'] {
  if (!Array.isArray(fields) || fields.length === 0) return null;
  const position = {
    width: fields.length,
    object: fields.indexOf('object_index'),
    script: fields.indexOf('script_id'),
    line: fields.indexOf('line'),
    column: fields.indexOf('column'),
  };
  return Math.min(...Object.values(position)) < 0 ? null : position;
}

/** Codes for the file's types; those we do not know get codes of their own behind the known ones. */
function translate(
  types: readonly string[],
  known: readonly string[],
): { codes: Uint8Array; names: readonly string[] } {
  const names = [...known];
  const codes = Uint8Array.from(types, (type) => {
    const index = names.indexOf(type);
    return index === -1 ? names.push(type) - 1 : index;
  });
  return { codes, names };
}

function typeNames(types: unknown, position: number, name: string, byteOffset: number): readonly string[] {
  const list: unknown = Array.isArray(types) ? types[position] : undefined;
  return asNames(list, name, byteOffset);
}

function asNames(value: unknown, name: string, byteOffset: number): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw corrupt(`its header has no list "${name}"`, byteOffset);
}

function asRecord(value: unknown, byteOffset: number): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw corrupt('its header has no "meta" description', byteOffset);
}

/** Row numbers are kept in 32 bits. */
function asCount(value: unknown, name: string, byteOffset: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32 - 2) return value;
  throw corrupt(`its header has no usable "${name}"`, byteOffset);
}

/** The error for a file that is a snapshot, but a broken one; `what` continues "The snapshot is damaged: ". */
export function corrupt(what: string, byteOffset: number, cause?: unknown): HeapwrightError {
  return new HeapwrightError(
    'snapshot-corrupt',
    `The snapshot is damaged at byte ${byteOffset.toLocaleString('en-US')}: ${what}.`,
    'It was probably changed or cut after it was written: take a new one.',
    { byteOffset, cause },
  );
}

/** The error for a file that ends too early. */
export function truncated(byteOffset: number): HeapwrightError {
  return new HeapwrightError(
    'snapshot-truncated',
    `The snapshot ends after ${byteOffset.toLocaleString('en-US')} bytes, before it is complete.`,
    'The capture or the copy was cut off: take the snapshot again.',
    { byteOffset },
  );
}

/** The error for a file of another kind. */
export function notASnapshot(byteOffset: number): HeapwrightError {
  return new HeapwrightError(
    'not-a-snapshot',
    'This file is no V8 heap snapshot.',
    'Choose a .heapsnapshot or .heaptimeline file that Node, Chrome or Heapwright wrote.',
    { byteOffset },
  );
}
