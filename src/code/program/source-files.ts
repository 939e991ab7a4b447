import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { HeapwrightError } from '../../protocol/errors';
import { packageOf } from './package';

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
/** Made by machines, or of others. */
const SKIPPED_FOLDERS = new Set(['node_modules', 'bower_components', 'coverage', 'vendor', '.git', '.next']);
/** What builds write to, unless it is a part of what they read: `src/out`. */
const BUILT_FOLDERS = new Set(['dist', 'out', 'build']);
/** Bundles and generated tables are longer than what anybody writes; characters. */
const MOST_CHARACTERS = 1_000_000;

/**
 * The source files at and below `start`, in the order of their paths; what builds and others made is left out.
 * @throws `file-not-found`
 */
export async function* sourcesBelow(start: string): AsyncGenerator<string> {
  const stat = await fs.stat(start).catch(() => null);
  if (!stat) {
    throw new HeapwrightError('file-not-found', `There is no ${start}.`, 'Give a source file or a folder.');
  }
  if (stat.isFile()) {
    yield start;
    return;
  }
  const entries = await fs.readdir(start, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const entryPath = path.join(start, entry.name);
    if (entry.isDirectory() && !isSkippedFolder(start, entry.name)) yield* sourcesBelow(entryPath);
    else if (entry.isFile() && isSource(entry.name)) yield entryPath;
  }
}

/** The text of a source, or null for one that a machine wrote: a bundle, a table, a file marked as generated. */
export async function readSource(file: string): Promise<string | null> {
  const text = await fs.readFile(file, 'utf8');
  return isGenerated(text) ? null : text;
}

/** By its name a file that people write. */
export function isSource(name: string): boolean {
  return SOURCE.test(name) && !/\.d\.[cm]?ts$|\.min\.js$/.test(name);
}

/** By its name a folder of what builds and others made. */
export function isSkippedFolder(parent: string, name: string): boolean {
  return SKIPPED_FOLDERS.has(name) || (BUILT_FOLDERS.has(name) && !isOfSources(parent));
}

/** In the `src` folder of its package. */
function isOfSources(folder: string): boolean {
  const found = packageOf(path.join(folder, 'index.js'));
  if (!found) return false;
  const inner = path.relative(path.dirname(found.packageJson), folder);
  return inner.split(path.sep).some((name) => /^(src|sources?)$/.test(name));
}

/** By its length or its head a text that a machine wrote. */
export function isGenerated(text: string): boolean {
  if (text.length > MOST_CHARACTERS) return true;
  return /@generated|DO NOT EDIT|auto-?generated/i.test(text.slice(0, 500));
}
