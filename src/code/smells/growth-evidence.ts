import ts from 'typescript';
import { isApplication, packageOf } from '../program/package';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { EVENT, NOT_THERE, openKeys } from './addition-keys';
import { signsOfAdditions } from './addition-signs';
import { begunWith } from './begun-collections';
import { withoutKind } from './class-names';
import type { CollectionDeclaration } from './collection-declarations';
import { CACHE, KEEPS } from './collection-roles';
import type { CollectionUse } from './collection-uses';
import { signsOfElements, signsOfLists } from './element-signs';
import { keyOf } from './finite-keys';
import { namedFunction } from './function-names';
import { type Given, type GrowthSign, OF_PARTS } from './growth-signs';
import { LIFE_WEIGHTS, type Life, lifeOf } from './holder-lives';
import { isTakenOutInside, listedInside } from './inner-collections';
import { readsFile } from './kept-of-files';
import { holdsLiveThings } from './key-words';
import { isMadeOfKey, isSummedUp, looksUpWhatItAdds } from './stored-values';
import { initializerWithin } from './value-sources';

/** The sum of signs from which on a collection is reported. */
const ENOUGH = 2;
const ENOUGH_BY_NAMES = 3;
/** Of an object that the package makes itself, and keeps as long as it runs. */
const ENOUGH_OF_OWN = 2.5;

/**
 * True where the signs are enough to report it. Objects of a package that others install are made by them, few or many: where no
 * more than names speak for the field of such an object, they have to say so more than once.
 */
export function areEnough(
  { file }: ParsedFile,
  { place, type }: CollectionDeclaration,
  signs: readonly GrowthSign[],
): boolean {
  const sum = sumOf(signs);
  const isForLong = !signs.some(({ what, weight }) => what.startsWith(LIFE) && weight < LIFE_WEIGHTS.named);
  const isProved = signs.some(({ what, weight }) => what === KEYS && weight > (isForLong ? 2 : 2.5));
  const isByNames = place === 'instance' && !isProved;
  const isForOthers = packageOf(file) !== null && !isApplication(file);
  const isOwn = type !== 'array' && signs.every(({ what }) => !what.startsWith(LIFE));
  return sum >= (isByNames && isForOthers ? (isOwn ? ENOUGH_OF_OWN : ENOUGH_BY_NAMES) : ENOUGH);
}

/**
 * The signs of a collection from which nothing is removed. `additions` are those that run while the program does. No single
 * sign decides: a Map of a module under ids from requests is reported whatever it is called, one of a class of which nobody
 * knows how long its objects live only when its name, its keys and its use all say so.
 */
export function growthSigns(
  file: ParsedFile,
  declaration: CollectionDeclaration,
  uses: readonly CollectionUse[],
  additions: readonly CollectionUse[],
): GrowthSign[] {
  const given = { file, declaration, uses, additions, life: lifeOf(file, declaration, uses, additions) };
  if (declaration.type === 'array') return signsOf(given, signsOfElements(given));
  const ofKeys = signsOf(given, signsOfKeys(given));
  // Under however few keys, lists that get longer with each call have no end.
  const listed = listedInside(file, uses, declaration.creation);
  const ofLists = listed.length > 0 ? signsOf(given, signsOfLists(given, listed), true) : [];
  return listed.length > 0 && sumOf(ofLists) > sumOf(ofKeys) ? ofLists : ofKeys;
}

function signsOf(given: Given, ofEntries: readonly GrowthSign[], isOfLists = false): GrowthSign[] {
  const keys = ofEntries.find(({ what }) => what === KEYS)?.weight ?? 0;
  const isOpen = keys >= 2.5;
  const isMemo = keys >= 2 && looksUpWhatItAdds(given.uses) && given.additions.every(isMadeOfKey);
  return [
    ...signsOfDeclaration(given, isOpen, isOfLists),
    ...ofEntries,
    ...signsOfAdditions(given, isOpen, isMemo),
  ].filter(({ weight }) => weight !== 0);
}

function sumOf(signs: readonly GrowthSign[]): number {
  return signs.reduce((all, { weight }) => all + weight, 0);
}

