import ts from 'typescript';
import { KnownByProgram } from './known-by-program';
import type { ParsedFile } from './parsed-file';

export type Name = ts.Identifier | ts.PrivateIdentifier;

/** A symbol by reference, or a property that the checker cannot tell the owner of. */
export interface Reference {
  readonly node: Name;
  /** False where the name is right and the object before it is of no known type. */
  readonly sure: boolean;
}

const namesByFile = new WeakMap<ts.SourceFile, ReadonlyMap<string, Name[]>>();

/** Every identifier of the same file that refers to the same thing as `declaration`, which itself is left out. */
export function referencesTo({ source, checker }: ParsedFile, declaration: Name): Name[] {
  const symbol = checker.getSymbolAtLocation(declaration);
  if (!symbol) return [];
  const sameName = namesOf(source).get(declaration.text) ?? [];
  return sameName.filter((node) => node !== declaration && isSame(resolve(checker, node), symbol));
}

/**
 * The checker has a symbol of its own for what `state.sockets` is of `const state = { sockets: new Map(), open: false }`,
 * for what `store.entries` is of a `Store<string>` or of an object of a class that has no name, and for what `require()` gives
 * of `module.exports = function Store() {}`.
 */
function isSame(found: ts.Symbol | undefined, symbol: ts.Symbol): boolean {
  if (found === symbol) return true;
  const declared = symbol.valueDeclaration;
  const other = found?.valueDeclaration;
  if (!declared || !other) return false;
  if (ts.isFunctionExpression(declared) || ts.isClassExpression(declared))
    return ts.isBinaryExpression(other) && other.right === declared;
  // A parameter that is a field has two symbols, and so has what is put on a prototype that a module hands out.
  const hasOthers =
    ts.isObjectLiteralElement(declared) ||
    ts.isParameter(declared) ||
    ts.isClassElement(declared) ||
    ts.isPropertyAccessExpression(declared);
  return hasOthers && other === declared;
}

/** Members of the same name in the same file whose owner has no known type: they may mean the same thing. */
export function possibleReferences({ source, checker }: ParsedFile, { text }: Name): Name[] {
  return (namesOf(source).get(text) ?? []).filter(
    (node) => isMember(node) && (!resolve(checker, node) || isOfGivenThis(node)),
  );
}

/** `this.name` in a function that a method hands over, as compilers write generators: whatever calls it says what `this` is. */
function isOfGivenThis({ parent }: Name): boolean {
  if (!ts.isPropertyAccessExpression(parent) || parent.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return false;
  const around = ts.findAncestor(parent, (one) => ts.isFunctionLike(one) && !ts.isArrowFunction(one));
  return around !== undefined && ts.isFunctionExpression(around) && !!ts.findAncestor(around, ts.isClassLike);
}

/**
 * `global.name` and `holder.name` written the same way elsewhere in the file, where the checker knows no such member;
 * `this.name` counts as well, since functions of a holder, and methods that call it `self`, say so.
 */
export function sameAccesses({ source, checker }: ParsedFile, name: Name): Name[] {
  const { parent } = name;
  if (!ts.isPropertyAccessExpression(parent)) return [];
  const written = parent.getText(source);
  const isSelf = isNameOfThis(checker, parent.expression);
  return (namesOf(source).get(name.text) ?? []).filter((node) => {
    if (node === name || !isMember(node)) return false;
    const isThis = (node.parent as ts.PropertyAccessExpression).expression.kind === ts.SyntaxKind.ThisKeyword;
    if (isThis && (isSelf || isInMethodOf(checker, node, parent))) return true;
    if (checker.getSymbolAtLocation(node)) return false;
    // What Koa's `app.context` has, each `ctx` has.
    const isOfContext = /\.context\.\w+$/.test(written) && /^ctx\.\w+$/.test(node.parent.getText(source));
    return isThis || isOfContext || node.parent.getText(source) === written;
  });
}

/**
 * In `this.reset = function () { this.jobs = {}; }` of the function that has `this.jobs` itself: the checker takes one that gives `this`
 * something for a constructor of its own.
 */
function isInMethodOf(checker: ts.TypeChecker, node: ts.Node, access: ts.PropertyAccessExpression): boolean {
  const method = functionOfThis(node);
  if (!method || !ts.isFunctionExpression(method) || !ts.isBinaryExpression(method.parent)) return false;
  const { left } = method.parent;
  if (!ts.isPropertyAccessExpression(left)) return false;
  const { expression: holder } = left;
  const isOfThis = holder.kind === ts.SyntaxKind.ThisKeyword || isNameOfThis(checker, holder);
  return isOfThis && functionOfThis(method) === functionOfThis(access);
}

/** What says what `this` is at a node; arrow functions do not. */
function functionOfThis(node: ts.Node): ts.Node | undefined {
  return ts.findAncestor(node.parent, (one) => ts.isFunctionLike(one) && !ts.isArrowFunction(one));
}

/** `self` of `const self = this`. */
function isNameOfThis(checker: ts.TypeChecker, node: ts.Expression): boolean {
  const declared = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node)?.valueDeclaration : undefined;
  return (
    !!declared &&
    ts.isVariableDeclaration(declared) &&
    declared.initializer?.kind === ts.SyntaxKind.ThisKeyword
  );
}

