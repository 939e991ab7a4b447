import type { FileEdit, RuleId, Smell } from '../protocol/code';
import { applyChanges } from './apply-edits';
import { detect, rewrite } from './detect';

/** A linted file: its smells, and after `--fix` the texts to write. */
export interface LintedFile {
  readonly file: string;
  readonly smells: readonly Smell[];
  /** Texts of files that fixes changed or made; empty without `fix`. */
  readonly written: ReadonlyMap<string, string>;
  /** Packages that the fixes need and that package.json does not list. */
  readonly dependencies: readonly string[];
}

export interface LintOptions {
  /** Only these rules; all when empty. */
  readonly rules: readonly RuleId[];
  readonly fix: boolean;
  /** Entries that a bounded collection may hold. */
  readonly maxEntries: number;
  readonly lazyImportMinimumBytes: number;
}

/**
 * Lints one text. With `fix` the preferred rewrite of each smell is carried out, one after the other on the text as the
 * last one left it; what needs a package that is not there yet is left alone, since to add one is a person's choice.
 */
export function lintText(file: string, text: string, options: LintOptions): LintedFile {
  const detectOptions = { evidence: [], lazyImportMinimumBytes: options.lazyImportMinimumBytes };
  const wanted = (smell: Smell) => options.rules.length === 0 || options.rules.includes(smell.rule);
  const smells = detect(file, text, detectOptions).filter(wanted);
  const written = new Map<string, string>();
  if (!options.fix) return { file, smells, written, dependencies: [] };
  const settings = { maxEntries: options.maxEntries, ttlMs: 0 };
  const dependencies = new Set<string>();
  let current = text;
  for (const smell of smells) {
    for (const offer of smell.rewrites.filter(({ refusal }) => refusal === null)) {
      const result = rewrite(file, current, smell.id, offer.id, settings, detectOptions);
      if (result.kind === 'refused') continue;
      if (result.dependency) {
        dependencies.add(result.dependency.name);
        continue;
      }
      for (const edit of result.edits) written.set(edit.file, textAfter(edit, current));
      current = written.get(file) ?? current;
      break;
    }
  }
  const left = written.has(file) ? detect(file, current, detectOptions).filter(wanted) : smells;
  return { file, smells: left, written, dependencies: [...dependencies] };
}

function textAfter({ create, changes }: FileEdit, current: string): string {
  return applyChanges(create ? '' : current, changes);
}
