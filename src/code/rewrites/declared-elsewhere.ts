import ts from 'typescript';
import { hasModifier, type ParsedFile } from '../program/parsed-file';
import { namesEverywhere, resolveAlias } from '../program/references';
import { extendedBy } from '../smells/places-of-names';
import type { UnboundedCollection } from '../smells/unbounded-collection';

/**
 * Why a collection must stay of its kind: a parameter or a variable that stands for it, a function that returns it, a comment
 * about its object or a class that extends its own says of what kind it is, and would say what is no more so. Null where nothing does.
 */
export function refuseDeclaredElsewhere(file: ParsedFile, collection: UnboundedCollection): string | null {
  const { source } = file;
  const { aliases, name, type } = collection;
  for (const alias of aliases) {
    const declared = declaredAt(alias);
    if (declared && !/^(any|unknown|\*|void)$/.test(declared.getText()))
      return refusal(alias.getSourceFile(), declared.getStart(), declared.getText());
  }
  for (const documented of source.text.matchAll(DOCUMENTED)) {
    const [, said = '', member] = documented;
    if (member === name.text && KINDS[type]?.test(said)) return refusal(source, documented.index, said);
  }
  return refuseDeclaredAgain(file, collection);
}

/**
 * Why a field must stay as it is, whatever is done to it: a class that extends its own declares it again, also in another file, so
 * what `this.labels` is depends on the object. Null where none does.
 */
export function refuseDeclaredAgain(file: ParsedFile, collection: UnboundedCollection): string | null {
  return isDeclaredAgain(file, collection) ? 'A class that extends its own declares it again.' : null;
}

function isDeclaredAgain(file: ParsedFile, { name, place }: UnboundedCollection): boolean {
  const owner = ts.findAncestor(name, ts.isClassLike);
  if ((place !== 'static' && place !== 'instance') || !owner || !ts.isIdentifier(name)) return false;
  return namesEverywhere(file, name.text).some((node) => {
    const heir = declaringClass(node, place);
    return heir !== null && heir !== owner && isHeir(file, heir, owner, 0);
  });
}

/** The class of which a name is a member's: a field, an accessor, a method, or a field that the constructor takes. */
function declaringClass(
  { parent: member }: ts.Node,
  place: 'static' | 'instance',
): ts.ClassLikeDeclaration | null {
  const isField = ts.isParameter(member) && ts.isParameterPropertyDeclaration(member, member.parent);
  const around = isField ? member.parent.parent : member.parent;
  if ((!isField && !ts.isClassElement(member)) || !ts.isClassLike(around)) return null;
  const isStatic = ts.canHaveModifiers(member) && hasModifier(member, ts.SyntaxKind.StaticKeyword);
  return isStatic === (place === 'static') ? around : null;
}

/** Classes that extend each other, by mistake, end somewhere. */
const MOST_ANCESTORS = 10;

/** A class that extends another one, also through others and through what functions make of it: `extends Tracked(Base)`. */
function isHeir(
  file: ParsedFile,
  heir: ts.ClassLikeDeclaration,
  owner: ts.ClassLikeDeclaration,
  steps: number,
): boolean {
  const extended = extendedBy(heir);
  return extended !== undefined && steps < MOST_ANCESTORS && isOrExtends(file, extended, owner, steps);
}

function isOrExtends(
  file: ParsedFile,
  extended: ts.Expression,
  owner: ts.ClassLikeDeclaration,
  steps: number,
): boolean {
  if (ts.isCallExpression(extended))
    return extended.arguments.some((one) => isOrExtends(file, one, owner, steps));
  const { checker } = file;
  const name = ts.isPropertyAccessExpression(extended) ? extended.name : extended;
  const declared = resolveAlias(checker, checker.getSymbolAtLocation(name))?.valueDeclaration;
  const made = declared && ts.isVariableDeclaration(declared) ? declared.initializer : declared;
  if (made && ts.isClassLike(made)) return made === owner || isHeir(file, made, owner, steps + 1);
  // `const Base = Tracked(Store)`
  return (
    !!made && ts.isCallExpression(made) && steps < MOST_ANCESTORS && isOrExtends(file, made, owner, steps + 1)
  );
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
