import type {
  Anchor,
  Owner,
  OwnerAlias,
  OwnerAnswer,
  OwnerQuery,
  OwnerStep,
  ScriptRange,
} from '../../protocol/owners';
import type { EdgeRow, NodeRow, ScriptLocation } from '../../protocol/snapshot';
import type { HeapGraph } from '../graph/heap-graph';
import type { SnapshotAnswers } from './answers';
import { edgeRow, nodeRow } from './rows';
import { type Visit, VisitQueue } from './visit-queue';

/** What the search goes by. */
interface Search {
  readonly answers: SnapshotAnswers;
  /** Whose owner is looked for. */
  readonly start: number;
  /** Where an earlier snapshot limits who may be named; null where it does not. */
  readonly before: { readonly answers: SnapshotAnswers; readonly linkName: string } | null;
  readonly userScripts: ReadonlySet<number>;
  /** Variables whose edges are not gone up. */
  readonly aliases: readonly OwnerAlias[];
}

/** An object that more hold than this is held by those nearest to the roots; the others are what it serves. */
const mostRetainers = 400;
/** But of variables that hold it so many more are looked at. */
const mostVariables = 50;
/** The hundreds of links of a chain are hardly further from its head than the first few, which holders nearby precede. */
const linkCost = 0.02;
const longChain = 12;
/** How far Node's own anchor may be improved upon by a user's anchor further up. */
const internalPenalty = 6;

/**
 * Finds the nearest declaration that holds an object: a best-first search up the retainers, in which the edges of a
 * program (variables, properties, elements, entries) are cheap and V8's own (shapes, code, prototypes) dear, until a
 * variable, class, module, or global names what is held. A holder of Node's own code counts only when no code of the
 * user holds the object nearly as closely.
 */
export function findOwner(
  answers: SnapshotAnswers,
  before: SnapshotAnswers | null,
  query: OwnerQuery,
): OwnerAnswer {
  const start = answers.findNode(query.id);
  if (start === undefined) return { owner: null, visits: 0 };
  const search: Search = {
    answers,
    start,
    before: before && query.before ? { answers: before, linkName: query.before.linkName } : null,
    userScripts: new Set(query.userScripts),
    aliases: query.aliases ?? [],
  };
  const queue = new VisitQueue(answers.graph.distance);
  queue.put({ node: start, edge: null, below: null, cost: 0 });
  const seen = new Set<number>();
  let internal: { owner: Owner; cost: number } | null = null;
  let visits = 0;
  for (let visit = queue.take(); visit && visits < query.mostVisits; visit = queue.take()) {
    if (internal && visit.cost > internal.cost + internalPenalty) break;
    if (seen.has(visit.node)) continue;
    seen.add(visit.node);
    visits++;
    const owner = ownerAt(search, visit);
    if (owner && owner.anchor.kind !== 'internal') return { owner, visits };
    if (owner && (!internal || visit.cost < internal.cost)) internal = { owner, cost: visit.cost };
    climb(search, visit, seen, queue);
  }
  return { owner: internal?.owner ?? null, visits };
}

/** The owner, if the edge by which the search came names one. */
function ownerAt(search: Search, visit: Visit): Owner | null {
  const holder = nodeRow(search.answers.graph, visit.node);
  const anchor = anchorOf(search, visit, holder);
  if (!anchor || !mayAnchor(search, holder)) return null;
  return { anchor, anchorNode: holder, steps: stepsOf(search.answers.graph, visit) };
}

/** A link of a chain does not name the chain; a Context may hold the next one by another variable. */
function mayAnchor({ before }: Search, holder: NodeRow): boolean {
  if (!before) return true;
  if (holder.name !== 'system / Context' && holder.constructorName === before.linkName) return false;
  return before.answers.findNode(holder.id) !== undefined;
}

function stepsOf(graph: HeapGraph, visit: Visit): OwnerStep[] {
  const steps: OwnerStep[] = [];
  for (let at: Visit | null = visit; at?.edge; at = at.below)
    steps.push({ edge: at.edge, holder: nodeRow(graph, at.node) });
  return steps;
}

/** Puts those who hold an object in line. */
function climb(search: Search, visit: Visit, seen: ReadonlySet<number>, queue: VisitQueue): void {
  const { graph } = search.answers;
  for (const slot of retainerSlots(graph, visit.node)) {
    const holder = graph.retainerNode[slot]!;
    if (seen.has(holder) || isBelow(graph, holder, search.start)) continue;
    const row = edgeRow(graph, graph.retainerEdge[slot]!, holder);
    if (isAlias(search, row)) continue;
    const cost = isFleetingKey(search, row) || isForeignScope(search, row) ? null : costOf(row);
    if (cost === null) continue;
    if (visit.cost >= longChain && isNextLink(graph, visit, row)) {
      queue.put({ node: holder, edge: visit.edge, below: visit, cost: visit.cost + linkCost });
      continue;
    }
    const edge = { type: row.type, name: row.name };
    queue.put({ node: holder, edge, below: visit, cost: visit.cost + cost });
  }
}

