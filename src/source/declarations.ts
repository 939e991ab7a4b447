import type * as t from '@babel/types';
import type { ScriptLocation } from '../protocol/snapshot';
import type { SourcePosition } from '../protocol/source';
import { type Followed, follow, notWhole, valueOfKey } from './followed-properties';
import type { SourceLocator } from './locator';
import {
  enclosingName,
  findClass,
  findField,
  findLoweredPrivate,
  findMemberAssignment,
  findMethodAssignment,
  findProperty,
  superName,
} from './members';
import { type Binding, isModuleScope, isRequired, resolveName } from './scopes';
import { isClass, type ScriptSyntax, walk } from './syntax';

/** What is to be found, in the terms in which a heap snapshot names it. */
export type DeclarationQuery =
  /** A context slot: the variable as functions at `from` see it; `properties` lead on into its object literal. */
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly from: readonly ScriptLocation[];
      readonly properties?: readonly string[];
    }
  /** A field (`a`, `#a`, `<symbol a>`) of the class or constructor function at `owner`. */
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly owner: ScriptLocation;
      readonly isStatic: boolean;
      readonly properties?: readonly string[];
    }
  /** A top-level name of a script: an export, `exports.name`, `module.exports.name`, a top-level variable. */
  | {
      readonly kind: 'export';
      readonly name: string;
      readonly scriptId: number;
      readonly properties?: readonly string[];
    }
  /** A property of the global object, assigned in any script. */
  | { readonly kind: 'global'; readonly name: string; readonly properties?: readonly string[] };

export interface Declaration {
  readonly position: SourcePosition;
  /** The name in the original source. */
  readonly name: string;
  readonly scope: 'module' | 'function' | 'class';
  /** The function that encloses the declaration, when it is not the module's own. */
  readonly enclosing: string | null;
  /** False where the last of the properties are not written out there: somebody else gave them to it. */
  readonly isWhole: boolean;
  /** What a variable was called before minifying, where properties lead on from it. */
  readonly root?: string;
}

/**
 * Finds the line that declares what a snapshot names, in the original source. The script that ran is parsed, the
 * declaration found by JavaScript's own scope rules, and its place mapped back: so renamed variables of bundled and
 * minified programs are found too. Null when the script cannot be read or does not declare it.
 */
export async function locateDeclaration(
  locator: SourceLocator,
  query: DeclarationQuery,
): Promise<Declaration | null> {
  switch (query.kind) {
    case 'variable':
      return locateVariable(locator, query.name, query.from, query.properties ?? []);
    case 'field':
      return locateField(locator, query.owner, query.name, query.isStatic, query.properties ?? []);
    case 'export':
      return locateExport(locator, query.scriptId, query.name, query.properties ?? []);
    case 'global':
      return locateGlobal(locator, query.name, query.properties ?? []);
  }
}

async function locateVariable(
  locator: SourceLocator,
  name: string,
  from: readonly ScriptLocation[],
  properties: readonly string[],
): Promise<Declaration | null> {
  for (const location of from) {
    const syntax = await locator.syntax(location.scriptId);
    if (!syntax) continue;
    const { chain } = syntax.functionAt(location);
    const binding = resolveName(chain, name);
    if (!binding || binding.value?.type === 'ImportDeclaration') continue;
    const lowered = binding.value === null ? findLoweredPrivate(syntax.program, name) : null;
    if (lowered) return loweredPrivate(locator, syntax, location.scriptId, lowered, name);
    const outer = chain.slice(0, chain.indexOf(binding.scope) + 1);
    const target = follow(syntax, name, binding.identifier, binding.value, properties);
    const module = isModuleScope(chain, binding.scope);
    const found = await declared(locator, syntax, location.scriptId, target, properties.at(-1) ?? name, {
      scope: module ? 'module' : 'function',
      enclosing: module ? null : enclosingName(outer),
    });
    if (!found || properties.length === 0) return found;
    const place = { scriptId: location.scriptId, ...syntax.placeOf(binding.identifier) };
    const root = (await locator.position(place))?.originalName;
    return root ? { ...found, root } : found;
  }
  return null;
}

/** A private field that the compiled script keeps in a WeakMap: its class and its name as they were written. */
async function loweredPrivate(
  locator: SourceLocator,
  syntax: ScriptSyntax,
  scriptId: number,
  place: t.Node,
  variable: string,
): Promise<Declaration | null> {
  const chain = syntax.enclosing(syntax.placeOf(place));
  const holder = chain.findLast(isClass);
  const enclosing = holder ? await originalNameOf(locator, syntax, scriptId, holder, chain) : null;
  const bare = variable.replace(new RegExp(`^_(${enclosing}_)?`), '');
  const where = { scope: 'class', enclosing } as const;
  const found = await declared(locator, syntax, scriptId, { place, isWhole: true }, `#${bare}`, where);
  return found && { ...found, name: `#${found.name.replace(/^#|^_/, '')}` };
}

async function locateField(
  locator: SourceLocator,
  owner: ScriptLocation,
  name: string,
  isStatic: boolean,
  properties: readonly string[],
): Promise<Declaration | null> {
  const syntax = await locator.syntax(owner.scriptId);
  if (!syntax) return null;
  const { chain } = syntax.functionAt(owner);
  const holder = chain.findLast(isClass) ?? chain.at(-1)!;
  const own = findField(holder, name, isStatic);
  const inherited =
    own || isStatic ? null : await locateInherited(locator, owner.scriptId, holder, name, properties);
  if (inherited) {
    return { ...inherited, enclosing: await originalNameOf(locator, syntax, owner.scriptId, holder, chain) };
  }
  const key =
    own ??
    (isStatic ? null : findMethodAssignment(syntax.program, ownNameOf(holder, chain), name)) ??
    (isStatic ? findMemberAssignment(syntax.program, ownNameOf(holder, chain), name) : null);
  const made = key && madeBefore(syntax, key);
  const target = made
    ? follow(syntax, name, made.identifier, made.value, properties)
    : key
      ? follow(syntax, name, key, valueOfKey(syntax.program, key), properties)
      : notWhole(holder);
  return declared(locator, syntax, owner.scriptId, target, properties.at(-1) ?? name, {
    scope: 'class',
    enclosing: await originalNameOf(locator, syntax, owner.scriptId, holder, chain),
  });
}

