import path from 'node:path';
import type { Owner, OwnerStep } from '../protocol/owners';
import type { CollectionKind, NodeRow, RetainingPath } from '../protocol/snapshot';
import type { SourcePosition } from '../protocol/source';
import type { Snapshot } from '../snapshot/client';
import { type Declaration, type DeclarationQuery, locateDeclaration } from '../source/declarations';
import { findGivenProperty } from '../source/given-properties';
import type { SourceLocator } from '../source/locator';
import { findOwner } from './owners';
import { type PackageName, packageOf } from './packages';

/** Who holds a growing object, in words, and where that is declared. */
export interface Attribution {
  /** `responseCache`, `Session.active`, `state.inner.byName`, `nested[…]`. */
  readonly name: string;
  readonly holder: string;
  readonly path: readonly string[];
  readonly location: SourcePosition | null;
  /** Properties that lead on from there and are not written out there: somebody else gave them to it. */
  readonly given: readonly string[];
  readonly package: PackageName | null;
  /** Stable over runs: file and name, never object ids. */
  readonly key: string;
  /** `listeners` when the object is the listener list of an emitter. */
  readonly kind: CollectionKind | null;
  readonly owner: Owner;
}

/**
 * Names what holds an object: the variable, field, export or global nearest to it, and its declaring line in the
 * original source. Null when only Node's or V8's own code holds it.
 */
export async function attribute(
  snapshot: Snapshot,
  id: number,
  locator: SourceLocator,
  signal?: AbortSignal,
): Promise<Attribution | null> {
  const owner = await findOwner(snapshot, id, locator, { signal });
  if (!owner) return null;
  const attribution = await attributeOwner(snapshot, owner, locator, signal);
  if (!attribution || attribution.location || attribution.kind !== 'listeners') return attribution;
  // Node's own emitter has no declaration to open: its newest listener is where the user comes in.
  const location = await newestFunction(snapshot, id, locator);
  return { ...attribution, location, package: location ? packageOf(location.file) : null };
}

/** Where the last function among an object's entries is written, if a user wrote it. */
async function newestFunction(
  snapshot: Snapshot,
  id: number,
  locator: SourceLocator,
): Promise<SourcePosition | null> {
  const { rows } = await snapshot.properties(id, { limit: 100_000 });
  const functions = rows.filter(
    ({ type, node }) => (type === 'element' || type === 'property') && node.type === 'closure',
  );
  for (const { node } of functions.reverse().slice(0, 5)) {
    const written = await writtenFunction(snapshot, node);
    if (!written?.location || !locator.isUserScript(written.location.scriptId)) continue;
    const position = await locator.position(written.location);
    if (!position) continue;
    const { originalName: _, ...plain } = position;
    return plain;
  }
  return null;
}

/** The function that a program wrote: a bound one stands for its target, a `once` listener for the one it wraps. */
export async function writtenFunction(snapshot: Snapshot, closure: NodeRow): Promise<NodeRow | null> {
  for (let at = closure, depth = 0; depth < 4; depth++) {
    if (at.location) return at;
    const { rows } = await snapshot.properties(at.id, { limit: 30 });
    const target = rows.find(({ name, node }) => name === 'bound_function' && node.type === 'closure');
    if (!target) return null;
    at = target.node;
  }
  return null;
}

/** {@link attribute} for an owner that was found already. */
export async function attributeOwner(
  snapshot: Snapshot,
  owner: Owner,
  locator: SourceLocator,
  signal?: AbortSignal,
): Promise<Attribution | null> {
  if (owner.anchor.kind === 'internal' && !isProcess(owner)) return null;
  const { declaration, given } = await declarationOf(owner, locator);
  const name = nameOf(owner, declaration);
  const location = declaration?.position ?? null;
  const kind = isListenerList(owner.steps) ? 'listeners' : null;
  return {
    name,
    holder: holderOf(owner, declaration, locator, kind === 'listeners'),
    path: [...(await pathTo(snapshot, owner, signal)), ...stepWords(owner, name)],
    location,
    given,
    package: location ? packageOf(location.file) : null,
    key: `${location?.file ?? owner.anchor.kind}#${name}`,
    kind,
    owner,
  };
}

