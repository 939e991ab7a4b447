import ts from 'typescript';
import type { CollectionUse } from './collection-uses';
import { addedTo } from './filled-once';
import { bare } from './member-chains';
import { addedValue } from './stored-values';

/** `if (table[key] !== undefined) table[key] = value`, `if (map.has(key)) map.set(key, …)`: no entry more than before. */
export function replacesEntry(use: CollectionUse): boolean {
  if (use.kind !== 'add' || !/^[\w$.]+$/.test(use.key)) return false;
  if (isOfOwnKeys(use.node, use.key) || addsToEntry(use)) return true;
  const condition = ts.findAncestor(use.node, (one) => ts.isIfStatement(one) || ts.isFunctionLike(one));
  if (!condition || !ts.isIfStatement(condition)) return false;
  const { expression, thenStatement } = condition;
  if (use.node.pos < thenStatement.pos || use.node.end > thenStatement.end) return false;
  const name = addedTo(use.node);
  const test = expression.getText().replaceAll(/\s/g, '');
  const entry = [`${name}[${use.key}]`, `${name}.has(${use.key})`, `${use.key}in${name}`];
  return entry.some((asked) =>
    [asked, `!!${asked}`, `${asked}!==undefined`, `${asked}!=null`].includes(test),
  );
}

/** `counts.set(key, counts.get(key) + 1)`: without a default it is no number where there is none. */
function addsToEntry(use: CollectionUse): boolean {
  const value = addedValue(use);
  if (use.kind !== 'add' || use.method !== 'set' || !value || !ts.isBinaryExpression(bare(value)))
    return false;
  const { left } = bare(value) as ts.BinaryExpression;
  return bare(left).getText() === `${addedTo(use.node)}.get(${use.key})`;
}

/** `table[key] = null`: what was there is let go. */
export function isEmptied({ node }: CollectionUse, by = /^(null|undefined|void 0)$/): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    by.test(bare(parent.right).getText())
  );
}

/** `for (const key in table) table[key] = 0` */
function isOfOwnKeys(node: ts.Node, key: string): boolean {
  const loop = ts.findAncestor(node, (one) => ts.isForInStatement(one) || ts.isFunctionLike(one));
  return (
    loop !== undefined &&
    ts.isForInStatement(loop) &&
    loop.expression.getText() === addedTo(node) &&
    new RegExp(`(^|\\s)${key.replaceAll(/[$.]/g, '\\$&')}$`).test(loop.initializer.getText())
  );
}
