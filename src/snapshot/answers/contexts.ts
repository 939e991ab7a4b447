import type { ContextRow } from '../../protocol/snapshot';
import type { HeapGraph } from '../graph/heap-graph';
import { linkTarget, linkType } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';
import { edgeName, nodeRow } from './rows';

/**
 * The scopes of functions that live on because a closure was made in them, with what their variables hold, largest
 * first. `closures` are those that can read them, directly or from a scope within; where there is none, something
 * else than a function holds the scope (a generator, a debugger, an inner scope that is empty), and no code will ever
 * read its variables again.
 *
 * Which of several variables a closure reads does not stand in a snapshot: V8 keeps in a scope what any function
 * within needs, also one that is gone. The source at the closures' places tells.
 */
export function contextsOf(graph: HeapGraph, limit: number): ContextRow[] {
  const isContext = contextTest(graph);
  const rows: { node: number; size: number }[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    if (isContext(node) && hasVariables(graph, node)) rows.push({ node, size: graph.retainedSize[node]! });
  }
  rows.sort((a, b) => b.size - a.size);
  return rows.slice(0, limit).map(({ node }) => ({
    node: nodeRow(graph, node),
    variables: variablesOf(graph, node),
    closures: closuresOf(graph, node, isContext).map((closure) => nodeRow(graph, closure)),
  }));
}

function contextTest({ nodeType, nodeName, strings }: HeapGraph): (node: number) => boolean {
  const names = new Set(
    ['system / Context', 'system / BlockContext', 'system / FunctionContext'].map((name) =>
      strings.indexOf(name),
    ),
  );
  names.delete(-1);
  return (node) => nodeType[node] === NodeType.object && names.has(nodeName[node]!);
}

function hasVariables({ firstEdge, edgeLink }: HeapGraph, node: number): boolean {
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) === EdgeType.context) return true;
  }
  return false;
}

function variablesOf(graph: HeapGraph, node: number): ContextRow['variables'] {
  const { firstEdge, edgeLink, retainedSize, nodeId } = graph;
  const variables: { name: string; id: number; retainedSize: number }[] = [];
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) !== EdgeType.context) continue;
    const target = linkTarget(edgeLink[edge]!);
    variables.push({ name: edgeName(graph, edge), id: nodeId[target]!, retainedSize: retainedSize[target]! });
  }
  return variables.sort((a, b) => b.retainedSize - a.retainedSize);
}

/** More closures than this say nothing more. */
const MOST_CLOSURES = 20;

/** Functions made in this scope or in one within it. */
function closuresOf(graph: HeapGraph, context: number, isContext: (node: number) => boolean): number[] {
  const { firstRetainer, retainerEdge, retainerNode, nodeType } = graph;
  const closures: number[] = [];
  const seen = new Set([context]);
  const stack = [context];
  for (let node = stack.pop(); node !== undefined && closures.length < MOST_CLOSURES; node = stack.pop()) {
    for (let slot = firstRetainer[node]!; slot < firstRetainer[node + 1]!; slot++) {
      const holder = retainerNode[slot]!;
      if (seen.has(holder)) continue;
      const name = edgeName(graph, retainerEdge[slot]!);
      if (nodeType[holder] === NodeType.closure && name === 'context') {
        seen.add(holder);
        if (closures.length < MOST_CLOSURES) closures.push(holder);
      } else if (isContext(holder) && name === 'previous') {
        seen.add(holder);
        stack.push(holder);
      }
    }
  }
  return closures;
}
