import ts from 'typescript';
import type { CollectionType } from './collection-declarations';

/** What the code does with a collection, use by use. */
export type CollectionUse =
  | { readonly kind: 'add'; readonly method: string; readonly key: string; readonly node: ts.Node }
  | { readonly kind: 'remove'; readonly how: string; readonly node: ts.Node }
  /** `size` or `length` is read: where it is compared, something bounds the collection. */
  | { readonly kind: 'size'; readonly compared: boolean; readonly node: ts.Node }
  | { readonly kind: 'read'; readonly method: string; readonly node: ts.Node }
  /** Iterated or spread: the order of entries shows. */
  | { readonly kind: 'iterate'; readonly node: ts.Node }
  | { readonly kind: 'reassign'; readonly node: ts.Node }
  /** Handed to code that may do anything with it. */
  | { readonly kind: 'escape'; readonly how: string; readonly node: ts.Node };

const ADDING = new Set(['set', 'add', 'push', 'unshift', 'getOrInsert', 'getOrInsertComputed']);
const REMOVING = new Set(['delete', 'clear', 'pop', 'shift', 'splice']);
const READING = new Set(['get', 'has', 'at', 'includes', 'indexOf']);
const ITERATING = new Set([
  'forEach',
  'entries',
  'keys',
  'values',
  'map',
  'filter',
  'find',
  'some',
  'every',
  'reduce',
  'join',
  'slice',
  'flatMap',
  'sort',
  'concat',
  'findIndex',
]);

/** Tells what `reference` (the name, or `this.name`, or `Class.name`) is used for at its place. */
export function useOf(reference: ts.Node, type: CollectionType): CollectionUse {
  const node = unwrap(reference);
  const { parent } = node;
  if (ts.isElementAccessExpression(parent) && parent.expression === node) {
    if (type === 'object' || type === 'array') return elementUse(parent, type);
    return { kind: 'escape', how: 'a member is chosen at run time', node };
  }
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node)
    return type === 'object' ? propertyUse(parent) : memberUse(parent);
  if (type === 'object' && ts.isBinaryExpression(parent) && parent.right === node && isIn(parent))
    return { kind: 'read', method: 'in', node };
  if (ts.isForInStatement(parent) && parent.expression === node) return { kind: 'iterate', node };
  if (isAssignmentTo(parent, node)) return { kind: 'reassign', node };
  if (ts.isForOfStatement(parent) && parent.expression === node) return { kind: 'iterate', node };
  if (ts.isSpreadElement(parent)) return { kind: 'iterate', node };
  if (ts.isExportSpecifier(parent) || ts.isExportAssignment(parent))
    return { kind: 'escape', how: 'it is exported', node };
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
    if (isIterableConsumer(parent)) return { kind: 'iterate', node };
    return { kind: 'escape', how: 'it is passed to other code', node };
  }
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node)) {
    return { kind: 'escape', how: 'it is returned to other code', node };
  }
  if (ts.isTypeOfExpression(parent) || ts.isTypeQueryNode(parent))
    return { kind: 'read', method: 'typeof', node };
  return { kind: 'escape', how: 'another name refers to it', node };
}

/** `object[key]` and `array[index]`; an array written by index has the length that its indices have. */
function elementUse(access: ts.ElementAccessExpression, type: CollectionType): CollectionUse {
  const node = unwrap(access);
  const { parent } = node;
  if (ts.isDeleteExpression(parent)) return { kind: 'remove', how: 'delete', node: access };
  if (type === 'object' && (isAssignmentTo(parent, node) || isCounted(node)))
    return { kind: 'add', method: '[]', key: access.argumentExpression.getText(), node: access };
  return { kind: 'read', method: '[]', node: access };
}

/** `object.name`: a name that is written out adds one property at most. */
function propertyUse(access: ts.PropertyAccessExpression): CollectionUse {
  const { parent } = access;
  if (ts.isDeleteExpression(parent)) return { kind: 'remove', how: 'delete', node: access };
  return { kind: 'read', method: access.name.text, node: access };
}

function isCounted({ parent }: ts.Node): boolean {
  return (
    (ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent)) &&
    (parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken)
  );
}

function isIn({ operatorToken }: ts.BinaryExpression): boolean {
  return operatorToken.kind === ts.SyntaxKind.InKeyword;
}

/** Parentheses, casts and `!` around a name do not change what it is. */
function unwrap(node: ts.Node): ts.Node {
  let current = node;
  while (
    ts.isParenthesizedExpression(current.parent) ||
    ts.isNonNullExpression(current.parent) ||
    ts.isAsExpression(current.parent) ||
    ts.isSatisfiesExpression(current.parent)
  ) {
    current = current.parent;
  }
  return current;
}

function memberUse(access: ts.PropertyAccessExpression): CollectionUse {
  const name = access.name.text;
  if (name === 'size' || name === 'length') {
    if (isAssignmentTo(access.parent, access)) return { kind: 'remove', how: `${name} is set`, node: access };
    return { kind: 'size', compared: isCompared(access), node: access };
  }
  const call =
    ts.isCallExpression(access.parent) && access.parent.expression === access ? access.parent : null;
  if (!call) return { kind: 'escape', how: `its method ${name} is taken`, node: access };
  if (ADDING.has(name)) {
    return { kind: 'add', method: name, key: call.arguments[0]?.getText() ?? '', node: call };
  }
  if (REMOVING.has(name)) return { kind: 'remove', how: `${name}()`, node: call };
  if (READING.has(name)) return { kind: 'read', method: name, node: call };
  if (ITERATING.has(name)) return { kind: 'iterate', node: call };
  return { kind: 'escape', how: `its method ${name} is called`, node: call };
}

function isAssignmentTo(parent: ts.Node, node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}

const COMPARISONS = new Set([
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
]);

function isCompared(node: ts.Node): boolean {
  return ts.isBinaryExpression(node.parent) && COMPARISONS.has(node.parent.operatorToken.kind);
}

/** `Array.from(map)`, `new Map(map)`, `Object.fromEntries(map)`: they read and let go. */
function isIterableConsumer(call: ts.CallExpression | ts.NewExpression): boolean {
  return /^(Array\.from|Object\.(fromEntries|keys|values|entries)|JSON\.stringify|Map|Set|Array)$/.test(
    call.expression.getText(),
  );
}
