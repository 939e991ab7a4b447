import * as fs from 'node:fs/promises';
import * as path from 'node:path';

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

const LOCK_FILES: readonly (readonly [file: string, manager: PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

/**
 * The package manager of the project in `folder`: what its lock file says, or the nearest one above it (a
 * workspace's lock file lies at its root); npm where there is none.
 */
export async function packageManagerOf(folder: string): Promise<PackageManager> {
  for (let current = folder; ; current = path.dirname(current)) {
    const names = new Set(await fs.readdir(current).catch(() => [] as string[]));
    const found = LOCK_FILES.find(([file]) => names.has(file));
    if (found) return found[1];
    if (path.dirname(current) === current) return 'npm';
  }
}

/** The arguments that add `name@range` as a dependency, also where it is one for development already. */
export function addArguments(manager: PackageManager, name: string, range: string): string[] {
  const spec = `${name}@${range}`;
  if (manager === 'npm') return ['install', '--save-prod', spec];
  return manager === 'pnpm' ? ['add', '--save-prod', spec] : ['add', spec];
}
