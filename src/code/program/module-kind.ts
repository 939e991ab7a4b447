import * as path from 'node:path';
import ts from 'typescript';
import { packageOf } from './package';

/** How a file's imports are carried out when the program runs; a bundler decides otherwise, and may. */
export type ModuleKind = 'esm' | 'commonjs';

const byConfig = new Map<
  string,
  { readonly version: number; readonly options: ts.CompilerOptions | undefined }
>();

/**
 * The effective kind of a file: its extension, then what tsconfig.json compiles TypeScript to, then package.json. JavaScript
 * with import syntax is an ES module wherever it stands, since only a bundler or a transpiler could run it otherwise.
 */
export function moduleKindOf(file: string, source: ts.SourceFile): ModuleKind {
  if (/\.m[jt]s$/.test(file)) return 'esm';
  if (/\.c[jt]s$/.test(file)) return 'commonjs';
  const byPackage = packageOf(file)?.type === 'module' ? 'esm' : 'commonjs';
  if (!/\.tsx?$/.test(file)) return hasImports(source) ? 'esm' : byPackage;
  const module = compilerOptionsFor(file)?.module;
  if (module === ts.ModuleKind.CommonJS) return 'commonjs';
  if (module !== undefined && module >= ts.ModuleKind.ES2015 && module <= ts.ModuleKind.ESNext) return 'esm';
  return module === ts.ModuleKind.Preserve ? 'esm' : byPackage;
}

/**
 * True for TypeScript that is compiled to CommonJS, and its `import()` left as it is: an `import` statement becomes `require`,
 * which gives all that a CommonJS package exports, and `import()` only the names that Node can read off its text.
 */
export function leavesDynamicImports(file: string, source: ts.SourceFile): boolean {
  const module = /\.c?tsx?$/.test(file) ? compilerOptionsFor(file)?.module : undefined;
  const isOfNode = module !== undefined && module >= ts.ModuleKind.Node16 && module <= ts.ModuleKind.NodeNext;
  return isOfNode && moduleKindOf(file, source) === 'commonjs';
}

/** What the nearest tsconfig.json says; undefined where there is none, or it cannot be read. */
export function compilerOptionsFor(file: string): ts.CompilerOptions | undefined {
  const config = ts.findConfigFile(path.dirname(file), ts.sys.fileExists);
  if (!config) return undefined;
  const version = ts.sys.getModifiedTime?.(config)?.getTime() ?? 0;
  const known = byConfig.get(config);
  if (known?.version === version) return known.options;
  const parsed = ts.getParsedCommandLineOfConfigFile(
    config,
    {},
    { ...ts.sys, readDirectory: () => [], onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  byConfig.set(config, { version, options: parsed?.options });
  return parsed?.options;
}

function hasImports(source: ts.SourceFile): boolean {
  return source.statements.some(
    (node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isExportAssignment(node),
  );
}
