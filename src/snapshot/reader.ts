import { cancelled } from '../protocol/errors';
import { ByteScanner, type ByteSource } from './byte-scanner';
import { corrupt, notASnapshot, parseFormat, type SnapshotFormat, truncated } from './format';
import { readStrings, type StringTable } from './strings';

/** A snapshot file as columns, a row per node and per edge, in the file's order. */
export interface SnapshotColumns {
  readonly format: SnapshotFormat;
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** {@link NodeType} codes. */
  readonly nodeType: Uint8Array;
  readonly nodeName: Uint32Array;
  readonly nodeId: Uint32Array | Float64Array;
  /** Bytes, as V8 wrote them. */
  readonly nodeSelfSize: Uint32Array | Float64Array;
  /** 0 unknown, 1 attached, 2 detached; null in files of old Node. */
  readonly nodeDetachedness: Uint8Array | null;
  /** The edges of node i are rows firstEdge[i] to firstEdge[i + 1] - 1. */
  readonly firstEdge: Uint32Array;
  /** {@link EdgeType} codes. */
  readonly edgeType: Uint8Array;
  readonly edgeName: Uint32Array;
  /** Row of the node that the edge leads to. */
  readonly edgeTo: Uint32Array;
  /** Four numbers each: node row, script id, line, column (zero-based). */
  readonly locations: Uint32Array;
  readonly strings: StringTable;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Called with the bytes read so far, about once per chunk. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Reads a snapshot in one pass over its bytes, in whatever order its sections stand after the header.
 * @throws `not-a-snapshot`, `snapshot-truncated`, `snapshot-corrupt` (with the byte offset), `cancelled`.
 */
export function readSnapshot(source: ByteSource, options: ReadOptions = {}): SnapshotColumns {
  const scanner = new ByteScanner(watched(source, options));
  const reading: Partial<{ -readonly [K in keyof SnapshotColumns]: SnapshotColumns[K] }> = {};
  scanner.expect(0x7b);
  let format: SnapshotFormat | undefined;
  do {
    if (scanner.peek() === 0x7d) break;
    const key = scanner.key();
    scanner.expect(0x3a);
    if (key === 'snapshot') {
      format = parseFormat(scanner.value(true), scanner.offset);
      reading.format = format;
    } else if (key === 'nodes') Object.assign(reading, readNodes(scanner, need(format)));
    else if (key === 'edges') Object.assign(reading, readEdges(scanner, need(format)));
    else if (key === 'locations') reading.locations = readLocations(scanner, need(format));
    else if (key === 'strings') reading.strings = readStrings(scanner);
    else scanner.value(false);
  } while (scanner.accept(0x2c));
  if (scanner.peek() === -1 && !reading.strings) throw truncated(scanner.offset);
  scanner.expect(0x7d);
  return complete(reading, need(format), scanner.offset);
}

function need(format: SnapshotFormat | undefined): SnapshotFormat {
  if (format) return format;
  throw notASnapshot(0);
}

function complete(
  reading: Partial<SnapshotColumns>,
  format: SnapshotFormat,
  byteOffset: number,
): SnapshotColumns {
  const { nodeType, edgeTo, strings, firstEdge } = reading;
  if (!nodeType || !edgeTo || !strings || !firstEdge) {
    throw corrupt('it lacks one of the sections nodes, edges and strings', byteOffset);
  }
  if (nodeType.length === 0) throw corrupt('it has no nodes', byteOffset);
  if (firstEdge[nodeType.length] !== edgeTo.length) {
    throw corrupt(
      `its nodes name ${firstEdge[nodeType.length]} edges, but it has ${edgeTo.length}`,
      byteOffset,
    );
  }
  return {
    ...(reading as SnapshotColumns),
    locations: reading.locations ?? new Uint32Array(0),
    format,
    nodeCount: nodeType.length,
    edgeCount: edgeTo.length,
  };
}

/** Counts what is read, and stops when it is no longer wanted. */
function watched(source: ByteSource, { signal, onBytes }: ReadOptions): ByteSource {
  let total = 0;
  return {
    length: source.length,
    read(target) {
      if (signal?.aborted) throw cancelled();
      const count = source.read(target);
      total += count;
      onBytes?.(total);
      return count;
    },
  };
}

function readNodes(scanner: ByteScanner, format: SnapshotFormat) {
  const count = bounded(format.nodeCount, format.node.width, scanner);
  const { width, type, name, id, selfSize, edgeCount, detachedness } = format.node;
  const codes = format.nodeTypeCodes;
  const nodeType = new Uint8Array(count);
  const nodeName = new Uint32Array(count);
  let nodeId: Uint32Array | Float64Array = new Uint32Array(count);
  let nodeSelfSize: Uint32Array | Float64Array = new Uint32Array(count);
  const nodeDetachedness = detachedness === -1 ? null : new Uint8Array(count);
  const firstEdge = new Uint32Array(count + 1);
  let edges = 0;
  readRows(scanner, width, count, 'nodes', (row, fields) => {
    const code = codes[fields[type]!];
    if (code === undefined) throw corrupt(`node ${row} is of an unknown type`, scanner.offset);
    nodeType[row] = code;
    nodeName[row] = fields[name]!;
    const thisId = fields[id]!;
    if (thisId > 0xffffffff && nodeId instanceof Uint32Array) nodeId = Float64Array.from(nodeId);
    nodeId[row] = thisId;
    const size = fields[selfSize]!;
    if (size > 0xffffffff && nodeSelfSize instanceof Uint32Array)
      nodeSelfSize = Float64Array.from(nodeSelfSize);
    nodeSelfSize[row] = size;
    if (nodeDetachedness) nodeDetachedness[row] = fields[detachedness]!;
    edges += fields[edgeCount]!;
    firstEdge[row + 1] = edges;
  });
  return { nodeType, nodeName, nodeId, nodeSelfSize, nodeDetachedness, firstEdge };
}

function readEdges(scanner: ByteScanner, format: SnapshotFormat) {
  const count = bounded(format.edgeCount, format.edge.width, scanner);
  const { width, type, name, toNode } = format.edge;
  const codes = format.edgeTypeCodes;
  const nodeWidth = format.node.width;
  const edgeType = new Uint8Array(count);
  const edgeName = new Uint32Array(count);
  const edgeTo = new Uint32Array(count);
  readRows(scanner, width, count, 'edges', (row, fields) => {
    const code = codes[fields[type]!];
    if (code === undefined) throw corrupt(`edge ${row} is of an unknown type`, scanner.offset);
    const target = fields[toNode]! / nodeWidth;
    if (target >= format.nodeCount || target !== Math.floor(target)) {
      throw corrupt(`edge ${row} leads to no node`, scanner.offset);
    }
    edgeType[row] = code;
    edgeName[row] = fields[name]!;
    edgeTo[row] = target;
  });
  return { edgeType, edgeName, edgeTo };
}

function readLocations(scanner: ByteScanner, format: SnapshotFormat): Uint32Array {
  const position = format.location;
  if (!position) {
    scanner.value(false);
    return new Uint32Array(0);
  }
  let locations = new Uint32Array(1 << 12);
  let used = 0;
  readRows(scanner, position.width, null, 'locations', (row, fields) => {
    const node = fields[position.object]! / format.node.width;
    if (node >= format.nodeCount) throw corrupt(`location ${row} is of no node`, scanner.offset);
    if (used + 4 > locations.length) {
      const larger = new Uint32Array(locations.length * 2);
      larger.set(locations);
      locations = larger;
    }
    locations[used++] = node;
    locations[used++] = fields[position.script]!;
    locations[used++] = fields[position.line]!;
    locations[used++] = fields[position.column]!;
  });
  return locations.slice(0, used);
}

/** A header that promises more rows than the file has bytes would have us allocate without bound. */
function bounded(count: number, width: number, scanner: ByteScanner): number {
  if (count * width * 2 <= scanner.source.length + 16) return count;
  throw corrupt(`its header promises ${count} rows, more than the file has room for`, scanner.offset);
}

/**
 * Reads an array of numbers in rows of `width`; `count` rows exactly, or as many as there are when it is null. The
 * state of a half-read number survives the border of a chunk.
 */
function readRows(
  scanner: ByteScanner,
  width: number,
  count: number | null,
  section: string,
  store: (row: number, fields: Float64Array) => void,
): void {
  scanner.expect(0x5b);
  const fields = new Float64Array(width);
  let row = 0;
  let field = 0;
  let value = 0;
  let inNumber = false;
  for (;;) {
    if (scanner.position === scanner.end && !scanner.refill()) throw truncated(scanner.offset);
    const { chunk, end } = scanner;
    let at = scanner.position;
    let closed = false;
    while (at < end) {
      const byte = chunk[at++]!;
      const digit = byte - 0x30;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        inNumber = true;
        continue;
      }
      if (inNumber) {
        fields[field++] = value;
        value = 0;
        inNumber = false;
        if (field === width) {
          field = 0;
          scanner.position = at;
          if (row === count) throw corrupt(`its ${section} are more than its header says`, scanner.offset);
          store(row++, fields);
        }
      }
      if (byte === 0x2c || byte === 0x0a) continue;
      if (byte === 0x5d) {
        closed = true;
        break;
      }
      if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) {
        throw corrupt(`there is something in its ${section} that is no number`, scanner.chunkOffset + at - 1);
      }
    }
    scanner.position = at;
    if (closed) break;
  }
  if (field !== 0 || (count !== null && row !== count)) {
    throw corrupt(`its ${section} are ${row}, but its header says ${count ?? 'otherwise'}`, scanner.offset);
  }
}
