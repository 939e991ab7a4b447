import ts from 'typescript';
import { argumentUse, isReadAsPart } from './argument-uses';
import type { CollectionType } from './collection-creation';
import { isLateCreation } from './collection-declarations';
import { addedByCopy } from './copied-with-more';
import { isAnswered, isBody } from './handlers';
import { libraryCacheUse } from './library-cache-uses';
import { isComparedWithLimit } from './size-limits';

/** What the code does with a collection, use by use. */
export type CollectionUse =
  | {
      readonly kind: 'add';
      readonly method: string;
      readonly key: string;
      readonly node: ts.Node;
      /** The call that hands the collection to the function that adds, where that is another one. */
      readonly call?: ts.CallExpression;
    }
  | { readonly kind: 'remove'; readonly how: string; readonly node: ts.Node }
  /** `size` or `length` is read: where it is compared with a limit, something bounds the collection. */
  | { readonly kind: 'size'; readonly compared: boolean; readonly node: ts.Node }
  | { readonly kind: 'read'; readonly method: string; readonly node: ts.Node }
  /** Iterated or spread: the order of entries shows. */
  | { readonly kind: 'iterate'; readonly node: ts.Node }
  | { readonly kind: 'reassign'; readonly node: ts.Node }
  /** Handed to code that may do anything with it. */
  | {
      readonly kind: 'escape';
      readonly how: string;
      readonly node: ts.Node;
      /** It is a property of what is given out, and nothing in the program removes by that property's name. */
      readonly isHandedOut?: boolean;
    };

/** The method of an addition that makes the collection anew, with one more. */
export const COPY = 'copy';

const ADDING = new Set(['set', 'add', 'push', 'unshift', 'getOrInsert', 'getOrInsertComputed', 'ensure']);
const REMOVING = new Set(['delete', 'clear', 'pop', 'shift', 'splice', 'sweep']);
const READING = new Set([
  'get',
  'has',
  'at',
  'includes',
  'indexOf',
  'lastIndexOf',
  'hasOwnProperty',
  'hasAll',
  'hasAny',
]);
const ITERATING = new Set([
  'forEach',
  'entries',
  'keys',
  'values',
  'map',
  'filter',
  'find',
  'findLast',
  'some',
  'every',
  'reduce',
  'join',
  'slice',
  'flatMap',
  'flat',
  'toSorted',
  'toReversed',
  'sort',
  'reverse',
  'concat',
  'findIndex',
  'findKey',
  'toString',
  // of a Collection
  'each',
  'first',
  'firstKey',
  'last',
  'lastKey',
  'random',
  'mapValues',
  'partition',
  'toJSON',
]);

/** What gives back the very list. */
const SAME = new Set(['sort', 'reverse']);

function isUsedFurther({ parent }: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(parent) && ts.isCallExpression(parent.parent);
}

/** Tells what `reference` (the name, or `this.name`, or `Class.name`) is used for at its place. */
export function useOf(reference: ts.Node, type: CollectionType): CollectionUse {
  const node = unwrap(reference);
  const { parent } = node;
  if (type === 'memoized' || type === 'store') return libraryCacheUse(node, type);
  if (ts.isElementAccessExpression(parent) && parent.expression === node) {
    if (type === 'object' || type === 'array') return elementUse(parent, type);
    return { kind: 'escape', how: 'a member is chosen at run time', node };
  }
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node)
    return type === 'object' ? propertyUse(parent) : memberUse(parent);
  if (ts.isBinaryExpression(parent)) {
    if (isAssignmentTo(parent, node)) return assignmentUse(parent, node, type);
    if (parent.right === node && isIn(parent)) return { kind: 'read', method: 'in', node };
    if (isQuestion(parent, node)) return { kind: 'read', method: 'typeof', node };
  }
  if (ts.isVariableDeclaration(parent) && isTakenApart(parent, type)) return takenApartUse(parent, node);
  if (ts.isForInStatement(parent) && parent.expression === node) return { kind: 'iterate', node };
  if (ts.isForOfStatement(parent) && parent.expression === node) return { kind: 'iterate', node };
  if (ts.isSpreadElement(parent) || ts.isSpreadAssignment(parent)) return { kind: 'iterate', node };
  if (ts.isExportSpecifier(parent) || ts.isExportAssignment(parent))
    return { kind: 'escape', how: 'it is exported', node };
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return argumentUse(parent, node);
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node)) {
    if (isAnswered(node)) return { kind: 'iterate', node };
    return { kind: 'escape', how: 'it is returned to other code', node };
  }
  if (
    ts.isTypeOfExpression(parent) ||
    ts.isTypeQueryNode(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isExpressionStatement(parent) ||
    (ts.isIfStatement(parent) && parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node)
  )
    return { kind: 'read', method: 'typeof', node };
  if (ts.isDeleteExpression(parent)) return { kind: 'reassign', node };
  const isMember = ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent);
  if (isMember && (isAnswered(node) || isReadAsPart(node))) return { kind: 'iterate', node };
  if (isBody(node)) return { kind: 'iterate', node };
  return { kind: 'escape', how: 'another name refers to it', node };
}

/** `const { [key]: found } = table`, `const [first] = list`: some of its entries get a name, and it gets none. */
function isTakenApart({ name }: ts.VariableDeclaration, type: CollectionType): boolean {
  return (
    (type === 'object' && ts.isObjectBindingPattern(name)) ||
    (type === 'array' && ts.isArrayBindingPattern(name))
  );
}

