import { linkTarget, linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType, isIndexed, NodeType } from '../reading/format';
import { ROOT } from './depth-first';
import { type WeakMapEdges, weakMapEdge } from './weak-map-edges';

/** What only V8's own roots reach sorts behind everything the program reaches. Source: DevTools. */
export const SYSTEM_DISTANCE = 100_000_000;
/** Not reached at all. */
export const NO_DISTANCE = -5;

/**
 * The least number of steps from the program's roots to each node, breadth first: from the global objects at 1, then
 * from the root for what those do not reach. Weak edges do not count; neither do the map of sloppy functions that
 * hangs on a native context, the keys in descriptor arrays, and, of the two edges to a WeakMap's value, the first
 * that is met. Source: DevTools, `calculateDistances`.
 * @param distances Gets them, a row per node.
 * @param queue Memory to work in, a word per node and one more.
 */
export function computeDistances(
  columns: SnapshotColumns,
  weakMapEdges: WeakMapEdges,
  distances: Int32Array,
  queue: Uint32Array,
): void {
  const { nodeType, firstEdge, edgeLink } = columns;
  distances.fill(NO_DISTANCE);
  const search = new BreadthFirst(columns, weakMapEdges, distances, queue);
  let length = 0;
  for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++) {
    const node = linkTarget(edgeLink[edge]!);
    if (distances[node] !== NO_DISTANCE) continue;
    if (nodeType[node] === NodeType.synthetic && !isDocumentTrees(columns, node)) continue;
    distances[node] = 1;
    queue[length++] = node;
  }
  const hasUserRoots = length > 0;
  search.run(length);
  distances[ROOT] = hasUserRoots ? SYSTEM_DISTANCE : 0;
  queue[0] = ROOT;
  search.run(1);
}

function isDocumentTrees({ nodeName, strings }: SnapshotColumns, node: number): boolean {
  return strings.get(nodeName[node]!) === '(Document DOM trees)';
}

/** How the edges of a node are treated. */
const Rule = { none: 0, nativeContext: 1, descriptors: 2 } as const;

class BreadthFirst {
  readonly #columns: SnapshotColumns;
  readonly #weakMapEdges: WeakMapEdges;
  readonly #distances: Int32Array;
  readonly #queue: Uint32Array;
  readonly #sloppyFunctionMap: number;
  readonly #nativeContext: number;
  readonly #descriptors: number;
  /** Pairs of which one edge was met. */
  readonly #pending = new Set<number>();

  constructor(
    columns: SnapshotColumns,
    weakMapEdges: WeakMapEdges,
    distances: Int32Array,
    queue: Uint32Array,
  ) {
    this.#columns = columns;
    this.#weakMapEdges = weakMapEdges;
    this.#distances = distances;
    this.#queue = queue;
    this.#sloppyFunctionMap = columns.strings.indexOf('sloppy_function_map');
    this.#nativeContext = columns.strings.indexOf('system / NativeContext');
    this.#descriptors = columns.strings.indexOf('(map descriptors)');
  }

  /** Goes on from the first `length` nodes of the queue. */
  run(length: number): void {
    const { firstEdge, edgeLink, nodeType, nodeName, edgeName } = this.#columns;
    const { isName } = this.#weakMapEdges;
    const distances = this.#distances;
    const queue = this.#queue;
    const nativeContext = this.#nativeContext;
    const descriptors = this.#descriptors;
    let end = length;
    for (let i = 0; i < end; i++) {
      const node = queue[i]!;
      const distance = distances[node]! + 1;
      const type = nodeType[node];
      let rule: number = Rule.none;
      if (type === NodeType.hidden && nodeName[node] === nativeContext) rule = Rule.nativeContext;
      else if (type === NodeType.array && nodeName[node] === descriptors) rule = Rule.descriptors;
      for (let edge = firstEdge[node]!, last = firstEdge[node + 1]!; edge < last; edge++) {
        const child = linkTarget(edgeLink[edge]!);
        if (distances[child] !== NO_DISTANCE) continue;
        const edgeKind = linkType(edgeLink[edge]!);
        if (edgeKind === EdgeType.weak) continue;
        if (rule !== Rule.none && this.#isRuledOut(rule, edge)) continue;
        if (edgeKind === EdgeType.internal || edgeKind === EdgeType.fromTable) {
          const name = edgeName[edge]!;
          if (rule !== Rule.descriptors && isName[name] === 1 && this.#isFirstOfPair(name)) continue;
        }
        distances[child] = distance;
        queue[end++] = child;
      }
    }
  }

  #isRuledOut(rule: number, edge: number): boolean {
    const { edgeLink, edgeName, strings } = this.#columns;
    const name = edgeName[edge]!;
    const isNumber = isIndexed(linkType(edgeLink[edge]!));
    if (rule === Rule.nativeContext) return !isNumber && name === this.#sloppyFunctionMap;
    const index = isNumber ? name : Number.parseInt(strings.get(name), 10);
    return !(index < 2 || index % 3 !== 1);
  }

  #isFirstOfPair(name: number): boolean {
    const pair = this.#weakMapEdges.pair[weakMapEdge(this.#weakMapEdges, name)]!;
    if (this.#pending.delete(pair)) return false;
    this.#pending.add(pair);
    return true;
  }
}
