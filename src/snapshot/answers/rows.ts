import type { EdgeRow, EdgeType as EdgeTypeName, NodeRow, ScriptLocation } from '../../protocol/snapshot';
import { DETACHED } from '../graph/detached';
import type { HeapGraph } from '../graph/heap-graph';
import { linkTarget, linkType } from '../reading/columns';
import { EDGE_TYPES, isIndexed, NodeType } from '../reading/format';

/** Longer texts are cut: a string of a heap may be a whole file. */
const LONGEST_NAME = 200;
/** Parts of a joined string that are looked at. */
const MOST_STEPS = 2000;

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
  const { nodeType, nodeName: names, strings, classes } = graph;
  const own = nodeType[node] === NodeType.consString ? joinedText(graph, node) : strings.get(names[node]!);
  const text = classes.isDetached?.[node] === 1 ? DETACHED + own : own;
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text;
}

/** Follows the two halves, first before second, until there is more text than is shown. */
function joinedText(graph: HeapGraph, root: number): string {
  const { nodeType, nodeName: names, firstEdge, edgeLink, strings } = graph;
  const stack = [root];
  let text = '';
  // A damaged file may have strings that are made of themselves.
  for (let steps = 0; stack.length > 0 && text.length <= LONGEST_NAME && steps < MOST_STEPS; steps++) {
    const node = stack.pop()!;
    if (nodeType[node] !== NodeType.consString) {
      text += strings.get(names[node]!);
      continue;
    }
    let first: number | undefined;
    let second: number | undefined;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const name = edgeName(graph, edge);
      if (name === 'first') first = linkTarget(edgeLink[edge]!);
      else if (name === 'second') second = linkTarget(edgeLink[edge]!);
    }
    if (second !== undefined) stack.push(second);
    if (first !== undefined) stack.push(first);
  }
  return text;
}

/** The property, variable or index that an edge stands for. */
export function edgeName({ edgeLink, edgeName: names, strings }: HeapGraph, edge: number): string {
  return isIndexed(linkType(edgeLink[edge]!)) ? String(names[edge]) : strings.get(names[edge]!);
}

/** The edge with the node that it leads to, or, for `holder`, the one that it comes from. */
export function edgeRow(graph: HeapGraph, edge: number, holder?: number): EdgeRow {
  return {
    type: edgeTypeName(graph, edge),
    name: edgeName(graph, edge),
    node: nodeRow(graph, holder ?? linkTarget(graph.edgeLink[edge]!)),
  };
}

export function edgeTypeName({ edgeLink }: HeapGraph, edge: number): EdgeTypeName {
  return EDGE_TYPES[linkType(edgeLink[edge]!)] ?? 'internal';
}

/** Where a function is defined, or an object's constructor. */
export function locationOf({ locations }: HeapGraph, node: number): ScriptLocation | null {
  let low = 0;
  let high = locations.length / 4;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (locations[middle * 4]! < node) low = middle + 1;
    else high = middle;
  }
  const at = low * 4;
  if (locations[at] !== node) return null;
  return { scriptId: locations[at + 1]!, line: locations[at + 2]!, column: locations[at + 3]! };
}
