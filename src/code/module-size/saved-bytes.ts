import * as path from 'node:path';
import { entryOf, loadedModule, reachableFrom } from './module-graph';
import type { LoadSyntax } from './resolve-module';

/** An import as a file writes it. */
export interface ImportEdge {
  readonly specifier: string;
  readonly fromFile: string;
}

/** A package may have a build for each, and who else loads it may use the other: the smaller saving is the sure one. */
const SYNTAXES: readonly LoadSyntax[] = ['import', 'require'];

const entries = new Map<string, string>();

/**
 * What loading `edge` lazily would save: bytes of heap, estimated from the files that its entry leads to without
 * condition and that none of `others` leads to as well (what the edge dominates in the graph of modules). 0 where the
 * module cannot be found.
 */
export function estimateSavedBytes(edge: ImportEdge, others: readonly ImportEdge[] = []): number {
  const shared = new Set<string>();
  for (const other of others) {
    for (const syntax of SYNTAXES) {
      for (const module of reachableBy({ ...other, syntax })) shared.add(module);
    }
  }
  const saved = SYNTAXES.map((syntax) => {
    let bytes = 0;
    for (const module of reachableBy({ ...edge, syntax })) {
      if (!shared.has(module)) bytes += loadedModule(module).bytes;
    }
    return bytes;
  });
  return Math.round(Math.min(...saved));
}

function reachableBy({
  specifier,
  fromFile,
  syntax,
}: ImportEdge & { readonly syntax: LoadSyntax }): Iterable<string> {
  const key = `${path.dirname(fromFile)} ${syntax} ${specifier}`;
  const entry = entries.get(key) ?? entryOf(specifier, fromFile, syntax);
  if (entry === null) return [];
  // A package that is not installed yet may be so at the next look: only what was found is kept.
  entries.set(key, entry);
  return reachableFrom(entry);
}
