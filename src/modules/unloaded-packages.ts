import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { UnloadedPackage } from '../protocol/modules';

/** A package with more files is large enough to be told. */
const MOST_FILES = 20_000;

/** The folder of the nearest package.json at or above a file; null when there is none. */
export async function projectFolder(file: string): Promise<string | null> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const isThere = await fs.access(path.join(folder, 'package.json')).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
    if (folder === path.dirname(folder)) return null;
  }
}

/**
 * The dependencies of a project's package.json (not those for development) that are installed and were not loaded,
 * largest first. Types only are left out: they load nothing.
 */
export async function unloadedPackages(
  folder: string,
  loaded: ReadonlySet<string>,
): Promise<UnloadedPackage[]> {
  const manifest = await readManifest(folder);
  const { dependencies } = manifest;
  if (typeof dependencies !== 'object' || dependencies === null) return [];
  const names = Object.keys(dependencies).filter((name) => !loaded.has(name) && !name.startsWith('@types/'));
  const found = await Promise.all(names.map((name) => installed(folder, name)));
  return found.filter((each) => each !== null).sort((a, b) => b.diskBytes - a.diskBytes);
}

async function installed(project: string, name: string): Promise<UnloadedPackage | null> {
  for (let above = project; ; above = path.dirname(above)) {
    const folder = path.join(above, 'node_modules', name);
    const { version } = await readManifest(folder);
    if (typeof version === 'string') {
      return { name, version, diskBytes: await diskBytes(await fs.realpath(folder)) };
    }
    if (above === path.dirname(above)) return null;
  }
}

async function diskBytes(root: string): Promise<number> {
  const open = [root];
  let bytes = 0;
  for (let files = 0; open.length > 0 && files < MOST_FILES; ) {
    const folder = open.pop()!;
    for (const entry of await fs.readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules') open.push(full);
      if (!entry.isFile()) continue;
      files++;
      bytes += await fs.stat(full).then(
        ({ size }) => size,
        () => 0,
      );
    }
  }
  return bytes;
}

async function readManifest(folder: string): Promise<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(await fs.readFile(path.join(folder, 'package.json'), 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
