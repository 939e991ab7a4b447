import ts from 'typescript';

/** A source file as the detectors see it: its text and syntax, with parents set and names bound. */
export interface ParsedFile {
  readonly file: string;
  readonly text: string;
  readonly source: ts.SourceFile;
  /** Types and references within this file; other files are not loaded, so that what they export is `any`. */
  readonly checker: ts.TypeChecker;
}

const LIBRARY_OPTIONS: ts.CompilerOptions = {
  allowJs: true,
  checkJs: false,
  // Otherwise null and undefined vanish from the types that a rewrite looks at.
  strictNullChecks: true,
  noLib: true,
  noResolve: true,
  types: [],
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  jsx: ts.JsxEmit.Preserve,
  skipLibCheck: true,
};

/** Parses one file and binds its names. Takes a few ms for a thousand lines; no other file is read. */
export function parseFile(file: string, text: string): ParsedFile {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true, scriptKind(file));
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
  const program = ts.createProgram({ rootNames: [file], options: LIBRARY_OPTIONS, host });
  return { file, text, source, checker: program.getTypeChecker() };
}

function scriptKind(file: string): ts.ScriptKind {
  if (/\.tsx$/.test(file)) return ts.ScriptKind.TSX;
  if (/\.[cm]?ts$/.test(file)) return ts.ScriptKind.TS;
  return ts.ScriptKind.JSX;
}

/** Syntax errors, in which case nothing is reported and nothing is rewritten. */
export function hasSyntaxErrors({ source }: ParsedFile): boolean {
  // The list is internal, but it is what the language service itself shows; there is no other way for one file.
  const { parseDiagnostics } = source as ts.SourceFile & { readonly parseDiagnostics?: readonly unknown[] };
  return (parseDiagnostics?.length ?? 0) > 0;
}

type Name = ts.Identifier | ts.PrivateIdentifier;

const namesByFile = new WeakMap<ts.SourceFile, ReadonlyMap<string, Name[]>>();

/** Every identifier of the file that refers to the same thing as `declaration`, which itself is left out. */
export function referencesTo({ source, checker }: ParsedFile, declaration: Name): Name[] {
  const symbol = checker.getSymbolAtLocation(declaration);
  if (!symbol) return [];
  const sameName = namesOf(source).get(declaration.text) ?? [];
  return sameName.filter((node) => node !== declaration && resolve(checker, node) === symbol);
}

/** The identifiers of a file by their text: walked once, however many declarations are looked up. */
function namesOf(source: ts.SourceFile): ReadonlyMap<string, Name[]> {
  const known = namesByFile.get(source);
  if (known) return known;
  const names = new Map<string, Name[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      const same = names.get(node.text);
      if (same) same.push(node);
      else names.set(node.text, [node]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  namesByFile.set(source, names);
  return names;
}

/** `{ cache }` and `export { cache }` name the variable, not the property. */
function resolve(checker: ts.TypeChecker, node: ts.Identifier | ts.PrivateIdentifier): ts.Symbol | undefined {
  if (ts.isShorthandPropertyAssignment(node.parent))
    return checker.getShorthandAssignmentValueSymbol(node.parent);
  if (ts.isExportSpecifier(node.parent)) return checker.getExportSpecifierLocalTargetSymbol(node.parent);
  return checker.getSymbolAtLocation(node);
}

/** The nearest function around a node, or null where it runs while the module loads. Field initialisers of instances
 * and class bodies' methods count as functions; static initialisers run at load. */
export function enclosingFunction(node: ts.Node): ts.Node | null {
  for (let current = node.parent; current && !ts.isSourceFile(current); current = current.parent) {
    if (ts.isFunctionLike(current)) return current;
    if (ts.isPropertyDeclaration(current) && !hasModifier(current, ts.SyntaxKind.StaticKeyword))
      return current;
  }
  return null;
}

export function hasModifier(node: ts.HasModifiers, kind: ts.SyntaxKind): boolean {
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false;
}
