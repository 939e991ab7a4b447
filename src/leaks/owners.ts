import type { EdgeRow, NodeRow, ScriptLocation } from '../protocol/snapshot';
import type { Snapshot } from '../snapshot/client';

/** One step from a holder down towards what grows. */
export interface OwnerStep {
  readonly edge: { readonly type: EdgeRow['type']; readonly name: string };
  /** The holder. */
  readonly holder: NodeRow;
}

/** What names the thing that grows: the nearest declaration that holds it. */
export type Anchor =
  /** A slot of a Context: a variable, as the functions at `from` see it. */
  | { readonly kind: 'variable'; readonly name: string; readonly from: readonly ScriptLocation[] }
  /** A property of a class or function object. */
  | {
      readonly kind: 'static';
      readonly name: string;
      readonly className: string;
      readonly at: ScriptLocation;
    }
  /** A field of an instance whose class a user can open. */
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly className: string;
      readonly at: ScriptLocation;
    }
  /** A binding that an ES module exports. */
  | { readonly kind: 'export'; readonly name: string; readonly scriptId: number }
  | { readonly kind: 'global'; readonly name: string }
  /** Only Node's own code, or nothing nameable, holds it. */
  | { readonly kind: 'internal'; readonly name: string; readonly holder: NodeRow | null };

/** The way from an anchor down to an object. */
export interface Owner {
  readonly anchor: Anchor;
  /** The object that the anchor names: the Context, class, instance, module or global object. */
  readonly anchorNode: NodeRow | null;
  /** From the anchor down; the first step's edge is the anchor's own. */
  readonly steps: readonly OwnerStep[];
}

/** What the search must know of the scripts. */
export interface ScriptKnowledge {
  isUserScript(scriptId: number): boolean;
}

interface Visit {
  readonly node: NodeRow;
  readonly edge: OwnerStep['edge'] | null;
  /** The visit one step nearer to the object. */
  readonly below: Visit | null;
  readonly cost: number;
}

/** Which holders may name what grows. */
export interface OwnerSearch {
  readonly signal?: AbortSignal;
  /** False for holders that came with the growth themselves: links of a chain, closures of one request. */
  readonly mayAnchor?: (holder: NodeRow) => Promise<boolean>;
  /** Whether what a WeakMap keeps for the key of this id may be followed to the map: not where the key came with it. */
  readonly isLastingKey?: (keyId: number) => Promise<boolean>;
  /** How many holders are looked at; chains of hundreds of links need more. */
  readonly mostVisits?: number;
  /** How many holders several searches may look at together; counted down. */
  readonly budget?: { left: number };
}

const usualVisits = 250;
const mostRetainers = 40;
/** How far Node's own anchor may be improved upon by a user's anchor further up. */
const internalPenalty = 6;

/**
 * Finds the nearest declaration that holds an object: a best-first search up the retainers, in which the edges of a
 * program (variables, properties, elements, entries) are cheap and V8's own (shapes, code, prototypes) dear, until a
 * variable, class, module, or global names what is held. A holder of Node's own code counts only when no code of the
 * user holds the object nearly as closely.
 */
export async function findOwner(
  snapshot: Snapshot,
  id: number,
  scripts: ScriptKnowledge,
  search: OwnerSearch = {},
): Promise<Owner | null> {
  const { signal, mayAnchor, isLastingKey, mostVisits = usualVisits, budget } = search;
  const start = await snapshot.node(id);
  if (!start) return null;
  const queue: Visit[] = [{ node: start, edge: null, below: null, cost: 0 }];
  const seen = new Set<number>();
  let internal: { owner: Owner; cost: number } | null = null;
  for (let visits = 0; queue.length > 0 && visits < mostVisits; visits++) {
    if (budget && budget.left-- <= 0) break;
    const visit = takeCheapest(queue);
    if (internal && visit.cost > internal.cost + internalPenalty) break;
    if (seen.has(visit.node.id)) continue;
    seen.add(visit.node.id);
    if (visit.edge && visit.below) {
      const anchor = await anchorOf(snapshot, visit.edge, visit.node, scripts);
      if (anchor && (!mayAnchor || (await mayAnchor(visit.node)))) {
        const owner: Owner = { anchor, anchorNode: visit.node, steps: stepsOf(visit) };
        if (anchor.kind !== 'internal') return owner;
        if (!internal || visit.cost < internal.cost) internal = { owner, cost: visit.cost };
      }
    }
    const { rows } = await snapshot.retainers(visit.node.id, { limit: mostRetainers, signal });
    for (const row of rows) {
      if (seen.has(row.node.id)) continue;
      const key = isLastingKey && keyOf(row);
      if (key && !(await isLastingKey(key))) continue;
      const cost = isForeignScope(row, scripts) ? null : costOf(row);
      if (cost !== null) {
        queue.push({
          node: row.node,
          edge: { type: row.type, name: row.name },
          below: visit,
          cost: visit.cost + cost,
        });
      }
    }
  }
  return internal?.owner ?? null;
}

/** The key's id, for the edge from a WeakMap's table to the value that it keeps for that key; else null. */
function keyOf({ name, node }: EdgeRow): number | null {
  if (node.type !== 'array') return null;
  const id = / part of key \(.* @(\d+)\) -> /.exec(name)?.[1];
  return id === undefined ? null : Number(id);
}

