import * as fs from 'node:fs';
import * as path from 'node:path';

/** Smaller ones do not change whether an import is worth reporting; bytes. */
const SMALLEST = 20_000;
/** Packages have few folders of data; a look through all of a large one would take longer than it is worth. */
const MOST_ENTRIES = 5000;

/** Package folder → base name → files that are large enough to count. */
const byPackage = new Map<string, ReadonlyMap<string, readonly string[]>>();

/**
 * The file of the same package that a text means by `name`, which it may put together from parts: `../data/zones.dat`
 * relative to the text, or else the only one of that base name. Null where there is none or several, or it is small.
 */
export function findDataFile(name: string, fromFile: string): string | null {
  const beside = path.resolve(path.dirname(fromFile), name);
  if (sizeOf(beside) >= SMALLEST) return beside;
  const named = filesOf(packageFolder(fromFile)).get(path.posix.basename(name)) ?? [];
  return named.length === 1 && named[0] !== fromFile ? named[0]! : null;
}

/** The folder below the last `node_modules`. */
function packageFolder(file: string): string | null {
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf('node_modules');
  if (at === -1) return null;
  return parts.slice(0, at + (parts[at + 1]?.startsWith('@') ? 3 : 2)).join(path.sep);
}

function filesOf(folder: string | null): ReadonlyMap<string, readonly string[]> {
  if (folder === null) return new Map();
  const known = byPackage.get(folder);
  if (known) return known;
  const files = new Map<string, string[]>();
  const open = [folder];
  for (let entries = 0; open.length > 0 && entries < MOST_ENTRIES; ) {
    const current = open.pop()!;
    for (const entry of readFolder(current)) {
      entries++;
      const file = path.join(current, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules') open.push(file);
      else if (entry.isFile() && !/\.([cm]?[jt]sx?|map)$/.test(entry.name) && sizeOf(file) >= SMALLEST) {
        files.set(entry.name, [...(files.get(entry.name) ?? []), file]);
      }
    }
  }
  byPackage.set(folder, files);
  return files;
}

function readFolder(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function sizeOf(file: string): number {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : 0;
}
