import type { FindingKind } from '../protocol/findings';
import type { NodeRow, RetainingPath } from '../protocol/snapshot';
import type { CopiesRow } from '../protocol/together';
import type { Snapshot } from '../snapshot/client';
import type { SourceLocator } from '../source/locator';
import { type Attribution, attribute } from './attribution';

/** Something in a heap that a program holds by a name: a collection, or an instance of a class of its own. */
export interface HeldThing extends Omit<CopiesRow, 'copies' | 'total'> {
  readonly entries: number | null;
  /** What it retains. */
  readonly bytes: number;
}

interface Candidate {
  readonly node: NodeRow;
  readonly kind: FindingKind;
  readonly entries: number | null;
}

interface Named extends Candidate {
  readonly attribution: Attribution;
  /** Ids of what it is a part of, from the nearest on. */
  readonly holders: readonly number[];
}

/** Smaller things are not worth a line. */
const LEAST_BYTES = 20_000;
/** Candidates that are looked at, by retained size. */
const MOST_CANDIDATES = 80;
/** The engine lists collections by entries; a few large values may stand far behind. */
const MOST_COLLECTIONS = 5000;
const MOST_CONSTRUCTORS = 300;
/** Objects that are looked at of each class: a cache or client there is once, or a few times. */
const MOST_INSTANCES = 5;
/** What holds so much of an object is what the object is about. */
const NEARLY_ALL = 0.8;

/**
 * The largest things in a heap that the program's own code, or a package's, holds by a name, largest first. Of things
 * that hold one another only one is told: the inner ones where they make up nearly all of the outer one.
 */
export async function heldThings(
  snapshot: Snapshot,
  locator: SourceLocator,
  signal?: AbortSignal,
): Promise<HeldThing[]> {
  const candidates = [
    ...(await collections(snapshot, signal)),
    ...(await instances(snapshot, locator, signal)),
  ]
    .sort((a, b) => b.node.retainedSize - a.node.retainedSize)
    .slice(0, MOST_CANDIDATES);
  const named: Named[] = [];
  for (const candidate of candidates) {
    signal?.throwIfAborted();
    const attribution = await attribute(snapshot, candidate.node.id, locator, signal);
    if (!attribution || isNodesOwn(attribution, candidate.node)) continue;
    const [path = []] = await snapshot.retainingPaths(candidate.node.id, 1, { signal });
    named.push({ ...candidate, attribution, holders: containersOn(path) });
  }
  return joinByKey(tellOnce(named));
}

async function collections(snapshot: Snapshot, signal?: AbortSignal): Promise<Candidate[]> {
  const { rows } = await snapshot.collections({ minEntries: 1, limit: MOST_COLLECTIONS, signal });
  return rows
    .filter(({ kind, node }) => node.retainedSize >= LEAST_BYTES && kind !== 'weakmap' && kind !== 'weakset')
    .map(({ kind, node, entries }) => ({ node, kind, entries }));
}

/** The few objects of classes that a user wrote or installed. */
async function instances(
  snapshot: Snapshot,
  locator: SourceLocator,
  signal?: AbortSignal,
): Promise<Candidate[]> {
  const { rows } = await snapshot.constructors({ limit: MOST_CONSTRUCTORS, signal });
  const found: Candidate[] = [];
  for (const { key, name, retainedSize } of rows) {
    if (retainedSize < LEAST_BYTES) break;
    if (/^[({]/.test(name) || name === 'Object' || name === 'Array') continue;
    const { rows: objects } = await snapshot.instances(key, { limit: MOST_INSTANCES, signal });
    for (const node of objects) {
      if (node.type !== 'object' || node.retainedSize < LEAST_BYTES) continue;
      if (!node.location || !locator.isUserScript(node.location.scriptId)) continue;
      found.push({ node, kind: 'instances', entries: null });
    }
  }
  return found;
}

/**
 * What an object at the end of a path is a part of: its holders up to the nearest function, scope or prototype, which
 * only see the object.
 */
function containersOn(path: RetainingPath): number[] {
  const containers: number[] = [];
  for (let i = path.length - 1; i > 0; i--) {
    const { node } = path[i - 1]!;
    const isScope = node.type === 'closure' || node.constructorName === 'system / Context';
    if (isScope || path[i]!.edge?.name === '__proto__') break;
    containers.push(node.id);
  }
  return containers;
}

/** Node's own tables, which hang on symbols of the global object and on `process`, whoever names that. */
function isNodesOwn({ location, owner, name }: Attribution, node: NodeRow): boolean {
  if (node.constructorName === 'process') return true;
  return location === null && (owner.anchor.kind === 'internal' || name.includes('<symbol node:'));
}

/** Leaves out what is told by what it holds, or by what holds it. */
function tellOnce(named: readonly Named[]): Named[] {
  const left = new Map(named.map((one) => [one.node.id, one]));
  const outerOf = ({ holders }: Named) => holders.find((id) => left.has(id));
  const smallestFirst = [...named].sort((a, b) => a.node.retainedSize - b.node.retainedSize);
  for (const outer of smallestFirst) {
    const inner = [...left.values()].filter((one) => outerOf(one) === outer.node.id);
    if (inner.length === 0) continue;
    const all = inner.reduce((sum, { node }) => sum + node.retainedSize, 0);
    const [largest] = inner.sort((a, b) => b.node.retainedSize - a.node.retainedSize);
    const isAboutOne = largest!.node.retainedSize >= NEARLY_ALL * outer.node.retainedSize;
    if (isAboutOne && largest!.attribution.owner.anchorNode?.id === outer.node.id) {
      // A cache that is a class around a Map: called by its variable, counted by its Map.
      for (const { node } of inner) left.delete(node.id);
      left.set(outer.node.id, { ...outer, kind: largest!.kind, entries: largest!.entries });
    } else if (all >= NEARLY_ALL * outer.node.retainedSize) left.delete(outer.node.id);
    else for (const { node } of inner) left.delete(node.id);
  }
  return [...left.values()];
}

/** Several objects of one owner are one line with their sum. */
function joinByKey(named: readonly Named[]): HeldThing[] {
  const byKey = new Map<string, HeldThing>();
  for (const { node, kind, entries, attribution } of named) {
    const before = byKey.get(attribution.key);
    byKey.set(attribution.key, {
      key: attribution.key,
      name: attribution.name,
      holder: attribution.holder,
      kind: attribution.kind ?? kind,
      className: COLLECTION_CLASSES.has(node.constructorName) ? null : node.constructorName,
      location: attribution.location,
      package: attribution.package?.name ?? null,
      entries: entries === null ? (before?.entries ?? null) : entries + (before?.entries ?? 0),
      bytes: node.retainedSize + (before?.bytes ?? 0),
    });
  }
  return [...byKey.values()].sort((a, b) => b.bytes - a.bytes);
}

const COLLECTION_CLASSES = new Set(['Map', 'Set', 'Array', 'Object']);
