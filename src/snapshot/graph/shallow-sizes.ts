import { linkTarget, linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';
import { type Sizes, sharedSizes } from '../reading/shared-memory';
import { ROOT } from './depth-first';

const UNVISITED = 0xffffffff;
const SHARED = 0xfffffffe;

/**
 * Self sizes as a person expects them: what V8 keeps in nodes of its own (backing stores of objects, arrays, Maps)
 * counts for the object that alone reaches it. Sizes in bytes. Source: DevTools, `calculateShallowSizes`.
 * @param owners Memory to work in, a word per node at least.
 */
export function computeShallowSizes(columns: SnapshotColumns, owners: Uint32Array): Sizes {
  const { nodeCount, nodeType, nodeSelfSize } = columns;
  let total = 0;
  for (let node = 0; node < nodeCount; node++) total += nodeSelfSize[node]!;
  // No node retains more than everything.
  const sizes = sharedSizes(nodeCount, total);
  sizes.set(nodeSelfSize);
  if (!hasUserRoots(columns)) return sizes;
  findOwners(columns, owners);
  for (let node = 0; node < nodeCount; node++) {
    const owner = owners[node]!;
    if (owner === UNVISITED || owner === SHARED || owner === node) continue;
    if (nodeType[owner] === NodeType.synthetic || owner === ROOT) continue;
    sizes[owner]! += sizes[node]!;
    sizes[node] = 0;
  }
  return sizes;
}

function hasUserRoots({ firstEdge, edgeLink, nodeType }: SnapshotColumns): boolean {
  for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++) {
    if (nodeType[linkTarget(edgeLink[edge]!)] !== NodeType.synthetic) return true;
  }
  return false;
}

/** Fills in who alone reaches each internal node; the others own themselves. */
function findOwners(
  { nodeCount, nodeType, nodeName, firstEdge, edgeLink, strings }: SnapshotColumns,
  owners: Uint32Array,
): void {
  const externalString = strings.indexOf('system / ExternalStringData');
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node];
    const isInternal =
      type === NodeType.hidden ||
      type === NodeType.array ||
      (type === NodeType.native && nodeName[node] === externalString);
    owners[node] = isInternal ? UNVISITED : node;
  }
  // What is found from one node is followed before the next; which comes first makes no difference.
  const stack: number[] = [];
  for (let start = 0; start < nodeCount; start++) {
    if (owners[start] !== start) continue;
    for (let node: number | undefined = start; node !== undefined; node = stack.pop()) {
      const owner = owners[node]!;
      for (let edge = firstEdge[node]!, end = firstEdge[node + 1]!; edge < end; edge++) {
        const link = edgeLink[edge]!;
        if (linkType(link) === EdgeType.weak) continue;
        const target = linkTarget(link);
        const current = owners[target]!;
        if (current === target || current === owner || current === SHARED) continue;
        owners[target] = current === UNVISITED ? owner : SHARED;
        stack.push(target);
      }
    }
  }
}
