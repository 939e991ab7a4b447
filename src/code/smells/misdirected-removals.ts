import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';
import type { CollectionUse } from './collection-uses';
import { bare } from './member-chains';
import { standsFor } from './value-sources';

/**
 * True of `waiting.delete(id)` where the same function looks the entry up under `${valve}:${id}`, or under `codes[id]`, and all
 * additions are under such a key: it deletes under a part of the key, so that nothing is ever found to delete.
 */
export function isUnderPartOfKey(use: CollectionUse, uses: readonly CollectionUse[]): boolean {
  return wholeKeyOf(use, uses) !== null;
}

/** The key that such a delete should have named, as the entry is looked up in its function; null of any other use. */
export function wholeKeyOf(use: CollectionUse, uses: readonly CollectionUse[]): ts.Expression | null {
  if (use.kind !== 'remove') return null;
  const part = keyAt(use.node);
  const around = enclosingFunction(use.node);
  if (!part || !around || !isPlain(part)) return null;
  const asked = uses.filter(
    (one) =>
      one.kind === 'read' &&
      /^(get|has|in|hasOwn|hasOwnProperty|\[\])$/.test(one.method) &&
      enclosingFunction(one.node) === around,
  );
  const keys = asked.flatMap(({ node }) => keyAt(node) ?? []).map(made);
  const wholes = keys.filter((key) => isPartOf(part, key));
  if (wholes.length < keys.length) return null;
  const added = uses.filter(({ kind }) => kind === 'add').map(({ node }) => keyAt(node));
  const isAddedSo =
    added.length > 0 && added.every((key) => key !== null && wholes.some((one) => isAlike(made(key), one)));
  return isAddedSo ? (wholes[0] ?? null) : null;
}

/** `id` of `map.delete(id)` and `map.set(id, value)`, of `table[id]`, also where it is deleted or assigned. */
export function keyAt(node: ts.Node): ts.Expression | null {
  if (ts.isCallExpression(node)) return node.arguments[0] ?? null;
  return ts.isElementAccessExpression(node) ? node.argumentExpression : null;
}

function isPlain(key: ts.Expression): boolean {
  return made(key) === bare(key) && (ts.isIdentifier(key) || ts.isPropertyAccessExpression(key));
}

/** The key that a constant of the same function stands for: `const key = `${valve}:${id}``. */
function made(key: ts.Expression): ts.Expression {
  return bare(standsFor(bare(key)));
}

/** `id` in `${valve}:${id}`, and in `codes[id]`. */
function isPartOf(part: ts.Expression, whole: ts.Expression): boolean {
  if (ts.isElementAccessExpression(whole)) return whole.argumentExpression.getText() === part.getText();
  return partsOf(whole).length > 1 && partsOf(whole).includes(part.getText());
}

function partsOf(key: ts.Expression): string[] {
  return ts.isTemplateExpression(key) ? key.templateSpans.map(({ expression }) => expression.getText()) : [];
}

/** Written alike, whatever the parts are called. */
function isAlike(a: ts.Expression, b: ts.Expression): boolean {
  if (ts.isTemplateExpression(a) && ts.isTemplateExpression(b))
    return textsOf(a).join('\0') === textsOf(b).join('\0');
  return a.getText() === b.getText();
}

/** What stands between the parts. */
function textsOf({ head, templateSpans }: ts.TemplateExpression): string[] {
  return [head.text, ...templateSpans.map(({ literal }) => literal.text)];
}
