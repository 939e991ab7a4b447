import * as module from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { esModules } from './commonjs';
import { beginSource, isBeginning, METER, originalText, withMarks } from './es-source';
import type { Ledger } from './ledger';
import { quietly } from './quietly';

/** More are not kept. */
const MOST_EDGES = 200_000;

interface Loaded {
  readonly format?: string | null;
  readonly source?: string | ArrayBuffer | Uint8Array | null;
}
interface Resolved {
  readonly url: string;
  readonly format?: string | null;
  readonly shortCircuit?: boolean;
}
type Next<Context, Result> = (name: string, context?: Context) => Result;

/** Hooks that run in the program's own thread, since Node 22.15. */
interface SyncHooks {
  resolve(name: string, context: { parentURL?: string }, next: Next<object, Resolved>): Resolved;
  load(url: string, context: object, next: Next<object, Loaded>): Loaded;
}

/** Notices when an ES module begins and ends, and who imports whom. */
export class EsModuleWatch {
  readonly #ledger: Ledger;
  /** What modules of packages export, by their files. */
  readonly exports = new Map<string, object>();
  readonly #edges: [from: string, to: string][] = [];
  #port: import('node:worker_threads').MessagePort | null = null;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    Object.defineProperty(globalThis, Symbol.for(METER), {
      configurable: true,
      value: {
        begin: (url: string, characters: number) => quietly(() => this.#begin(url, characters)),
        end: (url: string, exported?: object) => quietly(() => this.#end(url, exported)),
      },
    });
    const { registerHooks, register } = module as typeof module & {
      registerHooks?: (hooks: SyncHooks) => unknown;
      register?: typeof module.register;
    };
    if (registerHooks) registerHooks(this.#hooks());
    else if (register) this.#registerThread(register);
  }

  edges(): readonly [from: string, to: string][] {
    for (let message = this.#receive(); message; message = this.#receive()) this.#edge(...message);
    return this.#edges;
  }

  #hooks(): SyncHooks {
    return {
      resolve: (name, context, next) => {
        if (isBeginning(name)) return { url: name, format: 'module', shortCircuit: true };
        const resolved = next(name, context);
        if (context.parentURL) this.#edge(context.parentURL, resolved.url);
        return resolved;
      },
      load: (url, context, next) => {
        if (isBeginning(url))
          return { format: 'module', source: beginSource(url), shortCircuit: true } as Loaded;
        quietly(() => this.#ledger.reading());
        const loaded = next(url, context);
        const text = originalText(loaded);
        const file = fileOf(url);
        if (text === null || file === null) return loaded;
        quietly(() => this.#ledger.read(file, text.length));
        return { ...loaded, source: withMarks(text, url) };
      },
    };
  }

  /** Before Node 22.15 hooks run in a thread of their own, which sends what it has resolved. */
  #registerThread(register: typeof module.register): void {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.unref();
    register(new URL('module-meter-hooks.mjs', pathToFileURL(__filename)), {
      data: { port: port2 },
      transferList: [port2],
    });
  }

  #receive(): [string, string] | undefined {
    return this.#port ? receiveMessageOnPort(this.#port)?.message : undefined;
  }

  #edge(from: string, to: string): void {
    const source = fileOf(from);
    const target = fileOf(to);
    if (source && target && this.#edges.length < MOST_EDGES) this.#edges.push([source, target]);
  }

  #begin(url: string, characters: number): void {
    const file = fileOf(url);
    if (file === null) return;
    esModules.add(file);
    this.#ledger.compiled(file, characters);
    this.#ledger.begin(file);
  }

  #end(url: string, exported: object | undefined): void {
    const file = fileOf(url);
    if (file === null) return;
    if (exported) this.exports.set(file, exported);
    this.#ledger.end(file, 'loaded', { follows: true });
  }
}

/** Null for Node's own modules and what no file holds. */
function fileOf(url: string): string | null {
  if (!url.startsWith('file:')) return null;
  try {
    return fileURLToPath(url.replace(/[?#].*$/, ''));
  } catch {
    return null;
  }
}
