import type { SwellingSlotRow } from '../../protocol/snapshot';
import type { HeapGraph } from '../graph/heap-graph';
import { linkTarget } from '../reading/columns';
import { NodeType } from '../reading/format';
import type { SnapshotAnswers } from './answers';
import { edgeName, edgeTypeName, nodeRow } from './rows';

export interface SlotFilter {
  /** Bytes that each step must add at least. */
  readonly minGrowth: number;
  readonly limit: number;
}

/**
 * Variables and properties that were given ever larger values in a series of snapshots (oldest first): a text that is
 * appended to, a Buffer that is joined with the next one, a list that is copied for each new entry. The value is
 * another object each time, so that nothing else in the series shows the growth. Largest growth first; `sizes` are
 * retained sizes, 0 where the slot had nothing of its own.
 */
export function swellingSlots(
  series: readonly SnapshotAnswers[],
  { minGrowth, limit }: SlotFilter,
): SwellingSlotRow[] {
  const last = series.at(-1);
  const before = series.at(-2);
  if (!last || !before) return [];
  const { graph } = last;
  const rows: SwellingSlotRow[] = [];
  for (let value = 0; value < graph.nodeCount; value++) {
    if (graph.retainedSize[value]! < minGrowth || !isValue(graph, value)) continue;
    if (before.findNode(graph.nodeId[value]!) !== undefined) continue;
    const row = slotOf(series, last, value);
    if (row && grewBy(row.sizes, minGrowth)) rows.push(row);
  }
  const gain = ({ sizes }: SwellingSlotRow) => sizes.at(-1)! - sizes[0]!;
  return rows.sort((a, b) => gain(b) - gain(a)).slice(0, limit);
}

function isValue({ nodeType }: HeapGraph, node: number): boolean {
  const type = nodeType[node];
  return type === NodeType.object || type === NodeType.string || type === NodeType.consString;
}

/** The slot of an old object that holds a value, with what it held earlier. */
function slotOf(
  series: readonly SnapshotAnswers[],
  { graph }: SnapshotAnswers,
  value: number,
): SwellingSlotRow | null {
  const { firstRetainer, retainerEdge, retainerNode, nodeId } = graph;
  for (let slot = firstRetainer[value]!; slot < firstRetainer[value + 1]!; slot++) {
    const holder = retainerNode[slot]!;
    const edge = retainerEdge[slot]!;
    const type = edgeTypeName(graph, edge);
    const name = edgeName(graph, edge);
    if (type !== 'context' && type !== 'property' && !(type === 'internal' && name === 'value')) continue;
    const holders = series.map((one) => one.findNode(nodeId[holder]!));
    if (holders.some((one) => one === undefined)) continue;
    const sizes = series.map((one, index) => sizeIn(one.graph, holders[index]!, type, name));
    return { holder: nodeRow(graph, holder), edge: { type, name }, value: nodeRow(graph, value), sizes };
  }
  return null;
}

function sizeIn(graph: HeapGraph, holder: number, type: string, name: string): number {
  const { firstEdge, edgeLink, retainedSize } = graph;
  for (let edge = firstEdge[holder]!; edge < firstEdge[holder + 1]!; edge++) {
    if (edgeTypeName(graph, edge) !== type || edgeName(graph, edge) !== name) continue;
    const value = linkTarget(edgeLink[edge]!);
    return isValue(graph, value) ? retainedSize[value]! : 0;
  }
  return 0;
}

function grewBy(sizes: readonly number[], minGrowth: number): boolean {
  return sizes.slice(1).every((size, index) => size - sizes[index]! >= minGrowth);
}
