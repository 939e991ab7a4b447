import ts from 'typescript';
import { KnownByProgram } from '../program/known-by-program';
import { asSeenFrom, hasModifier, type ParsedFile } from '../program/parsed-file';
import { isPublicApi } from '../program/public-api';
import {
  type Name,
  placesOfMember,
  referencesElsewhere,
  referencesTo,
  withOwner,
} from '../program/references';
import { requiredModule } from '../program/required-module';
import { isTestFile } from '../program/test-files';
import { callsOnNamesakes } from './receiver-names';

/** The calls of a function that were found, and whether there can be others. */
export interface Callers {
  readonly calls: readonly (ts.CallExpression | ts.NewExpression)[];
  readonly complete: boolean;
  /** Whoever has the file or the package may call it. */
  readonly isExported: boolean;
  /** Where it is handed over without being called: `on('message', handle)`, `use(this.handle.bind(this))`; what is handed there. */
  readonly handedOver: readonly ts.Node[];
}

const known = new KnownByProgram<ts.Node, Callers | null>();

/** What a call gives for a parameter; `this: T`, which only says what a method is called on, is no argument. */
export function argumentFor(
  { arguments: given }: ts.CallExpression | ts.NewExpression,
  parameter: ts.ParameterDeclaration,
): ts.Expression | undefined {
  const { parameters } = parameter.parent;
  const isAfterThis = parameters[0]?.name.getText() === 'this';
  return given?.[parameters.indexOf(parameter) - (isAfterThis ? 1 : 0)];
}

/** The functions that callers write out where a parameter is one: `memoize(load, (text) => text.trim())`. */
export function functionsGivenFor(
  file: ParsedFile,
  parameter: ts.ParameterDeclaration,
): (ts.ArrowFunction | ts.FunctionExpression)[] {
  const calls = knownCallers(file, parameter.parent)?.calls ?? [];
  return calls
    .flatMap((call) => argumentFor(call, parameter) ?? [])
    .filter((one) => ts.isArrowFunction(one) || ts.isFunctionExpression(one));
}

/** Each parameter of a function with what a call gives for it. */
export function givenBy(
  call: ts.CallExpression,
  called: ts.SignatureDeclaration,
): ReadonlyMap<ts.ParameterDeclaration, ts.Expression> {
  return new Map(
    called.parameters.flatMap((parameter) => {
      const given = argumentFor(call, parameter);
      return given ? [[parameter, given] as const] : [];
    }),
  );
}

/** Who calls a function or method by its name, or makes objects of its class; null for one without a name. Tests aside. */
export function knownCallers(file: ParsedFile, called: ts.SignatureDeclaration): Callers | null {
  const callers = known.in(file);
  const before = callers.get(called);
  if (before !== undefined) return before;
  callers.set(called, null);
  const found = find(file, called);
  callers.set(called, found);
  return found;
}

function find(file: ParsedFile, called: ts.SignatureDeclaration): Callers | null {
  const name = nameOf(called);
  if (!name) return null;
  const source = called.getSourceFile();
  const { checker } = file;
  const symbol = checker.getSymbolAtLocation(name);
  const there = asSeenFrom(file, source);
  const isDistinct = isMethod(called) && isOnlyOne(there, name.text);
  if (!symbol && !isDistinct) return null;
  const elsewhere = symbol
    ? referencesElsewhere(there, name.text, symbol).flatMap(({ node, sure }) =>
        sure || isDistinct ? [node] : [],
      )
    : placesOfMember(there, name.text).filter((node) => !checker.getSymbolAtLocation(node));
  const own = referencesTo(there, name);
  const everywhere = new Set([
    ...own,
    ...own.flatMap((node) => handedOutAs(file, node)),
    ...elsewhere,
    ...callsOnNamesakes(there, called, name.text),
    ...calledByType(there, called, name),
    ...calledByAncestors(there, called, name),
  ]);
  const mentions = [...everywhere].filter(
    (node) =>
      !ts.isImportSpecifier(node.parent) &&
      !ts.isExportSpecifier(node.parent) &&
      !ts.isImportClause(node.parent) &&
      !ts.isShorthandPropertyAssignment(node.parent) &&
      !isRequired(node) &&
      !isOwnExport(node, called) &&
      !isTestFile(node.getSourceFile().fileName),
  );
  const named = mentions.map(withOwner);
  const calls = named.flatMap((callee) => {
    const { parent: call } = callee;
    const isCall = (ts.isCallExpression(call) || ts.isNewExpression(call)) && call.expression === callee;
    return isCall ? [call as ts.CallExpression | ts.NewExpression] : [];
  });
  const handedOver = named.map(withBind).filter(({ parent }) => ts.isCallExpression(parent));
  const isPlain = ts.isFunctionDeclaration(called) || ts.isVariableDeclaration(called.parent);
  const isLocal = (isPlain && !isGivenOut(called, name, source.text)) || isPrivate(called, name);
  const isExported = isGivenOut(called, name, source.text);
  const isOpen = !isLocal && (file.others === null || isPublicApi(there));
  return { calls, complete: calls.length === mentions.length && !isOpen, isExported, handedOver };
}

