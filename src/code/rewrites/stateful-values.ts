import ts from 'typescript';
import { shortened, whereIs } from '../positions';
import { calledBy } from '../program/load-time';
import { hasModifier, type ParsedFile } from '../program/parsed-file';
import { resolveAlias } from '../program/references';
import { addedValue } from '../smells/stored-values';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { typeArgumentNodes } from './droppable';
import { changeOfOwnVariable, changeOfThis } from './own-state';
import { areOnlyGivenToTexts, keepsPlace } from './pattern-flags';
import { isGenerator, leavesOf } from './stored-leaves';

/**
 * Why an entry that is made again would not go on where the dropped one was: it is an iterator, a pattern that keeps its place, a
 * function or an object that changes what was made with it. Null where nothing shows that it is one of these.
 */
export function refuseStateful(file: ParsedFile, collection: UnboundedCollection): string | null {
  const declared = typeArgumentNodes(collection)?.at(-1);
  if (declared && ITERATOR.test(declared.getText())) return goesOn(declared);
  for (const use of collection.uses) {
    const value = addedValue(use);
    const reason = value && refuseValue(file, value, collection, 0);
    if (reason) return reason;
  }
  return null;
}

const ITERATOR = /\b(Async)?(Generator|Iterator|IterableIterator|IteratorObject)\b/;

/** Objects in objects end somewhere. */
const MOST_DEPTH = 3;

function refuseValue(
  file: ParsedFile,
  value: ts.Expression,
  collection: UnboundedCollection,
  depth: number,
): string | null {
  for (const leaf of leavesOf(file, value)) {
    const reason =
      refuseLeaf(file, leaf, collection) ??
      (depth < MOST_DEPTH ? refuseParts(file, leaf, collection, depth) : null);
    if (reason) return reason;
  }
  return null;
}

function refuseLeaf(file: ParsedFile, leaf: ts.Node, collection: UnboundedCollection): string | null {
  if (ts.isCallExpression(leaf) && isIterator(file, leaf)) return goesOn(leaf);
  if (keepsPlace(file, leaf) && !areOnlyGivenToTexts(file, collection))
    return `Its entries are patterns that go on where they last found something (${shortened(leaf.getText())}), by the flag g or y: one that is made again would begin anew.`;
  if (ts.isFunctionLike(leaf)) return refuseChange(file, changeOfOwnVariable(file, leaf, collection.name));
  return ts.isNewExpression(leaf) ? refuseChange(file, changeOfObject(file, leaf)) : null;
}

/** What an object that is written out has: values, methods, accessors. */
function refuseParts(
  file: ParsedFile,
  leaf: ts.Node,
  collection: UnboundedCollection,
  depth: number,
): string | null {
  if (ts.isArrayLiteralExpression(leaf)) {
    const found = leaf.elements.map((one) => refuseValue(file, one, collection, depth + 1));
    return found.find((one) => one !== null) ?? null;
  }
  if (!ts.isObjectLiteralExpression(leaf)) return null;
  for (const property of leaf.properties) {
    const value = ts.isPropertyAssignment(property)
      ? property.initializer
      : ts.isShorthandPropertyAssignment(property)
        ? property.name
        : null;
    const called =
      value && ts.isFunctionExpression(value) ? value : ts.isFunctionLike(property) ? property : null;
    const reason =
      (called &&
        refuseChange(
          file,
          changeOfOwnVariable(file, called, collection.name) ?? changeOfThis(file, called),
        )) ??
      (value && refuseValue(file, value, collection, depth + 1));
    if (reason) return reason;
  }
  return null;
}

function goesOn(node: ts.Node): string {
  return `Its entries are iterators (${shortened(node.getText())}), which go on from where they are: one that is made again would begin anew.`;
}

function refuseChange(file: ParsedFile, change: ts.Node | null): string | null {
  return (
    change &&
    `Its entries are objects with a state of their own, which is changed in ${whereIs(file, change)} (${shortened(change.parent.getText())}): one that is made again has not that.`
  );
}

/** What a generator gives, and what lists, Maps and texts give that is read one after the other. */
function isIterator({ checker }: ParsedFile, call: ts.CallExpression): boolean {
  const { expression: callee } = call;
  const called = calledBy(callee, checker);
  if (called.length > 0) return called.some(isGenerator);
  if (ts.isElementAccessExpression(callee))
    return /^Symbol\.(asyncI|i)terator$/.test(callee.argumentExpression.getText());
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const { text } = callee.name;
  if (callee.expression.getText() === 'Iterator') return text === 'from';
  return text === 'matchAll' || (/^(values|keys|entries)$/.test(text) && call.arguments.length === 0);
}

/** Where a class of the program changes a field of its objects after these were made. */
function changeOfObject(file: ParsedFile, { expression }: ts.NewExpression): ts.Node | null {
  const { checker } = file;
  const declared = resolveAlias(checker, checker.getSymbolAtLocation(expression))?.valueDeclaration;
  if (!declared || !ts.isClassLike(declared)) return null;
  for (const member of declared.members) {
    const isOwn = !ts.canHaveModifiers(member) || !hasModifier(member, ts.SyntaxKind.StaticKeyword);
    const change = isOwn && !ts.isConstructorDeclaration(member) ? changeOfThis(file, member) : null;
    if (change) return change;
  }
  return null;
}
