import * as path from 'node:path';
import ts from 'typescript';
import type { RewriteResult } from '../../protocol/code';
import { applyChanges } from '../apply-edits';
import { libraryFolder } from './library-files';
import { scriptKind } from './parse-options';
import { hasSyntaxErrors } from './parsed-file';

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
    fetch(key: K, options?: { signal?: AbortSignal }): Promise<V | undefined>;
  }
}`,
};

/** A rewrite, and where it may fail the check, another way to write it. */
export type Rewritten = RewriteResult & { readonly otherwise?: () => RewriteResult };

/**
 * Hands a rewrite out only if the edited file still parses and, in a TypeScript project, has no diagnostic that it had
 * not before; else its other form, else a refusal that quotes the first one. Reads the project from disk, with the file's
 * text as given and `unsaved` in place of what is there, or is not yet. `users` are other files that name what is rewritten: they are
 * checked as well.
 */
export function recheck(
  file: string,
  text: string,
  rewritten: Rewritten,
  users: readonly string[] = [],
  unsaved: ReadonlyMap<string, string> = new Map(),
): RewriteResult {
  const { otherwise, ...result } = rewritten;
  // Without a project to ask, the form that compiles under any settings.
  if (otherwise && /\.[cm]?tsx?$/.test(file) && checkedProject(file) === null)
    return check(file, text, otherwise(), users, unsaved);
  const checked = check(file, text, result, users, unsaved);
  if (checked.kind === 'edits' || !otherwise) return checked;
  const again = check(file, text, otherwise(), users, unsaved);
  return again.kind === 'edits' ? again : checked;
}

function check(
  file: string,
  text: string,
  result: RewriteResult,
  users: readonly string[],
  unsaved: ReadonlyMap<string, string>,
): RewriteResult {
  if (result.kind === 'refused') return result;
  const texts = new Map<string, string>();
  for (const edit of result.edits) {
    texts.set(edit.file, edit.create ? applyChanges('', edit.changes) : applyChanges(text, edit.changes));
  }
  for (const [edited, after] of texts) {
    const source = ts.createSourceFile(edited, after, ts.ScriptTarget.ESNext, false, scriptKind(edited));
    if (hasSyntaxErrors({ source })) {
      return { kind: 'refused', reason: 'The edited text would not parse. Please report this.' };
    }
  }
  const project = checkedProject(file);
  if (!project) return result;
  const watched = [file, ...users];
  const before = project.diagnostics(watched, new Map([...unsaved, [file, text]]), null);
  const after = project.diagnostics(
    [...new Set([...watched, ...texts.keys()])],
    new Map([...unsaved, ...texts]),
    result.dependency?.name ?? null,
  );
  const known = new Map<string, number>();
  for (const message of before) known.set(message, (known.get(message) ?? 0) + 1);
  const added = after.find((message) => {
    const left = known.get(message) ?? 0;
    known.set(message, left - 1);
    return left <= 0;
  });
  return added === undefined ? result : { kind: 'refused', reason: `It would not compile: ${added}` };
}

/** Declarations that come with a package which a rewrite imports: without skipLibCheck the project checks them as well. */
const ADDED_LIBRARY =
  /[\\/]node_modules[\\/]lru-cache[\\/].*\.d\.[cm]?ts$|[\\/]heapwright-missing-package\.d\.ts$/;

/** The last project that was checked: the next rewrite is most often one of the same. */
let lastProject: CheckedProject | null = null;

function checkedProject(file: string): CheckedProject | null {
  const config = ts.findConfigFile(path.dirname(file), ts.sys.fileExists);
  if (!config || libraryFolder() === null) return null;
  const version = ts.sys.getModifiedTime?.(config)?.getTime() ?? 0;
  if (lastProject?.config !== config || lastProject.version !== version) {
    const settings = settingsOf(config);
    lastProject = settings && new CheckedProject(config, version, settings.options, settings.declarations);
  }
  if (/\.[cm]?jsx?$/.test(file) && !lastProject?.options.checkJs) return null;
  return lastProject;
}

function settingsOf(
  config: string,
): { readonly options: ts.CompilerOptions; readonly declarations: readonly string[] } | null {
  const parsed = ts.getParsedCommandLineOfConfigFile(
    config,
    {},
    {
      ...ts.sys,
      // Of the files that it names, only those count that declare what all see.
      readDirectory: (root, _, excludes, includes, depth) =>
        ts.sys.readDirectory(root, ['.d.ts'], excludes, includes, depth),
      onUnRecoverableConfigFileDiagnostic: () => {},
    },
  );
  if (!parsed) return null;
  // What a build writes is of no interest here, and a wrong outDir must not add a diagnostic.
  const options = {
    ...parsed.options,
    noEmit: true,
    composite: false,
    incremental: false,
  };
  return { options, declarations: parsed.fileNames.filter((name) => /\.d\.[cm]?ts$/.test(name)) };
}

/** A TypeScript project as it is on disk, with some texts laid over it; what did not change is kept between checks. */
class CheckedProject {
  readonly config: string;
  readonly version: number;
  readonly options: ts.CompilerOptions;
  readonly #declarations: readonly string[];
  readonly #sources = new Map<string, { readonly modified: number; readonly source: ts.SourceFile }>();
  #program: ts.Program | undefined;

  constructor(config: string, version: number, options: ts.CompilerOptions, declarations: readonly string[]) {
    this.#declarations = declarations;
    this.config = config;
    this.version = version;
    this.options = options;
  }

  /** The semantic diagnostics of `files`, with `texts` in place of what is on disk. */
  diagnostics(
    files: readonly string[],
    texts: ReadonlyMap<string, string>,
    missingPackage: string | null,
  ): string[] {
    const overlay = new Map(texts);
    const declarations = missingPackage === null ? undefined : DECLARATIONS[missingPackage];
    const declarationFile = path.join(path.dirname(files[0]!), 'heapwright-missing-package.d.ts');
    if (declarations !== undefined) overlay.set(declarationFile, declarations);
    const program = ts.createProgram({
      rootNames: [...new Set([...files, ...overlay.keys(), ...this.#declarations])],
      options: this.options,
      host: this.#host(overlay),
      oldProgram: this.#program,
    });
    this.#program = program;
    const sources = files.flatMap((name) => program.getSourceFile(name) ?? []);
    const libraries = this.options.skipLibCheck
      ? []
      : program.getSourceFiles().filter(({ fileName }) => ADDED_LIBRARY.test(fileName));
    return [...sources, ...libraries].flatMap((source) =>
      program
        .getSemanticDiagnostics(source)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
    );
  }

  #host(overlay: ReadonlyMap<string, string>): ts.CompilerHost {
    const host = ts.createCompilerHost(this.options, true);
    const library = libraryFolder() ?? '';
    host.getDefaultLibLocation = () => library;
    host.getDefaultLibFileName = (of) => path.join(library, ts.getDefaultLibFileName(of));
    const { fileExists, readFile, getSourceFile } = host;
    host.fileExists = (name) => overlay.has(path.normalize(name)) || fileExists.call(host, name);
    host.readFile = (name) => overlay.get(path.normalize(name)) ?? readFile.call(host, name);
    host.getSourceFile = (name, target, ...rest) => {
      const text = overlay.get(path.normalize(name));
      if (text !== undefined) return ts.createSourceFile(name, text, target, true);
      return (
        libraryFile(name, target) ?? this.#kept(name, () => getSourceFile.call(host, name, target, ...rest))
      );
    };
    return host;
  }

  /** A file of the project or of a package, as long as nobody writes it. */
  #kept(name: string, read: () => ts.SourceFile | undefined): ts.SourceFile | undefined {
    const modified = ts.sys.getModifiedTime?.(name)?.getTime() ?? 0;
    const known = this.#sources.get(name);
    if (known?.modified === modified) return known.source;
    const source = read();
    if (source) this.#sources.set(name, { modified, source });
    return source;
  }
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