/** `process` is Node's own object, but its listeners are the user's. */
function isProcess(owner: Owner): boolean {
  return owner.steps.some(({ holder }) => holder.constructorName === 'process' || holder.name === 'process');
}

/** The declaration, and the properties that it does not write out. */
interface FoundDeclaration {
  readonly declaration: Declaration | null;
  readonly given: readonly string[];
}

async function declarationOf({ anchor, steps }: Owner, locator: SourceLocator): Promise<FoundDeclaration> {
  const properties = literalProperties(steps);
  const query = queryOf(anchor, properties);
  const declaration = query && (await locateDeclaration(locator, query));
  const own = anchor.kind === 'field' || anchor.kind === 'static' ? [anchor.name] : [];
  if (declaration?.isWhole) return { declaration, given: [] };
  const given = [...own, ...properties];
  if (!declaration || properties.length === 0) return { declaration, given };
  // What a program hangs on a package's object is declared where it does so.
  const isPackages = packageOf(declaration.position.file) !== null;
  const position = isPackages ? await findGivenProperty(locator, properties.at(-1)!) : null;
  return position ? { declaration: { ...declaration, position }, given: [] } : { declaration, given };
}

function queryOf(anchor: Owner['anchor'], properties: readonly string[]): DeclarationQuery | null {
  switch (anchor.kind) {
    case 'variable':
      // CommonJS: what hangs on `exports` or `module.exports` is declared where it is assigned.
      if ((anchor.name === 'exports' || anchor.name === 'module') && properties.length > 0) {
        const [first, ...rest] = properties[0] === 'exports' ? properties.slice(1) : properties;
        if (first === undefined) return null;
        return { kind: 'export', name: first, scriptId: anchor.from[0]!.scriptId, properties: rest };
      }
      return { kind: 'variable', name: anchor.name, from: anchor.from, properties };
    case 'static':
      return { kind: 'field', name: anchor.name, owner: anchor.at, isStatic: true, properties };
    case 'field':
      return { kind: 'field', name: anchor.name, owner: anchor.at, isStatic: false, properties };
    case 'export':
      return { kind: 'export', name: anchor.name, scriptId: anchor.scriptId, properties };
    case 'global':
      return { kind: 'global', name: anchor.name, properties };
    default:
      return null;
  }
}

/** `process` has that name everywhere, whatever a variable calls it. */
function hangsOnProcess([, first]: readonly OwnerStep[]): boolean {
  return first?.edge.type === 'property' && first.holder.constructorName === 'process';
}

/** The property names from the anchor down, as far as a source could write them out. */
function literalProperties(steps: readonly OwnerStep[]): string[] {
  const names: string[] = [];
  for (const { edge } of steps.slice(1)) {
    if (edge.type !== 'property' || edge.name === '_events') break;
    names.push(edge.name);
  }
  return names;
}

function nameOf({ anchor, steps }: Owner, declaration: Declaration | null): string {
  const rest = accessPath(steps.slice(1));
  if (hangsOnProcess(steps)) return `process${rest}`;
  switch (anchor.kind) {
    case 'variable': {
      // Where the declaration followed properties, its own name is that of the last property.
      if (declaration?.scope === 'class')
        return `${declaration.enclosing ?? ''}.${declaration.name}${rest.replace(/^\[…\]/, '')}`;
      const followed = literalProperties(steps).length > 0;
      const variable = (followed ? declaration?.root : declaration?.name) ?? anchor.name;
      return variable === 'exports' && rest.startsWith('.') ? rest.slice(1) : `${variable}${rest}`;
    }
    case 'static':
      return `${declaration?.enclosing ?? anchor.className}.${anchor.name}${rest}`;
    case 'field':
      return `${declaration?.enclosing ?? anchor.className}.${anchor.name}${rest}`;
    case 'export':
      return `${anchor.name}${rest}`;
    case 'global':
      return `globalThis.${anchor.name}${rest}`;
    case 'internal':
      return `process${rest}`;
  }
}

