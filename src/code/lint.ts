import type { FileEdit, RewriteResult, RuleId, Smell } from '../protocol/code';
import { applyChanges } from './apply-edits';
import { detectIn, rewriteIn } from './detect';
import type { SourceProgram } from './program/source-program';

/** A linted file: its smells, and after `--fix` the texts to write. */
export interface LintedFile {
  readonly file: string;
  readonly smells: readonly LintedSmell[];
  /** Texts of files that fixes changed or made; empty without `fix`. */
  readonly written: ReadonlyMap<string, string>;
  /** Packages that the fixes need and that package.json does not list. */
  readonly dependencies: readonly string[];
}

/** A smell with the edit that `--fix` would make, or why there is none; null where that was not asked for. */
export interface LintedSmell extends Smell {
  readonly fix: ProposedFix | null;
}

export type ProposedFix =
  | { readonly kind: 'edits'; readonly title: string; readonly edits: readonly FileEdit[] }
  | { readonly kind: 'refused'; readonly reason: string };

export interface LintOptions {
  /** Only these rules; all when empty. */
  readonly rules: readonly RuleId[];
  readonly fix: boolean;
  /** Work out what a fix would change, without changing it. */
  readonly proposeFixes: boolean;
  /** Entries that a bounded collection may hold. */
  readonly maxEntries: number;
  readonly lazyImportMinimumBytes: number;
  /** Texts that the program has and that are not on disk yet, by file. */
  readonly unsaved?: ReadonlyMap<string, string>;
}

/**
 * Lints one file of a program. With `fix` the best safe rewrite of each smell is carried out, one after the other on the
 * text as the last one left it, in the program as well; what needs a package that is not there yet is left alone, since
 * to add one is a person's choice.
 */
export function lintFile(program: SourceProgram, file: string, options: LintOptions): LintedFile {
  const unsaved = new Map(options.unsaved);
  const { lazyImportMinimumBytes } = options;
  const detectOptions = { evidence: [], lazyImportMinimumBytes, unsaved };
  const smellsNow = () => {
    const parsed = program.parsed(file);
    if (!parsed) return [];
    return detectIn(parsed, detectOptions).filter(
      ({ rule }) => options.rules.length === 0 || options.rules.includes(rule),
    );
  };
  const dependencies = new Set<string>();
  /** The first rewrite that is safe and needs nothing new. */
  const propose = (smell: Smell): ProposedFix => {
    let reason = smell.rewrites.find(({ refusal }) => refusal !== null)?.refusal ?? null;
    // Why nothing would do without a package says more than that one is missing.
    let refused: string | null = null;
    let missing: string | null = null;
    for (const { id, title, refusal } of smell.rewrites) {
      const parsed = program.parsed(file);
      if (refusal !== null || !parsed) {
        refused = refusal ?? refused;
        continue;
      }
      const settings = { maxEntries: options.maxEntries, ttlMs: 0 };
      const result: RewriteResult = rewriteIn(parsed, smell.id, id, settings, detectOptions);
      if (result.kind === 'refused') {
        reason = result.reason;
        refused = reason;
        continue;
      }
      if (!result.dependency) return { kind: 'edits', title, edits: result.edits };
      missing = result.dependency.name;
      dependencies.add(missing);
    }
    if (missing !== null) reason = needed(missing, refused);
    return { kind: 'refused', reason: reason ?? 'There is no rewrite for this.' };
  };
  const written = new Map<string, string>();
  const smells = smellsNow();
  if (!options.fix) {
    const linted = smells.map((smell) => ({ ...smell, fix: options.proposeFixes ? propose(smell) : null }));
    return { file, smells: linted, written, dependencies: [...dependencies] };
  }
  const refusals = new Map<string, ProposedFix>();
  for (const smell of smells) {
    const fix = propose(smell);
    if (fix.kind === 'refused') {
      refusals.set(smell.id, fix);
      continue;
    }
    for (const edit of fix.edits) {
      const before = edit.create ? '' : (program.parsed(edit.file)?.text ?? '');
      const after = applyChanges(before, edit.changes);
      written.set(edit.file, after);
      // The next one is checked with it.
      unsaved.set(edit.file, after);
      program.set(edit.file, after);
    }
  }
  const left = written.size > 0 ? smellsNow() : smells;
  return {
    file,
    smells: left.map((smell) => ({ ...smell, fix: refusals.get(smell.id) ?? null })),
    written,
    dependencies: [...dependencies],
  };
}

function needed(name: string, refused: string | null): string {
  const which = `needs the package ${name}, which package.json does not list among its dependencies.`;
  return refused === null ? `It ${which}` : `${refused} What is left ${which}`;
}
