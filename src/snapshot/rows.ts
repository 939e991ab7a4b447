import type { EdgeRow, EdgeType as EdgeTypeName, NodeRow, ScriptLocation } from '../protocol/snapshot';
import { EDGE_TYPES, isIndexed, NodeType } from './format';
import type { HeapGraph } from './graph';

/** Longer texts are cut: a string of a heap may be a whole file. */
const LONGEST_NAME = 200;

/** A node as the product shows it. */
export function nodeRow(graph: HeapGraph, node: number): NodeRow {
  const { classes, nodeId, nodeType, format, shallowSize, retainedSize, distance } = graph;
  return {
    id: nodeId[node]!,
    index: node,
    constructorName: classes.names[classes.classOf[node]!]!,
    name: nodeName(graph, node),
    type: format.nodeTypeNames[nodeType[node]!] ?? 'unknown',
    selfSize: shallowSize[node]!,
    retainedSize: retainedSize[node]!,
    distance: distance[node]!,
    location: locationOf(graph, node),
  };
}

/** V8's name of a node; for a string that was made by concatenation, the joined text. */
export function nodeName(graph: HeapGraph, node: number): string {
  const { nodeType, nodeName: names, strings } = graph;
  const text = nodeType[node] === NodeType.consString ? joinedText(graph, node) : strings.get(names[node]!);
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text;
}

/** Follows the two halves, first before second, until there is more text than is shown. */
function joinedText(graph: HeapGraph, root: number): string {
  const { nodeType, nodeName: names, firstEdge, edgeTo, strings } = graph;
  const stack = [root];
  let text = '';
  while (stack.length > 0 && text.length <= LONGEST_NAME) {
    const node = stack.pop()!;
    if (nodeType[node] !== NodeType.consString) {
      text += strings.get(names[node]!);
      continue;
    }
    let first: number | undefined;
    let second: number | undefined;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const name = edgeName(graph, edge);
      if (name === 'first') first = edgeTo[edge];
      else if (name === 'second') second = edgeTo[edge];
    }
    if (second !== undefined) stack.push(second);
    if (first !== undefined) stack.push(first);
  }
  return text;
}

/** The property, variable or index that an edge stands for. */
export function edgeName({ edgeType, edgeName: names, strings }: HeapGraph, edge: number): string {
  return isIndexed(edgeType[edge]!) ? String(names[edge]) : strings.get(names[edge]!);
}

/** The edge with the node that it leads to, or, for `holder`, the one that it comes from. */
export function edgeRow(graph: HeapGraph, edge: number, holder?: number): EdgeRow {
  return {
    type: edgeTypeName(graph, edge),
    name: edgeName(graph, edge),
    node: nodeRow(graph, holder ?? graph.edgeTo[edge]!),
  };
}

export function edgeTypeName({ edgeType }: HeapGraph, edge: number): EdgeTypeName {
  return EDGE_TYPES[edgeType[edge]!] ?? 'internal';
}

/** Where a function is defined, or an object's constructor. */
export function locationOf({ locationOf: rows, locations }: HeapGraph, node: number): ScriptLocation | null {
  const row = rows[node]!;
  if (row === 0) return null;
  const at = (row - 1) * 4;
  return { scriptId: locations[at + 1]!, line: locations[at + 2]!, column: locations[at + 3]! };
}
