import * as path from 'node:path';
import ts from 'typescript';
import type { RewriteResult } from '../../protocol/code';
import { applyChanges } from '../apply-edits';
import { libraryFolder } from './library-files';
import { hasSyntaxErrors, parseFile } from './parsed-file';

/** Stands in for a package that the edit needs and that is not installed yet: what its users may rely on. */
const DECLARATIONS: Readonly<Record<string, string>> = {
  'lru-cache': `declare module 'lru-cache' {
  export class LRUCache<K extends {}, V extends {}> {
    constructor(options: { max: number; ttl?: number });
    readonly size: number;
    get(key: K): V | undefined;
    has(key: K): boolean;
    set(key: K, value: V | undefined): this;
    delete(key: K): boolean;
    clear(): void;
  }
}`,
};

/**
 * Hands a rewrite out only if the edited file still parses and, in a TypeScript project, has no diagnostic that it had
 * not before; else it becomes a refusal that quotes the first one. Reads the project from disk, with the file's text as
 * given.
 */
export function recheck(file: string, text: string, result: RewriteResult): RewriteResult {
  if (result.kind === 'refused') return result;
  const texts = new Map<string, string>();
  for (const edit of result.edits) {
    texts.set(edit.file, edit.create ? applyChanges('', edit.changes) : applyChanges(text, edit.changes));
  }
  for (const [edited, after] of texts) {
    if (hasSyntaxErrors(parseFile(edited, after))) {
      return { kind: 'refused', reason: 'The edited text would not parse. Please report this.' };
    }
  }
  const options = projectOptions(file);
  if (!options || libraryFolder() === null) return result;
  const before = diagnosticsOf(file, new Map([[file, text]]), options, null);
  const after = diagnosticsOf(file, texts, options, result.dependency?.name ?? null);
  const known = new Map<string, number>();
  for (const message of before) known.set(message, (known.get(message) ?? 0) + 1);
  const added = after.find((message) => {
    const left = known.get(message) ?? 0;
    known.set(message, left - 1);
    return left <= 0;
  });
  return added === undefined ? result : { kind: 'refused', reason: `It would not compile: ${added}` };
}

/** The options of the nearest tsconfig.json; null without one, and for JavaScript that it does not check. */
function projectOptions(file: string): ts.CompilerOptions | null {
  const config = ts.findConfigFile(path.dirname(file), ts.sys.fileExists);
  if (!config) return null;
  const parsed = ts.getParsedCommandLineOfConfigFile(
    config,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  if (!parsed) return null;
  if (/\.[cm]?jsx?$/.test(file) && !parsed.options.checkJs) return null;
  // What a build writes is of no interest here, and a wrong outDir must not add a diagnostic.
  return { ...parsed.options, noEmit: true, composite: false, incremental: false, skipLibCheck: true };
}

function diagnosticsOf(
  file: string,
  texts: ReadonlyMap<string, string>,
  options: ts.CompilerOptions,
  missingPackage: string | null,
): string[] {
  const host = ts.createCompilerHost(options, true);
  const library = libraryFolder() ?? '';
  host.getDefaultLibLocation = () => library;
  host.getDefaultLibFileName = (of) => path.join(library, ts.getDefaultLibFileName(of));
  const declarations = missingPackage === null ? undefined : DECLARATIONS[missingPackage];
  const declarationFile = path.join(path.dirname(file), 'heapwright-missing-package.d.ts');
  const overlay = new Map(texts);
  if (declarations !== undefined) overlay.set(declarationFile, declarations);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => overlay.has(path.normalize(name)) || fileExists.call(host, name);
  host.readFile = (name) => overlay.get(path.normalize(name)) ?? readFile.call(host, name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = overlay.get(path.normalize(name));
    if (text !== undefined) return ts.createSourceFile(name, text, target, true);
    return libraryFile(name, target) ?? getSourceFile.call(host, name, target, ...rest);
  };
  const program = ts.createProgram({ rootNames: [...overlay.keys()], options, host });
  return [...texts.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    return source
      ? program
          .getSemanticDiagnostics(source)
          .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
      : [];
  });
}

const libraryFiles = new Map<string, ts.SourceFile>();

/** Files below TypeScript's own lib folder never change; the two programs of a check share them. */
function libraryFile(
  name: string,
  target: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile | undefined {
  if (!/[\\/]lib\.[\w.]*d\.ts$/.test(name)) return undefined;
  const key = `${name} ${typeof target === 'number' ? target : target.languageVersion}`;
  let source = libraryFiles.get(key);
  if (!source) {
    const text = ts.sys.readFile(name);
    if (text === undefined) return undefined;
    source = ts.createSourceFile(name, text, target, true);
    libraryFiles.set(key, source);
  }
  return source;
}
