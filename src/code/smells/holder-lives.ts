import ts from 'typescript';
import { returnedBy, statementsOf } from '../program/function-results';
import { functionsRunAtLoad, runsAtLoad } from '../program/load-time';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { isNamedForLong, lifetimeByName } from './class-names';
import type { CollectionDeclaration } from './collection-declarations';
import type { CollectionUse } from './collection-uses';
import { madeBy, nameOfFunction } from './function-names';
import { isCalledForEach, isForEachEvent, isInHandler, isRunByListener } from './handlers';
import { keepingOf } from './kept-closures';
import { isExportItself } from './key-forms';
import { knownCallers } from './known-callers';
import { type Lifetime, lifetimeOf } from './long-lived-classes';
import { bare } from './member-chains';
import { isMemoizers } from './memoizers';
import { isForOne } from './new-objects';
import { isMadeOfKey, looksUpWhatItAdds } from './stored-values';

/**
 * How long what holds the collection lives; `memo` is the function that a memoizer returns, `returned` one that another function
 * returns, `call` a call.
 */
export type Life = Lifetime | 'memo' | 'returned' | 'call';

/** What each says for or against growth without end. */
export const LIFE_WEIGHTS: Readonly<Record<Life, number>> = {
  program: 0,
  memo: 0,
  named: -0.5,
  unknown: -2.5,
  many: -2,
  returned: -2,
  short: -6,
  call: -6,
};

/** What a function keeps is mostly there for one piece of work, unless it is a memoizer or runs once. */
export function lifeOf(
  file: ParsedFile,
  declaration: CollectionDeclaration,
  uses: readonly CollectionUse[],
  additions: readonly CollectionUse[],
): Life {
  const { place, type, creation, table } = declaration;
  if (table) return lifeOf(file, table, [], []);
  if (place === 'module' && isMemoizers(creation) && looksUpWhatItAdds(uses)) return 'memo';
  if (place === 'module' && type === 'array' && isReadByMakerOnly(creation, uses)) return 'call';
  if (place === 'module' || place === 'static') return 'program';
  const around = enclosingFunction(creation);
  if (place === 'closure' && around && callsBack(around) && !isFactory(around)) return 'call';
  const lifetime = lifetimeOf(file, declaration);
  if (place === 'instance') return lifetime;
  if (lifetime === 'program' && type !== 'array') return 'program';
  // `start() { const names = {}; this.onResponse = (packet) => …; }`: what it listens with stays until it is stopped.
  const isStarting = around !== null && STARTS.test(nameOfFunction(around));
  if (type !== 'array' && isStarting && keepingOf(file, declaration.name as ts.Identifier, around))
    return 'unknown';
  // `startDashboard(port)` is done when its server listens, which goes on.
  if (
    around &&
    SERVES.test(nameOfFunction(around)) &&
    additions.some(({ node }) => isListenedTo(node, around))
  )
    return 'named';
  if (lifetime === 'short') return 'call';
  const isOfAnswering = around !== null && returnsHandler(around) && !isInHandler(creation);
  if (isOfAnswering && additions.every(({ node }) => enclosingFunction(node) !== around)) return 'named';
  if (type === 'array') {
    // What its methods add to is no list of one call.
    const isLater = additions.every(({ node }) => enclosingFunction(node) !== around);
    if (isLater && lifetime === 'program' && around && returnsMethods(around)) return 'program';
    if (isLater && additions.every(({ node }) => isRunByListener(file, node))) return 'named';
    return isLater && around && isGivenServices(around) && returnsMethods(around) ? 'named' : 'call';
  }
  const isMemo = isMemoizers(creation) && (looksUpWhatItAdds(uses) || additions.some(isMadeOfKey));
  if (isMemo) return isMadeByCalls(file, around) ? 'call' : 'memo';
  // Made anew for each of them.
  if (isInHandler(creation) || (around && isForOne(around))) return 'call';
  // What is added for each request is kept by what answers them.
  if (
    additions.some(
      ({ node }) => isInHandler(node) || isCalledForEach(file, node) || isRunByListener(file, node),
    )
  )
    return 'named';
  const made = madeBy(declaration.owner);
  if (made !== declaration.owner && isNamedForLong(made)) return 'named';
  const keeping = around && keepingOf(file, declaration.name as ts.Identifier, around);
  if (keeping && around && (isConfiguredOnce(around) || isGivenServices(around))) return 'named';
  if (keeping === 'returned' && looksUpWhatItAdds(uses)) return 'returned';
  // As good as the field of an object.
  return around && keeping && returnsMethods(around) ? 'unknown' : 'call';
}

