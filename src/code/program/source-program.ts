import * as path from 'node:path';
import ts from 'typescript';
import { PARSE_OPTIONS, scriptKind } from './parse-options';
import type { ParsedFile } from './parsed-file';
import { SourceResolver } from './resolve-sources';

/**
 * The sources of a project as one program: names are followed across files, packages and libraries are left out. A
 * changed text costs its own parse; the rest is kept. No file is read here.
 */
export class SourceProgram {
  readonly #sources = new Map<string, ts.SourceFile>();
  readonly #packages: ReadonlyMap<string, string>;
  #program: ts.Program | undefined;
  #isStale = true;
  #characters = 0;

  /** @param packages Name → folder of the workspace's own packages. */
  constructor(packages: ReadonlyMap<string, string> = new Map()) {
    this.#packages = packages;
  }

  /** Takes in a file, or its new text. The same text again costs nothing. */
  set(file: string, text: string): void {
    const known = this.#sources.get(file);
    if (known?.text === text) return;
    this.#characters += text.length - (known?.text.length ?? 0);
    this.#sources.set(file, ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true, scriptKind(file)));
    this.#isStale = true;
  }

  delete(file: string): void {
    this.#characters -= this.#sources.get(file)?.text.length ?? 0;
    if (this.#sources.delete(file)) this.#isStale = true;
  }

  has(file: string): boolean {
    return this.#sources.has(file);
  }

  get files(): string[] {
    return [...this.#sources.keys()];
  }

  /** The characters of all sources. */
  get characters(): number {
    return this.#characters;
  }

  /** One file with its project around it; null for a file that was never set. */
  parsed(file: string): ParsedFile | null {
    const source = this.#sources.get(file);
    if (!source) return null;
    const program = this.#current();
    const others = [...this.#sources.values()].filter((other) => other !== source);
    return { file, text: source.text, source, checker: program.getTypeChecker(), others };
  }

  #current(): ts.Program {
    if (this.#program && !this.#isStale) return this.#program;
    const sources = this.#sources;
    const resolver = new SourceResolver(new Set(sources.keys()), this.#packages);
    const host: ts.CompilerHost = {
      fileExists: (name) => sources.has(path.normalize(name)),
      readFile: (name) => sources.get(path.normalize(name))?.text,
      getSourceFile: (name) => sources.get(path.normalize(name)),
      getDefaultLibFileName: () => 'lib.d.ts',
      getCurrentDirectory: () => '/',
      getCanonicalFileName: (name) => name,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => '\n',
      writeFile: () => {},
      resolveModuleNameLiterals: (literals, from) =>
        literals.map(({ text }) => {
          const resolved = resolver.resolve(text, path.normalize(from));
          if (resolved === null) return { resolvedModule: undefined };
          const extension = path.extname(resolved);
          return {
            resolvedModule: { resolvedFileName: resolved, extension, isExternalLibraryImport: false },
          };
        }),
    };
    this.#program = ts.createProgram({
      rootNames: [...sources.keys()],
      options: PARSE_OPTIONS,
      host,
      oldProgram: this.#program,
    });
    this.#isStale = false;
    return this.#program;
  }
}
