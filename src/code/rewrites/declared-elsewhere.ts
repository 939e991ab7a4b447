import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import type { UnboundedCollection } from '../smells/unbounded-collection';

/**
 * Why a collection must stay of its kind: a parameter or a variable that stands for it, a function that returns it or a comment
 * about its object says of what kind it is, and would say what is no more so. Null where nothing does.
 */
export function refuseDeclaredElsewhere(
  { source }: ParsedFile,
  { aliases, name, type }: UnboundedCollection,
): string | null {
  for (const alias of aliases) {
    const declared = declaredAt(alias);
    if (declared && !/^(any|unknown|\*|void)$/.test(declared.getText()))
      return refusal(alias.getSourceFile(), declared.getStart(), declared.getText());
  }
  for (const documented of source.text.matchAll(DOCUMENTED)) {
    const [, said = '', member] = documented;
    if (member === name.text && KINDS[type]?.test(said)) return refusal(source, documented.index, said);
  }
  return null;
}

/** `@property {Map<string, User>} cache` of a comment about the object that has it. */
const DOCUMENTED = /@(?:property|prop|member)\s+\{((?:[^{}\n]|\{[^{}\n]*\})*)\}\s+\[?(?:this\.)?([\w$]+)/g;

const KINDS: Readonly<Partial<Record<UnboundedCollection['type'], RegExp>>> = {
  Map: /\bMap\b/,
  Set: /\bSet\b/,
  object: /\b([Oo]bject|Record)\b|\{/,
  array: /\bArray\b|\[\]/,
};

/** The type of a parameter or a variable, or that which a function returns; of JavaScript what its comment says. */
function declaredAt({ parent }: ts.Identifier): ts.TypeNode | undefined {
  if (ts.isParameter(parent)) return parent.type ?? ts.getJSDocType(parent);
  const called = ts.isFunctionLike(parent) ? parent : calledBy(parent);
  if (called) return called.type ?? ts.getJSDocReturnType(called);
  return ts.isVariableDeclaration(parent) ? (parent.type ?? ts.getJSDocType(parent)) : undefined;
}

/** `const table = () => cache` */
function calledBy(parent: ts.Node): ts.SignatureDeclaration | null {
  const isNamed = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
  const value = isNamed ? parent.initializer : undefined;
  return value && ts.isFunctionLike(value) ? value : null;
}

function refusal(source: ts.SourceFile, offset: number, said: string): string {
  const line = source.getLineAndCharacterOfPosition(offset).line + 1;
  return `Line ${line} also declares it as ${said}, which it would be no more.`;
}
