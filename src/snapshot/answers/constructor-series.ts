import type { ConstructorSeriesRow, SurvivorRow } from '../../protocol/snapshot';
import type { HeapGraph } from '../graph/heap-graph';
import { commonClasses } from './common-classes';
import { indexIds } from './object-ids';

/** The growth curve of every class through a series of snapshots of one process, oldest first; sizes in bytes. */
export function seriesOfConstructors(graphs: readonly HeapGraph[]): ConstructorSeriesRow[] {
  const { keys, names, classOf } = commonClasses(graphs);
  const totals = graphs.map((graph, i) => {
    const counts = new Uint32Array(keys.length);
    const sizes = new Float64Array(keys.length);
    const own = classOf[i]!;
    for (let node = 0; node < graph.nodeCount; node++) {
      const size = graph.shallowSize[node]!;
      if (size === 0) continue;
      counts[own[node]!]!++;
      sizes[own[node]!]! += size;
    }
    return { counts, sizes };
  });
  return keys.map((key, i) => ({
    key,
    name: names[i]!,
    counts: totals.map(({ counts }) => counts[i]!),
    selfSizes: totals.map(({ sizes }) => sizes[i]!),
  }));
}

/**
 * Objects that snapshot `born` of a series has and the one before it has not, and that are still there in all later
 * ones: what a round of work left behind. By class of the last snapshot, with the largest few of each.
 * @param born Index into `graphs`; with 0 all objects of the first one count.
 */
export function survivorsOf(graphs: readonly HeapGraph[], born: number, examples: number): SurvivorRow[] {
  const last = graphs.at(-1);
  if (!last) return [];
  const before = born === 0 ? null : indexIds(graphs[born - 1]!);
  const since = graphs.slice(born, -1).map(indexIds);
  const members = new Map<number, number[]>();
  for (let node = 0; node < last.nodeCount; node++) {
    if (last.shallowSize[node] === 0) continue;
    const id = last.nodeId[node]!;
    if (before && before.get(id) !== -1) continue;
    if (!since.every((rows) => rows.get(id) !== -1)) continue;
    const ofClass = last.classes.classOf[node]!;
    const list = members.get(ofClass);
    if (list) list.push(node);
    else members.set(ofClass, [node]);
  }
  return [...members].map(([ofClass, nodes]) => toRow(last, ofClass, nodes, examples));
}

function toRow(graph: HeapGraph, ofClass: number, nodes: number[], examples: number): SurvivorRow {
  let selfSize = 0;
  for (const node of nodes) selfSize += graph.shallowSize[node]!;
  nodes.sort((a, b) => graph.retainedSize[b]! - graph.retainedSize[a]!);
  return {
    key: graph.classes.keys[ofClass]!,
    name: graph.classes.names[ofClass]!,
    count: nodes.length,
    selfSize,
    ids: nodes.slice(0, examples).map((node) => graph.nodeId[node]!),
  };
}
