import type ts from 'typescript';
import type { FileEdit } from '../protocol/code';
import { serve } from '../protocol/thread-server';
import type { AnalyzeRequest, CodeCalls, FixAllResult } from './calls';
import { detectIn, rewriteIn } from './detect';
import { lineChanges } from './line-changes';
import { lintFile } from './lint';
import { type ParsedFile, parseFile } from './program/parsed-file';
import { SourceProgram } from './program/source-program';
import { ProjectStore } from './project-store';

const projects = new ProjectStore();

/** The latest syntax of open files: the next text shares most of it. */
const latest = new Map<string, ts.SourceFile>();
const MOST_FILES = 20;

/** TypeScript's parser and binder live in this thread, not in the extension host. */
serve<CodeCalls>({
  analyzeFile: (request) =>
    detectIn(parseAgain(request), { ...request, lazyImportMinimumBytes: Number.POSITIVE_INFINITY }),
  prepare: ({ file }) => projects.prepare(file),
  analyze: (request) => detectIn(inProject(request), request),
  rewrite: (request) =>
    rewriteIn(inProject(request), request.smellId, request.rewriteId, request.settings, request),
  fixAll: ({ files, settings }) => fixAll(files, settings.maxEntries),
  close: ({ file }) => {
    latest.delete(file);
    projects.close(file);
    return null;
  },
});

function parseAgain({ file, text }: AnalyzeRequest): ParsedFile {
  const parsed = parseFile(file, text, latest.get(file));
  latest.delete(file);
  latest.set(file, parsed.source);
  const oldest = latest.keys().next();
  if (latest.size > MOST_FILES && !oldest.done) latest.delete(oldest.value);
  return parsed;
}

function inProject({ file, text }: AnalyzeRequest): ParsedFile {
  return projects.parsed(file, text) ?? parseFile(file, text);
}

/** Carries the rewrites out in the programs, reads the texts off, and puts everything back. */
function fixAll(files: readonly AnalyzeRequest[], maxEntries: number): FixAllResult {
  const before = new Map(files.map(({ file, text }) => [file, text]));
  const after = new Map<string, { readonly text: string; readonly program: SourceProgram }>();
  let fixed = 0;
  let refused = 0;
  for (const { file, text, lazyImportMinimumBytes } of files) {
    const program = projects.programOf(file) ?? new SourceProgram();
    if (!after.has(file)) program.set(file, text);
    const options = { rules: [], fix: true, proposeFixes: false, maxEntries, lazyImportMinimumBytes };
    const found = lintFile(program, file, { ...options, fix: false }).smells.length;
    if (found === 0) continue;
    const unsaved = new Map([...after].map(([name, { text: changed }]) => [name, changed]));
    const { written, smells } = lintFile(program, file, { ...options, unsaved });
    for (const [name, changed] of written) after.set(name, { text: changed, program });
    refused += smells.length;
    fixed += found - smells.length;
  }
  const edits = [...after].map(([file, { text, program }]): FileEdit => {
    const known = before.get(file);
    if (known === undefined) program.delete(file);
    else program.set(file, known);
    return { file, create: known === undefined, changes: lineChanges(known ?? '', text) };
  });
  return { edits, fixed, refused };
}