/** `const { record } = require('./metrics')` */
function isRequired({ parent }: ts.Node): boolean {
  if (!ts.isBindingElement(parent)) return false;
  const variable = parent.parent.parent;
  return ts.isVariableDeclaration(variable) && requiredModule(variable) !== null;
}

/** `exports.record = function (name) { … }`, its own name. */
function isOwnExport(node: ts.Node, called: ts.Node): boolean {
  const { parent: assignment } = called;
  return (
    ts.isBinaryExpression(assignment) && assignment.right === called && assignment.left === withOwner(node)
  );
}

/** `this.handle.bind(this)` of `this.handle` */
function withBind(named: ts.Node): ts.Node {
  const { parent } = named;
  const isBound =
    ts.isPropertyAccessExpression(parent) &&
    parent.expression === named &&
    parent.name.text === 'bind' &&
    ts.isCallExpression(parent.parent);
  return isBound ? parent.parent : named;
}

/** Where a method is called by the name that an interface or an abstract class gives it, which its class implements. */
function calledByType(file: ParsedFile, called: ts.Node, name: Name): Name[] {
  const { checker } = file;
  const around = called.parent;
  if (!ts.isMethodDeclaration(called) || !ts.isClassLike(around)) return [];
  const promised = (around.heritageClauses ?? [])
    .flatMap(({ types }) => [...types])
    .flatMap((type) => checker.getTypeAtLocation(type).getProperty(name.text) ?? []);
  if (promised.length === 0) return [];
  return placesOfMember(file, name.text).filter((node) => {
    const symbol = checker.getSymbolAtLocation(node);
    return symbol !== undefined && promised.includes(symbol);
  });
}

/** Where the class that this one extends calls the method on itself, and leaves it to those who extend it to have one. */
function calledByAncestors(file: ParsedFile, called: ts.Node, name: Name): Name[] {
  if (!ts.isMethodDeclaration(called) || !ts.isClassLike(called.parent) || file.others === null) return [];
  const [extended] = (called.parent.heritageClauses ?? [])
    .filter(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)
    .flatMap(({ types }) => [...types]);
  const ancestor = extended && (/\w+$/.exec(extended.expression.getText())?.[0] ?? '');
  if (!ancestor) return [];
  return placesOfMember(file, name.text).filter((node) => {
    const { parent: access } = node;
    const isOwn =
      ts.isPropertyAccessExpression(access) && access.expression.kind === ts.SyntaxKind.ThisKeyword;
    return isOwn && ts.findAncestor(node, ts.isClassLike)?.name?.text === ancestor;
  });
}

/** Where `return { record }` of a function is used: `clicks.record`. */
function handedOutAs(file: ParsedFile, node: Name): Name[] {
  if (!ts.isShorthandPropertyAssignment(node.parent)) return [];
  const { checker } = file;
  return placesOfMember(file, node.text).filter(
    (member) => checker.getSymbolAtLocation(member)?.valueDeclaration === node.parent,
  );
}