/** `.inner.byName`, `[…]` for an entry; stores and cells between are V8's own and left out. */
function accessPath(steps: readonly OwnerStep[]): string {
  let text = '';
  for (const { edge, holder } of steps) {
    if (edge.type === 'property') {
      text += edge.name.startsWith('<symbol') ? `[${edge.name.slice(8, -1)}]` : `.${edge.name}`;
    } else if (edge.type === 'element' || (edge.type === 'internal' && holder.type === 'array')) {
      text += '[…]';
    } else if (edge.type === 'context') {
      text += ` › ${edge.name}`;
    }
  }
  // The hundreds of links of a chain are one step.
  return text.replaceAll(/(\[…\])+/g, '[…]').replaceAll(/((?:\.[^.[ ]+){1,2}?)\1{2,}/g, '$1…');
}

/** An emitter keeps the listeners of one event as an array in `_events`. */
function isListenerList(steps: readonly OwnerStep[]): boolean {
  return steps.at(-2)?.edge.name === '_events' || steps.at(-1)?.edge.name === '_events';
}

function holderOf(
  { anchor, steps }: Owner,
  declaration: Declaration | null,
  locator: SourceLocator,
  listeners: boolean,
): string {
  const event = listeners ? `listeners of "${steps.at(-1)!.edge.name}" on ` : '';
  if (hangsOnProcess(steps)) return `${event}Node's process object`;
  switch (anchor.kind) {
    case 'variable':
    case 'export': {
      const scriptId = anchor.kind === 'export' ? anchor.scriptId : anchor.from[0]!.scriptId;
      const file = path.basename(declaration?.position.file ?? locator.script(scriptId)?.url ?? '');
      const module = file ? ` module ${file}` : ' a module';
      if (declaration?.scope === 'class') return `${event}field of class ${declaration.enclosing}`;
      if (declaration?.scope === 'function') {
        const inside = declaration.enclosing ? `function ${declaration.enclosing}` : 'a function';
        return `${event}variable inside ${inside} of${module}`;
      }
      return `${event}${anchor.kind === 'export' ? 'export' : 'variable'} of${module}`;
    }
    case 'static':
      return `${event}static field of class ${declaration?.enclosing ?? anchor.className}`;
    case 'field':
      return `${event}field of class ${declaration?.enclosing ?? anchor.className}`;
    case 'global':
      return `${event}property of globalThis`;
    case 'internal':
      return `${event}Node's process object`;
  }
}

/** The shortest path from a root to the anchor's object, in readable steps. */
async function pathTo(snapshot: Snapshot, owner: Owner, signal?: AbortSignal): Promise<string[]> {
  if (!owner.anchorNode) return [];
  const paths = await snapshot.retainingPaths(owner.anchorNode.id, 4, { signal });
  // What our own attachment holds is not why the program holds it.
  const own = (path: RetainingPath) => path.some(({ edge }) => edge?.name.includes('DevTools console'));
  const shortest = paths.find((path) => !own(path)) ?? paths[0];
  return shortest ? foldPath(shortest) : [];
}

const longestPath = 12;

/** Drops V8's own steps; a chain of hundreds is shown by its ends. */
export function foldPath(steps: RetainingPath): string[] {
  const words = steps.flatMap(({ edge, node }) => {
    if (!edge) return ['(root)'];
    if (node.type === 'hidden' || node.type === 'array' || node.type === 'code') return [];
    if (node.type === 'synthetic') return node.name ? [node.name] : [];
    const label = edge.type === 'element' ? `[${edge.name}]` : edge.name;
    const shown = node.name === 'system / Context' ? 'Context' : node.constructorName;
    return [`${label}: ${shown}`];
  });
  return shortened(words);
}

function shortened(words: string[]): string[] {
  if (words.length <= longestPath) return words;
  const hidden = words.length - longestPath + 1;
  return [...words.slice(0, 6), `… ${hidden} more steps …`, ...words.slice(-5)];
}

function stepWords({ steps }: Owner, name: string): string[] {
  const words = steps.slice(1).flatMap(({ edge, holder }) => {
    if (holder.type === 'array' || holder.type === 'hidden') return [];
    return [`${edge.name} in ${holder.constructorName}`];
  });
  return [...shortened(words), name];
}
