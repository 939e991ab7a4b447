import ts from 'typescript';
import type { TextChange } from '../../protocol/code';
import type { ParsedFile } from '../program/parsed-file';
import { unwrap } from '../smells/collection-uses';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { typeArgumentNodes } from './droppable';

/** The type that a declaration names, if it is one that can be exchanged; null where it has another name. */
function declaredType(annotation: ts.TypeNode, type: UnboundedCollection['type']): ts.TypeNode | null {
  if (ts.isUnionTypeNode(annotation)) {
    const fitting = annotation.types.flatMap((part) => declaredType(part, type) ?? []);
    return fitting.length === 1 ? fitting[0]! : null;
  }
  if (type === 'object') {
    const isDictionary = ts.isTypeLiteralNode(annotation) || ts.isTypeReferenceNode(annotation);
    return isDictionary && /^(Record<|Partial<Record|\{\s*(readonly\s+)?\[)/.test(annotation.getText())
      ? annotation
      : null;
  }
  return ts.isTypeReferenceNode(annotation) && annotation.typeName.getText() === type ? annotation : null;
}

/** Why the declared type cannot be exchanged; null when it can. */
export function refuseDeclaration({ annotation, creation, type }: UnboundedCollection): string | null {
  const cast = unwrap(creation);
  const written = annotation ?? (ts.isAsExpression(cast) ? cast.type : null);
  if (!written || declaredType(written, type)) return null;
  if (/^(any|unknown)$/.test(written.getText())) return null;
  return `Its type is declared as ${written.getText()}, which others may rely on.`;
}

/**
 * `new Name<K, V>(argument)` in place of what creates the collection, and `Name<K, V>` in place of its declared type. `limit`, a part of
 * the argument, becomes the placeholder.
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
  const types = typeArgumentNodes(collection)?.map((node) => node.getText(file.source));
  const fallback = type === 'object' ? ['string', 'any'] : ['any', 'any'];
  const typeText = isTyped ? `<${(types ?? fallback).join(', ')}>` : '';
  const whole = unwrap(creation);
  const text = `new ${className}${typeText}(${argument})`;
  const at = text.length - 1 - argument.length + argument.indexOf(limit);
  const changes: TextChange[] = [
    {
      start: whole.getStart(file.source),
      end: whole.end,
      text,
      placeholder: { start: at, end: at + limit.length },
    },
  ];
  const declared = annotation && declaredType(annotation, type);
  if (declared) {
    changes.push({ start: declared.getStart(file.source), end: declared.end, text: className + typeText });
  }
  return changes;
}
