import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';
import { COPY, type CollectionUse, unwrap } from './collection-uses';
import { addedByCopy } from './copied-with-more';

/** `table[key] = make(key)`: a copy of something, kept under what it was made of. */
export function isMadeOfKey(use: CollectionUse): boolean {
  const value = addedValue(use);
  if (use.kind !== 'add' || !value) return false;
  // `results[args.join()] ??= compute(...args)`
  const written = /^(\w+)\.join\([^)]*\)$/.exec(use.key)?.[1] ?? use.key;
  if (!/^[\w$.[\]'"]+$/.test(written)) return false;
  const key = written.replaceAll(/[$.[\]]/g, '\\$&');
  return new RegExp(`(?<![\\w$]|[^.]\\.)${key}(?![\\w$])`).test(value.getText()) || ts.isIdentifier(value);
}

/** True when an entry is asked for and, in the same function, stored: what memoizers and caches do. */
export function looksUpWhatItAdds(uses: readonly CollectionUse[]): boolean {
  const lookups = uses
    .filter((use) => use.kind === 'read' && use.method !== 'typeof' && !isIndexed(use.node))
    .map((use) => enclosingFunction(use.node));
  return uses.some((use) => use.kind === 'add' && lookups.includes(enclosingFunction(use.node)));
}

/** `list[i]` says nothing of whether an entry is there; `table[key]` does. */
function isIndexed(node: ts.Node): boolean {
  return (
    ts.isElementAccessExpression(node) &&
    /^(i|j|n|index|\w+Index|\w+\.length - 1|\d+)$/.test(node.argumentExpression.getText())
  );
}

/** `sums[key] += x`, `counts[key]++`, `counts[key] = (counts[key] || 0) + 1` */
export function isSummedUp({ kind, node }: CollectionUse): boolean {
  if (kind !== 'add') return false;
  const { parent } = node;
  if (ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent)) return true;
  if (!ts.isBinaryExpression(parent) || parent.left !== node) return false;
  if (ts.isObjectLiteralExpression(parent.right)) return false;
  return SUMS.test(parent.operatorToken.getText() + parent.right.getText());
}

const SUMS = /^(\+=|\?\?=\s*0$|=\s*0$|=.*(\|\||\?\?)\s*0\)\s*\+)/;

/** The value that an addition stores; what a Set or an array holds is its own value. */
export function addedValue(use: CollectionUse): ts.Expression | null {
  if (use.kind !== 'add') return null;
  return use.method === COPY && ts.isBinaryExpression(use.node) ? addedByCopy(use.node) : storedBy(use.node);
}

/** The last argument of a call that adds, or what is assigned. */
export function storedBy(addition: ts.Node): ts.Expression | null {
  if (ts.isCallExpression(addition)) return addition.arguments.at(-1) ?? null;
  const { parent } = unwrap(addition);
  return ts.isBinaryExpression(parent) ? parent.right : null;
}
