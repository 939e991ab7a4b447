import type { WeakMapEdge } from './essential-edges';
import { EdgeType, isIndexed, NodeType } from './format';
import type { SnapshotColumns } from './reader';

const ROOT = 0;
/** What only V8's own roots reach sorts behind everything the program reaches. Source: DevTools. */
export const SYSTEM_DISTANCE = 100_000_000;
/** Not reached at all. */
export const NO_DISTANCE = -5;

/**
 * The least number of steps from the program's roots to each node, breadth first: from the global objects at 1, then
 * from the root for what those do not reach. Weak edges do not count; neither do the map of sloppy functions that
 * hangs on a native context, the keys in descriptor arrays, and, of the two edges to a WeakMap's value, the first
 * that is met. Source: DevTools, `calculateDistances`.
 */
export function computeDistances(
  columns: SnapshotColumns,
  readWeakMapEdge: (name: number) => WeakMapEdge | null,
): Int32Array {
  const { nodeCount, nodeType, firstEdge, edgeTo } = columns;
  const distances = new Int32Array(nodeCount).fill(NO_DISTANCE);
  const queue = new Uint32Array(nodeCount + 1);
  const skip = edgeFilter(columns, readWeakMapEdge);
  let length = 0;
  for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++) {
    const node = edgeTo[edge]!;
    if (distances[node] !== NO_DISTANCE) continue;
    if (nodeType[node] === NodeType.synthetic && !isDocumentTrees(columns, node)) continue;
    distances[node] = 1;
    queue[length++] = node;
  }
  const hasUserRoots = length > 0;
  search(columns, distances, queue, length, skip);
  distances[ROOT] = hasUserRoots ? SYSTEM_DISTANCE : 0;
  queue[0] = ROOT;
  search(columns, distances, queue, 1, skip);
  return distances;
}

function isDocumentTrees({ nodeName, strings }: SnapshotColumns, node: number): boolean {
  return strings.get(nodeName[node]!) === '(Document DOM trees)';
}

function search(
  { firstEdge, edgeType, edgeTo }: SnapshotColumns,
  distances: Int32Array,
  queue: Uint32Array,
  length: number,
  skip: (node: number, edge: number) => boolean,
): void {
  let end = length;
  for (let i = 0; i < end; i++) {
    const node = queue[i]!;
    const distance = distances[node]! + 1;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      if (edgeType[edge] === EdgeType.weak) continue;
      const child = edgeTo[edge]!;
      if (distances[child] !== NO_DISTANCE || skip(node, edge)) continue;
      distances[child] = distance;
      queue[end++] = child;
    }
  }
}

function edgeFilter(
  { nodeType, nodeName, edgeType, edgeName, strings }: SnapshotColumns,
  readWeakMapEdge: (name: number) => WeakMapEdge | null,
): (node: number, edge: number) => boolean {
  const sloppyFunctionMap = strings.indexOf('sloppy_function_map');
  const nativeContext = strings.indexOf('system / NativeContext');
  const descriptors = strings.indexOf('(map descriptors)');
  const pending = new Set<string>();
  return (node, edge) => {
    const type = edgeType[edge]!;
    const name = edgeName[edge]!;
    if (nodeType[node] === NodeType.hidden && nodeName[node] === nativeContext) {
      if (!isIndexed(type) && name === sloppyFunctionMap) return true;
    } else if (nodeType[node] === NodeType.array && nodeName[node] === descriptors) {
      const index = isIndexed(type) ? name : Number.parseInt(strings.get(name), 10);
      return !(index < 2 || index % 3 !== 1);
    }
    if (type !== EdgeType.internal) return false;
    const pair = readWeakMapEdge(name)?.pair;
    if (pair === undefined || pending.delete(pair)) return false;
    pending.add(pair);
    return true;
  };
}
