import { EdgeType, NodeType } from './format';
import type { SnapshotColumns } from './reader';

const ROOT = 0;
const UNVISITED = 0xffffffff;
const SHARED = 0xfffffffe;

/**
 * Self sizes as a person expects them: what V8 keeps in nodes of its own (backing stores of objects, arrays, Maps)
 * counts for the object that alone reaches it. Sizes in bytes. Source: DevTools, `calculateShallowSizes`.
 */
export function computeShallowSizes(columns: SnapshotColumns): Float64Array {
  const { nodeCount, nodeType, nodeSelfSize } = columns;
  const sizes = Float64Array.from(nodeSelfSize);
  if (!hasUserRoots(columns)) return sizes;
  const owners = findOwners(columns);
  for (let node = 0; node < nodeCount; node++) {
    const owner = owners[node]!;
    if (owner === UNVISITED || owner === SHARED || owner === node) continue;
    if (nodeType[owner] === NodeType.synthetic || owner === ROOT) continue;
    sizes[owner]! += sizes[node]!;
    sizes[node] = 0;
  }
  return sizes;
}

function hasUserRoots({ firstEdge, edgeTo, nodeType }: SnapshotColumns): boolean {
  for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++) {
    if (nodeType[edgeTo[edge]!] !== NodeType.synthetic) return true;
  }
  return false;
}

/** Who alone reaches each internal node; the others own themselves. */
function findOwners({
  nodeCount,
  nodeType,
  nodeName,
  firstEdge,
  edgeType,
  edgeTo,
  strings,
}: SnapshotColumns): Uint32Array {
  const externalString = strings.indexOf('system / ExternalStringData');
  const owners = new Uint32Array(nodeCount);
  // A node is visited again when it turns out to be shared: twice at most.
  const worklist = new Uint32Array(2 * nodeCount);
  let length = 0;
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node];
    const isInternal =
      type === NodeType.hidden ||
      type === NodeType.array ||
      (type === NodeType.native && nodeName[node] === externalString);
    owners[node] = isInternal ? UNVISITED : node;
    if (!isInternal) worklist[length++] = node;
  }
  while (length > 0) {
    const node = worklist[--length]!;
    const owner = owners[node]!;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      if (edgeType[edge] === EdgeType.weak) continue;
      const target = edgeTo[edge]!;
      const current = owners[target]!;
      if (current === UNVISITED) {
        owners[target] = owner;
        worklist[length++] = target;
      } else if (current !== target && current !== owner && current !== SHARED) {
        owners[target] = SHARED;
        worklist[length++] = target;
      }
    }
  }
  return owners;
}
