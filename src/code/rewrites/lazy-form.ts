import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import ts from 'typescript';
import { packageName } from '../module-size/specifiers';
import { leavesDynamicImports, moduleKindOf } from '../program/module-kind';
import type { ParsedFile } from '../program/parsed-file';
import type { LazyImportCandidate } from '../smells/lazy-import';

/**
 * How a module can be loaded where it is used: `await import()`; `require()` in CommonJS; the same with its types in
 * TypeScript that is compiled to CommonJS; `require()` made by `createRequire` in an ES module.
 */
export type LoadKind = 'await' | 'require' | 'typed-require' | 'created-require';

/** The form that fits, or why none does. */
export type LazyForm = { readonly kind: LoadKind } | { readonly kind: 'refused'; readonly reason: string };

/** The form that fits the file and the functions that use the import. */
export function lazyFormOf(
  file: ParsedFile,
  candidate: LazyImportCandidate,
  isUsedInSyncFunction: boolean,
): LazyForm {
  if (ts.isVariableStatement(candidate.statement)) return { kind: 'require' };
  // `import m = require('m')` gives what require() gives, also where an ES module has it.
  if (ts.isImportEqualsDeclaration(candidate.statement)) {
    const isCommonJs = moduleKindOf(file.file, file.source) === 'commonjs';
    return { kind: isCommonJs ? 'typed-require' : 'created-require' };
  }
  const isDefault = candidate.bindings.map(({ imported }) => imported === 'default');
  if (!isUsedInSyncFunction && leavesDynamicImports(file.file, file.source)) {
    if (isDefault.every((one) => one)) return { kind: 'await' };
    return isDefault.includes(true)
      ? refused('It is compiled to require(), and import() gives its default and its names another shape.')
      : { kind: 'typed-require' };
  }
  if (!isUsedInSyncFunction) return { kind: 'await' };
  const isTyped = /\.[cm]?tsx?$/.test(file.file);
  if (moduleKindOf(file.file, file.source) === 'commonjs') {
    if (!isTyped) return refused('A function that is not async uses it, which cannot wait for import().');
    return candidate.bindings.some(({ imported }) => imported === 'default')
      ? refused(
          'A function that is not async uses it, and what require() gives is not its default export in every build.',
        )
      : { kind: 'typed-require' };
  }
  if (candidate.bindings.some(({ imported }) => imported === '*')) {
    return refused('A function that is not async uses its namespace, which require() gives another shape.');
  }
  return isCommonJsOnly(candidate.specifier, file.file)
    ? { kind: 'created-require' }
    : refused(
        'A function that is not async uses it, which cannot wait for import(); and require() could load a second copy of it.',
      );
}

function refused(reason: string): LazyForm {
  return { kind: 'refused', reason };
}

/** True when `import` and `require` give the same file: a package with two builds would be loaded twice. */
function isCommonJsOnly(specifier: string, fromFile: string): boolean {
  try {
    const entry = createRequire(fromFile).resolve(specifier);
    if (/\.mjs$/.test(entry)) return false;
    const marker = `${path.sep}node_modules${path.sep}${packageName(specifier).replaceAll('/', path.sep)}`;
    const at = entry.lastIndexOf(marker);
    if (at === -1) return false;
    const packageJson = path.join(entry.slice(0, at + marker.length), 'package.json');
    const { type, exports } = JSON.parse(fs.readFileSync(packageJson, 'utf8')) as {
      type?: string;
      exports?: unknown;
    };
    return type !== 'module' && !/"import"/.test(JSON.stringify(exports ?? null));
  } catch {
    return false;
  }
}
