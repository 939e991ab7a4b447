import ts from 'typescript';
import type { CollectionUse } from './collection-uses';

/** True of the method `add` and its like. */
export function isAdding(method: string): boolean {
  return ADDS.test(method);
}

const ADDS = /^(set|add|push|unshift)$/;

/** `rooms` of `rooms.set(id, room)` and of `rooms[id] = room`; `use` is what `room` stands in. */
export function keeperOf(use: ts.Node, className: string): ts.Expression | null {
  if (ts.isCallExpression(use) && ts.isPropertyAccessExpression(use.expression)) {
    const isOnlyOne = use.arguments[0]?.getText() === className;
    return ADDS.test(use.expression.name.text) && !isOnlyOne ? use.expression.expression : null;
  }
  const isStored = ts.isBinaryExpression(use) && ts.isElementAccessExpression(use.left);
  return isStored ? (use.left as ts.ElementAccessExpression).expression : null;
}

/** Nothing is removed, and no other code may do so. */
export function keepsAll(uses: readonly CollectionUse[]): boolean {
  return uses.every(
    ({ kind, ...use }) =>
      kind !== 'remove' && kind !== 'reassign' && !(kind === 'escape' && !('isHandedOut' in use)),
  );
}
