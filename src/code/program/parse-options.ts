import ts from 'typescript';

/** How sources are parsed for the detectors: without libraries and packages, whose types they do without. */
export const PARSE_OPTIONS: ts.CompilerOptions = {
  allowJs: true,
  checkJs: false,
  // Otherwise null and undefined vanish from the types that a rewrite looks at.
  strictNullChecks: true,
  noLib: true,
  types: [],
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.Preserve,
  skipLibCheck: true,
};

/** The grammar of a file, by its extension; JavaScript may hold JSX. */
export function scriptKind(file: string): ts.ScriptKind {
  if (/\.tsx$/.test(file)) return ts.ScriptKind.TSX;
  if (/\.[cm]?ts$/.test(file)) return ts.ScriptKind.TS;
  return ts.ScriptKind.JSX;
}