/** No other method of the program is called so: what calls one of that name, on an object of no known type, means this one. */
function isOnlyOne(file: ParsedFile, name: string): boolean {
  return !OF_BUILT_IN.test(name) && file.others !== null && methodNames(file).get(name) === 1;
}

/** Objects of the language and of Node have methods that are called so. */
const OF_BUILT_IN =
  /^(get|set|has|add|delete|clear|push|pop|shift|slice|splice|concat|join|resolve|reject|then|catch|find|filter|map|some|every|keys|values|entries|on|once|off|emit|write|end|close|open|read|send|call|apply|bind|toString|toJSON|test|exec|replace|match|split|parse|stringify|format|log|error|warn|info|debug|next|return|throw|connect|listen|start|stop|run|update|create|remove|put|post|patch|use|all|of|from|at|load|save|init|setup|register|handle|process|destroy|publish|subscribe|query|execute|fetch|request|lookup|check|count|report|record|observe|render|compile|transform|visit|validate|encode|decode|sign|verify|digest)$/;

/** A method, and what is put on an object as one: `log.once = function (message) { … }`. */
function isMethod(node: ts.Node): boolean {
  if (ts.isMethodDeclaration(node)) return true;
  if (!ts.isFunctionExpression(node) && !ts.isArrowFunction(node)) return false;
  const { parent } = node;
  if (!ts.isBinaryExpression(parent) || parent.right !== node) return false;
  const { left } = parent;
  return ts.isPropertyAccessExpression(left) && !/(^|\.)exports$/.test(left.expression.getText());
}

const namesByProgram = new WeakMap<ts.TypeChecker, ReadonlyMap<string, number>>();

/** How many methods of the program have each name. */
function methodNames({ source, others, checker }: ParsedFile): ReadonlyMap<string, number> {
  const known = namesByProgram.get(checker);
  if (known) return known;
  const names = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    const name = isMethod(node) ? nameOf(node) : null;
    if (name) names.set(name.text, (names.get(name.text) ?? 0) + 1);
    ts.forEachChild(node, visit);
  };
  for (const one of [source, ...(others ?? [])]) visit(one);
  namesByProgram.set(checker, names);
  return names;
}

function isPrivate(called: ts.Node, name: ts.Identifier | ts.PrivateIdentifier): boolean {
  return (
    ts.isPrivateIdentifier(name) ||
    (ts.canHaveModifiers(called) && hasModifier(called, ts.SyntaxKind.PrivateKeyword))
  );
}

function isGivenOut(called: ts.Node, name: ts.Identifier | ts.PrivateIdentifier, text: string): boolean {
  if (ts.canHaveModifiers(called) && hasModifier(called, ts.SyntaxKind.ExportKeyword)) return true;
  const statement = ts.findAncestor(called, ts.isVariableStatement);
  if (
    statement &&
    called.parent.parent.parent === statement &&
    hasModifier(statement, ts.SyntaxKind.ExportKeyword)
  )
    return true;
  const word = name.text.replaceAll('$', '\\$');
  return (
    new RegExp(`\\bexports?\\b[^\\n]*\\b${word}\\b`).test(text) ||
    new RegExp(`\\bmodule\\.exports\\s*=\\s*\\{[^}]*\\b${word}\\b`).test(text)
  );
}

function nameOf(node: ts.Node): ts.Identifier | ts.PrivateIdentifier | null {
  if (ts.isConstructorDeclaration(node)) return node.parent.name ?? null;
  const { name } = node as Partial<ts.FunctionDeclaration | ts.MethodDeclaration>;
  const { parent } = node;
  // The name that a function expression has itself is known within it only.
  const own = ts.isFunctionExpression(node) ? (node.name ?? null) : null;
  if (name && name !== own) return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? name : null;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name;
  if (ts.isPropertyAssignment(parent) && ts.isIdentifier(parent.name)) return parent.name;
  if (
    ts.isPropertyDeclaration(parent) &&
    (ts.isIdentifier(parent.name) || ts.isPrivateIdentifier(parent.name))
  )
    return parent.name;
  if (ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left)) {
    return parent.left.getText() === 'module.exports' ? own : parent.left.name;
  }
  return own;
}
