import * as fs from 'node:fs';
import { HeapwrightError } from '../../protocol/errors';
import { type HeapGraph, ROOT } from '../graph/heap-graph';
import { linkTarget, linkType } from '../reading/columns';
import { EDGE_TYPES, EdgeType, isIndexed } from '../reading/format';
import { StringWriter } from './string-writer';

/** An object with more properties than this is a dictionary: their names are data. */
const MOST_NAMED_PROPERTIES = 20;
const FLUSH_CHARACTERS = 1 << 20;

export interface WriteOptions {
  /** Replaces the contents of strings and numbers, and the keys of dictionaries. */
  readonly redact: boolean;
}

/**
 * Writes some nodes of a heap, with the edges between them, as a file of its own, in V8's format. Ids, types, names,
 * self sizes and places stay as they were; the first node is the root, from which an edge leads to `top`.
 * @param kept A flag per node; the root and `top` are among them.
 * @returns the number of nodes that were written.
 * @throws `storage-full`, `storage-unwritable`; no file is left behind then.
 */
export function writeSnapshot(
  graph: HeapGraph,
  kept: Uint8Array,
  top: number,
  file: string,
  options: WriteOptions,
): number {
  let output: Output | undefined;
  try {
    output = new Output(file);
    const count = new Writer(graph, kept, top, options).write(output);
    output.close();
    return count;
  } catch (error) {
    output?.discard();
    throw storageError(file, error);
  }
}

/** Text that goes to a file in large pieces. */
class Output {
  readonly #file: string;
  readonly #descriptor: number;
  #text = '';
  #first = true;

  constructor(file: string) {
    this.#file = file;
    this.#descriptor = fs.openSync(file, 'w');
  }

