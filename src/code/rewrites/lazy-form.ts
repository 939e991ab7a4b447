import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import ts from 'typescript';
import { packageName } from '../module-size/specifiers';
import { compilerOptionsFor, leavesDynamicImports, moduleKindOf } from '../program/module-kind';
import type { ParsedFile } from '../program/parsed-file';
import type { LazyImportCandidate } from '../smells/lazy-import';
import { defaultOfRequired, isDefaultWhole } from './default-export';

/**
 * How a module can be loaded where it is used: `await import()`; `require()` in CommonJS; the same with its types in
 * TypeScript that is compiled to CommonJS; `require()` made by `createRequire` in an ES module.
 */
export type LoadKind = 'await' | 'require' | 'typed-require' | 'created-require';

/** One of them, with what it gives for a default import. */
export interface LoadForm {
  readonly kind: LoadKind;
  /** The default export is all that `require()` gives, and not the member of that name. */
  readonly isDefaultWhole: boolean;
}

/** The form that fits, or why none does. */
export type LazyForm = LoadForm | { readonly kind: 'refused'; readonly reason: string };

/** The form that fits the file and the functions that use the import. */
export function lazyFormOf(
  file: ParsedFile,
  candidate: LazyImportCandidate,
  isUsedInSyncFunction: boolean,
): LazyForm {
  const { statement, specifier, bindings } = candidate;
  if (ts.isVariableStatement(statement)) return form('require');
  const moduleKind = moduleKindOf(file.file, file.source);
  // `import m = require('m')` gives what require() gives, also where an ES module has it.
  if (ts.isImportEqualsDeclaration(statement))
    return moduleKind === 'commonjs' ? form('typed-require') : createdRequire(file);
  const isDefault = bindings.map(({ imported }) => imported === 'default');
  const hasDefault = isDefault.includes(true);
  const isTyped = /\.[cm]?tsx?$/.test(file.file);
  if (!isUsedInSyncFunction) {
    if (!isLoadedByRequire(file)) return form('await');
    const isMixed = hasDefault && isDefault.includes(false);
    const required = isMixed && !/\.cts$/.test(file.file) ? null : typedRequire(file, specifier, hasDefault);
    if (required) return required;
    // What does not compile to what it was is refused then.
    return !isMixed && compilerOptionsFor(file.file)
      ? form('await')
      : refused('It is compiled to require(), and import() gives its default and its names another shape.');
  }
  if (moduleKind === 'commonjs') {
    if (!isTyped) return refused('A function that is not async uses it, which cannot wait for import().');
    return (
      typedRequire(file, specifier, hasDefault) ??
      refused(
        'A function that is not async uses it, and what require() gives is not its default export in every build.',
      )
    );
  }
  if (bindings.some(({ imported }) => imported === '*')) {
    return refused('A function that is not async uses its namespace, which require() gives another shape.');
  }
  if (!isCommonJsOnly(specifier, file.file))
    return refused(
      'A function that is not async uses it, which cannot wait for import(); and require() could load a second copy of it.',
    );
  if (hasDefault && !isDefaultWhole(specifier, file.file))
    return refused(
      'A function that is not async uses it, and bundlers take another part of what require() gives for its default export than Node does.',
    );
  return createdRequire(file);
}

function form(kind: LoadKind, isDefaultWhole = false): LoadForm {
  return { kind, isDefaultWhole };
}

/** `import()` stays as it is written, beside an `import` that becomes `require`: so does a `.cts` file for most that run it. */
function isLoadedByRequire({ file, source }: ParsedFile): boolean {
  return /\.cts$/.test(file) || leavesDynamicImports(file, source);
}

/** Null where it is not known what the default export is of what `require()` gives. */
function typedRequire(file: ParsedFile, specifier: string, hasDefault: boolean): LoadForm | null {
  if (!hasDefault) return form('typed-require');
  const found = defaultOfRequired(specifier, file.file);
  return found && form('typed-require', found === 'whole');
}

/** A `require` of an ES module, unless its tsconfig.json does not let it be made. */
function createdRequire({ file }: ParsedFile): LazyForm {
  const module = /\.[cm]?tsx?$/.test(file) ? compilerOptionsFor(file)?.module : undefined;
  const lacksMeta = module !== undefined && module < ts.ModuleKind.ES2020 && module !== ts.ModuleKind.System;
  return lacksMeta
    ? refused(
        `It needs require(), which an ES module makes of import.meta, and "module": "${ts.ModuleKind[module]}" of tsconfig.json does not allow that.`,
      )
    : form('created-require', true);
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