/** A list of a function that sets something up, which looks at it before it is over: nobody reads what is added later. */
function isReadByMakerOnly(creation: ts.Expression, uses: readonly CollectionUse[]): boolean {
  const around = enclosingFunction(creation);
  const reads = uses.filter(({ kind }) => kind !== 'add');
  return around !== null && reads.length > 0 && reads.every(({ node }) => enclosingFunction(node) === around);
}

/** `module.exports = function (conf) { … return exchange }`: what a module makes of the program's configuration. */
function isConfiguredOnce(around: ts.Node): boolean {
  if (!ts.isFunctionLike(around) || !isExportItself(around)) return false;
  const [first] = around.parameters;
  return first !== undefined && /^(conf|config|configuration|settings|env)$/.test(first.name.getText());
}

/** `module.exports = ({ db, log }) => { … return { … } }`: what works with the program's own services is made once. */
function isGivenServices(around: ts.Node): boolean {
  if (!ts.isFunctionLike(around) || lifetimeByName(madeBy(nameOfFunction(around))) === 'short') return false;
  const given = around.parameters.flatMap(({ name }) =>
    ts.isObjectBindingPattern(name) ? name.elements.map((one) => one.name.getText()) : [name.getText()],
  );
  return given.some((name) => SERVICES.test(name));
}

const SERVICES =
  /^(log|logger|db|database|knex|prisma|pool|redis|bus|eventBus|broker|config|settings|store|storage|repo|repository|repositories|mailer|notifier|metrics|queue|api)$/;

/** All who call a memoizer are known, and give away what they get each time that they are called themselves. */
function isMadeByCalls(file: ParsedFile, around: ts.Node | null): boolean {
  const callers = around && ts.isFunctionLike(around) ? knownCallers(file, around) : null;
  if (!callers?.complete || callers.calls.length === 0) return false;
  const atLoad = functionsRunAtLoad(file);
  return callers.calls.every((call) => !runsAtLoad(call, atLoad) && isPassedOn(call));
}

/** `return memoize(f)`, `{ find: memoize(f) }`, `use(memoize(f))`, and nobody keeps it under a name. */
function isPassedOn({ parent }: ts.Node): boolean {
  if (
    ts.isPropertyAssignment(parent) ||
    ts.isObjectLiteralExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isParenthesizedExpression(parent)
  )
    return isPassedOn(parent);
  return ts.isReturnStatement(parent) || ts.isArrowFunction(parent) || ts.isCallExpression(parent);
}

/** `return async (req, res, next) => …`: what answers all requests. */
function returnsHandler(around: ts.Node): boolean {
  return returnedBy(around).some((returned) => {
    const made = bare(returned);
    return ts.isFunctionLike(made) && isAnswering(made);
  });
}

function isAnswering({ parameters }: ts.SignatureDeclaration): boolean {
  const names = parameters.map(({ name }) => name.getText());
  return /^_?(req|request|ctx|context)$/.test(names[0] ?? '') && names.length > 1;
}

/** `function probe(options, callback)` is one piece of work, which ends with the callback. */
function callsBack(around: ts.Node): boolean {
  const last = ts.isFunctionLike(around) ? around.parameters.at(-1)?.name.getText() : undefined;
  return last !== undefined && /^_?(callback|cb|done)$/.test(last);
}

/** `makeTransport(options, callback)` is asked for something that stays, and calls back for each message. */
function isFactory(around: ts.Node): boolean {
  const name = nameOfFunction(around);
  return madeBy(name) !== name;
}

/** `return { load, save }`, `return { bind(emitter) { … } }` */
function returnsMethods(around: ts.Node): boolean {
  return returnedBy(around).some((returned) => {
    const object = bare(returned);
    const members = ts.isObjectLiteralExpression(object) ? object.properties : [];
    return members.filter((one) => ts.isMethodDeclaration(one) || isFunctionProperty(one, around)).length > 1;
  });
}

/** `load: () => …`, `load` of a function that is declared in `around`. */
function isFunctionProperty(property: ts.ObjectLiteralElementLike, around: ts.Node): boolean {
  if (ts.isShorthandPropertyAssignment(property)) return declaresFunction(around, property.name.text);
  return ts.isPropertyAssignment(property) && ts.isFunctionLike(property.initializer);
}

function declaresFunction(around: ts.Node, name: string): boolean {
  return statementsOf(around).some((one) => ts.isFunctionDeclaration(one) && one.name?.text === name);
}

/** In a callback of `around` that is called for each event. */
function isListenedTo(node: ts.Node, around: ts.Node): boolean {
  return enclosingFunction(node) !== around && isForEachEvent(node);
}

const SERVES = /^(start|serve|listen|run|launch|open)[A-Z]/;
const STARTS = /^(start|listen|watch|serve)$/;
