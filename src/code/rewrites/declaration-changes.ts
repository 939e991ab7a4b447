import ts from 'typescript';
import type { TextChange } from '../../protocol/code';
import type { ParsedFile } from '../program/parsed-file';
import { unwrap } from '../smells/collection-uses';
import { castBy } from '../smells/declared-types';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { dictionaryKeys } from './dictionary-keys';
import { typeArgumentNodes } from './droppable';

/** The type that a declaration names, if it is one that can be exchanged; null where it has another name. */
function declaredType(annotation: ts.TypeNode, type: UnboundedCollection['type']): ts.TypeNode | null {
  if (ts.isUnionTypeNode(annotation)) {
    const fitting = annotation.types.flatMap((part) => declaredType(part, type) ?? []);
    return fitting.length === 1 ? fitting[0]! : null;
  }
  // `?Map<string, User>` of JSDoc.
  if (ts.isJSDocNullableType(annotation) || ts.isJSDocNonNullableType(annotation))
    return declaredType(annotation.type, type);
  if (type === 'object') {
    if (isPlainObject(annotation)) return annotation;
    const isDictionary = ts.isTypeLiteralNode(annotation) || ts.isTypeReferenceNode(annotation);
    return isDictionary && DICTIONARY.test(annotation.getText()) ? annotation : null;
  }
  return ts.isTypeReferenceNode(annotation) && annotation.typeName.getText() === type ? annotation : null;
}

const DICTIONARY = /^(Record<|Partial<Record|Object\.?<|\{\s*(readonly\s+)?\[)/;

/** `Object` of JSDoc, which there means a dictionary of anything. */
function isPlainObject(node: ts.TypeNode): boolean {
  const isJsDoc = ts.findAncestor(node, ts.isJSDocTypeExpression) !== undefined;
  return isJsDoc && /^[Oo]bject$/.test(node.getText());
}

/** Why the declared type cannot be exchanged; null when it can. */
export function refuseDeclaration({ annotation, creation, type }: UnboundedCollection): string | null {
  const cast = unwrap(creation);
  const said = [annotation ?? (ts.isAsExpression(cast) ? cast.type : null), castBy(creation)?.type ?? null];
  const other = said.find(
    (one) => one && !declaredType(one, type) && !/^(any|unknown|\*)$/.test(one.getText()),
  );
  return other ? `Its type is declared as ${other.getText()}, which others may rely on.` : null;
}

/**
 * `new Name<K, V>(argument)` in place of what creates the collection, and `Name<K, V>` in place of its declared type, which in
 * JavaScript stands in a comment. `limit`, a part of the argument, becomes the placeholder.
 */
export function declarationChanges(
  file: ParsedFile,
  collection: UnboundedCollection,
  className: string,
  argument: string,
  limit: string,
): TextChange[] {
  const { creation, annotation, type } = collection;
  const isTyped = /\.[cm]?tsx?$/.test(file.file);
  const typeText = typeArguments(file, collection);
  const isCast = castBy(creation) !== null;
  const whole = isCast ? creation : unwrap(creation);
  const said = new Set([annotation, castBy(creation)?.type ?? null]);
  const isSaid = annotation !== null && declaredType(annotation, type) !== null;
  // Where its declaration says the types, it need not say them again.
  const isShort = isSaid && !(ts.isNewExpression(creation) && creation.typeArguments);
  const text = `new ${className}${isTyped && !isShort ? typeText : ''}(${argument})`;
  const at = text.length - 1 - argument.length + argument.indexOf(limit);
  const changes: TextChange[] = [
    {
      start: whole.getStart(file.source),
      end: whole.end,
      text,
      placeholder: { start: at, end: at + limit.length },
    },
  ];
  for (const one of said) {
    const declared = one && declaredType(one, type);
    if (!declared) continue;
    changes.push({ start: declared.getStart(file.source), end: declared.end, text: className + typeText });
  }
  return changes;
}

/** `<string, User>`, as far as it is declared; in TypeScript `any` stands for what is not. */
function typeArguments(file: ParsedFile, collection: UnboundedCollection): string {
  const { type, uses } = collection;
  const nodes = typeArgumentNodes(collection);
  const isTyped = /\.[cm]?tsx?$/.test(file.file);
  if (!nodes) return isTyped || type === 'object' ? `<${type === 'object' ? 'string' : 'any'}, any>` : '';
  const texts = nodes.map((node) => node.getText(file.source));
  if (type === 'object') texts[0] = dictionaryKeys(file, uses).typeText(nodes[0]!);
  return `<${texts.join(', ')}>`;
}
