import { type EdgeColumns, edgeLink, type NodeColumns } from './columns';
import type { SnapshotFormat } from './format';

/**
 * The columns that the fields of a row go to, in the order of the file; null for a field that nobody asks for. What
 * stands in the file is put as it is, but for the type of a node or an edge and the target of an edge.
 */
type Targets = readonly (Uint8Array | Uint32Array | Float64Array | null)[];

/**
 * Puts a stretch of the numbers of the section `nodes` into columns; `first` numbers of the section come before it,
 * and it may begin and end in the middle of a row. firstEdge[i + 1] gets the number of edges of node i.
 * False when a number cannot be what it should.
 */
export function scatterNodes(
  numbers: Int32Array,
  first: number,
  format: SnapshotFormat,
  columns: NodeColumns,
): boolean {
  const { width, type, name, id, selfSize, edgeCount, detachedness } = format.node;
  const { nodeType, nodeName, nodeId, nodeSelfSize, firstEdge, nodeDetachedness } = columns;
  const codes = format.nodeTypeCodes;
  if (first + numbers.length > format.nodeCount * width) return false;
  const targets = new Array<Targets[number]>(width).fill(null);
  targets[name] = nodeName;
  targets[id] = nodeId;
  targets[selfSize] = nodeSelfSize;
  targets[edgeCount] = firstEdge.subarray(1);
  if (nodeDetachedness) targets[detachedness] = nodeDetachedness;
  const single = (index: number) => {
    const field = (first + index) % width;
    const row = (first + index - field) / width;
    const value = numbers[index]!;
    const target = targets[field];
    if (target) target[row] = value >>> 0;
    if (field !== type) return true;
    nodeType[row] = codes[value] ?? 0;
    return value >>> 0 < codes.length;
  };
  const { head, tail } = wholeRows(numbers.length, first, width);
  for (let i = 0; i < head; i++) if (!single(i)) return false;
  for (let i = tail; i < numbers.length; i++) if (!single(i)) return false;
  const known = codes.length;
  let row = (first + head) / width;
  for (let i = head; i < tail; i += width) {
    const code = numbers[i + type]!;
    if (code >>> 0 >= known) return false;
    nodeType[row] = codes[code]!;
    nodeName[row] = numbers[i + name]!;
    nodeId[row] = numbers[i + id]!;
    nodeSelfSize[row] = numbers[i + selfSize]!;
    if (nodeDetachedness !== null) nodeDetachedness[row] = numbers[i + detachedness]!;
    firstEdge[++row] = numbers[i + edgeCount]!;
  }
  return true;
}

/** The same for the section `edges`. Targets that are no node's first number make it false. */
export function scatterEdges(
  numbers: Int32Array,
  first: number,
  format: SnapshotFormat,
  { edgeLink: links, edgeName }: EdgeColumns,
): boolean {
  const { width, type, name, toNode } = format.edge;
  const codes = format.edgeTypeCodes;
  if (first + numbers.length > format.edgeCount * width) return false;
  const known = codes.length;
  const nodeWidth = format.node.width;
  const nodeCount = format.nodeCount;
  const single = (index: number) => {
    const field = (first + index) % width;
    const row = (first + index - field) / width;
    const value = numbers[index]! >>> 0;
    // Its other half may be another thread's: it is added to, not set.
    if (field === type) Atomics.or(links, row, edgeLink(codes[value] ?? 0, 0));
    else if (field === name) edgeName[row] = value;
    else if (field === toNode) Atomics.or(links, row, edgeLink(0, value / nodeWidth));
    if (field === toNode) return value % nodeWidth === 0 && value / nodeWidth < nodeCount;
    return field !== type || value < known;
  };
  const { head, tail } = wholeRows(numbers.length, first, width);
  for (let i = 0; i < head; i++) if (!single(i)) return false;
  for (let i = tail; i < numbers.length; i++) if (!single(i)) return false;
  // A product is cheaper than a quotient; half a row more keeps it from falling short.
  const perNode = 1 / nodeWidth;
  let row = (first + head) / width;
  for (let i = head; i < tail; i += width) {
    const code = numbers[i + type]!;
    const to = numbers[i + toNode]!;
    const target = ((to + 0.5) * perNode) | 0;
    if (code >>> 0 >= known || target * nodeWidth !== to || target >= nodeCount) return false;
    edgeName[row] = numbers[i + name]!;
    links[row++] = edgeLink(codes[code]!, target);
  }
  return true;
}

/** The part of a stretch of numbers that is made of whole rows. */
function wholeRows(length: number, first: number, width: number): { head: number; tail: number } {
  const head = Math.min(length, (width - (first % width)) % width);
  return { head, tail: head + Math.floor((length - head) / width) * width };
}
