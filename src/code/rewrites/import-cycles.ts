import * as fs from 'node:fs';
import * as path from 'node:path';
import ts from 'typescript';
import { entryOf, reachableFrom } from '../module-size/module-graph';
import { packageOf } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';

/**
 * The file of the own package that an imported module comes back to; null where it does not. In such a cycle who is
 * evaluated first decides what the others see, and a later load changes that order.
 */
export function cycleThrough(file: ParsedFile, specifier: string, statement: ts.Statement): string | null {
  return cycleOnDisk(file.file, specifier) ?? cycleInProgram(file, statement);
}

/** Through what is installed: a package of the same workspace that was built, or one that imports the project by name. */
function cycleOnDisk(file: string, specifier: string): string | null {
  const entry = entryOf(specifier, file, 'import');
  const own = packageOf(realPath(file))?.packageJson;
  if (entry === null || own === undefined) return null;
  for (const module of reachableFrom(entry)) {
    if (!path.isAbsolute(module) || module.includes(`${path.sep}node_modules${path.sep}`)) continue;
    if (packageOf(module)?.packageJson === own) return module;
  }
  return null;
}

function realPath(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

/** Through sources: packages of the same workspace that are imported as they are written. */
function cycleInProgram({ source, checker }: ParsedFile, statement: ts.Statement): string | null {
  const seen = new Set<ts.SourceFile>();
  const open = importedBy(statement, checker);
  while (open.length > 0) {
    const one = open.pop()!;
    if (one === source) return one.fileName;
    if (seen.has(one)) continue;
    seen.add(one);
    for (const inner of one.statements) open.push(...importedBy(inner, checker));
  }
  return null;
}

function importedBy(statement: ts.Statement, checker: ts.TypeChecker): ts.SourceFile[] {
  const isLoading = ts.isImportDeclaration(statement)
    ? statement.importClause?.isTypeOnly !== true
    : ts.isExportDeclaration(statement) && !statement.isTypeOnly;
  const { moduleSpecifier } = statement as ts.ImportDeclaration | ts.ExportDeclaration;
  const symbol = isLoading && moduleSpecifier ? checker.getSymbolAtLocation(moduleSpecifier) : undefined;
  return symbol?.declarations?.filter(ts.isSourceFile) ?? [];
}
