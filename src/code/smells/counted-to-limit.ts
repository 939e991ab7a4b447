import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';
import type { CollectionUse } from './collection-uses';
import { isRepeated, removedKey } from './expired-when-read';
import { bare } from './member-chains';
import { keyAt } from './misdirected-removals';

/** Written out, or called as what one may have at most. */
const LIMIT = /^([2-9]|\d{2,}|[A-Z][A-Z\d_]+)$|max|limit|threshold|allowed|requirement|tolerat/i;

/**
 * True of `failure.count += 1; if (failure.count >= MAX_FAILURES) { ban(ip); failures.delete(ip); }` where the function has just looked
 * up that one key: what has reached its limit is removed, and all that never reaches it stays.
 */
export function isOfCountedToLimit(use: CollectionUse, uses: readonly CollectionUse[]): boolean {
  const key = removedKey(use);
  const around = enclosingFunction(use.node);
  if (!key || !around || isRepeated(use.node, around)) return false;
  const names = uses.flatMap((one) => {
    const isOfKey =
      one.kind === 'read' &&
      enclosingFunction(one.node) === around &&
      keyAt(one.node)?.getText() === key.getText();
    return isOfKey ? (nameMadeOf(one.node) ?? []) : [];
  });
  return names.length > 0 && conditionsAround(use.node, around).some((one) => isReached(one, names, around));
}

/** `failure` of `const failure = failures.get(ip) ?? { count: 0 }`, `count` of `const count = (counts.get(ip) ?? 0) + 1` */
function nameMadeOf(node: ts.Node): string | null {
  const declared = ts.findAncestor(
    node,
    (one) => ts.isVariableDeclaration(one) || ts.isStatement(one) || ts.isFunctionLike(one),
  );
  return declared && ts.isVariableDeclaration(declared) && ts.isIdentifier(declared.name)
    ? declared.name.text
    : null;
}

/** What was answered with yes on the way to a statement. */
function conditionsAround(node: ts.Node, around: ts.Node): ts.Expression[] {
  const conditions: ts.Expression[] = [];
  for (let one = node; one !== around; one = one.parent) {
    const { parent } = one;
    if (ts.isIfStatement(parent) && parent.thenStatement === one) conditions.push(parent.expression);
  }
  return conditions;
}

/** `failure.count >= MAX_FAILURES` of what the function counts up. */
function isReached(given: ts.Expression, names: readonly string[], around: ts.Node): boolean {
  const condition = bare(given);
  if (!ts.isBinaryExpression(condition)) return false;
  const { left, right, operatorToken } = condition;
  const operator = operatorToken.getText();
  if (operator === '&&') return isReached(left, names, around) || isReached(right, names, around);
  if (!/^(>=?|={2,3})$/.test(operator)) return false;
  const count = left.getText();
  const root = count.split('.')[0] ?? '';
  const limit = right.getText();
  return (
    names.includes(root) &&
    !/\.(length|size)$/.test(count) &&
    !names.includes(limit.split('.')[0] ?? '') &&
    LIMIT.test(limit) &&
    isCountedUp(count, around)
  );
}

/** `failure.count += 1`, `failure.count++`, `const count = (counts.get(ip) ?? 0) + 1` */
function isCountedUp(count: string, around: ts.Node): boolean {
  const written = count.replaceAll(/[$.]/g, '\\$&');
  return new RegExp(
    `\\+\\+\\s*${written}(?![\\w$.])|(?<![\\w$.])${written}\\s*(\\+\\+|\\+=|=[^=;][^;]*\\+\\s*1(?!\\d))`,
  ).test(around.getText());
}
