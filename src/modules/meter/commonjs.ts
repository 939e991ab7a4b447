import Module from 'node:module';
import type { Ledger } from './ledger';
import { quietly } from './quietly';

/** Node's own class, as far as it is used here. */
interface CommonJsModule {
  readonly id: string;
  readonly filename: string | null;
  readonly children: readonly CommonJsModule[];
  loaded: boolean;
}

const cache = (Module as unknown as { _cache: Record<string, CommonJsModule | undefined> })._cache;
const prototype = Module.prototype as object;

/**
 * Notices when a CommonJS module (JSON and native ones as well) begins and ends. Node's `Module` writes
 * `this.loaded = false` when it is made, reads it when loading begins, and writes `true` when it has ended: accessors
 * there see it all. A function wrapped around `load` would stand in every stack of the program instead, and push the
 * program's own frames out of it.
 */
export function watchCommonJs(ledger: Ledger): void {
  Object.defineProperty(prototype, 'loaded', {
    configurable: true,
    get: () => undefined,
    set(this: CommonJsModule, value: boolean) {
      if (value === false && typeof this.id === 'string') watch(this, ledger);
      else settle(this, value);
    },
  });
}

function watch(module: CommonJsModule, ledger: Ledger): void {
  const file = module.id;
  let begun = false;
  Object.defineProperty(module, 'loaded', {
    configurable: true,
    enumerable: true,
    get: () => {
      if (!begun) {
        begun = true;
        quietly(() => {
          dropThrown(ledger);
          ledger.begin(file);
        });
      }
      return false;
    },
    set(this: CommonJsModule, value: boolean) {
      settle(this, value);
      if (value !== true || !begun) return;
      quietly(() => {
        while (ledger.running !== undefined && ledger.running !== file && hasThrown(ledger.running))
          dropThrown(ledger);
        ledger.end(file);
      });
    },
  });
}

/** From now on it is the plain property that it always was. */
function settle(module: CommonJsModule, value: boolean): void {
  Object.defineProperty(module, 'loaded', { configurable: true, enumerable: true, writable: true, value });
}

/** A module that throws says nothing of its end: but Node takes it out of its cache. */
function dropThrown(ledger: Ledger): void {
  for (let file = ledger.running; file !== undefined && hasThrown(file); file = ledger.running) {
    ledger.end(file, 'failed');
  }
}

function hasThrown(file: string): boolean {
  return !(file in cache) && !esModules.has(file);
}

/** Files that run as ES modules are in no cache that can be seen. */
export const esModules = new Set<string>();

/** Who requires whom, also where the module was loaded before. */
export function commonJsEdges(): [from: string, to: string][] {
  const edges: [string, string][] = [];
  for (const module of Object.values(cache)) {
    if (!module) continue;
    for (const child of module.children) edges.push([nameOf(module), nameOf(child)]);
  }
  return edges;
}

/** The main module's id is `.`. */
function nameOf({ filename, id }: CommonJsModule): string {
  return filename ?? id;
}
