import { readFileSync } from 'node:fs';
import path from 'node:path';
import { laterVersion } from './later-version';

export interface PackageName {
  readonly name: string;
  readonly version: string | null;
  /** A later one that the project's lock file names elsewhere in the tree. */
  readonly laterVersion: string | null;
}

/**
 * The installed package that a file belongs to: the innermost folder below `node_modules` (scoped or not, pnpm's
 * store too) and the version of its package.json. Null for a file of the user's own.
 */
export function packageOf(file: string): PackageName | null {
  const parts = file.split(/[\\/]/);
  const at = parts.lastIndexOf('node_modules');
  if (at === -1 || at + 1 >= parts.length) return null;
  const scoped = parts[at + 1]!.startsWith('@');
  const name = scoped ? `${parts[at + 1]}/${parts[at + 2]}` : parts[at + 1]!;
  const folder = parts.slice(0, at + (scoped ? 3 : 2)).join(path.sep);
  try {
    const manifest: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
      const version = typeof manifest.version === 'string' ? manifest.version : null;
      const project = parts.slice(0, parts.indexOf('node_modules')).join(path.sep) || path.sep;
      return { name, version, laterVersion: version && laterVersion(name, version, project) };
    }
  } catch {
    // A package without a readable manifest still has its folder's name.
  }
  return { name, version: null, laterVersion: null };
}
