import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import type { CollectionDeclaration } from './collection-declarations';
import type { CollectionUse } from './collection-uses';

const FINITE =
  ts.TypeFlags.EnumLike |
  ts.TypeFlags.BooleanLike |
  ts.TypeFlags.StringLiteral |
  ts.TypeFlags.NumberLiteral |
  ts.TypeFlags.BigIntLiteral |
  ts.TypeFlags.UniqueESSymbol |
  ts.TypeFlags.Undefined |
  ts.TypeFlags.Null;

/** True when the keys that can ever be added are few: written out, or of an enum, a union of literals, a keyof. */
export function hasFiniteKeys(
  file: ParsedFile,
  { creation, annotation, type }: CollectionDeclaration,
  additions: readonly CollectionUse[],
): boolean {
  // Each push is one more element, whatever it is.
  if (type === 'array') return false;
  const declared = keyTypeNode(creation, annotation);
  if (declared && isFew(file.checker.getTypeFromTypeNode(declared))) return true;
  return additions.every((use) => {
    const key = use.kind === 'add' ? keyOf(use.node) : undefined;
    if (!key) return false;
    if (ts.isStringLiteralLike(key) || ts.isNumericLiteral(key)) return true;
    return isFew(file.checker.getTypeAtLocation(key));
  });
}

/** What a Map is keyed by or a Set holds, from `new Map<K, V>()`, its annotation, or `Record<K, V>`. */
export function keyTypeNode(
  creation: ts.Expression,
  annotation: ts.TypeNode | null,
): ts.TypeNode | undefined {
  const given = ts.isNewExpression(creation) ? creation.typeArguments?.[0] : undefined;
  if (given) return given;
  return annotation && ts.isTypeReferenceNode(annotation) ? annotation.typeArguments?.[0] : undefined;
}

/** The key that an addition adds under; what a Set holds is its own key. */
export function keyOf(addition: ts.Node): ts.Expression | undefined {
  if (ts.isCallExpression(addition)) return addition.arguments[0];
  return ts.isElementAccessExpression(addition) ? addition.argumentExpression : undefined;
}

function isFew(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every((part) => (part.flags & FINITE) !== 0);
  return (type.flags & FINITE) !== 0;
}
