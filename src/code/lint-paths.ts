import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { type LintedFile, type LintOptions, lintFile } from './lint';
import { printedAfter } from './printed-edits';
import { packageOf } from './program/package';
import { readSource, sourcesBelow } from './program/source-files';
import { SourceProgram } from './program/source-program';

/**
 * Lints files and all sources below folders, in the order of their paths. What else is in their packages is read, too:
 * it may use what they export. `onFile` sees each file as soon as it is done; with `fix`, changed files have been written
 * by then. @throws `file-not-found`, or the signal's reason
 */
export async function lintPaths(
  paths: readonly string[],
  options: LintOptions,
  onFile: (linted: LintedFile) => void,
  signal?: AbortSignal,
): Promise<void> {
  const asked = new Set<string>();
  for (const start of paths) {
    for await (const file of sourcesBelow(path.resolve(start))) asked.add(file);
  }
  const program = await readProgram(asked, signal);
  for (const file of asked) {
    signal?.throwIfAborted();
    if (!program.has(file)) continue;
    const before = options.fix ? program.parsed(file)?.text : undefined;
    const linted = lintFile(program, file, options);
    const done = linted.written.size === 0 ? linted : await printed(program, linted, before, options);
    for (const [written, after] of done.written) await fs.writeFile(written, after);
    onFile(done);
  }
}

/** What was written, as the project's prettier prints it, with what is left at its new lines. */
async function printed(
  program: SourceProgram,
  linted: LintedFile,
  before: string | undefined,
  options: LintOptions,
): Promise<LintedFile> {
  const written = new Map(linted.written);
  for (const [file, after] of linted.written) {
    const text = await printedAfter(file, file === linted.file ? (before ?? '') : null, after);
    if (text === null || text === after) continue;
    written.set(file, text);
    program.set(file, text);
  }
  const left = lintFile(program, linted.file, { ...options, fix: false, proposeFixes: false }).smells;
  const fixes = new Map(linted.smells.map(({ id, fix }) => [id, fix]));
  return {
    ...linted,
    written,
    smells: left.map((smell) => ({ ...smell, fix: fixes.get(smell.id) ?? null })),
  };
}

/** The files and the rest of their packages as one program. */
async function readProgram(
  files: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<SourceProgram> {
  const packages = new Map<string, string>();
  const folders = new Set<string>();
  for (const file of files) {
    const found = packageOf(file);
    if (!found) continue;
    folders.add(path.dirname(found.packageJson));
    if (found.name !== null) packages.set(found.name, path.dirname(found.packageJson));
  }
  const all = new Set(files);
  for (const folder of folders) {
    for await (const file of sourcesBelow(folder)) all.add(file);
  }
  const program = new SourceProgram(packages);
  for (const file of all) {
    signal?.throwIfAborted();
    const text = await readSource(file);
    if (text !== null) program.set(file, text);
  }
  return program;
}