function isMember(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}

/** `store.record` of its `record`; a name that is no member stands for itself. */
export function withOwner(name: ts.Node): ts.Node {
  return isMember(name) ? name.parent : name;
}

/**
 * Every name in the project's other files that refers to `symbol`, aliases and imports followed. Property accesses on
 * values without a known type are told as unsure. Empty where the file was parsed alone.
 */
export function referencesElsewhere(file: ParsedFile, name: string, symbol: ts.Symbol): Reference[] {
  const { source, others, checker } = file;
  if (others === null) return [];
  return namesEverywhere(file, name).flatMap((node): Reference[] => {
    if (node.getSourceFile() === source) return [];
    const resolved = resolveAlias(checker, resolve(checker, node));
    if (isSame(resolved, symbol)) return [{ node, sure: true }];
    return resolved === undefined && isMember(node) ? [{ node, sure: false }] : [];
  });
}

/** Names of variables that take a member out of an object under its own name: `seen` of `const { seen } = this`. */
export function takenOut(file: ParsedFile, member: Name): Name[] {
  const { checker } = file;
  const symbol = checker.getSymbolAtLocation(member);
  if (!symbol) return [];
  return namesEverywhere(file, member.text).filter((node) => {
    const { parent } = node;
    if (!ts.isBindingElement(parent) || parent.name !== node || parent.propertyName) return false;
    if (!ts.isObjectBindingPattern(parent.parent)) return false;
    return isSame(checker.getTypeAtLocation(parent.parent).getProperty(node.text), symbol);
  });
}

/** Every `something.name` in the program, whatever it is a member of. */
export function placesOfMember(file: ParsedFile, name: string): Name[] {
  return namesEverywhere(file, name).filter(isMember);
}

/** Every `name: value` and `{ name }` of an object in the program. */
export function placesOfProperty(
  file: ParsedFile,
  name: string,
): (ts.PropertyAssignment | ts.ShorthandPropertyAssignment)[] {
  return namesEverywhere(file, name).flatMap(({ parent }) => {
    const isProperty = ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent);
    return isProperty && parent.name.getText() === name ? [parent] : [];
  });
}

const namesByProgram = new KnownByProgram<string, readonly Name[]>();