/** `memoized.cache = cache` only gives another name to what a variable was made with. */
function madeBefore(syntax: ScriptSyntax, key: t.Node): Binding | null {
  const value = valueOfKey(syntax.program, key);
  if (value?.type !== 'Identifier') return null;
  const binding = resolveName(syntax.enclosing(syntax.placeOf(key)), value.name);
  const isMade = /^(New|Object|Array|Call)Expression$/.test(binding?.value?.type ?? '');
  return binding && isMade && !isRequired(binding) ? binding : null;
}

/** A field that a class further up makes, in this script or in one beside it. */
async function locateInherited(
  locator: SourceLocator,
  scriptId: number,
  holder: t.Node,
  name: string,
  properties: readonly string[],
): Promise<Declaration | null> {
  const parent = superName(holder);
  if (parent === null) return null;
  for (const id of [scriptId, ...locator.scriptsBeside(scriptId)]) {
    if (id !== scriptId && !(await locator.text(id))?.includes(`class ${parent}`)) continue;
    const syntax = await locator.syntax(id);
    const base = syntax && findClass(syntax.program, parent);
    if (!base || base === holder) continue;
    const key = findField(base, name, false);
    if (!key) return locateInherited(locator, id, base, name, properties);
    const target = follow(syntax, name, key, valueOfKey(syntax.program, key), properties);
    const where = { scope: 'class', enclosing: parent } as const;
    return declared(locator, syntax, id, target, properties.at(-1) ?? name, where);
  }
  return null;
}

async function locateExport(
  locator: SourceLocator,
  scriptId: number,
  name: string,
  properties: readonly string[],
): Promise<Declaration | null> {
  const syntax = await locator.syntax(scriptId);
  if (!syntax) return null;
  const binding = resolveName([syntax.program], name);
  const key =
    (binding && binding.value?.type !== 'ImportDeclaration' ? binding.identifier : null) ??
    findMemberAssignment(syntax.program, 'exports', name) ??
    exportedProperty(syntax.program, name) ??
    findMemberAssignment(syntax.program, null, name);
  if (!key) return null;
  const value = binding?.value ?? valueOfKey(syntax.program, key);
  return declared(
    locator,
    syntax,
    scriptId,
    follow(syntax, name, key, value, properties),
    properties.at(-1) ?? name,
    { scope: 'module', enclosing: null },
  );
}

async function locateGlobal(
  locator: SourceLocator,
  name: string,
  properties: readonly string[],
): Promise<Declaration | null> {
  for (const scriptId of locator.userScripts()) {
    const syntax = await locator.syntax(scriptId);
    if (!syntax?.text.includes(/^<symbol (.*)>$/.exec(name)?.[1] ?? name)) continue;
    const key =
      findMemberAssignment(syntax.program, 'globalThis', name) ??
      findMemberAssignment(syntax.program, 'global', name);
    if (!key) continue;
    const target = follow(syntax, name, key, valueOfKey(syntax.program, key), properties);
    const where = { scope: 'module', enclosing: null } as const;
    return declared(locator, syntax, scriptId, target, properties.at(-1) ?? name, where);
  }
  return null;
}

/** `module.exports = { name: ... }`. */
function exportedProperty(program: t.Program, name: string): t.Node | null {
  let found: t.Node | null = null;
  walk(program, (node) => {
    if (found) return false;
    if (node.type === 'AssignmentExpression' && node.right.type === 'ObjectExpression') {
      found = findProperty(node.right, name)?.key ?? null;
    }
    return undefined;
  });
  return found;
}

/** The name of a class or constructor in the original source: bundlers and minifiers rename them. */
async function originalNameOf(
  locator: SourceLocator,
  syntax: ScriptSyntax,
  scriptId: number,
  holder: t.Node,
  chain: readonly t.Node[],
): Promise<string | null> {
  const parent = chain[chain.indexOf(holder) - 1];
  const own = 'id' in holder ? (holder.id as t.Node | null | undefined) : null;
  // In `Journal = class _Journal {` the variable has the name that was written; the other is the bundler's.
  const id = parent?.type === 'VariableDeclarator' ? parent.id : own;
  if (id?.type !== 'Identifier') return ownNameOf(holder, chain);
  const position = await locator.position({ scriptId, ...syntax.placeOf(id) });
  return position?.originalName ?? id.name;
}

function ownNameOf(holder: t.Node, chain: readonly t.Node[]): string | null {
  if ('id' in holder) {
    const id = holder.id as t.Node | null | undefined;
    if (id?.type === 'Identifier') return id.name;
  }
  const parent = chain[chain.indexOf(holder) - 1];
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : null;
}

async function declared(
  locator: SourceLocator,
  syntax: ScriptSyntax,
  scriptId: number,
  { place, isWhole }: Followed,
  name: string,
  where: Pick<Declaration, 'scope' | 'enclosing'>,
): Promise<Declaration | null> {
  const position = await locator.position({ scriptId, ...syntax.placeOf(place) });
  if (!position) return null;
  const { originalName, ...plain } = position;
  return { position: plain, name: originalName ?? name, isWhole, ...where };
}
