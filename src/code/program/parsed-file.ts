import ts from 'typescript';
import { PARSE_OPTIONS, scriptKind } from './parse-options';

/** A source file as the detectors see it: its text and syntax, with parents set and names bound. */
export interface ParsedFile {
  readonly file: string;
  readonly text: string;
  readonly source: ts.SourceFile;
  /** Types and references within what was parsed together; what packages export is `any`. */
  readonly checker: ts.TypeChecker;
  /** The project's other sources, or null when this file was parsed alone and nothing is known about its users. */
  readonly others: readonly ts.SourceFile[] | null;
}

/**
 * Parses one file and binds its names. Takes a few ms for a thousand lines; no other file is read. Where `previous` is given,
 * what did not change is taken over from it, and it must not be used any more.
 */
export function parseFile(file: string, text: string, previous?: ts.SourceFile): ParsedFile {
  const source = previous
    ? ts.updateSourceFile(previous, text, changeBetween(previous.text, text))
    : ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true, scriptKind(file));
  const host: ts.CompilerHost = {
    fileExists: (name) => name === file,
    readFile: (name) => (name === file ? text : undefined),
    getSourceFile: (name) => (name === file ? source : undefined),
    getDefaultLibFileName: () => 'lib.d.ts',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
  };
  const options = { ...PARSE_OPTIONS, noResolve: true };
  const program = ts.createProgram({ rootNames: [file], options, host });
  return { file, text, source, checker: program.getTypeChecker(), others: null };
}

/** Another file of the same program, with all the rest around it. */
export function asSeenFrom(file: ParsedFile, source: ts.SourceFile): ParsedFile {
  if (source === file.source) return file;
  const others = file.others && [file.source, ...file.others.filter((other) => other !== source)];
  return { file: source.fileName, text: source.text, source, checker: file.checker, others };
}

/** The one stretch of text that differs. */
function changeBetween(before: string, after: string): ts.TextChangeRange {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start++;
  let end = 0;
  while (end < shortest - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return ts.createTextChangeRange(
    ts.createTextSpanFromBounds(start, before.length - end),
    after.length - end - start,
  );
}

/** Syntax errors, in which case nothing is reported and nothing is rewritten. */
export function hasSyntaxErrors({ source }: { readonly source: ts.SourceFile }): boolean {
  // The list is internal, but it is what the language service itself shows; there is no other way for one file.
  const { parseDiagnostics } = source as ts.SourceFile & { readonly parseDiagnostics?: readonly unknown[] };
  return (parseDiagnostics?.length ?? 0) > 0;
}

/** The nearest function around a node, or null where it runs while the module loads. Field initialisers of instances
 * and class bodies' methods count as functions; static initialisers run at load. */
export function enclosingFunction(node: ts.Node): ts.Node | null {
  let child = node;
  for (
    let current = node.parent;
    current && !ts.isSourceFile(current);
    child = current, current = current.parent
  ) {
    // `[name]() { … }`: the name is worked out outside of the method.
    if (ts.isComputedPropertyName(child) || ts.isDecorator(child)) continue;
    if (ts.isFunctionLike(current)) return current;
    if (ts.isPropertyDeclaration(current) && !hasModifier(current, ts.SyntaxKind.StaticKeyword))
      return current;
  }
  return null;
}

export function hasModifier(node: ts.HasModifiers, kind: ts.SyntaxKind): boolean {
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false;
}
