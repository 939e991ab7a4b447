import type { RetainingPath } from '../../protocol/snapshot';
import { SYSTEM_DISTANCE } from '../graph/distances';
import { type HeapGraph, ROOT } from '../graph/heap-graph';
import { linkType } from '../reading/columns';
import { EdgeType } from '../reading/format';
import { edgeName, edgeTypeName, nodeRow } from './rows';

/** One step up: the holder and the edge by which it holds. */
interface Step {
  readonly node: number;
  readonly edge: number;
}

/** A search that meets this many nodes has left anything a person could follow. */
const MOST_VISITED = 2_000_000;

/**
 * Up to `count` of the shortest retaining paths of `target`, each through another direct holder, root first. A path
 * climbs to whichever holder is nearest to the roots; weak edges hold nothing. Empty for the root itself and for
 * what nothing holds.
 */
export function retainingPaths(graph: HeapGraph, target: number, count: number): RetainingPath[] {
  return findPaths(graph, target, count).map((steps) => toPath(graph, steps, target));
}

/** The nodes of the same paths, root first, without `target` itself. */
export function retainingRows(graph: HeapGraph, target: number, count: number): number[][] {
  return findPaths(graph, target, count).map((steps) => steps.map(({ node }) => node));
}

function findPaths(graph: HeapGraph, target: number, count: number): Step[][] {
  const paths: Step[][] = [];
  if (count === 0) return paths;
  const usedHolders = new Set<number>([target]);
  // What one search up saw without reaching the root leads the next one nowhere either.
  const deadEnds = new Set<number>([target]);
  const holders = strongHolders(graph, target).sort((a, b) => rankOf(graph, a.node) - rankOf(graph, b.node));
  for (const holder of holders) {
    if (paths.length === count) break;
    if (usedHolders.has(holder.node)) continue;
    usedHolders.add(holder.node);
    const above = climb(graph, holder.node, deadEnds);
    if (above) paths.push([...above, holder]);
  }
  return paths;
}

/** Who holds `node`. */
function strongHolders(graph: HeapGraph, node: number): Step[] {
  const { firstRetainer, retainerEdge, retainerNode, edgeLink } = graph;
  const steps: Step[] = [];
  for (let i = firstRetainer[node]!; i < firstRetainer[node + 1]!; i++) {
    const edge = retainerEdge[i]!;
    const holder = retainerNode[i]!;
    const type = linkType(edgeLink[edge]!);
    if (type === EdgeType.weak || holder === node) continue;
    // The table of a WeakMap holds nothing by itself; the key does.
    if (type === EdgeType.fromTable) continue;
    steps.push({ node: holder, edge });
  }
  return steps;
}

/** The steps from the root at least; what the roots reach only through V8's own, or not at all, comes last. */
function rankOf({ distance }: HeapGraph, node: number): number {
  return distance[node]! < 0 ? SYSTEM_DISTANCE : Math.min(distance[node]!, SYSTEM_DISTANCE);
}

/**
 * The shortest way from the root down to `start` that avoids `deadEnds`: an A* search upwards, in which the distance
 * from the roots says how much of a way is left at least. Where nothing is avoided it goes straight up.
 */
function climb(graph: HeapGraph, start: number, deadEnds: Set<number>): Step[] | null {
  if (start === ROOT) return [];
  if (deadEnds.has(start)) return null;
  const from = new Map<number, Step | null>([[start, null]]);
  // Nodes to look at, by the least length of a way to the root through them.
  const waiting: { readonly node: number; readonly depth: number }[][] = [];
  // A place in line for each of their lengths would be a hundred million empty ones.
  const last: { readonly node: number; readonly depth: number }[] = [];
  const put = (node: number, depth: number) => {
    const rank = rankOf(graph, node);
    if (rank === SYSTEM_DISTANCE) last.push({ node, depth });
    else {
      waiting[depth + rank] ??= [];
      waiting[depth + rank]!.push({ node, depth });
    }
  };
  put(start, 0);
  for (let length = 0; from.size < MOST_VISITED; ) {
    if (length < waiting.length && !waiting[length]?.length) {
      length++;
      continue;
    }
    const one = waiting[length]?.pop() ?? last.shift();
    if (!one) break;
    for (const step of strongHolders(graph, one.node)) {
      if (deadEnds.has(step.node) || from.has(step.node)) continue;
      from.set(step.node, { node: one.node, edge: step.edge });
      if (step.node === ROOT) return descend(from);
      put(step.node, one.depth + 1);
      // Distances leave out some edges that hold after all, so a way may be shorter than they say.
      length = Math.min(length, one.depth + 1 + rankOf(graph, step.node));
    }
  }
  for (const node of from.keys()) deadEnds.add(node);
  return null;
}

function descend(from: ReadonlyMap<number, Step | null>): Step[] {
  const steps: Step[] = [];
  for (let node = ROOT; ; ) {
    const step = from.get(node);
    if (!step) return steps;
    steps.push({ node, edge: step.edge });
    node = step.node;
  }
}

/** `steps` name each holder with the edge that leads on from it. */
function toPath(graph: HeapGraph, steps: readonly Step[], target: number): RetainingPath {
  const nodes = [...steps.map((step) => step.node), target];
  return nodes.map((node, i) => {
    const step = steps[i - 1];
    return {
      edge: step ? { type: edgeTypeName(graph, step.edge), name: edgeName(graph, step.edge) } : null,
      node: nodeRow(graph, node),
    };
  });
}
