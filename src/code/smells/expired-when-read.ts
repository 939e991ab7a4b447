import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';
import type { CollectionUse } from './collection-uses';
import { bare } from './member-chains';
import { keyAt } from './misdirected-removals';
import { initializerWithin } from './value-sources';

/** What its question for an entry is called: `map.get(key)`, `map.has(key)`, `table[key]`. */
const ASKED = /^(get|has|\[\])$/;

/**
 * True of `if (hit.expiresAt <= Date.now()) map.delete(key)` where the function has just looked up that one key: what has expired is
 * removed when somebody asks for it again, and for what nobody asks for again it stays. In a loop over all entries it is a sweep.
 */
export function isOfExpiredWhenRead(use: CollectionUse, uses: readonly CollectionUse[]): boolean {
  const key = removedKey(use);
  const around = enclosingFunction(use.node);
  if (!key || !around || isRepeated(use.node, around)) return false;
  const asked = uses.filter(
    (one) =>
      one.kind === 'read' &&
      ASKED.test(one.method) &&
      enclosingFunction(one.node) === around &&
      keyAt(one.node)?.getText() === key.getText(),
  );
  const entries = asked.flatMap(({ node }) => nameGivenTo(node) ?? []);
  const answers = answersAhead(use.node, around);
  return entries.some((entry) =>
    answers.some(({ question, isTrue }) => isOld(question, entry, around) === isTrue),
  );
}

/** The key that one entry is removed under; null of any other use. */
export function removedKey(use: CollectionUse): ts.Expression | null {
  return use.kind === 'remove' && /^delete(\(\))?$/.test(use.how) ? keyAt(use.node) : null;
}

const EACH = /\.(forEach|map|filter|some|every|reduce|each\w*|sweep)$/;

/** In a loop, or in the callback of one. */
export function isRepeated(node: ts.Node, around: ts.Node): boolean {
  const { parent: call } = around;
  if (ts.isCallExpression(call) && EACH.test(call.expression.getText())) return true;
  return ts.findAncestor(node, (one) => one === around || ts.isIterationStatement(one, false)) !== around;
}

/** `hit` of `const hit = map.get(key)`, `key && map.get(key)` */
export function nameGivenTo(node: ts.Node): string | null {
  const declared = ts.findAncestor(
    node,
    (one) => ts.isVariableDeclaration(one) || ts.isStatement(one) || ts.isFunctionLike(one),
  );
  const isNamed =
    declared !== undefined &&
    ts.isVariableDeclaration(declared) &&
    ts.isIdentifier(declared.name) &&
    declared.initializer !== undefined &&
    lastOf(declared.initializer) === node;
  return isNamed ? declared.name.getText() : null;
}

function lastOf(value: ts.Expression): ts.Expression {
  const inner = bare(value);
  const isAsked =
    ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
  return isAsked ? lastOf(inner.right) : inner;
}

/** What was asked on the way to a statement, and what was the answer. */
interface Answer {
  readonly question: ts.Expression;
  readonly isTrue: boolean;
}

/** Of the `if` that it stands in, and of those before it that leave, `if (hit.until > now) return hit.value`. */
function answersAhead(node: ts.Node, around: ts.Node): Answer[] {
  const answers: Answer[] = [];
  for (let one = node; one !== around; one = one.parent) {
    const { parent } = one;
    if (ts.isIfStatement(parent) && parent.expression !== one)
      answers.push({ question: parent.expression, isTrue: parent.thenStatement === one });
    if (!ts.isBlock(parent)) continue;
    const before = parent.statements.slice(0, parent.statements.indexOf(one as ts.Statement));
    answers.push(
      ...before.flatMap((other) =>
        isLeavingIf(other) ? [{ question: other.expression, isTrue: false }] : [],
      ),
    );
  }
  return answers;
}

function isLeavingIf(statement: ts.Statement): statement is ts.IfStatement {
  if (!ts.isIfStatement(statement)) return false;
  const { thenStatement } = statement;
  const last = ts.isBlock(thenStatement) ? thenStatement.statements.at(-1) : thenStatement;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last));
}

const NOW = /\bnow\b|Date\b|hrtime|\bclock\b|\btime\(\)/i;

/**
 * True where a condition says of an entry that its time is over, false where it says that it is not, null where it says neither:
 * `hit.expiresAt <= Date.now()`, `now - hit.at > TTL`, `isExpired(hit)`, and what names stand for.
 */
function isOld(given: ts.Expression, entry: string, around: ts.Node): boolean | null {
  const condition = bare(given);
  if (ts.isPrefixUnaryExpression(condition) && condition.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = isOld(condition.operand, entry, around);
    return inner === null ? null : !inner;
  }
  if (ts.isIdentifier(condition)) {
    const meant = initializerWithin(around, condition.text);
    return meant && !ts.isIdentifier(meant) ? isOld(meant, entry, around) : null;
  }
  if (ts.isCallExpression(condition))
    return mentions(condition, entry, around) &&
      /expired|stale|outdated|tooOld/i.test(condition.expression.getText())
      ? true
      : null;
  if (!ts.isBinaryExpression(condition)) return null;
  const { left, right, operatorToken } = condition;
  if (/^(&&|\|\|)$/.test(operatorToken.getText()))
    return isOld(left, entry, around) ?? isOld(right, entry, around);
  const isMore = /^>=?$/.test(operatorToken.getText());
  if (!isMore && !/^<=?$/.test(operatorToken.getText())) return null;
  if (!mentions(condition, entry, around)) return null;
  // Time goes on: what is compared with it is over when that is more.
  if (NOW.test(writtenOut(left, around))) return isMore;
  return NOW.test(writtenOut(right, around)) ? !isMore : null;
}

function mentions(condition: ts.Expression, entry: string, around: ts.Node): boolean {
  return new RegExp(`(?<![\\w$.])${entry.replaceAll('$', '\\$')}(?![\\w$])`).test(
    writtenOut(condition, around),
  );
}

/** The text of an expression with what its names stand for in the same function. */
function writtenOut(expression: ts.Expression, around: ts.Node): string {
  const meant: string[] = [expression.getText()];
  const visit = (node: ts.Node): void => {
    const given = ts.isIdentifier(node) ? initializerWithin(around, node.text) : null;
    if (given) meant.push(given.getText());
    ts.forEachChild(node, visit);
  };
  visit(expression);
  return meant.join(' ');
}