/** The places of one name in all files: the same names (`cache`, `items`) are asked for again and again. */
export function namesEverywhere(file: ParsedFile, name: string): readonly Name[] {
  const known = namesByProgram.in(file);
  let names = known.get(name);
  if (!names) {
    names = [file.source, ...(file.others ?? [])].flatMap((one) => namesAt(one, name));
    known.set(name, names);
  }
  return names;
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

/** The places of one name in a file, found in its text: most files of a project do not have it. */
function namesAt(source: ts.SourceFile, name: string): Name[] {
  const { text } = source;
  // Internal, but what the language service itself asks: the parser's own table of the names in a file.
  const { identifiers } = source as ts.SourceFile & { readonly identifiers?: ReadonlyMap<string, string> };
  if (identifiers && !identifiers.has(name)) return [];
  const found: Name[] = [];
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
    if (isNamePart(text, at - 1) || isNamePart(text, at + name.length)) continue;
    const node = nodeAt(source, at);
    if (node && (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && node.text === name)
      found.push(node);
  }
  return found;
}

function isNamePart(text: string, at: number): boolean {
  return at >= 0 && at < text.length && ts.isIdentifierPart(text.charCodeAt(at), ts.ScriptTarget.ESNext);
}

function nodeAt(source: ts.SourceFile, offset: number): ts.Node | undefined {
  let current: ts.Node = source;
  for (;;) {
    const inner: ts.Node | undefined = ts.forEachChild(current, (child) =>
      child.pos <= offset && offset < child.end ? child : undefined,
    );
    if (!inner) return current.getStart(source) === offset ? current : undefined;
    current = inner;
  }
}

/** `{ cache }` and `export { cache }` name the variable, not the property. */
export function resolve(checker: ts.TypeChecker, node: Name): ts.Symbol | undefined {
  if (ts.isShorthandPropertyAssignment(node.parent))
    return checker.getShorthandAssignmentValueSymbol(node.parent);
  if (ts.isExportSpecifier(node.parent)) return checker.getExportSpecifierLocalTargetSymbol(node.parent);
  return ofObjectAround(checker, node) ?? checker.getSymbolAtLocation(node);
}

/**
 * `this.rows = []` in `{ rows: [], flush: function () { … } }`: the checker takes a function of JavaScript that gives `this` something for
 * a constructor, and what it gives for a member of its own.
 */
function ofObjectAround(checker: ts.TypeChecker, { parent: access, text }: Name): ts.Symbol | undefined {
  const isAssigned =
    ts.isPropertyAccessExpression(access) &&
    access.expression.kind === ts.SyntaxKind.ThisKeyword &&
    ts.isBinaryExpression(access.parent) &&
    access.parent.left === access;
  const method = isAssigned ? functionOfThis(access) : undefined;
  if (!method || !ts.isFunctionExpression(method) || !ts.isPropertyAssignment(method.parent))
    return undefined;
  const own = method.parent.parent.properties.find((one) => one.name?.getText() === text);
  return own?.name && ts.isPropertyAssignment(own) ? checker.getSymbolAtLocation(own.name) : undefined;
}

/** What an import stands for. */
export function resolveAlias(checker: ts.TypeChecker, symbol: ts.Symbol | undefined): ts.Symbol | undefined {
  if (!symbol || (symbol.flags & ts.SymbolFlags.Alias) === 0) return symbol;
  const found = checker.getAliasedSymbol(symbol);
  return classHandedOn(checker, found) ?? variableHandedOn(checker, found) ?? found;
}

/** The class or variable that `module.exports = { Store, version: 1 }` gives out under its own name. */
function variableHandedOn(
  checker: ts.TypeChecker,
  { valueDeclaration: declared }: ts.Symbol,
): ts.Symbol | undefined {
  if (!declared || !ts.isShorthandPropertyAssignment(declared)) return undefined;
  return checker.getShorthandAssignmentValueSymbol(declared);
}

/** The class that `exports.Store = require('./store')` hands on. */
function classHandedOn(checker: ts.TypeChecker, { valueDeclaration: declared }: ts.Symbol): ts.Symbol | null {
  const assignment: ts.Node | undefined = declared?.parent;
  const isHandedOn =
    declared !== undefined &&
    assignment !== undefined &&
    ts.isBinaryExpression(assignment) &&
    assignment.left.pos === declared.pos &&
    ts.isCallExpression(assignment.right) &&
    assignment.right.expression.getText() === 'require';
  if (!isHandedOn) return null;
  const { symbol } = checker.getTypeAtLocation(assignment.left);
  const ofType = symbol?.valueDeclaration;
  return ofType && ts.isClassLike(ofType) ? symbol : null;
}
