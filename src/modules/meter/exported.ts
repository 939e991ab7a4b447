import Module, { builtinModules, createRequire } from 'node:module';
import { types } from 'node:util';
import type { ExportedValues } from '../../protocol/module-report';
import { packageFolder } from '../../source/package-folder';

/** As much as is looked at of what one package exports. */
const MOST_VALUES = 5000;
const DEPTH = 3;
/** What modules tell of themselves is no reason to load them. */
const ABOUT_ITSELF = /^(__esModule|version|name|default)$/i;
/** Node warns of these, or runs something, when they are asked for. */
const LEFT_ALONE = /^(_|punycode$|sys$|inspector|wasi$|trace_events$|repl$|test|sqlite$)/;

const cache = (Module as unknown as { _cache: Record<string, { exports: unknown } | undefined> })._cache;
const textOf = Function.prototype.toString;
/** Stands for a value that only a call would tell. */
const ACCESSOR = Symbol('accessor');

/** What loaded modules export, looked at without calling anything of theirs. */
export class ExportedFunctions {
  readonly #esModules: ReadonlyMap<string, object>;
  /** Functions that packages export as they are, and who does. */
  readonly #owners = new Map<unknown, Set<string>>();

  /** @param esModules What ES modules of packages export, by their files. */
  constructor(esModules: ReadonlyMap<string, object>) {
    this.#esModules = esModules;
    for (const [file, exported] of [...modules(), ...esModules]) {
      const owner = packageFolder(file)?.name;
      if (owner !== undefined) this.#claim(exported, owner);
    }
    for (const exported of loadedBuiltins()) this.#claim(exported, 'node:');
  }

  /**
   * What a package exports: accessors and proxies count as functions, since reading them calls one.
   * @param files Modules of the package that others have loaded.
   * @returns null where nothing can be seen of them
   */
  of(owner: string, files: readonly string[]): ExportedValues | null {
    const found = new Found((value) => [...(this.#owners.get(value) ?? [])].some((other) => other !== owner));
    let seen = 0;
    for (const file of files) {
      const exported = file in cache ? cache[file]!.exports : this.#esModules.get(file);
      if (exported === undefined) continue;
      seen++;
      found.module(exported);
    }
    return seen > 0 ? found.counts : null;
  }

  #claim(exported: unknown, owner: string): void {
    const values = [exported, ...ownValues(exported).map(([, value]) => value)];
    for (const value of values) {
      if (typeof value !== 'function') continue;
      const owners = this.#owners.get(value) ?? new Set();
      this.#owners.set(value, owners.add(owner));
    }
  }
}

/** Counts what is reached from the exports of modules. */
class Found {
  readonly counts = { functions: 0, native: 0, foreign: 0, data: 0, isFunction: false };
  readonly #isForeign: (value: unknown) => boolean;
  readonly #seen = new Set<unknown>();

  constructor(isForeign: (value: unknown) => boolean) {
    this.#isForeign = isForeign;
  }

  module(exported: unknown): void {
    const main = types.isModuleNamespaceObject(exported)
      ? (exported as { default?: unknown }).default
      : exported;
    if (typeof main === 'function') {
      this.counts.isFunction = true;
      for (const [, value] of ownValues(main)) if (this.#isForeign(value)) this.counts.foreign++;
    }
    this.#visit(exported, '', 0);
  }

  #visit(value: unknown, name: string, depth: number): void {
    if (typeof value === 'function') this.#function(value);
    else if (typeof value === 'object' && value !== null) this.#object(value, name, depth);
    else if (value === ACCESSOR) this.counts.functions++;
    else if (value !== undefined && depth === 1 && !ABOUT_ITSELF.test(name)) this.counts.data++;
  }

  #function(value: object): void {
    if (this.#isNew(value)) {
      if (this.#isForeign(value)) this.counts.foreign++;
      else if (isNative(value)) this.counts.native++;
      else this.counts.functions++;
    }
  }

  #object(value: object, name: string, depth: number): void {
    if (!this.#isNew(value)) return;
    const before = this.#callable;
    if (types.isProxy(value)) this.counts.functions++;
    else if (depth < DEPTH && this.#seen.size < MOST_VALUES) {
      for (const [key, one] of ownValues(value)) this.#visit(one, key, depth + 1);
      this.#methods(Object.getPrototypeOf(value));
    }
    if (depth > 0 && this.#callable === before && !ABOUT_ITSELF.test(name)) this.counts.data++;
  }

  /** An instance is used by the methods of its class. */
  #methods(prototype: unknown): void {
    if (prototype === null || prototype === Object.prototype || !this.#isNew(prototype)) return;
    for (const [name, one] of ownValues(prototype)) {
      if (name === 'constructor' && this.#isForeign(one)) {
        this.counts.foreign++;
        return;
      }
      if (typeof one === 'function' && name !== 'constructor' && !isNative(one)) this.counts.functions++;
    }
  }

  get #callable(): number {
    return this.counts.functions + this.counts.native + this.counts.foreign;
  }

  #isNew(value: unknown): boolean {
    if (this.#seen.has(value)) return false;
    this.#seen.add(value);
    return true;
  }
}

function isNative(value: object): boolean {
  return !types.isProxy(value) && textOf.call(value).endsWith('{ [native code] }');
}

function modules(): [file: string, exported: unknown][] {
  return Object.entries(cache).map(([file, module]) => [file, module?.exports]);
}

/** Node's own modules that the program has loaded, so that asking for them loads nothing. */
function loadedBuiltins(): unknown[] {
  const { moduleLoadList = [] } = process as { moduleLoadList?: readonly string[] };
  const loaded = new Set(moduleLoadList);
  const load = createRequire(__filename);
  return builtinModules
    .filter((name) => !LEFT_ALONE.test(name) && loaded.has(`NativeModule ${name}`))
    .map((name) => load(`node:${name}`));
}

function ownValues(value: unknown): [name: string, value: unknown][] {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || types.isProxy(value))
    return [];
  return Object.entries(Object.getOwnPropertyDescriptors(value)).map(([name, descriptor]) => [
    name,
    'value' in descriptor ? descriptor.value : ACCESSOR,
  ]);
}