function takeCheapest(queue: Visit[]): Visit {
  let best = 0;
  for (let index = 1; index < queue.length; index++) {
    if (queue[index]!.cost < queue[best]!.cost) best = index;
  }
  const visit = queue[best]!;
  queue[best] = queue.at(-1)!;
  queue.pop();
  return visit;
}

function stepsOf(visit: Visit): OwnerStep[] {
  const steps: OwnerStep[] = [];
  for (let at: Visit | null = visit; at?.edge; at = at.below) steps.push({ edge: at.edge, holder: at.node });
  return steps;
}

/** What Node's own functions see in their scopes is not held by whoever can call these functions. */
function isForeignScope({ name, type, node }: EdgeRow, scripts: ScriptKnowledge): boolean {
  if (type !== 'internal' || name !== 'context' || node.type !== 'closure') return false;
  return node.location === null || !scripts.isUserScript(node.location.scriptId);
}

/** The price of going up an edge; null for one that holds nothing or only mirrors another. */
function costOf({ type, name, node }: EdgeRow): number | null {
  if (type === 'weak' || type === 'shortcut') return null;
  if (node.type === 'synthetic') return null;
  // Shapes, code and scripts are V8's own and shared by everything that looks alike.
  if (node.type === 'object shape' || node.type === 'code') return null;
  // The stores of an object's properties and elements mirror the edges of the object itself.
  if (/^(system \/ PropertyArray|\(object (properties|elements)\))$/.test(node.name)) return null;
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

async function anchorOf(
  snapshot: Snapshot,
  edge: OwnerStep['edge'],
  holder: NodeRow,
  scripts: ScriptKnowledge,
): Promise<Anchor | null> {
  if (edge.type === 'context') return variableAnchor(snapshot, edge.name, holder, scripts);
  if (holder.name === 'system / SourceTextModule' || holder.name.endsWith('SourceTextModule')) return null;
  if (holder.name === 'system / Cell' || holder.name.endsWith(' / Cell'))
    return exportAnchor(snapshot, holder);
  if (edge.type !== 'property') return null;
  if (isGlobalObject(holder)) return { kind: 'global', name: edge.name };
  if (!holder.location) return null;
  if (edge.name === '__proto__' || edge.name === 'prototype' || edge.name === 'constructor') return null;
  // An emitter's own bookkeeping is no field that its class declares: whoever holds the emitter is the owner.
  if (edge.name === '_events' || edge.name.startsWith('<symbol kEvents')) return null;
  const at = holder.location;
  if (!scripts.isUserScript(at.scriptId)) return null;
  if (holder.type === 'closure') {
    return { kind: 'static', name: edge.name, className: holder.name || '(anonymous)', at };
  }
  return { kind: 'field', name: edge.name, className: holder.constructorName, at };
}

/** V8 calls it `global`, followed by the name of its realm when an inspector is open. */
function isGlobalObject(node: NodeRow): boolean {
  return node.type === 'object' && /^(global|globalThis|Window)( \/|$)/.test(node.name);
}

/** Variables that only Node's own functions see are anchors of last resort. */
async function variableAnchor(
  snapshot: Snapshot,
  name: string,
  context: NodeRow,
  scripts: ScriptKnowledge,
): Promise<Anchor | null> {
  const from = await functionsThatSee(snapshot, context.id);
  const user = from.filter((location) => scripts.isUserScript(location.scriptId));
  if (user.length > 0) return { kind: 'variable', name, from: user };
  return from.length > 0 ? { kind: 'internal', name, holder: context } : null;
}

/** Places of functions made in a Context or, where none is left, in one nested in it. */
export async function functionsThatSee(snapshot: Snapshot, contextId: number): Promise<ScriptLocation[]> {
  const queue = [contextId];
  for (let index = 0; index < queue.length && index < 12; index++) {
    const closures = await snapshot.closuresOfContext(queue[index]!, 8);
    const locations = closures.flatMap((closure) => closure.location ?? []);
    if (locations.length > 0) return locations;
    const { rows } = await snapshot.retainers(queue[index]!, { limit: mostRetainers });
    for (const row of rows) {
      // A running or suspended generator (every async function is one) keeps its own Context.
      if (row.name === 'context' && row.node.location) return [row.node.location];
      if (row.name === 'previous') queue.push(row.node.id);
    }
  }
  return [];
}

/** An exported binding lives in a Cell, which a hash table of the module lists behind the name. */
async function exportAnchor(snapshot: Snapshot, cell: NodeRow): Promise<Anchor | null> {
  const tables = await snapshot.retainers(cell.id, { limit: mostRetainers });
  for (const table of tables.rows) {
    const slot = Number(table.name);
    if (!Number.isInteger(slot) || table.node.type !== 'array') continue;
    const entries = await snapshot.properties(table.node.id, { limit: 1000 });
    const key = entries.rows.find((row) => Number(row.name) === slot - 1 && row.node.type.includes('string'));
    if (!key) continue;
    const modules = await snapshot.retainers(table.node.id, { limit: 5 });
    for (const module of modules.rows) {
      if (!module.node.name.endsWith('SourceTextModule')) continue;
      const parts = await snapshot.properties(module.node.id, { limit: 50 });
      const code = parts.rows.find((row) => row.node.location !== null);
      if (code) return { kind: 'export', name: key.node.name, scriptId: code.node.location!.scriptId };
    }
  }
  return null;
}