/** One of the variables that are but another name, in the Context that was met or in that of another call. */
function isAlias({ answers, aliases }: Search, { type, name, node }: EdgeRow): boolean {
  const sameName = aliases.filter((alias) => alias.name === name);
  if (sameName.some(({ holder }) => holder === node.id)) return true;
  const ranges = type === 'context' ? sameName.flatMap(({ within }) => within ?? []) : [];
  if (ranges.length === 0) return false;
  const [seenFrom] = functionsThatSee(answers, node.id);
  return seenFrom !== undefined && ranges.some((range) => isWithin(seenFrom, range));
}

function isWithin({ scriptId, line, column }: ScriptLocation, { from, to }: ScriptRange): boolean {
  if (scriptId !== from.scriptId) return false;
  const isBehindStart = line > from.line || (line === from.line && column >= from.column);
  return isBehindStart && (line < to.line || (line === to.line && column < to.column));
}

/** A step along a chain. */
function isNextLink(graph: HeapGraph, { node, edge }: Visit, { type, name, node: holder }: EdgeRow): boolean {
  if (type !== 'property' || edge?.type !== 'property' || edge.name !== name) return false;
  return nodeRow(graph, node).constructorName === holder.constructorName;
}

/** What lives by the object alone (an entry that knows its cache) cannot be why the object lives. */
function isBelow({ dominatorOf }: HeapGraph, node: number, top: number): boolean {
  for (let at = node; ; at = dominatorOf[at]!) {
    if (at === top) return true;
    if (dominatorOf[at] === at) return false;
  }
}

function retainerSlots(graph: HeapGraph, node: number): number[] {
  const { firstRetainer, retainerNode, retainerEdge, distance } = graph;
  const first = firstRetainer[node]!;
  const slots = Array.from({ length: firstRetainer[node + 1]! - first }, (_, index) => first + index);
  if (slots.length <= mostRetainers) return slots;
  const far = (slot: number) => distance[retainerNode[slot]!]!;
  slots.sort((a, b) => far(a) - far(b));
  // The scope whose functions it belongs to may be as far from the roots as all the entries that know it.
  const isVariable = (slot: number) =>
    edgeRow(graph, retainerEdge[slot]!, retainerNode[slot]!).type === 'context';
  const variables = slots.slice(mostRetainers).filter(isVariable).slice(0, mostVariables);
  return [...slots.slice(0, mostRetainers), ...variables];
}

/** What a WeakMap keeps for a key that came with the growth is no reason to name the map. */
function isFleetingKey({ before }: Search, { name, node }: EdgeRow): boolean {
  if (!before || node.type !== 'array') return false;
  const key = / part of key \(.* @(\d+)\) -> /.exec(name)?.[1];
  return key !== undefined && before.answers.findNode(Number(key)) === undefined;
}

/** What Node's own functions see in their scopes is not held by whoever can call these functions. */
function isForeignScope({ userScripts }: Search, { name, type, node }: EdgeRow): boolean {
  if (type !== 'internal' || name !== 'context' || node.type !== 'closure') return false;
  return node.location === null || !userScripts.has(node.location.scriptId);
}

/** The price of going up an edge; null for one that holds nothing or only mirrors another. */
function costOf({ type, name, node }: EdgeRow): number | null {
  if (type === 'weak' || type === 'shortcut') return null;
  if (node.type === 'synthetic') return null;
  // Shapes, code and scripts are V8's own and shared by everything that looks alike.
  if (node.type === 'object shape' || node.type === 'code') return null;
  // The stores of an object's properties and elements mirror the edges of the object itself.
  if (/^(system \/ PropertyArray|\(object (properties|elements)\))$/.test(node.name)) return null;
  // A timer's neighbours in Node's list have nothing to do with it but their time.
  if (name === '_idleNext' || name === '_idlePrev') return null;
  if (type === 'context') return 1;
  if (type === 'element') return 1.5;
  if (type === 'property') {
    if (name === '__proto__' || name === 'prototype' || name === 'constructor') return 12;
    return node.constructorName === 'Error' || node.constructorName.endsWith('Error') ? 8 : 1;
  }
  if (type === 'internal' && (name === 'table' || name === 'elements' || name === 'value')) return 0.5;
  if (name === 'context' || name === 'previous') return 4;
  // The value of a WeakMap's entry hangs on its key as well as on the map's table: the map is what the program fills.
  if (/ part of key /.test(name)) return node.type === 'array' ? 0.5 : 3;
  return node.type === 'array' || node.type === 'object' ? 1.5 : 4;
}

