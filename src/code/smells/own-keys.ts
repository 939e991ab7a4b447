import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import type { CollectionDeclaration } from './collection-declarations';
import type { CollectionUse } from './collection-uses';
import { keyOf } from './finite-keys';
import { bare, isAssignment } from './member-chains';
import { isConstructing } from './run-time-additions';

/**
 * True where a field of an object has its key from the same object, `this.seen[this.note.id] = …`, and nothing but what makes the
 * object gives it that: one entry for each object.
 */
export function isUnderOwnKey(
  file: ParsedFile,
  { place, creation }: CollectionDeclaration,
  use: CollectionUse,
): boolean {
  const key = place === 'instance' ? keyOf(use) : undefined;
  // The key of another object, which was handed the collection, is one of many.
  if (!key || ts.findAncestor(key, ts.isClassLike) !== ts.findAncestor(creation, ts.isClassLike))
    return false;
  const members = membersOfThis(file, key);
  if (!members || members.length === 0) return false;
  const making = enclosingFunction(creation);
  return namesGivenLater(file.source, making).every((name) => !members.includes(name));
}

/** `note`, `id` of `this.note.id`, also through constants and in texts; null for what is anything else. */
function membersOfThis(file: ParsedFile, given: ts.Expression): string[] | null {
  const expression = bare(given);
  if (expression.kind === ts.SyntaxKind.ThisKeyword || ts.isStringLiteralLike(expression)) return [];
  if (ts.isPropertyAccessExpression(expression)) {
    const ofOwner = membersOfThis(file, expression.expression);
    return ofOwner && [...ofOwner, expression.name.text];
  }
  if (ts.isTemplateExpression(expression)) {
    const parts = expression.templateSpans.map((span) => membersOfThis(file, span.expression));
    return parts.every((part) => part !== null) ? parts.flat() : null;
  }
  return ts.isIdentifier(expression) ? membersOfConstant(file, expression) : null;
}

/** `const { id } = this.note`, `const id = this.note.id` */
function membersOfConstant(file: ParsedFile, name: ts.Identifier): string[] | null {
  const declared = file.checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (!declared) return null;
  const variable = ts.isBindingElement(declared) ? declared.parent.parent : declared;
  const isConstant = ts.isVariableDeclaration(variable) && (variable.parent.flags & ts.NodeFlags.Const) !== 0;
  if (!isConstant || !variable.initializer) return null;
  const members = membersOfThis(file, variable.initializer);
  if (!members || variable === declared) return members;
  const { propertyName, name: local } = declared as ts.BindingElement;
  return [...members, (propertyName ?? local).getText()];
}

const givenLater = new WeakMap<ts.SourceFile, ReadonlyMap<ts.Node | null, readonly string[]>>();

/** Names of members that are assigned outside of constructors and of the function that makes the object. */
function namesGivenLater(source: ts.SourceFile, making: ts.Node | null): string[] {
  let byFunction = givenLater.get(source);
  if (!byFunction) {
    byFunction = assignedMembers(source);
    givenLater.set(source, byFunction);
  }
  return [...byFunction].flatMap(([around, names]) => (around !== null && around === making ? [] : names));
}

function assignedMembers(source: ts.SourceFile): Map<ts.Node | null, string[]> {
  const found = new Map<ts.Node | null, string[]>();
  const visit = (node: ts.Node): void => {
    const isAssigned = ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind);
    if (isAssigned && ts.isPropertyAccessExpression(node.left) && !isConstructing(node)) {
      const around = enclosingFunction(node);
      found.set(around, [...(found.get(around) ?? []), node.left.name.text]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
