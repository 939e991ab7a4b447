import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { version } from '../../package.json';
import type { LintedSmell } from '../code/lint';
import type { RuleId, Smell } from '../protocol/code';
import { exitCodes, printJson } from './output';
import { positiveInteger } from './target';

const RULES: readonly RuleId[] = ['unbounded-collection', 'lazy-import'];

interface LintCommandOptions {
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly fix?: boolean;
  readonly rule: readonly RuleId[];
  readonly maxEntries: number;
  readonly lazyImportSize: number;
}

/** `heapwright lint`: exit code 0 without findings, 1 with some, 2 when it could not run. */
export function registerLint(program: Command): void {
  program
    .command('lint')
    .description('find collections that nothing bounds and imports that cost memory for nothing')
    .argument('[paths...]', 'source files and folders', ['.'])
    .option('--json', 'print one JSON object on standard output')
    .option('--sarif', 'print a SARIF 2.1.0 log on standard output')
    .option('--fix', 'carry out safe rewrites that need no new package')
    .option('--rule <id>', `only this rule, repeatable: ${RULES.join(', ')}`, collectRule, [])
    .option('--max-entries <n>', 'entries that a bounded collection may hold', positiveInteger, 500)
    .option('--lazy-import-size <bytes>', 'report imports that save at least so much', positiveInteger, 1e6)
    .action(runLint);
}

async function runLint(paths: readonly string[], options: LintCommandOptions): Promise<void> {
  // Brings the TypeScript compiler along, which the other commands need not wait for.
  const { lintPaths } = await import('../code/lint-paths');
  const { toSarif } = await import('../code/sarif');
  const smells: LintedSmell[] = [];
  const written: string[] = [];
  const missing = new Set<string>();
  let files = 0;
  const lintOptions = {
    rules: options.rule,
    fix: options.fix ?? false,
    proposeFixes: options.sarif ?? options.json ?? false,
    maxEntries: options.maxEntries,
    lazyImportMinimumBytes: options.lazyImportSize,
  };
  await lintPaths(paths, lintOptions, (linted) => {
    files++;
    smells.push(...linted.smells);
    written.push(...linted.written.keys());
    for (const name of linted.dependencies) missing.add(name);
  });
  const root = process.cwd();
  if (options.sarif) printJson(toSarif(smells, root, version));
  else if (options.json) printJson({ schema: 1, files, smells, written, missingPackages: [...missing] });
  else printText(smells, written, files, root);
  process.exitCode = smells.length > 0 ? exitCodes.leak : exitCodes.clean;
}

function printText(smells: readonly Smell[], written: readonly string[], files: number, root: string): void {
  const lines = smells.map(
    ({ file, position, rule, identifier, message }) =>
      `${path.relative(root, file)}:${position.line}:${position.column}  ${rule}  ${identifier}: ${message}`,
  );
  for (const file of written) lines.push(`written: ${path.relative(root, file)}`);
  lines.push(`${smells.length} found in ${files} files`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function collectRule(value: string, earlier: readonly RuleId[]): RuleId[] {
  const known = RULES.find((rule) => rule === value);
  if (!known) throw new InvalidArgumentError(`There is no rule "${value}"; rules are ${RULES.join(', ')}.`);
  return [...earlier, known];
}
