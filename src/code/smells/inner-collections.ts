import ts from 'typescript';
import { asSeenFrom, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import type { CollectionType } from './collection-creation';
import { type CollectionUse, unwrap, useOf } from './collection-uses';
import { bare } from './member-chains';
import { assignedTo } from './value-sources';

/**
 * What is added to the collections that a collection holds, `totals[kind][user] = sum`, `byKind.get(kind).set(id, entry)`;
 * empty where something is taken out of these again, or other code has them.
 */
export function innerAdditions(file: ParsedFile, uses: readonly CollectionUse[]): CollectionUse[] {
  const type = innerType(file, uses);
  if (!type) return [];
  const inner = uses.flatMap((use) => innerUses(file, use, type));
  const isBounded = inner.some(
    (use) => use.kind === 'remove' || use.kind === 'escape' || (use.kind === 'size' && use.compared),
  );
  return isBounded ? [] : inner.filter(({ kind }) => kind === 'add');
}

/** The kind of collection that is stored; null where something else is. */
function innerType(file: ParsedFile, uses: readonly CollectionUse[]): CollectionType | null {
  const types = uses.flatMap((use) => {
    const value = use.kind === 'add' ? storedIn(use.node) : null;
    return value ? [typeOf(file, value)] : [];
  });
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
  if (ts.isCallExpression(made)) return made.getText() === 'Object.create(null)' ? 'object' : null;
  const name = ts.isNewExpression(made) ? made.expression.getText() : '';
  return name === 'Map' || name === 'Set' ? name : null;
}

function typeOfVariable(file: ParsedFile, name: ts.Identifier): CollectionType | null {
  const declared = file.checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (!declared || !ts.isVariableDeclaration(declared)) return null;
  const given = [...(declared.initializer ? [declared.initializer] : []), ...assignedTo(file, declared)];
  const made = given.map(bare).filter((one) => !ts.isIdentifier(one) && !ts.isCallExpression(one));
  return made.map((one) => typeOf(file, one)).find((type) => type !== null) ?? null;
}

/** What is done with an inner collection where it was looked up, or stored. */
function innerUses(file: ParsedFile, use: CollectionUse, type: CollectionType): CollectionUse[] {
  const isLookUp = use.kind === 'read' && (use.method === 'get' || use.method === '[]');
  if (isLookUp) return usesOfValue(file, use.node, type);
  if (use.kind !== 'add' || ts.isCallExpression(use.node)) return [];
  // `(table[key] ??= {})[name] = value`
  const { parent } = unwrap(use.node);
  return ts.isBinaryExpression(parent) ? usesOfValue(file, parent, type) : [];
}

function usesOfValue(file: ParsedFile, value: ts.Node, type: CollectionType): CollectionUse[] {
  let current = unwrap(value);
  // `const inner = table.get(key) ?? new Map()`, `inner = table[key] || (table[key] = {})`
  while (ts.isBinaryExpression(current.parent) && isDefault(current.parent)) current = unwrap(current.parent);
  const { parent } = current;
  if (ts.isExpressionStatement(parent) || ts.isIfStatement(parent)) return [];
  const name =
    ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
      ? parent.name
      : ts.isBinaryExpression(parent) && ts.isIdentifier(parent.left)
        ? parent.left
        : null;
  if (!name) return [useOf(current, type)].filter(({ kind }) => kind !== 'reassign');
  const there = asSeenFrom(file, name.getSourceFile());
  return referencesTo(there, name)
    .map((node) => useOf(node, type))
    .filter((one) => one.kind !== 'reassign' && !isStored(one));
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

function isDefault({ operatorToken }: ts.BinaryExpression): boolean {
  return (
    operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken ||
    operatorToken.kind === ts.SyntaxKind.BarBarToken
  );
}
