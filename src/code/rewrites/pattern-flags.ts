import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { bare } from '../smells/member-chains';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { placesOfEntries } from './entry-places';
import { leavesOf } from './stored-leaves';

/** True of a regular expression with the flag `g` or `y`, which goes on where it last found something; also where it may have one. */
export function keepsPlace(file: ParsedFile, pattern: ts.Node): boolean {
  if (ts.isRegularExpressionLiteral(pattern)) return /[gy][a-z]*$/.test(pattern.text);
  const isMade =
    (ts.isNewExpression(pattern) || ts.isCallExpression(pattern)) &&
    pattern.expression.getText() === 'RegExp';
  if (!isMade) return false;
  const [source, flags] = pattern.arguments ?? [];
  if (flags) return leavesOf(file, flags).some(mayHaveFlag);
  // `new RegExp(pattern)` has the flags of a pattern.
  const from = source && bare(source);
  return from !== undefined && ts.isRegularExpressionLiteral(from) && keepsPlace(file, from);
}

/** Of flags that are put together each part that is written out tells; of others nothing does. */
function mayHaveFlag(flags: ts.Node): boolean {
  return ts.isStringLiteralLike(flags)
    ? /[gy]/.test(flags.text)
    : !/^(undefined|null)$/.test(flags.getText());
}

/**
 * True where all that is done with the entries is what begins anew by itself: `text.replace(patterns.get(key), …)`, and not
 * `patterns.get(key).test(text)`.
 */
export function areOnlyGivenToTexts(file: ParsedFile, collection: UnboundedCollection): boolean {
  if (collection.uses.some(({ kind }) => kind === 'iterate')) return false;
  return placesOfEntries(file, collection).every((place) => {
    const { parent } = place;
    if (ts.isCallExpression(parent) && parent.arguments[0] === place)
      return (
        ts.isPropertyAccessExpression(parent.expression) &&
        /^(replace|replaceAll|split|match|search)$/.test(parent.expression.name.text)
      );
    return (
      ts.isExpressionStatement(parent) ||
      ts.isPrefixUnaryExpression(parent) ||
      (ts.isIfStatement(parent) && parent.expression === place) ||
      (ts.isBinaryExpression(parent) && /^(undefined|null)$/.test(parent.right.getText()))
    );
  });
}
