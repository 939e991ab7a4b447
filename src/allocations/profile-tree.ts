import type { Protocol } from 'devtools-protocol';

type RawNode = Protocol.HeapProfiler.SamplingHeapProfileNode;

/**
 * A sampling heap profile in columns. Nodes stand in preorder: the calls below `node` are the rows from `node + 1` to
 * before `ends[node]`, so that a part of the tree is a range, whatever its depth.
 */
export class ProfileTree {
  /** One per distinct function: script, line and column of its beginning, and name. */
  readonly functions: readonly Protocol.Runtime.CallFrame[];
  /** Of each node: its place in {@link functions}. */
  readonly functionOf: Int32Array;
  /** -1 for the root. */
  readonly parents: Int32Array;
  /** The first row behind all that a node called. */
  readonly ends: Int32Array;
  /** Bytes allocated in the node alone. */
  readonly selfSizes: Float64Array;
  /** Bytes allocated in the node and in all that it called. */
  readonly totalSizes: Float64Array;

  /** @param head The root of the profile, as V8 and DevTools write it. */
  constructor(head: RawNode) {
    const nodes = inPreorder(head);
    const functions: Protocol.Runtime.CallFrame[] = [];
    const known = new Map<string, number>();
    this.functionOf = new Int32Array(nodes.length);
    this.parents = new Int32Array(nodes.length);
    this.ends = new Int32Array(nodes.length);
    this.selfSizes = new Float64Array(nodes.length);
    this.totalSizes = new Float64Array(nodes.length);
    for (const [row, { node, parent }] of nodes.entries()) {
      const { scriptId, url, lineNumber, columnNumber, functionName } = node.callFrame;
      const key = `${scriptId}:${lineNumber}:${columnNumber}:${functionName}:${url}`;
      let place = known.get(key);
      if (place === undefined) {
        place = functions.push(node.callFrame) - 1;
        known.set(key, place);
      }
      this.functionOf[row] = place;
      this.parents[row] = parent;
      this.selfSizes[row] = node.selfSize;
    }
    this.functions = functions;
    this.#addUp();
  }

  get size(): number {
    return this.parents.length;
  }

  /** Bytes of the whole profile. */
  get total(): number {
    return this.totalSizes[0] ?? 0;
  }

  /** From the last row to the first, everything below a node is complete before the node itself. */
  #addUp(): void {
    for (let row = this.size - 1; row >= 0; row--) {
      this.totalSizes[row]! += this.selfSizes[row]!;
      this.ends[row] = Math.max(this.ends[row]!, row + 1);
      const parent = this.parents[row]!;
      if (parent < 0) continue;
      this.totalSizes[parent]! += this.totalSizes[row]!;
      this.ends[parent] = Math.max(this.ends[parent]!, this.ends[row]!);
    }
  }
}

/** Without recursion: a file may nest deeper than a stack. */
function inPreorder(head: RawNode): { node: RawNode; parent: number }[] {
  const nodes: { node: RawNode; parent: number }[] = [];
  const open = [{ node: head, parent: -1 }];
  while (open.length > 0) {
    const next = open.pop()!;
    const row = nodes.push(next) - 1;
    const { children } = next.node;
    for (let i = children.length - 1; i >= 0; i--) open.push({ node: children[i]!, parent: row });
  }
  return nodes;
}