function takenApartUse({ name }: ts.VariableDeclaration, node: ts.Node): CollectionUse {
  const elements = ts.isIdentifier(name) ? [] : name.elements;
  const isWhole = elements.some((one) => ts.isBindingElement(one) && one.dotDotDotToken);
  return isWhole ? { kind: 'iterate', node } : { kind: 'read', method: '[]', node };
}

function assignmentUse(assignment: ts.BinaryExpression, node: ts.Node, type: CollectionType): CollectionUse {
  if (isLateCreation(assignment)) {
    return isUsedAtOnce(node) ? useOf(assignment, type) : { kind: 'read', method: 'typeof', node };
  }
  const added = addedByCopy(assignment);
  if (added) return { kind: 'add', method: COPY, key: added.getText(), node: assignment };
  return { kind: 'reassign', node };
}

/** `this.log` of `(this.log = this.log || []).push(line)` */
export function isUsedAtOnce({ parent: assignment }: ts.Node): boolean {
  const whole = unwrap(assignment);
  return ts.isPropertyAccessExpression(whole.parent) && whole.parent.expression === whole;
}

/** `cache && …`, `cache === undefined`: asked whether it is there. */
function isQuestion({ operatorToken, left }: ts.BinaryExpression, node: ts.Node): boolean {
  const { kind } = operatorToken;
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken)
    return left === node;
  return (
    kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
    kind === ts.SyntaxKind.EqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsToken
  );
}

/** `object[key]` and `array[index]`; an array written by index has the length that its indices have. */
function elementUse(access: ts.ElementAccessExpression, type: CollectionType): CollectionUse {
  const node = unwrap(access);
  const { parent } = node;
  const key = access.argumentExpression.getText();
  if (ts.isDeleteExpression(parent)) return { kind: 'remove', how: 'delete', node: access };
  const isWritten = isAssignmentTo(parent, node) || isCounted(node);
  if (isWritten && (type === 'object' || isAppended(access)))
    return { kind: 'add', method: '[]', key, node: access };
  return { kind: 'read', method: '[]', node: access };
}

/** `list[list.length] = x` */
function isAppended({ expression, argumentExpression }: ts.ElementAccessExpression): boolean {
  return argumentExpression.getText() === `${expression.getText()}.length`;
}

/** `object.name`: a name that is written out adds one property at most. */
function propertyUse(access: ts.PropertyAccessExpression): CollectionUse {
  const { parent } = access;
  if (ts.isDeleteExpression(parent)) return { kind: 'remove', how: 'delete', node: access };
  if (access.name.text === 'hasOwnProperty' && ts.isCallExpression(parent)) {
    return { kind: 'read', method: 'hasOwnProperty', node: parent };
  }
  return { kind: 'read', method: `.${access.name.text}`, node: access };
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
export function unwrap(node: ts.Node): ts.Node {
  let current = node;
  while (
    ts.isParenthesizedExpression(current.parent) ||
    ts.isNonNullExpression(current.parent) ||
    ts.isAsExpression(current.parent) ||
    ts.isTypeAssertionExpression(current.parent) ||
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
    const isAppending =
      ts.isElementAccessExpression(access.parent) && access.parent.argumentExpression === access;
    if (isAppending) return { kind: 'read', method: 'typeof', node: access };
    return { kind: 'size', compared: isComparedWithLimit(access), node: access };
  }
  const call =
    ts.isCallExpression(access.parent) && access.parent.expression === access ? access.parent : null;
  if (!call) return takenMember(access, name);
  if (ADDING.has(name)) {
    return { kind: 'add', method: name, key: call.arguments[0]?.getText() ?? '', node: call };
  }
  // `list.splice(0, 0, entry)` takes nothing away.
  const [, count, inserted] = call.arguments;
  if (name === 'splice' && inserted && count?.getText() === '0')
    return { kind: 'add', method: name, key: inserted.getText(), node: call };
  if (REMOVING.has(name)) return { kind: 'remove', how: `${name}()`, node: call };
  if (READING.has(name)) return { kind: 'read', method: name, node: call };
  // `list.sort(byTime).splice(10)`
  if (SAME.has(name) && isUsedFurther(call)) return useOf(call, 'array');
  if (ITERATING.has(name)) return { kind: 'iterate', node: call };
  return { kind: 'escape', how: `its method ${name} is called`, node: call };
}

/** `list.push.apply(list, more)`; what is no method is something else that is kept there, `list.owner = this`. */
function takenMember(access: ts.PropertyAccessExpression, name: string): CollectionUse {
  const applied = access.parent;
  const isApplied =
    ADDING.has(name) &&
    ts.isPropertyAccessExpression(applied) &&
    applied.name.text === 'apply' &&
    ts.isCallExpression(applied.parent);
  if (isApplied) return { kind: 'add', method: name, key: '', node: applied.parent };
  const isMethod = ADDING.has(name) || REMOVING.has(name) || READING.has(name) || ITERATING.has(name);
  return isMethod
    ? { kind: 'escape', how: `its method ${name} is taken`, node: access }
    : { kind: 'read', method: `.${name}`, node: access };
}

function isAssignmentTo(parent: ts.Node, node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}
