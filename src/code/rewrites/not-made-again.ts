import ts from 'typescript';
import { lineOf, shortened, whereIs } from '../positions';
import { returnedBy } from '../program/function-results';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { type CollectionUse, unwrap } from '../smells/collection-uses';
import { keyOf } from '../smells/finite-keys';
import { nameOfFunction } from '../smells/function-names';
import { bare, isAssignment } from '../smells/member-chains';
import { addedValue, isSummedUp } from '../smells/stored-values';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { carriedOn, isChanged, isNameChanged, madeWithin, readsEntry } from './changing-entries';
import { refuseIdentity } from './entry-identity';
import { callsOfFunction } from './returned-values';
import { refuseStateful } from './stateful-values';

/**
 * Why an entry that is dropped and made again would not be what it was, whatever the collection is called: it is another one each
 * time, it counts, it says when something came first, others have changed it, or it says what must not be done twice. Null where
 * nothing speaks against it.
 */
export function refuseMadeAnother(file: ParsedFile, collection: UnboundedCollection): string | null {
  const { name, type, uses } = collection;
  if (type === 'array') return null;
  const additions = uses.filter((use) => use.kind === 'add');
  const unique = additions.flatMap((use) => [...valuesOf(use), ...keysOf(use)]).find(isUnique);
  if (unique)
    return `Each entry is another one (${shortened(unique.getText())}): what is made again would not be the same.`;
  const [summed] = additions;
  if (summed && additions.every(isSummedUp))
    return `In line ${lineOf(summed.node)} an entry is counted up: one that was dropped would begin again.`;
  if (additions.some((use) => isTime(addedValue(use))) && !uses.some(isAskedHowOld))
    return 'It keeps when something came first: after a limit dropped that, the next time would be taken for the first.';
  const counted = additions.find(isCountedByValue);
  if (counted)
    return `In line ${lineOf(counted.node)} each entry is counted once, by what it is: one that is made again would be counted twice.`;
  const compared = uses.find((use) => isComparedWithNext(use, additions));
  if (compared)
    return `In line ${lineOf(compared.node)} an entry is compared with what comes next: after a limit dropped it, the same would be taken for a change.`;
  const carrying = carriedOn(uses.filter((use) => use.kind !== 'add' || isSumOrList(addedValue(use))));
  if (carrying)
    return `In line ${lineOf(carrying)} an entry carries on the one before it: with a dropped one what it had counted or listed would be gone.`;
  const circle = additions.find(isAskedAgainWhileMade);
  if (circle)
    return `In line ${lineOf(circle.node)} an entry is stored before it is ready, for what asks for it while it is made: a limit could drop it before that.`;
  if (ONCE.test(name.text) || additions.some((use) => ONCE.test(keyOf(use)?.getText() ?? '')))
    return 'By its name it knows what must not be done twice, and a limit would forget some of that.';
  const own = additions.flatMap(valuesOf).find(hasState);
  if (own)
    return `Its entries are objects with a state of their own (${shortened(own.getText())}), which one that is made again has not.`;
  const other = refuseStateful(file, collection) ?? refuseIdentity(file, collection);
  if (other) return other;
  const changed = changedByCaller(file, uses);
  return changed
    ? `In ${whereIs(file, changed)} what it gives out is changed: an entry that is made again would not have that.`
    : null;
}

const ONCE =
  /dedup|handled|processed|idempot|delivered|redeemed|consumed|claimed|charged|nonce|(^|[^a-z])jti/i;

/** What an addition stores, and where that is a variable, all that it is made of in the function around. */
function valuesOf(use: CollectionUse): ts.Expression[] {
  const stored = addedValue(use);
  if (!stored) return [];
  // `savers.set(id, (saver = debounce(save)))`
  const given = bare(stored);
  const value =
    ts.isBinaryExpression(given) && isAssignment(given.operatorToken.kind) ? bare(given.right) : stored;
  return [value, ...madeOf(value)];
}

