import * as path from 'node:path';
import ts from 'typescript';
import { compilerOptionsFor } from '../program/module-kind';
import { packageOf, readJson } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';

/** What the name of a file ends with in an import: as it is, as it is compiled, or nothing. */
type Ending = 'ts' | 'js' | '';

/**
 * How a file names another one of its package. Written as the file writes its other relative imports; without one, TypeScript
 * as the package's other files write them, or as whoever runs it demands; JavaScript as the module kind demands.
 */
export function relativeSpecifier(file: ParsedFile, target: string, commonJs: boolean): string {
  const extension = path.extname(target);
  const stem = path
    .relative(path.dirname(file.file), target)
    .replaceAll(path.sep, '/')
    .slice(0, -extension.length);
  const relative = stem.startsWith('.') ? stem : `./${stem}`;
  const isTyped = extension.includes('t');
  const ending = endingsIn(file.source)[0] ?? (isTyped ? endingOfProject(file) : null);
  if (ending === '') return relative;
  if (ending === 'ts') return relative + extension;
  const compiled = extension.replace('t', 'j');
  if (ending === 'js' || /^\.[cm]/.test(extension)) return relative + compiled;
  return commonJs || packageOf(file.file)?.type !== 'module' ? relative : relative + compiled;
}

/** Those of the relative imports and exports, what is there at run time first: nobody runs an import of types. */
function endingsIn({ statements }: ts.SourceFile): Ending[] {
  const loads = statements.filter(
    (node): node is ts.ImportDeclaration | ts.ExportDeclaration =>
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node),
  );
  const isOfTypes = (node: ts.ImportDeclaration | ts.ExportDeclaration) =>
    ts.isImportDeclaration(node)
      ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : node.isTypeOnly;
  const ordered = [...loads.filter((one) => !isOfTypes(one)), ...loads.filter(isOfTypes)];
  return ordered.flatMap(({ moduleSpecifier }) => {
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return [];
    const { text } = moduleSpecifier;
    return text.startsWith('.') && !OTHER_FILE.test(text) ? [endingOf(text)] : [];
  });
}

/** It needs its extension whoever loads it, and says nothing of sources. */
const OTHER_FILE =
  /\.(json|s?css|less|svg|png|jpe?g|vue|svelte|html?|graphql|gql|sql|txt|md|node|wasm)(\?|$)/;

function endingOf(specifier: string): Ending {
  const extension = /\.[cm]?([jt])sx?$/.exec(specifier)?.[1];
  return extension === undefined ? '' : extension === 't' ? 'ts' : 'js';
}

/** That of most relative imports in the other files; without any, what the compiler's settings and the scripts say. */
function endingOfProject({ file, others }: ParsedFile): Ending | null {
  const project = packageOf(file);
  const root = path.dirname(project?.packageJson ?? file) + path.sep;
  const counts: Record<Ending, number> = { ts: 0, js: 0, '': 0 };
  for (const other of others ?? []) {
    if (!other.fileName.startsWith(root) || !/(?<!\.d)\.[cm]?tsx?$/.test(other.fileName)) continue;
    for (const ending of endingsIn(other)) counts[ending]++;
  }
  const [most] = (['ts', 'js', ''] as const).toSorted((a, b) => counts[b] - counts[a]);
  if (most !== undefined && counts[most] > 0) return most;
  const options = compilerOptionsFor(file);
  if (options?.allowImportingTsExtensions || options?.rewriteRelativeImportExtensions) return 'ts';
  return project && runsTypeScript(project.packageJson) ? 'ts' : null;
}

/** True where a script hands TypeScript to Node itself, which looks for files as they are named. */
function runsTypeScript(packageJson: string): boolean {
  const { scripts } = readJson(packageJson) ?? {};
  if (typeof scripts !== 'object' || scripts === null) return false;
  return Object.values(scripts)
    .flatMap((script) => (typeof script === 'string' ? script.split(/&&|\|\||[;|&]/) : []))
    .some((command) => /(^|\s)node\s(.*\s)?\S+\.[cm]?ts(\s|$)/.test(command) && !LOADER.test(command));
}

/** With a loader it is not Node that looks for them. */
const LOADER = /\s(--import|--loader|--experimental-loader|--require|-r)\b/;