function anchorOf(search: Search, { node, edge, below }: Visit, holder: NodeRow): Anchor | null {
  if (!edge || !below) return null;
  if (edge.type === 'context') return variableAnchor(search, edge.name, holder);
  if (edge.type === 'hidden' && holder.name === 'system / Context')
    return blockAnchor(search, edge.name, below.node, holder);
  if (holder.name.endsWith('SourceTextModule')) return null;
  if (holder.name.endsWith(' / Cell')) return exportAnchor(search.answers, holder);
  if (edge.type !== 'property') return null;
  if (isGlobalObject(holder)) return { kind: 'global', name: edge.name };
  if (!holder.location) return null;
  if (edge.name === '__proto__' || edge.name === 'prototype' || edge.name === 'constructor') return null;
  // An emitter's own bookkeeping is no field that its class declares: whoever holds the emitter is the owner.
  if (edge.name === '_events' || edge.name.startsWith('<symbol kEvents')) return null;
  if (isListenerTable(search, node)) return null;
  const at = holder.location;
  if (!search.userScripts.has(at.scriptId)) return null;
  if (holder.type === 'closure') {
    return { kind: 'static', name: edge.name, className: holder.name || '(anonymous)', at };
  }
  return { kind: 'field', name: edge.name, className: holder.constructorName, at };
}

/** Packages give the table of an emitter's events a class of its own. */
function isListenerTable({ answers: { graph } }: Search, node: number): boolean {
  const slots = graph.firstRetainer[node + 1]! - graph.firstRetainer[node]!;
  if (slots > mostRetainers) return false;
  return retainerSlots(graph, node).some(
    (slot) => edgeRow(graph, graph.retainerEdge[slot]!, graph.retainerNode[slot]!).name === '_events',
  );
}

/** V8 calls it `global`, from Node 26 on `global (global*)`, and the name of its realm follows when an inspector is open. */
function isGlobalObject(node: NodeRow): boolean {
  return node.type === 'object' && /^(global|globalThis|Window)( \(global\*?\))?( \/|$)/.test(node.name);
}

/** Variables that only Node's own functions see are anchors of last resort. */
function variableAnchor({ answers, userScripts }: Search, name: string, context: NodeRow): Anchor | null {
  const from = functionsThatSee(answers, context.id);
  const user = from.filter((location) => userScripts.has(location.scriptId));
  if (user.length > 0) return { kind: 'variable', name, from: user };
  return from.length > 0 ? { kind: 'internal', name, holder: context } : null;
}

/** A variable of a block, by its place: V8 keeps no names of these in a snapshot. */
function blockAnchor(search: Search, place: string, node: number, context: NodeRow): Anchor | null {
  const { answers } = search;
  const held = nodeRow(answers.graph, node);
  // The scope of a class holds the class for its methods: whoever else holds it has a name.
  if (held.type === 'closure') return null;
  const anchor = variableAnchor(search, held.constructorName, context);
  if (anchor?.kind !== 'variable') return null;
  const slots = answers.properties(context.id, { limit: 1000 }).rows.filter(({ type }) => type === 'hidden');
  return { ...anchor, unnamed: { place: Number(place), count: slots.length } };
}

/** Places of functions made in a Context or, where none is left, in one nested in it. */
function functionsThatSee(answers: SnapshotAnswers, contextId: number): ScriptLocation[] {
  const queue = [contextId];
  for (let index = 0; index < queue.length && index < 12; index++) {
    const closures = answers.closuresOfContext(queue[index]!, 8);
    const locations = closures.flatMap((closure) => closure.location ?? []);
    if (locations.length > 0) return locations;
    for (const row of answers.retainers(queue[index]!, { limit: mostRetainers }).rows) {
      // A running or suspended generator (every async function is one) keeps its own Context.
      if (row.name === 'context' && row.node.location) return [row.node.location];
      if (row.name === 'previous') queue.push(row.node.id);
    }
  }
  return [];
}

/** An exported binding lives in a Cell, which a hash table of the module lists behind the name. */
function exportAnchor(answers: SnapshotAnswers, cell: NodeRow): Anchor | null {
  for (const table of answers.retainers(cell.id, { limit: mostRetainers }).rows) {
    const slot = Number(table.name);
    if (!Number.isInteger(slot) || table.node.type !== 'array') continue;
    const entries = answers.properties(table.node.id, { limit: 1000 });
    const key = entries.rows.find((row) => Number(row.name) === slot - 1 && row.node.type.includes('string'));
    if (!key) continue;
    for (const module of answers.retainers(table.node.id, { limit: 5 }).rows) {
      if (!module.node.name.endsWith('SourceTextModule')) continue;
      const parts = answers.properties(module.node.id, { limit: 50 });
      const code = parts.rows.find((row) => row.node.location !== null);
      if (code) return { kind: 'export', name: key.node.name, scriptId: code.node.location!.scriptId };
    }
  }
  return null;
}
