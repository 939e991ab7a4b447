import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { HeapwrightError } from '../protocol/errors';
import { type LintedFile, type LintOptions, lintText } from './lint';

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
/** Made by machines, or of others. */
const SKIPPED_FOLDERS = new Set([
  'node_modules',
  'dist',
  'out',
  'build',
  'coverage',
  'vendor',
  '.git',
  '.next',
]);
/** Bundles and generated tables are longer than what anybody writes; characters. */
const MOST_CHARACTERS = 1_000_000;

/**
 * Lints files and all sources below folders, in the order of their paths. `onFile` sees each file as soon as it is done;
 * with `fix`, changed files have been written by then. @throws `file-not-found`, or the signal's reason
 */
export async function lintPaths(
  paths: readonly string[],
  options: LintOptions,
  onFile: (linted: LintedFile) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (const start of paths) {
    for await (const file of sourcesBelow(path.resolve(start))) {
      signal?.throwIfAborted();
      const text = await fs.readFile(file, 'utf8');
      if (text.length > MOST_CHARACTERS || isGenerated(text)) continue;
      const linted = lintText(file, text, options);
      for (const [written, after] of linted.written) await fs.writeFile(written, after);
      onFile(linted);
    }
  }
}

async function* sourcesBelow(start: string): AsyncGenerator<string> {
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
    if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) yield* sourcesBelow(entryPath);
    else if (entry.isFile() && SOURCE.test(entry.name) && !/\.d\.[cm]?ts$|\.min\.js$/.test(entry.name))
      yield entryPath;
  }
}

function isGenerated(text: string): boolean {
  return /@generated|DO NOT EDIT|auto-?generated/i.test(text.slice(0, 500));
}
