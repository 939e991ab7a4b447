import ts from 'typescript';
import { shortened, whereIs } from '../positions';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { resolve, resolveAlias } from '../program/references';
import { unwrap } from '../smells/collection-uses';
import { bare } from '../smells/member-chains';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { placesOfEntries } from './entry-places';
import { isReturned } from './returned-values';
import { kindOf, kindOfEntries, type ValueKind } from './value-kinds';

/**
 * Why an entry that is made again would not be taken for the one that was dropped, alike as they are: it is compared with another
 * one, or something is kept under it. Null where nothing asks whether it is the same one.
 */
export function refuseIdentity(file: ParsedFile, collection: UnboundedCollection): string | null {
  const kind = kindOfEntries(file, collection);
  if (kind === 'primitive') return null;
  for (const place of placesOfEntries(file, collection)) {
    if (isCompared(file, collection, place, kind))
      return `In ${whereIs(file, place)} an entry is compared with another value (${shortened(place.parent.getText())}): one that is made again would be another object, and not the same.`;
    if (isKey(file, collection, place, kind))
      return `In ${whereIs(file, place)} an entry is what something else is kept under (${shortened(place.parent.getText())}): it would not be found under one that is made again.`;
  }
  return null;
}

function isCompared(
  file: ParsedFile,
  collection: UnboundedCollection,
  place: ts.Node,
  kind: ValueKind,
): boolean {
  const { parent } = place;
  if (ts.isBinaryExpression(parent) && /^[!=]==?$/.test(parent.operatorToken.getText())) {
    const other = parent.left === place ? parent.right : parent.left;
    return mayBeAnother(file, other) && !decidesRemoval(parent, collection);
  }
  if (!ts.isCallExpression(parent) || parent.expression === place) return false;
  const callee = parent.expression;
  if (callee.getText() === 'Object.is') return true;
  // A text may be asked for a part of it.
  const isSearch =
    ts.isPropertyAccessExpression(callee) && /^(includes|indexOf|lastIndexOf)$/.test(callee.name.text);
  return isSearch && kind === 'object';
}

/** What an entry may be the same as: no text or number, nor what a module made once to tell something by it. */
function mayBeAnother(file: ParsedFile, given: ts.Expression): boolean {
  const other = bare(given);
  if (kindOf(file, other) === 'primitive') return false;
  if (!ts.isIdentifier(other) && !ts.isPropertyAccessExpression(other)) return true;
  const name = ts.isPropertyAccessExpression(other) ? other.name : other;
  const declared = resolveAlias(file.checker, resolve(file.checker, name as ts.Identifier))?.valueDeclaration;
  if (!declared) return !/^[A-Z][A-Z0-9_]*$/.test(name.text);
  if (ts.isEnumMember(declared) || ts.isClassLike(declared) || ts.isFunctionDeclaration(declared))
    return false;
  const made =
    ts.isVariableDeclaration(declared) && enclosingFunction(declared) === null
      ? declared.initializer
      : undefined;
  return !made || !isSign(bare(made));
}

/** `Symbol('missing')`, `Object.freeze({})`, `{}` */
function isSign(made: ts.Expression): boolean {
  return (
    ts.isObjectLiteralExpression(made) ||
    ts.isArrayLiteralExpression(made) ||
    ts.isNewExpression(made) ||
    (ts.isCallExpression(made) && /^(Symbol|Object\.(freeze|create))$/.test(made.expression.getText()))
  );
}

/** `if (loads.get(key) === load) loads.delete(key)`: of one that is not there any more nothing is removed. */
function decidesRemoval(comparison: ts.Node, { uses }: UnboundedCollection): boolean {
  const condition = ts.findAncestor(comparison, ts.isIfStatement);
  const isDecided = (part: ts.Node) =>
    uses.some(({ kind, node }) => kind === 'remove' && part.pos <= node.pos && node.end <= part.end);
  if (condition && comparison.end <= condition.expression.end) return isDecided(condition.thenStatement);
  const { parent } = unwrap(comparison);
  return ts.isBinaryExpression(parent) && isDecided(parent.right);
}

/** `weights.set(entry, 1)`, `seen.has(entry)`, `new Set([entry])` */
function isKey(file: ParsedFile, { name }: UnboundedCollection, place: ts.Node, kind: ValueKind): boolean {
  const { parent } = place;
  if (isListedForSet(place)) return true;
  if (ts.isArrayLiteralExpression(parent)) {
    const list =
      ts.isArrayLiteralExpression(parent.parent) && parent.elements[0] === place ? parent.parent : parent;
    const { parent: made } = list;
    return ts.isNewExpression(made) && KEYED.test(made.expression.getText());
  }
  if (!ts.isCallExpression(parent) || parent.arguments[0] !== place) return false;
  const callee = parent.expression;
  if (!ts.isPropertyAccessExpression(callee) || !/^(get|has|set|add|delete)$/.test(callee.name.text))
    return false;
  const receiver = bare(callee.expression);
  const called = ts.isPropertyAccessExpression(receiver) ? receiver.name : receiver;
  const symbol = file.checker.getSymbolAtLocation(called);
  if (symbol && symbol === file.checker.getSymbolAtLocation(name)) return false;
  const declared = symbol?.valueDeclaration;
  if (!declared)
    return (
      kind === 'object' && callee.name.text !== 'get' && /\bnew (Weak)?(Map|Set)\b/.test(receiver.getText())
    );
  return isKeyed(declared);
}

/** `new Set(names.map((name) => intern(name)))` */
function isListedForSet(place: ts.Node): boolean {
  const each = isReturned(place) ? enclosingFunction(place) : null;
  const list = each?.parent;
  if (!list || !ts.isCallExpression(list) || !/\.(map|flatMap)$/.test(list.expression.getText()))
    return false;
  const { parent: made } = unwrap(list);
  return ts.isNewExpression(made) && /^(Weak)?Set$/.test(made.expression.getText());
}

const KEYED = /^(Weak)?(Map|Set)$/;

/** By what it is made of, or declared as. */
function isKeyed(declared: ts.Declaration): boolean {
  const { type, initializer } = declared as Partial<ts.VariableDeclaration>;
  if (type) return /^(Readonly|Weak)?(Map|Set)\b/.test(type.getText());
  const { parent: assignment } = declared;
  const made = initializer ?? (ts.isBinaryExpression(assignment) ? assignment.right : undefined);
  return (
    made !== undefined &&
    ts.isNewExpression(bare(made)) &&
    KEYED.test((bare(made) as ts.NewExpression).expression.getText())
  );
}