const SEEN =
  /^[_#]*(ever(?=[A-Z_])|seen|visited|known|processed|applied|accepted|handled|sent|already|logged|notified|ignored|published|acknowledged|revoked|banned|consumed|spent|used|redeemed|claimed|done|finished|completed|departed|gone(?=$|[A-Z])|tombstones?|retired|executed|delivered|dedup\w*|unique(?=$|keys|ids))/i;

/** `perRequestCache`, `tmpNames`; `perHost` is by hosts, of which there is no end. */
const FOR_NOW =
  /^[_#]*((tmp|temp|current|startup)(?=[A-Z_])|[pP]er_?(Request|Req|Call|Frame|Query|Message|Msg|Event|Run|Op|Operation|Pass|Render|Build|Execution|Batch|Tick|Step|Invocation)s?([A-Z_]|$))/;

function signsOfDeclaration({ declaration, life }: Given, isOpen: boolean, isOfLists: boolean): GrowthSign[] {
  const { name, type, isSeeded, creation } = declaration;
  const isBegun = (isOpen || isOfLists) && begunWith(creation) !== null;
  const isCache = CACHE.test(name.text);
  return [
    { weight: LIFE_WEIGHTS[life], what: `${LIFE}: ${life}` },
    { weight: isCache && type !== 'array' ? 1 : 0, what: 'called a cache' },
    {
      weight: isSeeded && !(isBegun && isOfLists) ? (isCache || isBegun ? -1 : -3) : 0,
      what: 'filled where it is made',
    },
    { weight: SEEN.test(name.text) ? 1 : 0, what: 'called what was seen' },
    { weight: FOR_NOW.test(name.text) ? -3 : 0, what: 'called after one piece of work' },
  ];
}

const KEYS = 'keys';
const LIFE = "its holder's life";

/** `get(key)`, `has(key)`, `table[key]` */
function isLookUp(use: CollectionUse): boolean {
  return use.kind === 'read' && /^(get|has|in|hasOwn|hasOwnProperty|\[\])$/.test(use.method);
}

/** Of a Map, a Set or a dictionary: how many different keys there may be, and what becomes of them. */
function signsOfKeys(given: Given): GrowthSign[] {
  const { file, declaration, uses, additions, life } = given;
  const { name, owner, place, type } = declaration;
  const open = openKeys(file, declaration, additions);
  const isCacheByKind = life === 'memo' || CACHE.test(owner);
  // Who remembers what it has seen has no end of it in mind.
  const isOfSeen = SEEN.test(name.text) && looksUpWhatItAdds(uses);
  const isOfListeners = EVENTS.test(name.text)
    ? additions.some(keepsCallback)
    : open < 3 && additions.every(keepsCallback);
  const isKept =
    isCacheByKind || (place === 'instance' && KEEPS.test(owner) && !OF_PARTS.test(withoutKind(owner)));
  const isMade = type !== 'memoized' && type !== 'store' && additions.some(isMadeOfKey);
  const isComposed = additions.some((use) => isOfSeveral(keyOf(use)));
  const isPlain =
    !isComposed &&
    type === 'object' &&
    life !== 'memo' &&
    open < 2 &&
    !CACHE.test(name.text) &&
    !isMade &&
    !DICTIONARY.test(declaration.annotation?.getText() ?? '');
  return [
    { weight: Math.min(3, open), what: KEYS },
    {
      weight: isOfSeen && open >= 0 ? 0 : doubtOf(open, life, isCacheByKind),
      what: 'keys that may be few',
    },
    {
      weight: holdsLiveThings(name.text) && place === 'instance' ? 0.5 : 0,
      what: 'holds what comes and goes',
    },
    { weight: isKept ? 1 : 0, what: 'its class or function is there to keep' },
    {
      weight: open <= 2 && !NOT_THERE.test(name.text) && additions.every(readsFile) ? -4 : 0,
      what: 'kept of files',
    },
    { weight: looksUpWhatItAdds(uses) ? 1 : uses.some(isLookUp) ? 0.5 : 0, what: 'looks up what it adds' },
    { weight: OF_PARTS.test(owner) && !isKept ? -1 : 0, what: 'its class is for parts of the program' },
    {
      weight: isTakenOutOfEach(GROUPS, given, additions) ? -4 : 0,
      what: 'what each of a few has is taken out again',
    },
    { weight: type === 'memoized' ? 2 : 0, what: 'a library remembers what it returned' },
    { weight: isMade && (type !== 'Set' || open > 0) ? 1 : 0, what: 'made of its key' },
    {
      weight: open < 3 && isTakenOutOfEach(PARTS, given, additions) ? -4 : 0,
      what: 'a table for each part, whose entries are taken out again',
    },
    { weight: isOfListeners ? -4 : 0, what: 'kept of those that listen' },
    { weight: isPlain ? -1 : 0, what: 'an object is used for everything' },
    { weight: open <= 0 && additions.every(isSummedUp) ? -2 : 0, what: 'sums' },
  ];
}

/** `Record<string, Promise<void>>`, `{ [name: string]: number }`: an object that is there for its keys. */
const DICTIONARY = /^(Record<string,|Partial<Record<string,|\{\s*(readonly )?\[\w+: string\])/;

/** What is added for each of a few is taken out again. */
function isTakenOutOfEach(few: RegExp, { file, uses }: Given, additions: readonly CollectionUse[]): boolean {
  return additions.every((use) => few.test(keyOf(use)?.getText() ?? '')) && isTakenOutInside(file, uses);
}

/** `users[tenant][id] = …`, `delete users[tenant][id]`: of tenants there are as many as were taken on. */
const GROUPS = /(tenant|guild|org(anization)?|company|workspace|site)(_?id)?$/i;

/** `cooldowns.set(button.id, new Map())`, whose entries a timer deletes: of what has one there are few. */
const PARTS = /(^|\.)(custom_?id|command(name|id)?|name|type|action|route|button|component)$/i;

/** `${z}/${x}/${y}`: no property of an object that is used for everything is called so. */
function isOfSeveral(key: ts.Expression | undefined): boolean {
  if (!key) return false;
  const name = ts.isIdentifier(key) ? initializerIn(key) : key;
  if (ts.isTemplateExpression(name)) return name.templateSpans.length > 1;
  return ts.isBinaryExpression(name) && (name.getText().match(/[^'"]\+/g)?.length ?? 0) > 1;
}

/** `const key = …` of the function, or of one around it. */
function initializerIn(name: ts.Identifier): ts.Expression {
  for (let around = enclosingFunction(name); around; around = enclosingFunction(around)) {
    const found = initializerWithin(around, name.text);
    if (found) return found;
  }
  return name;
}

/** `on(event, handler) { this.events[event] ??= []; this.events[event].push({ handler }) }`: what the program registers. */
function keepsCallback(use: CollectionUse): boolean {
  const { node } = use;
  if (use.kind !== 'add' || !EVENT.test(use.key)) return false;
  const around = namedFunction(node);
  if (!around || !ts.isFunctionLike(around)) return false;
  const given = around.parameters.find(({ name }) => CALLBACK.test(name.getText()));
  if (!given) return false;
  const text = around.getText();
  const name = given.name.getText();
  return (
    !new RegExp(`(?<![\\w$.])${name}(\\?\\.)?(\\.(call|apply))?\\(`).test(text) &&
    new RegExp(`[({:,=]\\s*${name}\\s*[,})\\]]`).test(text.slice(text.indexOf('{')))
  );
}

const CALLBACK = /^(handler|listener|callback|cb|hook|middleware|fn|fct|func)s?$/;
/** As emitters of old call what they have. */
const EVENTS = /^_?(events|evts)$/;

/** Keys that do not say that they are many need other signs; a cache by its kind is asked with what its users like. */
function doubtOf(open: number, life: Life, isCacheByKind: boolean): number {
  if (open < -1) return -2;
  if (open < 0) return -1;
  if (open >= 1.5 || isCacheByKind) return 0;
  return life === 'program' ? -1.5 : -2;
}