  text(text: string): void {
    this.#text += text;
    if (this.#text.length > FLUSH_CHARACTERS) this.#flush();
  }

  /** Rows of a section, parted by commas. */
  section(name: string, rows: Iterable<string>): void {
    this.text(`,\n"${name}":[`);
    this.#first = true;
    for (const row of rows) {
      this.text(this.#first ? row : `\n,${row}`);
      this.#first = false;
    }
    this.text(']');
  }

  close(): void {
    this.#flush();
    fs.closeSync(this.#descriptor);
  }

  discard(): void {
    fs.closeSync(this.#descriptor);
    fs.rmSync(this.#file, { force: true });
  }

  #flush(): void {
    fs.writeSync(this.#descriptor, this.#text);
    this.#text = '';
  }
}

class Writer {
  readonly #graph: HeapGraph;
  readonly #kept: Uint8Array;
  readonly #top: number;
  readonly #strings: StringWriter;
  /** Row of a node in the new file. */
  readonly #rowOf: Uint32Array;
  #nodeCount = 0;
  #edgeCount = 0;
  /** Whether the root leads to the object by an edge of its own. */
  #isBelowRoot = false;

  constructor(graph: HeapGraph, kept: Uint8Array, top: number, { redact }: WriteOptions) {
    this.#graph = graph;
    this.#kept = kept;
    this.#top = top;
    this.#strings = new StringWriter(graph, redact);
    this.#rowOf = new Uint32Array(graph.nodeCount);
    this.#count();
  }

  write(output: Output): number {
    output.text(`{"snapshot":${JSON.stringify(this.#header())}`);
    output.section('nodes', this.#nodes());
    output.section('edges', this.#edges());
    for (const empty of ['trace_function_infos', 'trace_tree', 'samples']) output.section(empty, []);
    output.section('locations', this.#locations());
    output.section('strings', this.#strings.lines());
    output.text('}\n');
    return this.#nodeCount;
  }

  #count(): void {
    for (let node = 0; node < this.#graph.nodeCount; node++) {
      if (this.#kept[node] === 1) this.#rowOf[node] = this.#nodeCount++;
    }
    for (const node of this.#keptNodes()) this.#edgeCount += this.#edgesOf(node).length;
    this.#isBelowRoot =
      this.#top === ROOT ||
      this.#edgesOf(ROOT).some((edge) => linkType(this.#graph.edgeLink[edge]!) !== EdgeType.weak);
    if (!this.#isBelowRoot) this.#edgeCount++;
  }

  *#keptNodes(): Generator<number> {
    for (let node = 0; node < this.#graph.nodeCount; node++) if (this.#kept[node] === 1) yield node;
  }

  #edgesOf(node: number): number[] {
    const { firstEdge, edgeLink } = this.#graph;
    const edges: number[] = [];
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      if (this.#kept[linkTarget(edgeLink[edge]!)] === 1) edges.push(edge);
    }
    return edges;
  }

  *#nodes(): Generator<string> {
    const { nodeType, nodeId, nodeSelfSize, nodeDetachedness } = this.#graph;
    for (const node of this.#keptNodes()) {
      const extra = node === ROOT && !this.#isBelowRoot ? 1 : 0;
      const edges = this.#edgesOf(node).length + extra;
      const detachedness = nodeDetachedness?.[node] ?? 0;
      yield `${nodeType[node]},${this.#strings.ofNode(node)},${nodeId[node]},${nodeSelfSize[node]},${edges},${detachedness}`;
    }
  }

  *#edges(): Generator<string> {
    const { firstEdge, edgeLink, edgeName } = this.#graph;
    for (const node of this.#keptNodes()) {
      const isDictionary = firstEdge[node + 1]! - firstEdge[node]! > MOST_NAMED_PROPERTIES;
      for (const edge of this.#edgesOf(node)) {
        const ours = linkType(edgeLink[edge]!);
        const type = ours === EdgeType.fromTable ? EdgeType.internal : ours;
        const isKey = isDictionary && type === EdgeType.property;
        const name = isIndexed(type) ? edgeName[edge]! : this.#strings.ofEdge(edge, isKey);
        yield `${type},${name},${this.#rowOf[linkTarget(edgeLink[edge]!)]! * NODE_FIELDS.length}`;
      }
      if (node === ROOT && !this.#isBelowRoot) {
        yield `${EdgeType.element},1,${this.#rowOf[this.#top]! * NODE_FIELDS.length}`;
      }
    }
  }

  *#locations(): Generator<string> {
    const { locations } = this.#graph;
    for (let at = 0; at < locations.length; at += 4) {
      const node = locations[at]!;
      if (this.#kept[node] !== 1) continue;
      const place = [locations[at + 1]!, locations[at + 2]!, locations[at + 3]!].map((value) => value | 0);
      yield [this.#rowOf[node]! * NODE_FIELDS.length, ...place].join();
    }
  }

  #header() {
    const edgeTypes = [...EDGE_TYPES];
    return {
      meta: {
        node_fields: NODE_FIELDS,
        node_types: [this.#graph.format.nodeTypeNames, 'string', 'number', 'number', 'number', 'number'],
        edge_fields: ['type', 'name_or_index', 'to_node'],
        edge_types: [edgeTypes, 'string_or_number', 'node'],
        trace_function_info_fields: ['function_id', 'name', 'script_name', 'script_id', 'line', 'column'],
        trace_node_fields: ['id', 'function_info_index', 'count', 'size', 'children'],
        sample_fields: ['timestamp_us', 'last_assigned_id'],
        location_fields: ['object_index', 'script_id', 'line', 'column'],
      },
      node_count: this.#nodeCount,
      edge_count: this.#edgeCount,
      trace_function_count: 0,
    };
  }
}

const NODE_FIELDS = ['type', 'name', 'id', 'self_size', 'edge_count', 'detachedness'];

function storageError(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return error;
  return code === 'ENOSPC'
    ? new HeapwrightError(
        'storage-full',
        `There is no room for ${file}.`,
        'Free some disk space and try again.',
        {
          cause: error,
        },
      )
    : new HeapwrightError(
        'storage-unwritable',
        `${file} cannot be written (${code}).`,
        'Choose a folder that you may write to.',
        { cause: error },
      );
}
