import { createRequire } from 'node:module';
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { resolve as resolveImport } from 'import-meta-resolve';

/** How a module is asked for: packages may give `import` and `require` different files. */
export type LoadSyntax = 'import' | 'require';

/**
 * The file that a specifier means in another file, as Node would find it; by the other syntax where the package knows only
 * that one. Null where it is not there: optional, only for other systems, not installed.
 */
export function resolveModule(specifier: string, fromFile: string, syntax: LoadSyntax): string | null {
  const ways = [byRequire, byImport];
  if (syntax === 'import') ways.reverse();
  for (const way of ways) {
    try {
      const found = way(specifier, fromFile);
      if (path.isAbsolute(found)) return found;
    } catch {
      // The next way, or none.
    }
  }
  return null;
}

function byRequire(specifier: string, fromFile: string): string {
  return createRequire(fromFile).resolve(specifier);
}

function byImport(specifier: string, fromFile: string): string {
  return fileURLToPath(resolveImport(specifier, pathToFileURL(fromFile).href));
}
