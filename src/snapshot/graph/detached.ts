import { linkTarget, linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';
import { sharedBytes } from '../reading/shared-memory';

/** Stands before the names of detached nodes. */
export const DETACHED = 'Detached ';

const UNKNOWN = 0;
const ATTACHED = 1;
const IS_DETACHED = 2;

/**
 * Which native nodes (of a page's document, or of Node's own) are still in use by their document: the file says it
 * of some, and what hangs on those is as they are, attached before detached. Null when the file says nothing of it.
 * Source: DevTools, `propagateDOMState`.
 */
export function findDetached(columns: SnapshotColumns): Uint8Array | null {
  const { nodeCount, nodeType, nodeDetachedness, firstEdge, edgeLink } = columns;
  if (!nodeDetachedness || !saysSomething(nodeDetachedness)) return null;
  const state = new Uint8Array(nodeCount);
  const isDetached = sharedBytes(nodeCount);
  const lists: Record<number, number[]> = { [ATTACHED]: [], [IS_DETACHED]: [] };
  const visit = (node: number, newState: number) => {
    if (state[node] !== UNKNOWN || nodeType[node] !== NodeType.native) return;
    state[node] = newState;
    if (newState === IS_DETACHED) isDetached[node] = 1;
    lists[newState]?.push(node);
  };
  for (let node = 0; node < nodeCount; node++) {
    if (nodeDetachedness[node] !== UNKNOWN) visit(node, nodeDetachedness[node]!);
  }
  for (const newState of [ATTACHED, IS_DETACHED]) {
    const list = lists[newState]!;
    for (let node = list.pop(); node !== undefined; node = list.pop()) {
      for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
        const type = linkType(edgeLink[edge]!);
        if (type === EdgeType.hidden || type === EdgeType.weak) continue;
        visit(linkTarget(edgeLink[edge]!), newState);
      }
    }
  }
  return isDetached;
}

/** Whether a file knows the state of any node. */
function saysSomething(states: Uint8Array): boolean {
  for (let node = 0; node < states.length; node++) if (states[node] !== UNKNOWN) return true;
  return false;
}
