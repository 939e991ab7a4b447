import { EdgeType, NodeType } from './format';
import type { SnapshotColumns } from './reader';
import type { StringTable } from './strings';

const ROOT = 0;

/** What an edge of a WeakMap pair says of itself; see {@link weakMapEdgeReader}. */
export interface WeakMapEdge {
  /** The same text on the edge from the key and on the edge from the table. */
  readonly pair: string;
  readonly tableId: number;
}

const WEAK_MAP_EDGE =
  /^\d+( \/ part of key \(.*? @\d+\) -> value \(.*? @\d+\) pair in WeakMap \(table @(\d+)\))$/;

/**
 * Recognises the internal edges that V8 writes from a WeakMap's table and from its key to the value, by their names.
 * Source: V8, `V8HeapExplorer::ExtractEphemeronHashTableReferences`; DevTools, `tryParseWeakMapEdgeName`.
 */
export function weakMapEdgeReader(strings: StringTable): (name: number) => WeakMapEdge | null {
  const isOther = new Uint8Array(strings.length);
  return (name) => {
    if (isOther[name]) return null;
    const match = WEAK_MAP_EDGE.exec(strings.get(name));
    if (match?.[1] && match[2]) return { pair: match[1], tableId: Number(match[2]) };
    isOther[name] = 1;
    return null;
  };
}

/**
 * Marks what the program itself can reach: everything behind the root's shortcut edges (the global objects) and the
 * document trees, but not what only V8 or the inspector holds. Source: DevTools, `markPageOwnedNodes`.
 */
export function markPageOwned({
  nodeCount,
  nodeType,
  nodeName,
  firstEdge,
  edgeType,
  edgeTo,
  strings,
}: SnapshotColumns): Uint8Array {
  const owned = new Uint8Array(nodeCount);
  const stack = new Uint32Array(nodeCount);
  let depth = 0;
  for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++) {
    const node = edgeTo[edge]!;
    const type = edgeType[edge];
    const isTrees =
      type === EdgeType.element &&
      nodeType[node] === NodeType.synthetic &&
      strings.get(nodeName[node]!) === '(Document DOM trees)';
    if ((type !== EdgeType.shortcut && !isTrees) || owned[node]) continue;
    owned[node] = 1;
    stack[depth++] = node;
  }
  while (depth > 0) {
    const node = stack[--depth]!;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const child = edgeTo[edge]!;
      if (owned[child] || edgeType[edge] === EdgeType.weak) continue;
      owned[child] = 1;
      stack[depth++] = child;
    }
  }
  return owned;
}

/**
 * A flag per edge: whether it keeps its target alive for the purpose of dominators. Not essential are weak edges,
 * edges to oneself, shortcuts other than the root's, edges from what only V8 owns to what the program owns, and, of
 * the two edges that lead to the value of a WeakMap, the one from the table. Source: DevTools,
 * `computeIsEssentialEdge`.
 */
export function findEssentialEdges(
  { nodeCount, edgeCount, nodeId, firstEdge, edgeType, edgeName, edgeTo }: SnapshotColumns,
  pageOwned: Uint8Array,
  readWeakMapEdge: (name: number) => WeakMapEdge | null,
): Uint8Array {
  const essential = new Uint8Array(edgeCount);
  for (let node = 0; node < nodeCount; node++) {
    const owned = pageOwned[node];
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const type = edgeType[edge];
      const child = edgeTo[edge]!;
      if (type === EdgeType.weak || child === node) continue;
      if (node !== ROOT) {
        if (type === EdgeType.shortcut) continue;
        if (pageOwned[child] && !owned) continue;
      }
      if (type === EdgeType.internal && readWeakMapEdge(edgeName[edge]!)?.tableId === nodeId[node]) continue;
      essential[edge] = 1;
    }
  }
  return essential;
}
