import ts from 'typescript';
import { KnownByProgram } from '../program/known-by-program';
import type { ParsedFile } from '../program/parsed-file';
import { placesOfProperty, resolveAlias } from '../program/references';
import { bare, iteratedBy } from './member-chains';
import { valueOfProperty } from './returned-objects';

/** Types of types end somewhere. */
const MOST_STEPS = 8;

/** A type that the program says: `Match`, `Map<string, Match>`; a list, written in whatever way, is called `Array`. */
interface SaidType {
  readonly name: string;
  readonly args: readonly ts.TypeNode[];
  /** Where its name stands, or its members are written out. */
  readonly node: ts.Node;
}

/** A property of an interface or of a type that is written out, or a field. */
type Member = ts.PropertySignature | ts.PropertyDeclaration;

/**
 * What objects that are written out as a type of the program have under a member that is read from one: of `player.id`, where
 * `player` is a `Player`, the `id` of `const player: Player = { id: randomUUID(), socket }`. Empty where the type is not known.
 */
export function writtenAsMember(
  file: ParsedFile,
  { expression, name }: ts.PropertyAccessExpression,
): ts.Expression[] {
  const type = typeOf(file, expression, 0);
  const member = type && memberOf(file, type, name.text);
  if (!member) return [];
  const known = knownByMember.in(file);
  const before = known.get(member);
  if (before) return before;
  const found = written(file, member, name.text);
  known.set(member, found);
  return found;
}

/** A member like `id` is asked for in many places. */
const knownByMember = new KnownByProgram<Member, ts.Expression[]>();

function written(file: ParsedFile, member: Member, name: string): ts.Expression[] {
  return placesOfProperty(file, name).flatMap((property) => {
    const typed = file.checker.getContextualType(property.parent)?.getProperty(name);
    return typed?.valueDeclaration === member ? (valueOfProperty(property) ?? []) : [];
  });
}

/** Without libraries the checker knows no type of what lists and maps give, so that what is written is followed. */
function typeOf(file: ParsedFile, given: ts.Expression, steps: number): SaidType | null {
  if (steps > MOST_STEPS) return null;
  const value = bare(given);
  if (ts.isIdentifier(value)) return typeOfName(file, value, steps);
  if (ts.isNewExpression(value)) return said(value.expression, value.typeArguments);
  if (ts.isAwaitExpression(value))
    return argumentOf(typeOf(file, value.expression, steps + 1), OF_PROMISE, 0);
  if (ts.isElementAccessExpression(value)) return oneOf(typeOf(file, value.expression, steps + 1));
  if (ts.isPropertyAccessExpression(value)) {
    const owner = typeOf(file, value.expression, steps + 1);
    const member = owner && memberOf(file, owner, value.name.text);
    return member ? typeOfMember(file, member, steps) : typeOfName(file, value.name, steps);
  }
  return ts.isCallExpression(value) ? typeOfCall(file, value, steps) : null;
}

function typeOfName(file: ParsedFile, name: ts.MemberName, steps: number): SaidType | null {
  const declared = resolveAlias(file.checker, file.checker.getSymbolAtLocation(name))?.valueDeclaration;
  if (!declared) return null;
  const { type } = declared as Partial<ts.ParameterDeclaration>;
  if (type) return saidBy(type);
  if (ts.isParameter(declared)) {
    const list = iteratedBy(declared);
    return list && oneOf(typeOf(file, list, steps + 1));
  }
  if (ts.isPropertyDeclaration(declared)) return typeOfMember(file, declared, steps);
  if (!ts.isVariableDeclaration(declared)) return null;
  const loop = declared.parent.parent;
  if (ts.isForOfStatement(loop)) return oneOf(typeOf(file, loop.expression, steps + 1));
  return declared.initializer ? typeOf(file, declared.initializer, steps + 1) : null;
}

function typeOfMember(file: ParsedFile, member: Member, steps: number): SaidType | null {
  if (member.type) return saidBy(member.type);
  const begins = ts.isPropertyDeclaration(member) ? member.initializer : undefined;
  return begins ? typeOf(file, begins, steps + 1) : null;
}

/** `matches.get(id)`, `players.find(isReady)`, and what a function says that it returns. */
function typeOfCall(
  file: ParsedFile,
  { expression: callee }: ts.CallExpression,
  steps: number,
): SaidType | null {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const called = resolveAlias(file.checker, file.checker.getSymbolAtLocation(name))?.valueDeclaration;
  if (called) {
    const { type } = called as Partial<ts.FunctionDeclaration>;
    return type ? saidBy(type) : null;
  }
  if (!ts.isPropertyAccessExpression(callee)) return null;
  const owner = typeOf(file, callee.expression, steps + 1);
  const method = callee.name.text;
  if (GIVES_ONE.test(method)) return oneOf(owner);
  return GIVES_ALL.test(method) ? owner && { ...owner, name: 'Array', args: owner.args.slice(-1) } : null;
}

const GIVES_ONE = /^(get|at|find|findLast|pop|shift)$/;
const GIVES_ALL = /^(values|filter|slice|splice|sort|toSorted|reverse|toReversed|concat)$/;
const OF_PROMISE = /^Promise$/;

/** What a list or a map has. */
function oneOf(type: SaidType | null): SaidType | null {
  return (
    argumentOf(type, /^(Map|ReadonlyMap|Record)$/, 1) ??
    argumentOf(type, /^(Array|ReadonlyArray|Set|ReadonlySet|Iterable)$/, 0)
  );
}

function argumentOf(type: SaidType | null, name: RegExp, index: number): SaidType | null {
  const argument = type && name.test(type.name) ? type.args[index] : undefined;
  return argument ? saidBy(argument) : null;
}

/** A type as it is written, `null` and `undefined` aside. */
function saidBy(type: ts.TypeNode): SaidType | null {
  if (ts.isParenthesizedTypeNode(type) || ts.isTypeOperatorNode(type)) return saidBy(type.type);
  if (ts.isUnionTypeNode(type)) {
    const parts = type.types.filter((one) => !/^(null|undefined)$/.test(one.getText()));
    return parts.length === 1 ? saidBy(parts[0]!) : null;
  }
  if (ts.isArrayTypeNode(type)) return { name: 'Array', args: [type.elementType], node: type };
  if (ts.isTupleTypeNode(type)) return { name: 'Array', args: type.elements, node: type };
  if (ts.isTypeLiteralNode(type)) return { name: '', args: [], node: type };
  return ts.isTypeReferenceNode(type) ? said(type.typeName, type.typeArguments) : null;
}

function said(name: ts.Node, args: readonly ts.TypeNode[] = []): SaidType {
  return { name: name.getText(), args, node: name };
}

/** The member that a type of the program has under a name. */
function memberOf(file: ParsedFile, { node }: SaidType, name: string): Member | null {
  const [declared] = ts.isTypeLiteralNode(node)
    ? [node]
    : (resolveAlias(file.checker, file.checker.getSymbolAtLocation(node))?.declarations ?? []);
  const type = declared && ts.isTypeAliasDeclaration(declared) ? declared.type : declared;
  if (!type || !(ts.isInterfaceDeclaration(type) || ts.isTypeLiteralNode(type) || ts.isClassLike(type)))
    return null;
  const members: readonly ts.Node[] = type.members;
  return (
    members.find(
      (one): one is Member =>
        (ts.isPropertySignature(one) || ts.isPropertyDeclaration(one)) && one.name.getText() === name,
    ) ?? null
  );
}
