import { cancelled } from '../../protocol/errors';
import { ByteScanner, type ByteSource } from './byte-scanner';
import { ColumnMemory } from './column-memory';
import {
  addUpEdges,
  checkReferences,
  checkRoom,
  edgeColumns,
  edgeLink,
  nodeColumns,
  type SnapshotColumns,
  toLocations,
} from './columns';
import { corrupt, notASnapshot, parseFormat, type SnapshotFormat, truncated } from './format';
import { type Sizes, sharedNumbers, sharedSizes } from './shared-memory';
import { readStrings } from './string-reader';

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Called with the bytes read so far, about once per chunk. */
  readonly onBytes?: (bytes: number) => void;
  /** Makes the memory for the columns of a snapshot. */
  readonly makeMemory?: (format: SnapshotFormat) => ColumnMemory;
}

/**
 * Reads a snapshot in one pass over its bytes, in whatever order its sections stand after the header, however its
 * numbers are spaced. Slower than {@link readSnapshot}'s other way, but it takes all that is valid, and says what is
 * wrong where it is not.
 * @throws `not-a-snapshot`, `snapshot-truncated`, `snapshot-corrupt` (with the byte offset), `cancelled`.
 */
export function readSequentially(source: ByteSource, options: ReadOptions = {}): SnapshotColumns {
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
      checkRoom(format, source.length, scanner.offset);
      reading.memory = options.makeMemory?.(format) ?? ColumnMemory.none();
    } else if (key === 'nodes') Object.assign(reading, readNodes(scanner, need(format), reading.memory!));
    else if (key === 'edges') Object.assign(reading, readEdges(scanner, need(format), reading.memory!));
    else if (key === 'locations') reading.locations = readLocations(scanner, need(format), reading.memory!);
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
  const { nodeType, edgeName, strings } = reading;
  if (!nodeType || !edgeName || !strings) {
    throw corrupt('it lacks one of the sections nodes, edges and strings', byteOffset);
  }
  if (nodeType.length === 0) throw corrupt('it has no nodes', byteOffset);
  const columns = {
    ...(reading as SnapshotColumns),
    locations: reading.locations ?? reading.memory!.numbers(0),
    format,
    nodeCount: nodeType.length,
    edgeCount: edgeName.length,
  };
  checkReferences(columns, byteOffset);
  return columns;
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

function readNodes(scanner: ByteScanner, format: SnapshotFormat, memory: ColumnMemory) {
  const { nodeCount } = format;
  const { width, type, name, id, selfSize, edgeCount, detachedness } = format.node;
  const codes = format.nodeTypeCodes;
  const columns = nodeColumns(format, memory);
  const { nodeType, nodeName, nodeDetachedness, firstEdge } = columns;
  let nodeId: Sizes = columns.nodeId;
  let nodeSelfSize: Sizes = columns.nodeSelfSize;
  readRows(scanner, width, nodeCount, 'nodes', (row, fields) => {
    const code = codes[fields[type]!];
    if (code === undefined) throw corrupt(`node ${row} is of an unknown type`, scanner.offset);
    nodeType[row] = code;
    nodeName[row] = fields[name]!;
    nodeId = put(nodeId, row, fields[id]!);
    nodeSelfSize = put(nodeSelfSize, row, fields[selfSize]!);
    if (nodeDetachedness) nodeDetachedness[row] = fields[detachedness]!;
    firstEdge[row + 1] = fields[edgeCount]!;
  });
  const named = addUpEdges(firstEdge, memory);
  if (named !== format.edgeCount)
    throw corrupt(`its nodes name ${named} edges, but it has ${format.edgeCount}`, scanner.offset);
  return { ...columns, nodeId, nodeSelfSize };
}

/** Sets a value; when it is the first one that needs more than 32 bits, the column is copied into doubles. */
function put(column: Sizes, row: number, value: number): Sizes {
  const fitting = value > 0xffffffff && column instanceof Uint32Array ? widened(column) : column;
  fitting[row] = value;
  return fitting;
}

function widened(column: Uint32Array): Sizes {
  const doubles = sharedSizes(column.length, Number.POSITIVE_INFINITY);
  doubles.set(column);
  return doubles;
}

function readEdges(scanner: ByteScanner, format: SnapshotFormat, memory: ColumnMemory) {
  const { width, type, name, toNode } = format.edge;
  const codes = format.edgeTypeCodes;
  const nodeWidth = format.node.width;
  const columns = edgeColumns(format, memory);
  readRows(scanner, width, format.edgeCount, 'edges', (row, fields) => {
    const code = codes[fields[type]!];
    if (code === undefined) throw corrupt(`edge ${row} is of an unknown type`, scanner.offset);
    const target = fields[toNode]! / nodeWidth;
    if (target >= format.nodeCount || target !== Math.floor(target) || target < 0) {
      throw corrupt(`edge ${row} leads to no node`, scanner.offset);
    }
    columns.edgeLink[row] = edgeLink(code, target);
    columns.edgeName[row] = fields[name]!;
  });
  return columns;
}

function readLocations(scanner: ByteScanner, format: SnapshotFormat, memory: ColumnMemory): Uint32Array {
  const position = format.location;
  if (!position) {
    scanner.value(false);
    return memory.numbers(0);
  }
  // One of each node at most, as V8 writes it.
  let numbers = memory.wasm ? memory.numbers(format.nodeCount * position.width) : sharedNumbers(1 << 12);
  let used = 0;
  readRows(scanner, position.width, null, 'locations', (_row, fields) => {
    if (used + fields.length > numbers.length) {
      const larger = sharedNumbers(Math.max(1 << 12, numbers.length * 2));
      larger.set(numbers);
      numbers = larger;
    }
    numbers.set(fields, used);
    used += fields.length;
  });
  return toLocations(numbers.subarray(0, used), format, memory, scanner.offset);
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
  let sign = 1;
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
        fields[field++] = sign * value;
        value = 0;
        sign = 1;
        inNumber = false;
        if (field === width) {
          field = 0;
          scanner.position = at;
          if (row === count) throw corrupt(`its ${section} are more than its header says`, scanner.offset);
          store(row++, fields);
        }
      }
      if (byte === 0x2c || byte === 0x0a) continue;
      if (byte === 0x2d && sign === 1) {
        sign = -1;
        continue;
      }
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
