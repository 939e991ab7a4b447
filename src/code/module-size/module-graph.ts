import * as fs from 'node:fs';
import * as path from 'node:path';
import { findDataFile } from './data-files';
import { eagerLoads } from './eager-loads';
import { BYTES_OF_CONTEXT, builtinCost, bytesOfJson, bytesOfModule, bytesOfText } from './heap-model';
import { type LoadSyntax, resolveModule } from './resolve-module';
import { isBuiltin } from './specifiers';

/** A module as the estimate sees it. */
export interface LoadedModule {
  /** Of heap, by estimate. */
  readonly bytes: number;
  /** The modules that it loads without condition: files, and Node's own by name. */
  readonly loads: readonly string[];
}

/** An estimate needs no more; what loads this many files is worth reporting anyway. */
const MOST_FILES = 3000;

/** Read once per process: packages do not change under a running check. */
const modules = new Map<string, LoadedModule>();
const reachable = new Map<string, ReadonlySet<string>>();

/** All modules that come with one: itself, what it loads, what these load. @param entry A file, or the name of a builtin. */
export function reachableFrom(entry: string): ReadonlySet<string> {
  const known = reachable.get(entry);
  if (known) return known;
  const seen = new Set<string>();
  const open = [entry];
  while (open.length > 0 && seen.size < MOST_FILES) {
    const module = open.pop()!;
    if (seen.has(module)) continue;
    seen.add(module);
    open.push(...loadedModule(module).loads);
  }
  reachable.set(entry, seen);
  return seen;
}

/** A file of JavaScript or JSON, or one of Node's own modules. */
export function loadedModule(module: string): LoadedModule {
  const known = modules.get(module);
  if (known) return known;
  const loaded = isBuiltin(module)
    ? (builtinCost(module) ?? { bytes: 0, loads: [] })
    : fileModule(module, readIfThere(module));
  modules.set(module, loaded);
  return loaded;
}

function fileModule(file: string, text: string): LoadedModule {
  if (file.endsWith('.json')) return { bytes: bytesOfJson(text), loads: [] };
  // Native code lies outside of the heap.
  if (!/\.[cm]?js$|[\\/][^.\\/]+$/.test(file)) return { bytes: 0, loads: [] };
  const { loads, dataFiles, makesContext, functions } = eagerLoads(text);
  const read = new Set(dataFiles.flatMap((name) => findDataFile(name, file) ?? []));
  let bytes = bytesOfModule(text, functions) + (makesContext ? BYTES_OF_CONTEXT : 0);
  for (const one of read) bytes += bytesOfData(one);
  return { bytes, loads: loads.flatMap(({ specifier, syntax }) => entryOf(specifier, file, syntax) ?? []) };
}

/** What a module reads by itself: kept as it is, or parsed, or compiled. */
function bytesOfData(file: string): number {
  const text = readIfThere(file, file.endsWith('.json') || file.endsWith('.js') ? 'utf8' : 'latin1');
  if (file.endsWith('.json')) return bytesOfJson(text);
  const compiled = file.endsWith('.js') ? bytesOfModule(text, eagerLoads(text).functions) : 0;
  return bytesOfText(text) + compiled;
}

/** The module that a specifier means in a file; null where it cannot be found. */
export function entryOf(specifier: string, fromFile: string, syntax: LoadSyntax): string | null {
  if (isBuiltin(specifier)) return specifier.replace(/^node:/, '');
  const resolved = resolveModule(specifier, fromFile, syntax);
  return resolved === null ? null : path.normalize(resolved);
}

function readIfThere(file: string, encoding: BufferEncoding = 'utf8'): string {
  try {
    return fs.readFileSync(file, encoding);
  } catch {
    // Resolved, and gone: it weighs nothing.
    return '';
  }
}
