import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';
import { type CollectionUse, unwrap } from '../smells/collection-uses';
import { bare, isDefault } from '../smells/member-chains';
import { addedValue } from '../smells/stored-values';

/**
 * Where an entry is changed after it was looked up, `swarm.peers.set(id, peer)`, `host.last = now`: what was made anew would
 * not have that. The place of the first change; null where entries stay as they were stored.
 */
export function changedEntry(uses: readonly CollectionUse[]): ts.Node | null {
  for (const use of uses) {
    if (!readsEntry(use)) continue;
    const changed = changeOf(use.node);
    if (changed) return changed;
  }
  return null;
}

/** `table.get(key)`, `table[key]` */
export function readsEntry(use: CollectionUse): boolean {
  return use.kind === 'read' && (use.method === 'get' || use.method === '[]');
}

/** How far a stored value is followed to what it was made of. */
const MOST_STEPS = 4;

/**
 * The first addition that stores what it made of the entry that was there: `counts.set(key, (counts.get(key) ?? 0) + 1)`,
 * `notes.set(key, [note, ...known])`; null where each is made anew.
 */
export function carriedOn(uses: readonly CollectionUse[]): ts.Node | null {
  const reads = new Set<ts.Node>(uses.filter(readsEntry).map(({ node }) => node));
  const carrying = uses.find((use) => {
    const value = addedValue(use);
    const around = value && enclosingFunction(value);
    return value && around ? isMadeOfEntry(value, reads, around, 0) : false;
  });
  return carrying?.node ?? null;
}

function isMadeOfEntry(
  given: ts.Expression,
  reads: ReadonlySet<ts.Node>,
  around: ts.Node,
  steps: number,
): boolean {
  const value = bare(given);
  // As it was.
  if (reads.has(value) || steps >= MOST_STEPS) return false;
  const isAssigned = ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (isAssigned) return isMadeOfEntry(value.right, reads, around, steps);
  const parts = isDefault(value)
    ? [value.left, value.right]
    : ts.isConditionalExpression(value)
      ? [value.whenTrue, value.whenFalse]
      : ts.isIdentifier(value)
        ? madeWithin(around, value.text)
        : null;
  if (parts) return parts.some((part) => isMadeOfEntry(part, reads, around, steps + 1));
  return holdsEntry(value, reads, around, new Set());
}

/** Of so many names it is looked up what they were made of. */
const MOST_NAMES = 20;

/** It reads an entry, or names what was made of one: `next` of `const next = previous.then(task)`. */
function holdsEntry(
  value: ts.Node,
  reads: ReadonlySet<ts.Node>,
  around: ts.Node,
  seen: Set<string>,
): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    found ||= reads.has(node);
    if (!found && isVariable(node) && !seen.has(node.text) && seen.size < MOST_NAMES) {
      seen.add(node.text);
      found = madeWithin(around, node.text).some((made) => holdsEntry(made, reads, around, seen));
    }
    if (!found) ts.forEachChild(node, visit);
  };
  visit(value);
  return found;
}

/** A name that is not that of a member. */
function isVariable(node: ts.Node): node is ts.Identifier {
  const { parent } = node;
  const isOfMember =
    (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
  return ts.isIdentifier(node) && !isOfMember;
}

/** What a variable is given within a function. */
export function madeWithin(around: ts.Node, name: string): ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name && node.initializer)
      found.push(node.initializer);
    const isAssigned =
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      node.left.getText() === name;
    if (isAssigned) found.push(node.right);
    ts.forEachChild(node, visit);
  };
  visit(around);
  return found;
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
    if (ts.isIdentifier(one) && one.text === name && (isChanged(one) || isChangedByCalled(one))) found = one;
    if (!found) ts.forEachChild(one, visit);
  };
  visit(around);
  return found;
}

/** `bump(usage)` of a function of the same file that changes what it is given. */
function isChangedByCalled(given: ts.Identifier): boolean {
  const { parent: call } = given;
  if (!ts.isCallExpression(call) || !ts.isIdentifier(call.expression)) return false;
  const { text } = call.expression;
  const called = given
    .getSourceFile()
    .statements.find((one) => ts.isFunctionDeclaration(one) && one.name?.text === text);
  const name =
    called && ts.isFunctionDeclaration(called)
      ? called.parameters[call.arguments.indexOf(given)]?.name.getText()
      : undefined;
  return called !== undefined && name !== undefined && isNameChanged(called, name);
}

/** Somewhere within it what has the name is changed: `found.seen = true`. */
export function isNameChanged(within: ts.Node, name: string, changes = CHANGES): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    found ||= ts.isIdentifier(node) && node.text === name && isChanged(node, changes);
    if (!found) ts.forEachChild(node, visit);
  };
  visit(within);
  return found;
}

/** `entry.count++`, `entry.last = now`, `entry.peers.set(id, peer)`; which methods change something is for `changes` to say. */
export function isChanged(node: ts.Node, changes = CHANGES): boolean {
  let member: ts.Node = unwrap(node);
  if (!isMember(member.parent, member)) return false;
  while (isMember(member.parent, member)) member = member.parent;
  const { parent } = member;
  if (ts.isCallExpression(parent) && parent.expression === member) {
    return ts.isPropertyAccessExpression(member) && changes.test(member.name.text);
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
