import type { RetainingPath } from '../../protocol/snapshot';
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
  for (const holder of strongHolders(graph, target)) {
    if (paths.length === count) break;
    if (usedHolders.has(holder.node)) continue;
    usedHolders.add(holder.node);
    const above = climb(graph, holder.node, target);
    if (above) paths.push([...above, holder]);
  }
  return paths;
}

/** Who holds `node`, nearest to the roots first. */
function strongHolders(graph: HeapGraph, node: number): Step[] {
  const { firstRetainer, retainerEdge, retainerNode, edgeLink, distance } = graph;
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
  const rank = (step: Step) => (distance[step.node]! < 0 ? Number.MAX_SAFE_INTEGER : distance[step.node]!);
  return steps.sort((a, b) => rank(a) - rank(b));
}

/**
 * The shortest way from the root down to `start` that avoids `avoid`: a breadth-first search upwards. As distances
 * fall by one with each step on the way that made them, the search is nearly straight.
 */
function climb(graph: HeapGraph, start: number, avoid: number): Step[] | null {
  if (start === ROOT) return [];
  const from = new Map<number, Step | null>([[start, null]]);
  let frontier = [start];
  while (frontier.length > 0 && from.size < MOST_VISITED) {
    const next: number[] = [];
    for (const node of frontier) {
      for (const step of strongHolders(graph, node)) {
        if (step.node === avoid || from.has(step.node)) continue;
        from.set(step.node, { node, edge: step.edge });
        if (step.node === ROOT) return descend(from);
        next.push(step.node);
      }
    }
    frontier = next;
  }
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
