import { isString } from '../answers/statistics';
import type { HeapGraph } from '../graph/heap-graph';
import { NodeType } from '../reading/format';

/** The string table of a file that is being written: names get their numbers as they come. */
export class StringWriter {
  readonly #graph: HeapGraph;
  readonly #redact: boolean;
  /** Names and contents apart, since the same text may be both: number in the new table plus one. */
  readonly #names = new Map<number, number>();
  readonly #contents = new Map<number, number>();
  readonly #texts: string[] = [];

  /** @param redact Whether contents of strings and numbers, and the keys of dictionaries, are replaced. */
  constructor(graph: HeapGraph, redact: boolean) {
    this.#graph = graph;
    this.#redact = redact;
  }

  /** The number of a node's name. */
  ofNode(node: number): number {
    const { nodeType, nodeName } = this.#graph;
    const type = nodeType[node]!;
    const isContent = isString(type) || type === NodeType.number || type === NodeType.bigint;
    return this.#number(nodeName[node]!, isContent);
  }

  /** The number of an edge's name; `isKey` when it is a key of a dictionary rather than a name in the code. */
  ofEdge(edge: number, isKey: boolean): number {
    return this.#number(this.#graph.edgeName[edge]!, isKey);
  }

  /** The table's texts as they stand in a file. */
  *lines(): Generator<string> {
    for (const text of this.#texts) yield JSON.stringify(text);
  }

  #number(index: number, isContent: boolean): number {
    const table = isContent ? this.#contents : this.#names;
    const known = table.get(index);
    if (known !== undefined) return known;
    const text = this.#graph.strings.get(index);
    // Equal contents stay equal, so that duplicates can still be seen.
    const written =
      isContent && this.#redact ? `redacted ${table.size + 1}, ${text.length} characters` : text;
    const number = this.#texts.push(written) - 1;
    table.set(index, number);
    return number;
  }
}
