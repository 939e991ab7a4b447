import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';
import { type CollectionUse, unwrap } from '../smells/collection-uses';

/**
 * Where an entry is changed after it was looked up, `swarm.peers.set(id, peer)`, `host.last = now`: what was made anew would
 * not have that. The place of the first change; null where entries stay as they were stored.
 */
export function changedEntry(uses: readonly CollectionUse[]): ts.Node | null {
  for (const use of uses) {
    if (use.kind !== 'read' || (use.method !== 'get' && use.method !== '[]')) continue;
    const changed = changeOf(use.node);
    if (changed) return changed;
  }
  return null;
}

function changeOf(read: ts.Node): ts.Node | null {
  let node = unwrap(read);
  // `table.get(key) ?? { count: 0 }`
  while (ts.isBinaryExpression(node.parent) && node.parent.left === node) node = unwrap(node.parent);
  if (isChanged(node)) return node;
  // `(times.get(ip) ?? []).filter(isRecent)`: the next entry is made of the last.
  while (isMember(node.parent, node) && isCalled(node.parent)) node = unwrap(node.parent.parent);
  const { parent } = node;
  const name =
    ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
      ? parent.name.text
      : ts.isBinaryExpression(parent) && ts.isIdentifier(parent.left)
        ? parent.left.text
        : null;
  const around = enclosingFunction(read);
  if (name === null || !around) return null;
  let found: ts.Node | null = null;
  const visit = (one: ts.Node): void => {
    if (ts.isIdentifier(one) && one.text === name && isChanged(one)) found = one;
    if (!found) ts.forEachChild(one, visit);
  };
  visit(around);
  return found;
}

/** `entry.count++`, `entry.last = now`, `entry.peers.set(id, peer)` */
function isChanged(node: ts.Node): boolean {
  let member: ts.Node = unwrap(node);
  if (!isMember(member.parent, member)) return false;
  while (isMember(member.parent, member)) member = member.parent;
  const { parent } = member;
  if (ts.isCallExpression(parent) && parent.expression === member) {
    return ts.isPropertyAccessExpression(member) && CHANGES.test(member.name.text);
  }
  if (ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent))
    return (
      parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
    );
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === member &&
    parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}

const CHANGES = /^(set|add|push|unshift|delete|clear|splice|pop|shift)$/;

function isCalled(member: ts.Node): boolean {
  return ts.isCallExpression(member.parent) && member.parent.expression === member;
}

function isMember(parent: ts.Node, node: ts.Node): boolean {
  return (
    (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
    parent.expression === node
  );
}
