import ts from 'typescript';
import { KnownByProgram } from '../program/known-by-program';
import type { ParsedFile } from '../program/parsed-file';
import { type Name, placesOfMember, resolveAlias } from '../program/references';
import { madeBy } from './function-names';
import { wordsOf } from './key-words';
import { bare, ownerOfPrototype, withParentheses } from './member-chains';
import { returningFunction } from './places-of-names';

/** A function that is called as a member of an object, and the words that its objects are called by. */
interface Member {
  readonly called: ts.Node;
  readonly makers: readonly (readonly string[])[];
}

/** By the name of a member: those of the program that are called so. */
type MembersByName = ReadonlyMap<string, readonly Member[]>;

const membersByProgram = new WeakMap<ts.TypeChecker, MembersByName>();
const callsByProgram = new KnownByProgram<string, ReadonlyMap<ts.Node, readonly Name[]>>();

/**
 * Where a method is called on something of which the checker knows no type, as what JavaScript hands on in parameters and what
 * containers inject, and whose name is that of what has the method: `breaker.run(host)` of what `createBreaker()` or
 * `new HostBreaker()` makes. Of several methods of one name it is the one whose maker is called most alike.
 */
export function callsOnNamesakes(file: ParsedFile, called: ts.Node, name: string): readonly Name[] {
  if (file.others === null) return [];
  const known = callsByProgram.in(file);
  let calls = known.get(name);
  if (!calls) {
    calls = assign(file, name);
    known.set(name, calls);
  }
  return calls.get(called) ?? [];
}

/** Each place of a member, to the one function that it means. */
function assign(file: ParsedFile, name: string): Map<ts.Node, Name[]> {
  const found = new Map<ts.Node, Name[]>();
  const members = membersOf(file).get(name) ?? [];
  if (members.length === 0) return found;
  for (const place of placesOfMember(file, name)) {
    const { parent } = place;
    if (!ts.isPropertyAccessExpression(parent) || !ts.isCallExpression(parent.parent)) continue;
    if (parent.parent.expression !== parent || file.checker.getSymbolAtLocation(place)) continue;
    const receiver = nameOfReceiver(parent.expression);
    if (receiver === null || isOfPackage(file, receiver)) continue;
    const words = wordsOf(receiver.text);
    const likeness = members.map(({ makers }) =>
      Math.max(...makers.map((maker) => likenessOf(words, maker))),
    );
    const best = Math.max(...likeness);
    const alike = members.filter((_, at) => likeness[at] === best);
    if (best === 0 || alike.length > 1) continue;
    const { called } = alike[0]!;
    found.set(called, [...(found.get(called) ?? []), place]);
  }
  return found;
}

/** `breaker`, `this.breaker` of a `HostBreaker`. */
export function isCalledLike(receiver: ts.Expression, maker: string): boolean {
  const name = nameOfReceiver(receiver);
  return name !== null && likenessOf(wordsOf(name.text), wordsOf(maker)) > 0;
}

/** `breaker` of `breaker`, `this.breaker`, `deps.breaker!`, `breaker()`. */
function nameOfReceiver(expression: ts.Expression): Name | null {
  const receiver = bare(expression);
  if (ts.isIdentifier(receiver)) return receiver;
  if (ts.isCallExpression(receiver) && receiver.arguments.length === 0)
    return nameOfReceiver(receiver.expression);
  return ts.isPropertyAccessExpression(receiver) ? receiver.name : null;
}

/** 2 for the same words, 1 where one ends with the other: `breaker`, `hostBreaker`. */
function likenessOf(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const shorter = Math.min(a.length, b.length);
  if (a.slice(-shorter).join(' ') !== b.slice(-shorter).join(' ')) return 0;
  return a.length === b.length ? 2 : 1;
}

/** What a package or the language gives has the methods of that. */
function isOfPackage({ checker }: ParsedFile, receiver: Name): boolean {
  const symbol = checker.getSymbolAtLocation(receiver);
  if (!symbol) return ts.isIdentifier(receiver) && !ts.isPropertyAccessExpression(receiver.parent.parent);
  const declared = symbol.declarations?.[0];
  if (!declared) return true;
  if ((symbol.flags & ts.SymbolFlags.Alias) !== 0)
    return resolveAlias(checker, symbol)?.valueDeclaration === undefined;
  const type = (declared as Partial<ts.ParameterDeclaration>).type;
  if (type && !/^(any|unknown)$/.test(type.getText())) return true;
  const given = valueGiven(declared);
  return given !== null && isMadeElsewhere(checker, given);
}

/** What a variable, a field or a member of `this` begins with. */
function valueGiven(declared: ts.Node): ts.Expression | null {
  if (ts.isVariableDeclaration(declared) || ts.isPropertyDeclaration(declared))
    return declared.initializer ?? null;
  if (ts.isBindingElement(declared)) {
    const holder = declared.parent.parent;
    return ts.isVariableDeclaration(holder) ? (holder.initializer ?? null) : null;
  }
  const { parent } = declared;
  return ts.isBinaryExpression(parent) && parent.left === declared ? parent.right : null;
}

