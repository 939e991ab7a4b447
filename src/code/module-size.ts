import * as fs from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import * as path from 'node:path';

/** Measured on packages from 0.4 to 28 MB: loaded code takes this much heap per byte of its source. */
const HEAP_PER_SOURCE_BYTE = 1.5;
/** An estimate needs no more; what loads this many files is worth reporting anyway. */
const MOST_FILES = 3000;

const estimates = new Map<string, number>();

/**
 * What a module takes when it is loaded, estimated from the sources that its entry leads to without condition: bytes
 * of heap, or 0 where it cannot be found. Files are read once per process.
 */
export function estimateModuleBytes(specifier: string, fromFile: string): number {
  let entry: string;
  try {
    entry = createRequire(fromFile).resolve(specifier);
  } catch {
    return 0;
  }
  const known = estimates.get(entry);
  if (known !== undefined) return known;
  const seen = new Set<string>();
  const open = [entry];
  let bytes = 0;
  while (open.length > 0 && seen.size < MOST_FILES) {
    const file = open.pop()!;
    if (seen.has(file) || !/\.[cm]?js$/.test(file)) continue;
    seen.add(file);
    let text: string;
    try {
      text = fs.readFileSync(file, 'utf8');
    } catch {
      continue;
    }
    bytes += text.length;
    for (const dependency of staticDependencies(text)) {
      try {
        open.push(createRequire(file).resolve(dependency));
      } catch {
        // Optional, or only for other systems.
      }
    }
  }
  const estimate = Math.round(bytes * HEAP_PER_SOURCE_BYTE);
  estimates.set(entry, estimate);
  return estimate;
}

function staticDependencies(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, a, b, c] of text.matchAll(
    /\brequire\(\s*["']([^"']+)["']\s*\)|\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']/gm,
  )) {
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
