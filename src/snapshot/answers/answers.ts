import { HeapwrightError } from '../../protocol/errors';
import type { ConstructorRow, EdgeRow, NodeRow, Page, SnapshotInfo } from '../../protocol/snapshot';
import type { ConstructorColumn, InstanceColumn, PageRequest } from '../../protocol/snapshot-rpc';
import { constructorRows } from '../graph/class-totals';
import type { HeapGraph } from '../graph/heap-graph';
import { linkTarget, linkType } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';
import { type CollectionColumns, findCollections, tableLayout } from './collections';
import { indexIds, type RowsById } from './object-ids';
import { edgeName, edgeRow, locationOf, nodeRow } from './rows';

const DEFAULT_LIMIT = 100;

/** One loaded snapshot and what is asked of it; costly parts are computed when first needed and kept. */
export class SnapshotAnswers {
  readonly graph: HeapGraph;
  readonly info: SnapshotInfo;
  #constructors: readonly ConstructorRow[] | undefined;
  #collections: CollectionColumns | undefined;
  #nodeOfId: RowsById | undefined;

  constructor(graph: HeapGraph, info: SnapshotInfo) {
    this.graph = graph;
    this.info = info;
  }

  get constructorRows(): readonly ConstructorRow[] {
    this.#constructors ??= constructorRows(this.graph);
    return this.#constructors;
  }

  get collections(): CollectionColumns {
    this.#collections ??= findCollections(this.graph);
    return this.#collections;
  }

  constructors(request: PageRequest<ConstructorColumn> & { filter?: string }): Page<ConstructorRow> {
    const filter = request.filter?.toLowerCase();
    const rows = filter
      ? this.constructorRows.filter((row) => row.name.toLowerCase().includes(filter))
      : this.constructorRows;
    return sortedPage(rows, { sortBy: 'retainedSize', ...request });
  }

  /** @throws `bad-argument` when no class has this key. */
  instances(constructorKey: string, request: PageRequest<InstanceColumn>): Page<NodeRow> {
    const { graph } = this;
    const ofClass = graph.classes.keys.indexOf(constructorKey);
    if (ofClass === -1) {
      throw new HeapwrightError(
        'bad-argument',
        `No constructor ${constructorKey} in this snapshot.`,
        'List them anew.',
      );
    }
    const nodes: number[] = [];
    for (let node = 0; node < graph.nodeCount; node++) {
      if (graph.classes.classOf[node] === ofClass && graph.shallowSize[node] !== 0) nodes.push(node);
    }
    return this.pageOf(nodes, request);
  }

  /** A page of nodes, largest retained size first unless asked otherwise. */
  pageOf(nodes: number[], request: PageRequest<InstanceColumn>): Page<NodeRow> {
    const { graph } = this;
    const { offset = 0, limit = DEFAULT_LIMIT, sortBy = 'retainedSize', descending = true } = request;
    if (sortBy === 'name')
      return sortedPage(
        nodes.map((node) => nodeRow(graph, node)),
        { ...request, sortBy },
      );
    const column = {
      id: graph.nodeId,
      selfSize: graph.shallowSize,
      retainedSize: graph.retainedSize,
      distance: graph.distance,
    };
    const values = column[sortBy];
    nodes.sort((a, b) => (descending ? values[b]! - values[a]! : values[a]! - values[b]!));
    const rows = nodes.slice(offset, offset + limit).map((node) => nodeRow(graph, node));
    return { total: nodes.length, offset, rows };
  }

  /** The objects right below one in the dominator tree. */
  dominated(id: number, request: PageRequest<InstanceColumn>): Page<NodeRow> {
    const { firstDominated, dominated } = this.graph;
    const node = this.nodeOf(id);
    return this.pageOf([...dominated.subarray(firstDominated[node], firstDominated[node + 1])], request);
  }

  /** The row of the node with V8's id `id`. @throws `bad-argument` when there is none. */
  nodeOf(id: number): number {
    const node = this.findNode(id);
    if (node !== undefined) return node;
    throw new HeapwrightError(
      'bad-argument',
      `No object @${id} in this snapshot.`,
      'Object ids are valid within the snapshots of one process.',
    );
  }

  findNode(id: number): number | undefined {
    this.#nodeOfId ??= indexIds(this.graph);
    const node = this.#nodeOfId.get(id);
    return node === -1 ? undefined : node;
  }