/** `require('redis')`, `new NodeCache()`, `createClient()` of a package, `{}`. */
function isMadeElsewhere(checker: ts.TypeChecker, given: ts.Expression): boolean {
  const value = bare(given);
  if (ts.isAwaitExpression(value)) return isMadeElsewhere(checker, value.expression);
  if (ts.isPropertyAccessExpression(value) || ts.isElementAccessExpression(value))
    return isMadeElsewhere(checker, value.expression);
  if (ts.isIdentifier(value)) {
    const symbol = checker.getSymbolAtLocation(value);
    const declared = symbol?.declarations?.[0];
    if (!symbol || !declared) return true;
    if ((symbol.flags & ts.SymbolFlags.Alias) !== 0)
      return resolveAlias(checker, symbol)?.valueDeclaration === undefined;
    const from = ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
    return from !== undefined && ts.isCallExpression(from) && isMadeElsewhere(checker, from);
  }
  if (value.kind === ts.SyntaxKind.ThisKeyword) return false;
  if (!ts.isCallExpression(value) && !ts.isNewExpression(value))
    return !ts.isBinaryExpression(value) && !ts.isConditionalExpression(value);
  if (value.expression.getText() === 'require')
    return !/^.\.{1,2}\//.test(value.arguments?.[0]?.getText() ?? '');
  const callee = bare(value.expression);
  // `container.resolve('breaker')`, `app.get('breaker')`
  if (ts.isPropertyAccessExpression(callee)) return !/^(get|resolve|inject|make)$/.test(callee.name.text);
  const symbol = resolveAlias(checker, checker.getSymbolAtLocation(callee));
  return symbol?.valueDeclaration === undefined;
}

function membersOf({ source, others, checker }: ParsedFile): MembersByName {
  const known = membersByProgram.get(checker);
  if (known) return known;
  const members = new Map<string, Member[]>();
  const visit = (node: ts.Node): void => {
    const member = memberAt(checker, node);
    if (member) members.set(member.name, [...(members.get(member.name) ?? []), member]);
    ts.forEachChild(node, visit);
  };
  for (const one of [source, ...(others ?? [])]) visit(one);
  membersByProgram.set(checker, members);
  return members;
}

function memberAt(checker: ts.TypeChecker, node: ts.Node): (Member & { name: string }) | null {
  const given = functionUnderName(checker, node);
  if (!given) return null;
  const makers = makersOf(node)
    .map(wordsOf)
    .filter((words) => words.length > 0);
  return makers.length === 0 ? null : { ...given, makers };
}

/** The function that a member has, and the name that it has there. */
function functionUnderName(checker: ts.TypeChecker, node: ts.Node): { name: string; called: ts.Node } | null {
  if (ts.isMethodDeclaration(node) && ts.isIdentifier(node.name))
    return { name: node.name.text, called: node };
  if ((ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)) && ts.isIdentifier(node.name)) {
    const value = node.initializer && bare(node.initializer);
    return value && ts.isFunctionLike(value) ? { name: node.name.text, called: value } : null;
  }
  if (ts.isShorthandPropertyAssignment(node)) {
    const declared = checker.getShorthandAssignmentValueSymbol(node)?.valueDeclaration;
    if (!declared) return null;
    const called = ts.isVariableDeclaration(declared) ? declared.initializer : declared;
    return called && ts.isFunctionLike(called) ? { name: node.name.text, called } : null;
  }
  // `Breaker.prototype.run = function () {}`, `this.run = function () {}`
  if (
    ts.isBinaryExpression(node) &&
    ts.isPropertyAccessExpression(node.left) &&
    ts.isFunctionLike(node.right)
  )
    return { name: node.left.name.text, called: node.right };
  return null;
}

/** What makes the objects that have the member. */
function makersOf(member: ts.Node): string[] {
  if (ts.isBinaryExpression(member)) {
    const holder = (member.left as ts.PropertyAccessExpression).expression;
    if (ts.isPropertyAccessExpression(holder) && holder.name.text === 'prototype')
      return [holder.expression.getText()];
    if (holder.kind !== ts.SyntaxKind.ThisKeyword) return [];
    const around = ts.findAncestor(member, (one) => ts.isFunctionDeclaration(one) || ts.isClassLike(one));
    const name = (around as Partial<ts.FunctionDeclaration> | undefined)?.name?.text;
    return name ? [name] : [];
  }
  const { parent } = member;
  if (ts.isClassLike(parent)) return classNames(parent);
  const factory = returningFunction(withParentheses(parent));
  if (factory) return [madeBy(factory.text)];
  const owner = ownerOfPrototype(parent);
  if (owner !== null) return [owner];
  const { parent: holder } = parent;
  return ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name) ? [holder.name.text] : [];
}

function classNames({ name, parent }: ts.ClassLikeDeclaration): string[] {
  if (name) return [name.text];
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? [parent.name.text] : [];
}
