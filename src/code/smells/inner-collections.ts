import ts from 'typescript';
import { asSeenFrom, enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import { begunWith } from './begun-collections';
import type { CollectionType } from './collection-creation';
import { type CollectionUse, unwrap, useOf } from './collection-uses';
import { computedProperty } from './copied-with-more';
import { isOfExpiredWhenRead } from './expired-when-read';
import { knownCallers } from './known-callers';
import { largerCollection } from './larger-collections';
import { bare, isDefault } from './member-chains';
import { assignedTo } from './value-sources';

/**
 * What is added to the collections that a collection holds, `totals[kind][user] = sum`, `byKind.get(kind).set(id, entry)`;
 * empty where something is taken out of these again, or other code has them.
 */
export function innerAdditions(
  file: ParsedFile,
  uses: readonly CollectionUse[],
  creation?: ts.Expression,
): CollectionUse[] {
  const begun = (creation && begunWith(creation)) ?? undefined;
  return growing(file, uses, begun).filter(({ kind }) => kind === 'add');
}

/** `durations[repository][step].push(ms)` */
const DEEPEST = 1;

/**
 * What is listed in the arrays that a collection holds, or in those that its collections hold, each time anew: nothing asks whether
 * it is there already.
 */
export function listedInside(
  file: ParsedFile,
  uses: readonly CollectionUse[],
  creation?: ts.Expression,
  depth = 0,
): CollectionUse[] {
  const copied = uses.filter((use) => use.kind === 'add' && isLonger(file, use));
  if (copied.length > 0 && copied.length === uses.filter(({ kind }) => kind === 'add').length) return copied;
  const begun = (creation && begunWith(creation)) ?? undefined;
  const type = innerType(file, uses, begun);
  const inner = type === null ? [] : growing(file, uses, begun);
  if (type !== 'array') return depth < DEEPEST ? listedInside(file, inner, undefined, depth + 1) : [];
  const pushes = inner.filter((use) => use.kind === 'add' && use.method === 'push');
  // Where nothing is listed it is no question of whether to list.
  const isAsked = inner.some(
    (use) =>
      use.kind === 'read' &&
      (use.method === 'at' || (/^(includes|indexOf)$/.test(use.method) && isBeside(use, pushes))),
  );
  const isSearched = inner.some(
    ({ kind, node }) => kind === 'iterate' && /\.(find|some|findIndex|every)\($/.test(calledWith(node)),
  );
  return isAsked || isSearched ? [] : pushes;
}

/** In the function of one of the others. */
export function isBeside({ node }: CollectionUse, others: readonly CollectionUse[]): boolean {
  const around = enclosingFunction(node);
  return others.some((other) => enclosingFunction(other.node) === around);
}

/** `table.set(key, [...known, entry])`, where `known` is what was there under the key: as it was, with one more. */
function isLonger(file: ParsedFile, use: CollectionUse): boolean {
  const stored = storedIn(use.node) ?? storedByCopy(use.node);
  const value = stored && bare(stored);
  if (!value) return false;
  // `known.concat(entry)`
  if (ts.isCallExpression(value))
    return (
      ts.isPropertyAccessExpression(value.expression) &&
      value.expression.name.text === 'concat' &&
      isWhatWasThere(file, value.expression.expression, use)
    );
  if (!ts.isArrayLiteralExpression(value) || value.elements.length < 2) return false;
  const spread = value.elements.filter(ts.isSpreadElement).map(({ expression }) => bare(expression));
  return spread.length === 1 && isWhatWasThere(file, spread[0]!, use);
}

/** What `table = { ...table, [key]: value }` puts there. */
function storedByCopy(node: ts.Node): ts.Expression | null {
  const copy = ts.isBinaryExpression(node) ? bare(node.right) : null;
  if (!copy || !ts.isObjectLiteralExpression(copy)) return null;
  const added = computedProperty(copy);
  return added && ts.isPropertyAssignment(added) ? added.initializer : null;
}

/** `table.get(key) ?? []`, or a variable that has it. */
function isWhatWasThere(file: ParsedFile, value: ts.Expression, use: CollectionUse): boolean {
  const made = bare(value);
  if (ts.isIdentifier(made)) {
    const declared = file.checker.getSymbolAtLocation(made)?.valueDeclaration;
    const isConstant =
      declared && ts.isVariableDeclaration(declared) && assignedTo(file, declared).length === 0;
    return isConstant && declared.initializer ? isWhatWasThere(file, declared.initializer, use) : false;
  }
  if (ts.isBinaryExpression(made)) return isDefault(made) && isWhatWasThere(file, made.left, use);
  if (use.kind !== 'add') return false;
  if (ts.isBinaryExpression(use.node)) return made.getText() === `${use.node.left.getText()}[${use.key}]`;
  const table = ts.isCallExpression(use.node) ? use.node.expression.getText().replace(/\.set$/, '') : null;
  return table === null
    ? made.getText() === use.node.getText()
    : made.getText() === `${table}.get(${use.key})`;
}

/** True where something is taken out of the collections that a collection holds. */
export function isTakenOutInside(file: ParsedFile, uses: readonly CollectionUse[]): boolean {
  const type = innerType(file, uses);
  return (
    type !== null &&
    uses.some((use) => innerUses(file, use, type, false).some(({ kind }) => kind === 'remove'))
  );
}

function calledWith(node: ts.Node): string {
  return ts.isCallExpression(node) ? `${node.expression.getText()}(` : '';
}

/** All uses of the inner collections; none where something bounds them. `begun` has some of them from the start. */
function growing(
  file: ParsedFile,
  uses: readonly CollectionUse[],
  begun?: readonly ts.Expression[],
): CollectionUse[] {
  const type = innerType(file, uses, begun);
  if (!type) return [];
  const inner = uses.flatMap((use) => innerUses(file, use, type, begun !== undefined));
  const isBounded = inner.some(
    (use) =>
      (use.kind === 'remove' && !isOfExpiredWhenRead(use, inner)) ||
      use.kind === 'escape' ||
      (use.kind === 'size' && use.compared),
  );
  return isBounded ? [] : inner;
}

/** The kind of collection that is stored; null where something else is. */
function innerType(
  file: ParsedFile,
  uses: readonly CollectionUse[],
  begun?: readonly ts.Expression[],
): CollectionType | null {
  const stored = uses.flatMap((use) => {
    const value = use.kind === 'add' ? storedIn(use.node) : null;
    return value ? [typeOf(file, value)] : [];
  });
  const types = [...(begun ?? []).map((one) => typeOf(file, one)), ...stored];
  const [first] = types;
  return first && types.every((type) => type === first) ? first : null;
}

function storedIn(addition: ts.Node): ts.Expression | null {
  if (ts.isCallExpression(addition)) return addition.arguments[1] ?? null;
  const { parent } = unwrap(addition);
  return ts.isBinaryExpression(parent) ? parent.right : null;
}

/** `new Map()`, `{}`, `(inner = [])`, a name for one of them */
function typeOf(file: ParsedFile, value: ts.Expression): CollectionType | null {
  const made = bare(value);
  if (ts.isIdentifier(made)) return typeOfVariable(file, made);
  if (ts.isBinaryExpression(made)) return typeOf(file, made.right);
  if (ts.isArrayLiteralExpression(made)) return 'array';
  if (ts.isObjectLiteralExpression(made)) return made.properties.length === 0 ? 'object' : null;
  if (ts.isCallExpression(made)) {
    if (made.getText() === 'Object.create(null)') return 'object';
    // `(table.get(key) || new Map()).set(…)`
    const { expression: callee } = made;
    const isChained = ts.isPropertyAccessExpression(callee) && /^(set|add)$/.test(callee.name.text);
    return isChained ? typeOf(file, callee.expression) : null;
  }
  return ts.isNewExpression(made) ? typeOfMade(file, made) : null;
}

function typeOfMade(file: ParsedFile, made: ts.NewExpression): CollectionType | null {
  const name = made.expression.getText();
  return name === 'Map' || name === 'Set' ? name : largerCollection(file, made);
}

function typeOfVariable(file: ParsedFile, name: ts.Identifier): CollectionType | null {
  const declared = file.checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (!declared || !ts.isVariableDeclaration(declared)) return null;
  const given = [...(declared.initializer ? [declared.initializer] : []), ...assignedTo(file, declared)];
  const made = given.map(bare).filter((one) => !ts.isIdentifier(one) && !ts.isCallExpression(one));
  return made.map((one) => typeOf(file, one)).find((type) => type !== null) ?? null;
}

/** What is done with an inner collection where it was looked up, or stored. */
function innerUses(
  file: ParsedFile,
  use: CollectionUse,
  type: CollectionType,
  isByName: boolean,
): CollectionUse[] {
  const isLookUp =
    use.kind === 'read' &&
    (use.method === 'get' || use.method === '[]' || (isByName && use.method.startsWith('.')));
  if (isLookUp) return usesOfValue(file, use.node, type);
  if (use.kind !== 'add' || ts.isCallExpression(use.node)) return [];
  // `(table[key] ??= {})[name] = value`
  const { parent } = unwrap(use.node);
  return ts.isBinaryExpression(parent) ? usesOfValue(file, parent, type) : [];
}

function usesOfValue(file: ParsedFile, value: ts.Node, type: CollectionType): CollectionUse[] {
  let current = unwrap(value);
  // `const inner = table.get(key) ?? new Map()`, `inner = table[key] || (table[key] = {})`
  for (let whole = defaultWith(current); whole; whole = defaultWith(current)) current = unwrap(whole);
  const { parent } = current;
  if (ts.isExpressionStatement(parent) || ts.isIfStatement(parent)) return [];
  const getter = ts.isReturnStatement(parent)
    ? enclosingFunction(current)
    : ts.isArrowFunction(parent)
      ? parent
      : null;
  const byCallers = getter && usesByCallers(file, getter, type);
  if (byCallers) return byCallers;
  const name =
    ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
      ? parent.name
      : ts.isBinaryExpression(parent) && ts.isIdentifier(parent.left)
        ? parent.left
        : null;
  // `(table[key] = table[key] || []).push(…)`: what becomes of it is seen where it is put back.
  if (ts.isBinaryExpression(parent) && parent.right === current && isPlaceOf(value, parent.left)) return [];
  if (!name) return [useOf(current, type)].filter(({ kind }) => kind !== 'reassign');
  const there = asSeenFrom(file, name.getSourceFile());
  return referencesTo(there, name)
    .map((node) => useOf(node, type))
    .filter((one) => one.kind !== 'reassign' && !isStored(one));
}

/** What all who call a function do with the list that it returns; null where they are not all known, or give it a name. */
function usesByCallers(file: ParsedFile, getter: ts.Node, type: CollectionType): CollectionUse[] | null {
  const callers = ts.isFunctionLike(getter) ? knownCallers(file, getter) : null;
  if (!callers?.complete || callers.calls.length === 0) return null;
  return callers.calls
    .filter(({ parent }) => !ts.isExpressionStatement(parent))
    .map((call) => useOf(call, type));
}

function isPlaceOf(value: ts.Node, left: ts.Expression): boolean {
  return ts.isElementAccessExpression(left) && left.getText() === value.getText();
}

/** `table.set(key, inner)` hands the inner collection to the outer one. */
function isStored(use: CollectionUse): boolean {
  if (use.kind !== 'escape') return false;
  const { parent } = use.node;
  if (ts.isBinaryExpression(parent)) return parent.right === use.node;
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    parent.expression.name.text === 'set'
  );
}

/** `inner ?? made`, and what compilers make of it: `(_a = inner) !== null && _a !== void 0 ? _a : made`. */
function defaultWith(value: ts.Node): ts.Node | null {
  const { parent } = value;
  if (ts.isBinaryExpression(parent) && isDefault(parent)) return parent;
  if (ts.isConditionalExpression(parent)) return isCompiledDefault(parent) ? parent : null;
  const isTested = ts.isBinaryExpression(parent) && parent.right === value && ts.isIdentifier(parent.left);
  const choice = isTested ? ts.findAncestor(parent, ts.isConditionalExpression) : undefined;
  return choice && parent.end <= choice.condition.end && isCompiledDefault(choice) ? choice : null;
}

function isCompiledDefault({ condition, whenTrue }: ts.ConditionalExpression): boolean {
  return ts.isIdentifier(whenTrue) && condition.getText().endsWith(`&& ${whenTrue.text} !== void 0`);
}
