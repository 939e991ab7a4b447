import * as fs from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import * as path from 'node:path';

/** Measured on packages from 0.4 to 28 MB: loaded code takes this much heap per byte of its source. */
const HEAP_PER_SOURCE_BYTE = 1.5;
/** Parsed JSON is made of objects, which take more than their text. */
const HEAP_PER_JSON_BYTE = 3.5;
/** What Node keeps for each module beside its code, in bytes. */
const HEAP_PER_MODULE = 4000;
/** An estimate needs no more; what loads this many files is worth reporting anyway. */
const MOST_FILES = 3000;

/** One file of a package as the estimate sees it. */
interface LoadedFile {
  /** Of heap, by estimate. */
  readonly bytes: number;
  /** Resolved files that it loads without condition. */
  readonly loads: readonly string[];
}

/** Read once per process: packages do not change under a running check. */
const loadedFiles = new Map<string, LoadedFile>();
const entries = new Map<string, string | null>();

/** An import as a file writes it. */
export interface ImportEdge {
  readonly specifier: string;
  readonly fromFile: string;
}

/**
 * What loading `edge` lazily would save: bytes of heap, estimated from the sources that its entry leads to without
 * condition and that none of `others` leads to as well (what the edge dominates in the graph of modules). 0 where the
 * module cannot be found.
 */
export function estimateSavedBytes(edge: ImportEdge, others: readonly ImportEdge[] = []): number {
  const reached = reachableFrom(edge);
  if (reached.size === 0) return 0;
  const shared = new Set<string>();
  for (const other of others) {
    for (const file of reachableFrom(other)) shared.add(file);
  }
  let bytes = 0;
  for (const file of reached) if (!shared.has(file)) bytes += loadedFile(file).bytes;
  return Math.round(bytes);
}

const reachable = new Map<string, ReadonlySet<string>>();

function reachableFrom(edge: ImportEdge): ReadonlySet<string> {
  const entry = entryOf(edge);
  if (entry === null) return new Set();
  const known = reachable.get(entry);
  if (known) return known;
  const seen = new Set<string>();
  const open = [entry];
  while (open.length > 0 && seen.size < MOST_FILES) {
    const file = open.pop()!;
    if (seen.has(file) || !/\.([cm]?js|json)$/.test(file)) continue;
    seen.add(file);
    open.push(...loadedFile(file).loads);
  }
  reachable.set(entry, seen);
  return seen;
}

function entryOf({ specifier, fromFile }: ImportEdge): string | null {
  const key = `${path.dirname(fromFile)} ${specifier}`;
  const known = entries.get(key);
  if (known !== undefined) return known;
  const entry = resolved(specifier, fromFile);
  // A package that is not installed yet may be so at the next look.
  if (entry !== null) entries.set(key, entry);
  return entry;
}

function loadedFile(file: string): LoadedFile {
  const known = loadedFiles.get(file);
  if (known) return known;
  let text = '';
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    // Resolved, and gone: it weighs nothing.
  }
  const isJson = file.endsWith('.json');
  const bytes = text.length * (isJson ? HEAP_PER_JSON_BYTE : HEAP_PER_SOURCE_BYTE) + HEAP_PER_MODULE;
  const specifiers = isJson ? [] : [...staticDependencies(text)];
  const loads = specifiers.flatMap((dependency) => resolved(dependency, file) ?? []);
  const loaded = { bytes, loads };
  loadedFiles.set(file, loaded);
  return loaded;
}

function resolved(specifier: string, fromFile: string): string | null {
  try {
    return createRequire(fromFile).resolve(specifier);
  } catch {
    // Optional, only for other systems, or for `import` alone.
    return null;
  }
}

/**
 * The modules that a text loads as soon as it runs. A `require` on an indented line of a function is taken for a lazy one:
 * those of loaders for many template engines would otherwise count in full.
 */
function staticDependencies(text: string): Set<string> {
  const found = new Set<string>();
  const pattern =
    /(?<=^(?:\S[^\n]*|\s{0,8}(?:,\s*)?[\w$]+\s*=\s*)?)\brequire\(\s*["']([^"']+)["']\s*\)|\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']/gm;
  for (const [, a, b, c] of text.matchAll(pattern)) {
    const specifier = a ?? b ?? c;
    if (specifier && !isBuiltin(specifier)) found.add(specifier);
  }
  return found;
}

/** True for Node's own modules, which are in its start-up snapshot and cost nothing worth saving. */
export function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

/** `@scope/name` of `@scope/name/deep/file`. */
export function packageName(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? path.posix.join(first, second) : first;
}
