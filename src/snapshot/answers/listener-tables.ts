import type { ListenerTableRow } from '../../protocol/snapshot';
import type { HeapGraph } from '../graph/heap-graph';
import { linkTarget, linkType } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';
import { edgeName, nodeRow } from './rows';

/**
 * Every EventEmitter with how many listeners it has for which event, most listeners first. An emitter keeps them in
 * its property `_events`: a function for one listener, an array for several.
 */
export function listenerTables(graph: HeapGraph, limit: number): ListenerTableRow[] {
  const { nodeCount, nodeType, firstEdge, edgeLink, edgeName: names, strings } = graph;
  const eventsName = strings.indexOf('_events');
  const found: { node: number; events: ListenerTableRow['events']; total: number }[] = [];
  for (let node = 0; node < nodeCount && eventsName !== -1; node++) {
    if (nodeType[node] !== NodeType.object) continue;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      if (names[edge] !== eventsName || linkType(edgeLink[edge]!) !== EdgeType.property) continue;
      const events = eventsOf(graph, linkTarget(edgeLink[edge]!));
      const total = events.reduce((sum, { listeners }) => sum + listeners, 0);
      if (total > 0) found.push({ node, events, total });
    }
  }
  found.sort((a, b) => b.total - a.total);
  return found
    .slice(0, limit)
    .map(({ node, events, total }) => ({ node: nodeRow(graph, node), events, listeners: total }));
}

function eventsOf(graph: HeapGraph, table: number): { name: string; listeners: number }[] {
  const { firstEdge, edgeLink } = graph;
  const events: { name: string; listeners: number }[] = [];
  for (let edge = firstEdge[table]!; edge < firstEdge[table + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) !== EdgeType.property) continue;
    const listeners = listenersIn(graph, linkTarget(edgeLink[edge]!));
    if (listeners > 0) events.push({ name: edgeName(graph, edge), listeners });
  }
  return events.sort((a, b) => b.listeners - a.listeners);
}

function listenersIn(graph: HeapGraph, value: number): number {
  const { nodeType, nodeName, firstEdge, edgeLink, strings } = graph;
  if (nodeType[value] === NodeType.closure) return 1;
  if (strings.get(nodeName[value]!) !== 'Array') return 0;
  let count = 0;
  for (let edge = firstEdge[value]!; edge < firstEdge[value + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) === EdgeType.element) count++;
  }
  return count;
}
