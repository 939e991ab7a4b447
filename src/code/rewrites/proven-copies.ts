import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { CACHE, LOG } from '../smells/collection-roles';
import type { CollectionUse } from '../smells/collection-uses';
import { keyOf } from '../smells/finite-keys';
import { comesFromOutside, isProvedOpen } from '../smells/key-origins';
import { isConfiguredAddress, namesWhatIsConfigured, opennessOfName } from '../smells/key-words';
import { lifetimeOf } from '../smells/long-lived-classes';
import { bare, isAssignment, isDefault } from '../smells/member-chains';
import { isMemoizers } from '../smells/memoizers';
import { addedValue } from '../smells/stored-values';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { carriedOn, changedEntry, madeWithin } from './changing-entries';
import { refuseUnanswered } from './misses';
import { refuseMadeAnother } from './not-made-again';

/**
 * Why nothing proves that the entries of a collection are copies, which the program makes again when one is missing; null
 * where something does: its name or its class's, or each addition, which stands behind a question for the same key and
 * stores what was made from that key. A list has to be called a log.
 */
export function refuseUnproven(file: ParsedFile, collection: UnboundedCollection): string | null {
  const { name, owner, type, place, creation, uses, isMeasured } = collection;
  if (!isMeasured && place === 'instance' && lifetimeOf(file, collection) === 'unknown')
    return 'Nothing tells how long its objects live: where each is gone with a piece of work, a limit would be for nothing.';
  const keys = uses.flatMap((use) => keyOf(use) ?? []);
  if (
    !isMeasured &&
    type !== 'array' &&
    !isMemoizers(creation) &&
    keys.every((key) => areMaybeFew(file, key))
  )
    return 'Only names say that there is no end of its keys: they may be those of a configuration, or of the files on disk.';
  const another = refuseMadeAnother(file, collection);
  if (another) return another;
  if (CACHE.test(name.text) || CACHE.test(owner)) return refuseUnanswered(file, collection);
  if (type === 'array')
    return LOG.test(name.text)
      ? null
      : 'It is not called a log, so an element may be the only place that has what it says.';
  if (type === 'Set') return null;
  if (changedEntry(uses))
    return 'Neither it nor its class is called a cache, and its entries are changed after they were stored: one that is made again would not have that.';
  if (carriedOn(uses))
    return 'Neither it nor its class is called a cache, and each entry carries on the one before it: with a dropped one what it had counted or listed would be gone.';
  const additions = uses.filter((use) => use.kind === 'add');
  if (!additions.every((use) => isMadeOnMiss(use, uses)))
    return 'Neither it nor its class is called a cache, and it stores what is not made again when it is missing, so an entry may be the only place that has what it says.';
  const own = additions.flatMap((use) => valuesOf(use)).find(isOfOwnClass);
  return own
    ? `Its entries are objects with a state of their own (${own.getText().slice(0, 40)}), and neither it nor its class is called a cache.`
    : null;
}

/**
 * No caller is known to have the key from outside, and it is an address, a pattern or a path, which are as often those that
 * whoever starts the program wrote down.
 */
function areMaybeFew(file: ParsedFile, key: ts.Expression): boolean {
  const names = [...namesIn(key, true)];
  if (names.some(isConfiguredAddress)) return true;
  if (names.some(isOfFew) && !comesFromOutside(file, key)) return true;
  return names.some(namesWhatIsConfigured) && !isProvedOpen(file, key);
}

/** Options that the code writes out, and `lightId`: nothing tells of how many things it is the id. */
function isOfFew(name: string): boolean {
  return /^(opts|options|config)$/.test(name) || (/(Id|_id)$/.test(name) && opennessOfName(name) < 2);
}

/** The addition stands in a function that asks for the same key, and stores what is made of that key. */
function isMadeOnMiss(addition: CollectionUse, uses: readonly CollectionUse[]): boolean {
  const key = keyOf(addition);
  const value = addedValue(addition);
  if (!key || !value) return false;
  const asking = uses.filter(({ kind, node }) => kind === 'read' && node.getText().includes(key.getText()));
  const outer = functionsAround(addition.node).find((around) =>
    asking.some(
      ({ node }) => around.pos <= node.pos && node.end <= around.end && node.pos < addition.node.pos,
    ),
  );
  if (!outer) return false;
  const from = namesIn(key, true);
  // `table.set(key, known ?? made)`: what was there is not made of the key.
  const stored = bare(value);
  return isMadeOf(isDefault(stored) ? stored.right : stored, from, outer, 0);
}