  properties(id: number, request: PageRequest<never>): Page<EdgeRow> {
    const { firstEdge } = this.graph;
    const node = this.nodeOf(id);
    const edges = range(firstEdge[node]!, firstEdge[node + 1]!);
    return page(edges, request, (edge) => edgeRow(this.graph, edge));
  }

  retainers(id: number, request: PageRequest<never>): Page<EdgeRow> {
    const { firstRetainer, retainerEdge, retainerNode } = this.graph;
    const node = this.nodeOf(id);
    const slots = range(firstRetainer[node]!, firstRetainer[node + 1]!);
    return page(slots, request, (slot) => edgeRow(this.graph, retainerEdge[slot]!, retainerNode[slot]!));
  }

  /** The constructors of what a collection holds, most frequent first. */
  holds(id: number, limit: number): { constructorName: string; count: number }[] {
    const { graph } = this;
    const counts = new Map<string, number>();
    for (const node of heldBy(graph, this.nodeOf(id))) {
      const name = graph.classes.names[graph.classes.classOf[node]!]!;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return [...counts]
      .map(([constructorName, count]) => ({ constructorName, count }))
      .sort((a, b) => b.count - a.count)
      .slice(0, limit);
  }

  /** Closures that were made in a Context, with their places: they lead from a variable to its script. */
  closuresOfContext(id: number, limit: number): NodeRow[] {
    const { graph } = this;
    const { firstRetainer, retainerEdge, retainerNode, nodeType } = graph;
    const node = this.nodeOf(id);
    const closures: NodeRow[] = [];
    for (
      let slot = firstRetainer[node]!;
      slot < firstRetainer[node + 1]! && closures.length < limit;
      slot++
    ) {
      const holder = retainerNode[slot]!;
      if (nodeType[holder] !== NodeType.closure || locationOf(graph, holder) === null) continue;
      if (edgeName(graph, retainerEdge[slot]!) === 'context') closures.push(nodeRow(graph, holder));
    }
    return closures;
  }
}

/** What stands in a collection: the values of a Map, the members of a Set, or an object's own elements and properties. */
function heldBy(graph: HeapGraph, node: number): number[] {
  const { firstEdge, edgeLink, nodeType } = graph;
  const held: number[] = [];
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
    const type = linkType(edgeLink[edge]!);
    const target = linkTarget(edgeLink[edge]!);
    if (type === EdgeType.element) held.push(target);
    else if (type === EdgeType.property && edgeName(graph, edge) !== '__proto__') held.push(target);
    else if (type === EdgeType.internal && edgeName(graph, edge) === 'table')
      held.push(...inTable(graph, target));
  }
  return held.filter((target) => nodeType[target] !== NodeType.hidden && nodeType[target] !== NodeType.shape);
}

/** Values of a Map, members of a Set; keys say less of what a Map is for. */
function inTable(graph: HeapGraph, table: number): number[] {
  const { firstEdge, edgeLink } = graph;
  const layout = tableLayout(graph, table);
  if (!layout) return [];
  const wanted = layout.width === 3 ? 1 : 0;
  const held: number[] = [];
  for (let edge = firstEdge[table]!; edge < firstEdge[table + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) !== EdgeType.internal) continue;
    const slot = Number(edgeName(graph, edge)) - layout.start;
    if (slot >= 0 && slot % layout.width === wanted) held.push(linkTarget(edgeLink[edge]!));
  }
  return held;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function page<Item, Row>(
  items: readonly Item[],
  request: PageRequest<never>,
  row: (item: Item) => Row,
): Page<Row> {
  const { offset = 0, limit = DEFAULT_LIMIT } = request;
  return { total: items.length, offset, rows: items.slice(offset, offset + limit).map(row) };
}

/** Sorts by a column of numbers or of text, and cuts the page out. */
export function sortedPage<Row, Column extends string>(
  rows: readonly Row[],
  request: PageRequest<Column> & { sortBy: Column },
): Page<Row> {
  const { offset = 0, limit = DEFAULT_LIMIT, sortBy, descending = true } = request;
  const value = (row: Row) => (row as Readonly<Record<Column, number | string>>)[sortBy];
  const sorted = [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    const order = typeof x === 'string' && typeof y === 'string' ? x.localeCompare(y) : Number(x) - Number(y);
    return descending ? -order : order;
  });
  return { total: rows.length, offset, rows: sorted.slice(offset, offset + limit) };
}
