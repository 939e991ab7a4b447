import { readFileSync } from 'node:fs';
import path from 'node:path';

const LOCK_FILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock'];

/**
 * The latest version of a package above `version` that the project's lock file names for some other part of the tree: a
 * version that is known to fit somewhere, without asking the network. Null where there is none.
 * @param projectFolder The folder whose `node_modules` holds the package; lock files are looked for there and above.
 */
export function laterVersion(name: string, version: string, projectFolder: string): string | null {
  for (let folder = projectFolder; ; folder = path.dirname(folder)) {
    for (const lockFile of LOCK_FILES) {
      const text = readIfThere(path.join(folder, lockFile));
      if (text === null) continue;
      const later = versionsIn(lockFile, text, name).filter((one) => isLater(one, version));
      return later.sort(compare).at(-1) ?? null;
    }
    if (path.dirname(folder) === folder) return null;
  }
}

function versionsIn(lockFile: string, text: string, name: string): string[] {
  if (lockFile.endsWith('.json')) return versionsOfNpm(text, name);
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  // pnpm: `/debug@4.3.4:`, `debug@4.3.4(peer):`; yarn: `debug@^4.1.0:` with `version "4.3.4"` in the next line.
  const pattern =
    lockFile === 'yarn.lock'
      ? new RegExp(`^"?${escaped}@[^\\n]*:\\r?\\n\\s+version:? "?([\\w.+-]+)"?`, 'gm')
      : new RegExp(`^\\s+['"]?/?${escaped}[@/](\\d[\\w.+-]*)`, 'gm');
  return [...text.matchAll(pattern)].map(([, version]) => version!);
}

function versionsOfNpm(text: string, name: string): string[] {
  try {
    const { packages = {} } = JSON.parse(text) as { packages?: Record<string, { version?: string }> };
    return Object.entries(packages)
      .filter(([place]) => place.endsWith(`node_modules/${name}`))
      .flatMap(([, { version }]) => version ?? []);
  } catch {
    return [];
  }
}

/** Versions to come are no advice. */
function isLater(version: string, than: string): boolean {
  return !version.includes('-') && compare(version, than) > 0;
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