/** Variables that stand for others end somewhere. */
const MOST_STEPS = 4;

/** The expression, or what its variables were made of, names one of the names. */
function isMadeOf(value: ts.Expression, from: ReadonlySet<string>, outer: ts.Node, steps: number): boolean {
  const names = namesIn(value, false);
  // What was given as it is nobody makes again.
  const given = bare(value);
  const isGiven = ts.isIdentifier(given) && isParameterOf(given.text, outer);
  if (isGiven) return from.has(given.text);
  if ([...names].some((one) => from.has(one))) return true;
  if (steps >= MOST_STEPS) return false;
  return [...names].some((one) =>
    madeIn(outer, one).some((made) => made !== value && isMadeOf(made, from, outer, steps + 1)),
  );
}

/** All that a local variable is made of; for what a callback gets, the call that it is given to. */
function madeIn(outer: ts.Node, name: string): ts.Expression[] {
  const found = madeWithin(outer, name);
  const visit = (node: ts.Node): void => {
    const isGot = node !== outer && ts.isFunctionLike(node) && isParameterOf(name, node);
    if (isGot && ts.isCallExpression(node.parent)) found.push(withoutCallbacks(node.parent));
    ts.forEachChild(node, visit);
  };
  visit(outer);
  return found;
}

/** Of `load(name, (error, text) => …)` the first argument; of `load(name).then((text) => …)` what is before the `.then`. */
function withoutCallbacks(call: ts.CallExpression): ts.Expression {
  return call.arguments.find((one) => !ts.isFunctionLike(one)) ?? call.expression;
}

function isParameterOf(name: string, called: ts.Node): boolean {
  return ts.isFunctionLike(called) && called.parameters.some((one) => one.name.getText() === name);
}

/**
 * The names that an expression is made of; with `deep`, also those of which a composed key was made: of `name + ':' + lang`
 * both, of `request.get('x-key')` none.
 */
function namesIn(expression: ts.Expression, deep: boolean): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    if (ts.isIdentifier(node) && !isMember) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(expression);
  const around = deep ? functionsAround(expression).at(-1) : undefined;
  if (!around) return names;
  for (const made of [...names].flatMap((name) => madeIn(around, name))) {
    for (const inner of plainNamesIn(made)) names.add(inner);
  }
  return names;
}

/** Names that stand for themselves, not for an object of which something is read. */
function plainNamesIn(expression: ts.Expression): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const isOfChain = ts.isPropertyAccessExpression(node.parent) || ts.isElementAccessExpression(node.parent);
    if (ts.isIdentifier(node) && !isOfChain) names.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(expression);
  return names;
}

/** From the inside to the outside. */
function functionsAround(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) found.push(around);
  return found;
}

/** What an addition stores, and where that is a variable, all that it is made of. */
function valuesOf(use: CollectionUse): ts.Expression[] {
  const value = addedValue(use);
  if (!value) return [];
  const stored = bare(value);
  // `breakers.set(target, (breaker = new Breaker()))`
  const given =
    ts.isBinaryExpression(stored) && isAssignment(stored.operatorToken.kind) ? bare(stored.right) : stored;
  const around = functionsAround(use.node).at(-1);
  return ts.isIdentifier(given) && around ? [given, ...madeIn(around, given.text).map(bare)] : [given];
}

/** `new Breaker(target)`, where the program has that class, and what a function makes that is there for this one call. */
function isOfOwnClass(value: ts.Expression): boolean {
  if (ts.isNewExpression(value)) return !BUILT_IN.test(value.expression.getText());
  if (!ts.isCallExpression(value) || !ts.isIdentifier(value.expression)) return false;
  const { text } = value.expression;
  return functionsAround(value).some((around) => madeIn(around, text).some(ts.isFunctionLike));
}

const BUILT_IN = /^(Date|Array|Object|Promise|RegExp|Function|URL|Intl\.\w+|\w*Array|\w*Error)$/;
