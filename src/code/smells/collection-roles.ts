import ts from 'typescript';
import type { Smell } from '../../protocol/code';
import { enclosingFunction } from '../program/parsed-file';
import type { CollectionDeclaration } from './collection-declarations';
import type { CollectionUse } from './collection-uses';
import { namedFunction, nameOfFunction } from './function-names';
import { isForEachEvent, isInHandler } from './handlers';
import { isRunLater } from './run-time-additions';
import { addedValue, isSummedUp, looksUpWhatItAdds, storedBy } from './stored-values';
import { standsFor } from './value-sources';

type Role = NonNullable<Smell['role']>;

/** Names of what a program cannot make again: to drop it is to change what the program does. */
const STATE =
  /session|socket|connection|client|subscri|listener|watcher|timer|room|player|lock|mutex|limit|bucket|counter|count|hits|metric|stats|token|visitor|presence|online|pending|inflight|in_flight|waiting|attempt|nonce|request|user|peer|worker|instance|disposable|cookie|credential/i;
/** What comes and goes with those who use the program. */
const LIVE = /session|socket|connection|client|user|room|player|peer|request|visitor|token|subscri/i;
/** What can be made again. */
export const CACHE = /cache(?!r)|memo(?!r)|lru|computed|resolved|parsed|compiled|rendered|lookup/i;
/** Classes whose objects are there to keep things: what `setSession` puts there is no set-up. */
export const KEEPS = /(Store|Storage|Repository|Repo)$|^(In)?Memory[A-Z]/;
/** What happened, one after the other. */
export const LOG =
  /log|history|^past|event|audit|trace|message|error|record|warning|breadcrumb|^[_#]*(miss(es|ed)$|failures$|rejected$|refused$|slow)|latenc|timings?$|revisions$|changes$/i;
/** A class of which there is nothing to set up. */
const IS_LOG = /(Log|History|Audit|Journal|Trail|Recorder)$/;
/** Whatever it is of: `requestLog`, `sessionHistory`. */
const LOG_SURELY = /^(?!pending|waiting).*(log|logs|history|audit|trail|breadcrumbs)$/i;
/** What is good for one time: a second one is refused whatever it is. */
const ONE_TIME =
  /^[_#]*(spent|used|redeemed|claimed|consumed|revoked|burned|replayed|seen|bounced|blocked|banned|failed|rejected|expired|missing$|not_?found|nonces?|known\w*Nonces?)/i;
/** What a program's own code puts there once, by calls that set it up. */
const REGISTRY =
  /registry|registered|plugin|handler|middleware|hook|rule|schema|helper|command|filter|route|parser|formatter|extension|loader|transport|adapter|provider|module|factor|alias|definition|converter|serializer|processor|resolver|validator|strateg|component|directive|locale|translation|mapping|option|config|setting|constant|method|mime|polyfill|matcher|visitor|keyword|model|level|types?$|callbacks$|globals$/i;
const REGISTRY_SURELY =
  /^registered|^loggers?(cache)?$|(registry|plugins?|hooks?|handlers?|middlewares?|watchers|observers)$/i;
/** Parts of a program watch, and so do those who use it. */
const VIEWERS = /^[_#]*(watchers|observers)/i;
const CALLBACKS = /(hooks?|handlers?|middlewares?|watchers|observers)$/i;
/** Functions that set something up. */
const SETS_UP =
  /^(register|use|define|install|declare|provide|bind|extend|attach|mount|plugin|configure|setup|init|load|with|enable|set[A-Z]|add[A-Z]|add$|on$|create[A-Z]\w*Type|command|option|alias|globals?|helper|filter|extension)/;
const SETS_UP_BY_ITSELF = /^(register|define|install|declare|configure|setup|init)([A-Z]|$)|^add[A-Z]\w*s$/;

/**
 * What a collection is for. Words in its name decide first, then how it is used: a value that is looked up and stored in
 * the same function is a copy of something that can be made again; what a function of the setting-up kind stores just as
 * it was given is an entry of a registry.
 */
export function roleOf(
  declaration: CollectionDeclaration,
  uses: readonly CollectionUse[],
  openness = 0,
): Role {
  const isOpen = openness >= 2;
  const { name, type, place, owner } = declaration;
  if (type === 'memoized') return 'memo';
  if (type === 'store') return 'cache';
  // `register({ client_name })` of a route names each client anew.
  const isSetUpByCalls = isRegistered(uses) && openness < 3;
  const isOfProgram = isSetUpByCalls || holdsCallbacks(uses) || CALLBACKS.test(name.text);
  // A session that must not be there twice is no part of the program.
  const isAsserted = ONE_TIME.test(name.text) ? null : refusesSecond(uses);
  // `watchers.get(channelId)` of those who use the program.
  const isOfViewers = VIEWERS.test(name.text) && openness >= 3 && !holdsCallbacks(uses);
  const isForSure = REGISTRY_SURELY.test(name.text) || isAsserted === 'assert';
  // `register(text)` of what was sent: no part of the program.
  const isSetUpByName = isRegistered(uses) && openness < 2.5;
  if (
    isSetUpByName ||
    (isAsserted === 'throw' && openness < 2.5) ||
    (isForSure && (!isOpen || (isOfProgram && !isOfViewers)))
  )
    return 'registry';
  if (type === 'array' && LOG_SURELY.test(name.text) && !isOfProgram) return 'log';
  if (CACHE.test(name.text)) return place === 'closure' ? 'memo' : 'cache';
  const looksUpFirst = looksUpWhatItAdds(uses);
  const isSetUp = isFilledBySetUp(uses) && !(place !== 'module' && (KEEPS.test(owner) || IS_LOG.test(owner)));
  const isNoted = type === 'array' && uses.some((use) => use.kind === 'add' && isInHandler(use.node));
  const isPart = (REGISTRY.test(name.text) || isSetUp) && !isOpen && !isNoted;
  if (!looksUpFirst && (holdsCallbacks(uses) || isPart)) return 'registry';
  const isKeyed = type === 'Map' || type === 'object';
  const isOfOwnClass = place !== 'instance' && isKeyed && !LIVE.test(name.text) && holdsNamedObjects(uses);
  if (isOfOwnClass && !isOpen) return 'registry';
  if (STATE.test(name.text)) return 'state';
  if (type === 'array') return LOG.test(name.text) ? 'log' : 'queue';
  if (type === 'Set') return 'state';
  if (looksUpFirst || CACHE.test(owner)) return place === 'closure' ? 'memo' : 'cache';
  return uses.some(isSummedUp) ? 'state' : 'cache';
}

/** `loggers[name] = new Logger(name)`: one object of a class of the program's own for each name that it gives them. */
function holdsNamedObjects(uses: readonly CollectionUse[]): boolean {
  const additions = uses.filter((use) => use.kind === 'add');
  return (
    additions.length > 0 &&
    additions.every((use) => {
      const added = addedValue(use);
      const value = added && standsFor(added);
      return !!value && ts.isNewExpression(value) && !BUILT_IN.test(value.expression.getText());
    })
  );
}

const BUILT_IN =
  /^(Map|Set|WeakMap|WeakSet|Date|Array|Object|Promise|\w*Error|RegExp|Function|URL|Intl\.\w+|\w*Array|Buffer)$/;

/** How a second entry under the same key is an error: `if (map.has(key)) throw …`, `assert(!map.has(key))`; null where it is none. */
function refusesSecond(uses: readonly CollectionUse[]): 'throw' | 'assert' | null {
  const additions = uses.filter((use) => use.kind === 'add').map((use) => enclosingFunction(use.node));
  const asked = uses.filter((use) => use.kind === 'read' && additions.includes(enclosingFunction(use.node)));
  if (asked.length === 0) return null;
  if (asked.every(({ node }) => isAssertion(node) || throwsIfThere(node)))
    return asked.some(({ node }) => isAssertion(node)) ? 'assert' : 'throw';
  return null;
}

function isAssertion(node: ts.Node): boolean {
  const call = ts.findAncestor(node.parent, (one) => ts.isCallExpression(one) || ts.isBlock(one));
  return (
    call !== undefined &&
    ts.isCallExpression(call) &&
    /(^|\.)(assert|invariant)\b/i.test(call.expression.getText())
  );
}

function throwsIfThere(node: ts.Node): boolean {
  const condition = ts.findAncestor(node, ts.isIfStatement);
  if (!condition || node.pos < condition.expression.pos || node.end > condition.expression.end) return false;
  return (
    /^\{?\s*throw\b/.test(condition.thenStatement.getText()) &&
    !condition.expression.getText().startsWith('!')
  );
}

/** Every function that adds is a setting-up one by its name; of the weaker names, one that adds what it was given. */
function isFilledBySetUp(uses: readonly CollectionUse[]): boolean {
  const additions = uses.filter((use) => use.kind === 'add');
  return (
    additions.length > 0 &&
    additions.every((use) => {
      const around = namedFunction(use.node);
      if (around === null) return true;
      if (isForEachEvent(use.node) || isRunLater(use.node)) return false;
      const name = nameOfFunction(around);
      return SETS_UP_BY_ITSELF.test(name) || (SETS_UP.test(name) && addsItsParameter(use.node, around));
    })
  );
}

/** `registerPrefix(id, prefix)`, in whatever way it looks for what was there. */
function isRegistered(uses: readonly CollectionUse[]): boolean {
  const names = uses.flatMap((use) => {
    const around = use.kind === 'add' ? namedFunction(use.node) : null;
    if (!around || ts.isConstructorDeclaration(around)) return [];
    // What sets up a listener does not add what it hears.
    return [isForEachEvent(use.node) || isRunLater(use.node) ? '' : nameOfFunction(around)];
  });
  return names.length > 0 && names.every((name) => SETS_UP_BY_ITSELF.test(name));
}

/** What is iterated is called: the entries are functions that somebody registered. */
function holdsCallbacks(uses: readonly CollectionUse[]): boolean {
  return uses.some((use) => {
    if (use.kind !== 'iterate') return false;
    const { node } = use;
    // `list.forEach((one) => …)`, `Promise.mapSeries(list, (one) => …)`
    const call = ts.isCallExpression(node) ? node : node.parent;
    const callback = ts.isCallExpression(call)
      ? call.arguments.find((one) => ts.isFunctionLike(one))
      : undefined;
    if (callback && ts.isFunctionLike(callback))
      return callback.parameters.some(({ name }) => isCalledIn(name.getText(), callback));
    const loop = ts.findAncestor(node, ts.isForOfStatement);
    if (!loop || !ts.isVariableDeclarationList(loop.initializer)) return false;
    return loop.initializer.declarations.some(
      ({ name }) =>
        isCalledIn(name.getText(), loop.statement) || isClosedIn(uses, name.getText(), loop.statement),
    );
  });
}

/** `await resource.close()` of what was listed as `{ name, close }`, whose `close` was given. */
function isClosedIn(uses: readonly CollectionUse[], name: string, body: ts.Node): boolean {
  const closing = new RegExp(
    `(?<![\\w$.])${name}\\.(close|stop|dispose|shutdown|teardown|destroy|cleanup)\\(`,
  ).exec(body.getText())?.[1];
  return (
    closing !== undefined &&
    uses.some((use) => {
      const value = addedValue(use);
      return (
        value !== null &&
        ts.isObjectLiteralExpression(value) &&
        value.properties.some((one) => ts.isShorthandPropertyAssignment(one) && one.name.text === closing)
      );
    })
  );
}

function isCalledIn(name: string, body: ts.Node): boolean {
  let called = false;
  const visit = (node: ts.Node): void => {
    called ||= ts.isCallExpression(node) && calledOf(node.expression).getText() === name;
    if (!called) ts.forEachChild(node, visit);
  };
  visit(body);
  return called;
}

/** `listen` of `listen(…)`, `listen.call(this, …)` */
function calledOf(callee: ts.Expression): ts.Expression {
  const isByMethod = ts.isPropertyAccessExpression(callee) && /^(call|apply)$/.test(callee.name.text);
  return isByMethod ? callee.expression : callee;
}

/** True of an addition whose value has a parameter of the function in it, alone or as a part. */
export function addsItsParameter(addition: ts.Node, around: ts.Node): boolean {
  if (!ts.isFunctionLike(around)) return false;
  const names = around.parameters.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  const value = storedBy(addition);
  if (!value) return false;
  return names.some((name) =>
    new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(value.getText()),
  );
}