function keysOf(use: CollectionUse): ts.Expression[] {
  const key = keyOf(use);
  return key ? madeOf(key) : [];
}

function madeOf(given: ts.Expression): ts.Expression[] {
  const value = bare(given);
  const around = enclosingFunction(given);
  return ts.isIdentifier(value) && around ? madeWithin(around, value.text) : [];
}

/** `randomBytes(8).toString('hex')`, `palette[turn++]`, `{ body, version }` where the function counts `version` up; at any depth. */
function isUnique(value: ts.Expression): boolean {
  const around = enclosingFunction(value);
  let found = false;
  const visit = (node: ts.Node): void => {
    found ||= isAnother(node) || (ts.isIdentifier(node) && isCountedUpIn(around, node));
    if (!found && !ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  visit(value);
  return found;
}

function isAnother(node: ts.Node): boolean {
  if (ts.isPostfixUnaryExpression(node)) return true;
  if (ts.isPrefixUnaryExpression(node))
    return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
  return ts.isCallExpression(node) && UNIQUE.test(node.expression.getText());
}

const UNIQUE =
  /(^|\.)(random\w*|\w*[uU][uU][iI][dD](v\d)?|nanoid|ulid|cuid2?|(next|unique|new)[A-Z]?\w*I[dD]|Symbol)$/;

/** `next += 1`, `version++` of a variable that outlives the function. */
function isCountedUpIn(around: ts.Node | null, { text, parent }: ts.Identifier): boolean {
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name.text === text;
  if (!around || isMember) return false;
  const name = text.replaceAll('$', '\\$');
  const written = around.getText();
  const isOwn = new RegExp(`\\b(let|var|const)\\s+${name}\\b|^[^{=]*\\(([^)]*\\W)?${name}\\W`).test(written);
  return (
    !isOwn &&
    new RegExp(`(?<![\\w$.])${name}\\s*(\\+\\+|--|[-+]=)|(\\+\\+|--)${name}(?![\\w$])`).test(written)
  );
}

/** `votes + 1`, `[...notes, note]`, and not an object of which a part is known already. */
function isSumOrList(given: ts.Expression | null): boolean {
  const value = given && bare(given);
  if (!value) return false;
  if (ts.isBinaryExpression(value)) return /^[-+*]$/.test(value.operatorToken.getText());
  return (
    ts.isArrayLiteralExpression(value) ||
    (ts.isCallExpression(value) && /\.concat$/.test(value.expression.getText()))
  );
}

/** `nodes.set(id, node); for (const next of edges) node.next.push(nodeOf(next));` in `nodeOf`: what breaks a circle. */
function isAskedAgainWhileMade({ node }: CollectionUse): boolean {
  const around = enclosingFunction(node);
  const name = around ? nameOfFunction(around) : '';
  if (!around || name === '') return false;
  let found = false;
  const visit = (one: ts.Node): void => {
    found ||=
      ts.isCallExpression(one) &&
      one.pos >= node.end &&
      (one.expression.getText() === name || one.expression.getText() === `this.${name}`);
    if (!found) ts.forEachChild(one, visit);
  };
  visit(around);
  return found;
}

/** The time alone, and not as a part of what is stored. */
function isTime(value: ts.Expression | null): boolean {
  const all = value ? [value, ...madeOf(value)] : [];
  return all.some((one) =>
    /^(Date\.now\(\)|new Date\(\)(\.to\w+\(\))?|performance\.now\(\))$/.test(bare(one).getText()),
  );
}

/** `if (Date.now() - checked.get(id) < TTL)`: what is not there is asked for again, as what is too old. */
function isAskedHowOld({ kind, node }: CollectionUse): boolean {
  const around = enclosingFunction(node);
  return kind === 'read' && around !== null && /\s-\s|(?<!=)[<>]=?\s/.test(around.getText());
}

/** `assigned.set(visitor, variant); totals[variant] += 1;` */
function isCountedByValue(use: CollectionUse): boolean {
  const value = addedValue(use);
  const around = enclosingFunction(use.node);
  if (!value || !around || !ts.isIdentifier(bare(value))) return false;
  // `texts[url] = url; texts[url] += part` counts nothing.
  if (keyOf(use)?.getText() === bare(value).getText()) return false;
  const name = bare(value).getText().replaceAll('$', '\\$');
  return new RegExp(`\\w\\[${name}\\]\\s*(\\+\\+|\\+=)|\\w\\.set\\(${name}, [^;]*\\+ 1\\)`).test(
    around.getText(),
  );
}

/** `if (last[id] === value) return; last[id] = value;` */
function isComparedWithNext({ kind, node }: CollectionUse, additions: readonly CollectionUse[]): boolean {
  const read = unwrap(node);
  const { parent } = read;
  if (kind !== 'read' || !ts.isBinaryExpression(parent)) return false;
  if (!/^[!=]==?$/.test(parent.operatorToken.getText())) return false;
  const other = (parent.left === read ? parent.right : parent.left).getText();
  return additions.some(
    (use) => enclosingFunction(use.node) === enclosingFunction(node) && addedValue(use)?.getText() === other,
  );
}

/** `new Bucket()`, `debounce(save)` */
function hasState(given: ts.Expression): boolean {
  const value = bare(given);
  if (ts.isClassExpression(value)) return true;
  if (ts.isNewExpression(value)) return OF_STATE.test(value.expression.getText());
  return ts.isCallExpression(value) && KEEPS_STATE.test(value.expression.getText());
}

const OF_STATE =
  /(AbortController|Bucket|Limiter|Mutex|Lock|Semaphore|Breaker|Counter|Session|EventEmitter|Subject)$/;
const KEEPS_STATE = /(^|\.)_?(debounce|throttle|once|pLimit|rateLimit)(d|r)?$/i;

/** `prefixes.processor.add(root)` need not change what it is called on. */
const OF_LISTS = /^(push|unshift|splice|pop|shift)$/;

/** `settingsOf(user).theme = 'dark'`, where `settingsOf` returns an entry. */
function changedByCaller(file: ParsedFile, uses: readonly CollectionUse[]): ts.Node | null {
  const giving = new Set<ts.Node>();
  for (const use of uses) {
    const around = enclosingFunction(use.node);
    if (around && (use.kind === 'add' || readsEntry(use)) && returnsEntry(around, use)) giving.add(around);
  }
  for (const around of giving) {
    // Of what the checker does not know anything may be called so.
    const changed = callsOfFunction(file, around).find(
      (call) =>
        (isChanged(call, OF_LISTS) || isChangedUnderName(call)) &&
        file.checker.getSymbolAtLocation(calleeName(call)) !== undefined,
    );
    if (changed) return changed;
  }
  return null;
}

function calleeName({ expression }: ts.CallExpression): ts.Node {
  return ts.isPropertyAccessExpression(expression) ? expression.name : expression;
}

function returnsEntry(around: ts.Node, use: CollectionUse): boolean {
  const stored = use.kind === 'add' ? addedValue(use) : null;
  return returnedBy(around).some((returned) => {
    const value = bare(returned);
    if (value === unwrap(use.node) || value === stored) return true;
    if (!ts.isIdentifier(value)) return value.pos <= use.node.pos && use.node.end <= value.end;
    return (
      stored?.getText() === value.text ||
      madeWithin(around, value.text).some((made) => made.pos <= use.node.pos && use.node.end <= made.end)
    );
  });
}

/** `const settings = settingsOf(user); settings.theme = 'dark';` */
function isChangedUnderName(call: ts.CallExpression): boolean {
  const { parent } = unwrap(call);
  const around = enclosingFunction(call);
  return (
    around !== null &&
    ts.isVariableDeclaration(parent) &&
    ts.isIdentifier(parent.name) &&
    isNameChanged(around, parent.name.text, OF_LISTS)
  );
}
