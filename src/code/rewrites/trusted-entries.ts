import ts from 'typescript';
import { enclosingFunction, hasModifier, type ParsedFile } from '../program/parsed-file';
import { type CollectionUse, unwrap } from '../smells/collection-uses';
import { readsEntry } from './changing-entries';
import { callsOfFunction, isReturned } from './returned-values';

/**
 * `map.get(key).count++` where nothing asks or stores under the same key just before: a callback that comes later, or code
 * behind an `await`, finds nothing where the entry was dropped meanwhile. The place of the trust; null where there is none.
 */
export function trustedEntry(uses: readonly CollectionUse[]): ts.Node | null {
  return uses.find((use) => isTrusting(use, uses) || isOfBatch(use, uses))?.node ?? null;
}

/** `ids.map((id) => rows.get(id))` in the function that stores those that were missing: a limit may have dropped the first by then. */
function isOfBatch(use: CollectionUse, uses: readonly CollectionUse[]): boolean {
  if (!readsEntry(use) || !isReturned(use.node)) return false;
  const each = enclosingFunction(use.node);
  const outer = each && isCallbackOverList(each) ? enclosingFunction(each) : null;
  return (
    outer !== null &&
    uses.some(({ kind, node }) => {
      const isBefore = kind === 'add' && outer.pos <= node.pos && node.end <= each!.pos;
      return isBefore && isRepeatedIn(outer, node);
    })
  );
}

function isCallbackOverList({ parent: call }: ts.Node): boolean {
  return ts.isCallExpression(call) && /\.(map|flatMap)$/.test(call.expression.getText());
}

/** In a loop, or in a callback: it stores more than one. */
function isRepeatedIn(outer: ts.Node, node: ts.Node): boolean {
  const around = ts.findAncestor(
    node,
    (one) => one === outer || ts.isIterationStatement(one, false) || ts.isFunctionLike(one),
  );
  return around !== undefined && around !== outer;
}

function isTrusting(use: CollectionUse, uses: readonly CollectionUse[]): boolean {
  if (!readsEntry(use)) return false;
  const around = enclosingFunction(use.node);
  if (!isDereferenced(use.node) && !isDereferencedLater(unwrap(use.node), around)) return false;
  return !isPrepared(use, uses, around);
}

/** Whether the entry was asked for or stored just before. */
function isPrepared(use: CollectionUse, uses: readonly CollectionUse[], around: ts.Node | null): boolean {
  const key = keyOf(use);
  // Asked in one expression: `map.get(a) && map.get(a).b`.
  const before = uses.filter(
    (other) =>
      other !== use &&
      enclosingFunction(other.node) === around &&
      other.node.pos <= use.node.pos &&
      (other.kind === 'add' || (other.kind === 'read' && !isDereferenced(other.node))) &&
      keyOf(other) === key,
  );
  const last = before.at(-1);
  if (!last) return false;
  return around === null || !isInterrupted(around, endOf(last), use.node.pos);
}

/** Where it has been done: what is stored is waited for before that, as in `table[key] = await load(key)`. */
function endOf({ kind, node }: CollectionUse): number {
  const { parent } = unwrap(node);
  return kind === 'add' && ts.isBinaryExpression(parent) ? parent.end : node.end;
}

/** `const template = (id) => cache.get(id)`, and elsewhere `template(id).render()`: the place that trusts. */
export function trustedResult(file: ParsedFile, uses: readonly CollectionUse[]): ts.Node | null {
  for (const use of uses) {
    if (!readsEntry(use) || !isReturned(use.node)) continue;
    const around = enclosingFunction(use.node);
    if (!around || isPrepared(use, uses, around)) continue;
    const trusting = callsOfFunction(file, around).find((call) => isTrusted(call, around));
    if (trusting) return trusting;
  }
  return null;
}

/** Of what an async function gives only what is waited for is the entry: `(await template(id)).render()`, and not `template(id).then(…)`. */
function isTrusted(call: ts.CallExpression, called: ts.Node): boolean {
  const isAsync = ts.canHaveModifiers(called) && hasModifier(called, ts.SyntaxKind.AsyncKeyword);
  if (!isAsync) return isDereferenced(call);
  const waiting = unwrap(call).parent;
  return ts.isAwaitExpression(waiting) && isDereferenced(waiting);
}

/**
 * `map.get(key).count`, without a question mark; `map.get(key)(x)`, `const { count } = map.get(key)`, `for (… of map.get(key))`,
 * `f(...map.get(key))`.
 */
function isDereferenced(read: ts.Node): boolean {
  const node = unwrap(read);
  const { parent } = node;
  if (
    ts.isPropertyAccessExpression(parent) ||
    ts.isElementAccessExpression(parent) ||
    ts.isCallExpression(parent)
  )
    return parent.expression === node && !parent.questionDotToken;
  if (ts.isNewExpression(parent) || ts.isForOfStatement(parent)) return parent.expression === node;
  if (ts.isVariableDeclaration(parent)) return !ts.isIdentifier(parent.name);
  if (ts.isBinaryExpression(parent))
    return parent.right === node && /^[[{]/.test(parent.left.getText()) && isAssignment(parent);
  return ts.isSpreadElement(parent) || ts.isTaggedTemplateExpression(parent);
}

function isAssignment({ operatorToken }: ts.BinaryExpression): boolean {
  return operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

/** `const entry = map.get(key)`, and `entry.count` without a question about `entry` in the function. */
function isDereferencedLater({ parent }: ts.Node, around: ts.Node | null): boolean {
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name) || !around) return false;
  const { text } = parent.name;
  let used = false;
  let asked = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === text && node !== parent.name) {
      if (isDereferenced(node)) used = true;
      else asked = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(around);
  return used && !asked;
}

/** The key that an access writes, as text. */
function keyOf(use: CollectionUse): string | null {
  if (use.kind === 'add') return use.key;
  const { node } = use;
  if (ts.isElementAccessExpression(node)) return node.argumentExpression.getText();
  if (ts.isCallExpression(node)) {
    // `Object.hasOwn(table, key)` has it second.
    const isOwnership = use.kind === 'read' && use.method === 'hasOwn';
    return node.arguments[isOwnership ? 1 : 0]?.getText() ?? null;
  }
  const { parent } = unwrap(node);
  return ts.isBinaryExpression(parent) ? parent.left.getText() : null;
}

/** Between two offsets of a function others may run: at an `await` or a `yield`, in a call of the function itself. */
function isInterrupted(around: ts.Node, from: number, to: number): boolean {
  const own = (around as Partial<ts.FunctionDeclaration>).name?.getText();
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found || node.end <= from || node.pos >= to) return;
    if (node !== around && ts.isFunctionLike(node)) return;
    const isBetween = node.pos > from && node.end <= to;
    if (isBetween && (ts.isAwaitExpression(node) || ts.isYieldExpression(node))) found = true;
    if (isBetween && ts.isCallExpression(node) && own !== undefined) {
      const callee = node.expression;
      found ||= (ts.isPropertyAccessExpression(callee) ? callee.name : callee).getText() === own;
    }
    ts.forEachChild(node, visit);
  };
  visit(around);
  return found;
}
