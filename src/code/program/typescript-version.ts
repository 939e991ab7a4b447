import * as fs from 'node:fs';
import * as path from 'node:path';
import { lowestMajor, packageOf } from './package';

/** The TypeScript that compiles a project. */
export interface ProjectTypeScript {
  readonly major: number;
  /** As it is installed, or the range that package.json asks for. */
  readonly version: string;
}

/** What is installed in a folder is believed this long: a menu asks for each collection of a file. */
const BELIEVED_MS = 10_000;

const byFolder = new Map<string, { readonly at: number; readonly version: string | null }>();

/** What is installed for a file, else what its package.json asks for; null where neither is told. */
export function typescriptOf(file: string): ProjectTypeScript | null {
  const folder = path.dirname(file);
  const now = performance.now();
  let known = byFolder.get(folder);
  if (!known || now - known.at > BELIEVED_MS) {
    known = { at: now, version: installedVersion(folder) };
    if (byFolder.size >= 10_000) byFolder.clear();
    byFolder.set(folder, known);
  }
  const version = known.version ?? packageOf(file)?.dependencies.typescript ?? null;
  const major = lowestMajor(version);
  return version === null || major === null ? null : { major, version };
}

function installedVersion(folder: string): string | null {
  for (let current = folder; ; current = path.dirname(current)) {
    try {
      const text = fs.readFileSync(path.join(current, 'node_modules/typescript/package.json'), 'utf8');
      const { version } = JSON.parse(text) as { version?: unknown };
      return typeof version === 'string' ? version : null;
    } catch {
      // One folder further up, or nowhere.
    }
    if (path.dirname(current) === current) return null;
  }
}
