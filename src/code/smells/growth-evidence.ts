import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import type { CollectionDeclaration } from './collection-declarations';
import {
  addedValue,
  CACHE,
  isMadeOfKey,
  isSummedUp,
  LOG,
  looksUpWhatItAdds,
  namedFunction,
  nameOfFunction,
  readsFile,
} from './collection-roles';
import type { CollectionUse } from './collection-uses';
import { keyOf } from './finite-keys';
import { opennessOf } from './key-origins';
import { opennessOfName } from './key-words';
import { type Lifetime, lifetimeOf } from './long-lived-classes';
import { isMemoizers } from './memoizers';

/** One thing that speaks for growth without end (above 0) or against it; 1 is a hint, 3 is nearly a proof. */
export interface GrowthSign {
  readonly weight: number;
  readonly what: string;
}

/** The sum of signs from which on a collection is reported. */
export const ENOUGH = 2;

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
  const ofEntries = declaration.type === 'array' ? signsOfElements(given) : signsOfKeys(given);
  return [...signsOfDeclaration(given), ...ofEntries, ...signsOfAdditions(given)].filter(
    ({ weight }) => weight !== 0,
  );
}

interface Given {
  readonly file: ParsedFile;
  readonly declaration: CollectionDeclaration;
  readonly uses: readonly CollectionUse[];
  readonly additions: readonly CollectionUse[];
  readonly life: Life;
}

/** How long what holds the collection lives; `memo` is the function that a memoizer returns, `call` a call. */
type Life = Lifetime | 'memo' | 'call';

const LIFE_WEIGHTS: Readonly<Record<Life, number>> = {
  program: 0,
  memo: 0,
  named: -1,
  unknown: -2.5,
  short: -6,
  call: -6,
};

/** What a function keeps is mostly there for one piece of work, unless it is a memoizer or runs once. */
function lifeOf(
  file: ParsedFile,
  declaration: CollectionDeclaration,
  uses: readonly CollectionUse[],
  additions: readonly CollectionUse[],
): Life {
  const { place, type, creation } = declaration;
  if (place === 'module' || place === 'static') return 'program';
  const lifetime = lifetimeOf(file, declaration);
  if (place === 'instance') return lifetime;
  const isKeyed = type === 'Map' || type === 'object';
  if (!isKeyed || lifetime === 'short')
    return type !== 'array' && lifetime === 'program' ? 'program' : 'call';
  const isMemo = isMemoizers(creation) && (looksUpWhatItAdds(uses) || additions.some(isMadeOfKey));
  return lifetime === 'program' ? 'program' : isMemo ? 'memo' : 'call';
}

const SEEN = /^[_#]*(seen|visited|known|processed|handled|sent|already|logged|notified|ignored|published)/i;

function signsOfDeclaration({ declaration, life }: Given): GrowthSign[] {
  const { name, type, isSeeded } = declaration;
  const isCache = CACHE.test(name.text);
  return [
    { weight: LIFE_WEIGHTS[life], what: `its holder's life: ${life}` },
    { weight: isCache && type !== 'array' ? 1 : 0, what: 'called a cache' },
    { weight: isSeeded ? (isCache ? -1 : -3) : 0, what: 'filled where it is made' },
    { weight: SEEN.test(name.text) ? 1 : 0, what: 'called what was seen' },
  ];
}

/** Of an array: nothing is ever there already, so each call adds one. */
function signsOfElements({ file, declaration, additions, life }: Given): GrowthSign[] {
  const { name, place } = declaration;
  const values = additions.flatMap((use) => addedValue(use) ?? []);
  const isOfFew = opennessOfName(name.text) < 0 && !/queue|buffer|batch/i.test(name.text);
  const ofProgram = place === 'instance' ? 0.5 : place === 'closure' ? 0 : 2;
  return [
    { weight: life === 'program' ? ofProgram : 0, what: 'each call adds one' },
    { weight: isOfFew ? -2 : 0, what: 'of what a program has few of' },
    { weight: LOG.test(name.text) ? 1.5 : 0, what: 'called a log' },
    {
      weight: values.some(({ kind }) => kind === ts.SyntaxKind.ThisKeyword) ? 2 : 0,
      what: 'objects add themselves',
    },
    { weight: values.some((value) => opennessOf(file, value) >= 3) ? 1 : 0, what: 'values from outside' },
  ];
}

/** Classes whose objects are there to keep things. */
const KEEPS = /(Store|Storage)$/;

/** Of a Map, a Set or a dictionary: how many different keys there may be, and what becomes of them. */
function signsOfKeys({ file, declaration, uses, additions, life }: Given): GrowthSign[] {
  const { name, owner, place, type } = declaration;
  const open = Math.max(...additions.map((use) => opennessOfAddition(file, name.text, use)));
  const isCacheByKind = life === 'memo' || (place === 'instance' && CACHE.test(owner));
  const isKept = isCacheByKind || (place === 'instance' && KEEPS.test(owner));
  const isMade = additions.some(isMadeOfKey);
  const isPlain = type === 'object' && open < 2 && !CACHE.test(name.text) && !isMade;
  return [
    { weight: Math.min(3, open), what: 'keys' },
    { weight: doubtOf(open, life, isCacheByKind), what: 'keys that may be few' },
    { weight: isKept ? 1 : 0, what: 'its class or function is there to keep' },
    { weight: open <= 2 && additions.every(readsFile) ? -4 : 0, what: 'kept of files' },
    { weight: looksUpWhatItAdds(uses) ? 1 : 0, what: 'looks up what it adds' },
    { weight: isMade && (type !== 'Set' || open > 0) ? 1 : 0, what: 'made of its key' },
    { weight: isPlain ? -1 : 0, what: 'an object is used for everything' },
    { weight: open <= 0 && additions.every(isSummedUp) ? -2 : 0, what: 'sums' },
  ];
}

/** Keys that do not say that they are many need other signs; a cache by its kind is asked with what its users like. */
function doubtOf(open: number, life: Life, isCacheByKind: boolean): number {
  if (open < -1) return -2;
  if (open < 0) return -1;
  if (open >= 1.5 || isCacheByKind) return 0;
  return life === 'program' ? -1.5 : -2;
}

const PREPARES =
  /^(load|init|setup|start|boot|install|configure|scan|discover|compile|build|create|register|define|prepare|mount|migrate|sync)/i;
const SETS_UP_ONCE =
  /^(init|setup|start|boot|bootstrap|install|configure|register|main|run)([A-Z_]|ialize|$)/;

/** When and where entries are added. */
function signsOfAdditions({ additions }: Given): GrowthSign[] {
  const names = additions.map(functionNameOf);
  return [
    { weight: additions.some(isAddedByEvent) ? 1.5 : 0, what: 'added for each event' },
    { weight: additions.every(isOnlyForTests) ? -4 : 0, what: 'only with a variable of the environment' },
    { weight: names.every((name) => PREPARES.test(name)) ? -1 : 0, what: 'added by what prepares' },
    { weight: names.every((name) => SETS_UP_ONCE.test(name)) ? -1.5 : 0, what: 'added by what sets up' },
  ];
}

/** A key that says nothing (`id`, `name`) is of what the collection holds: `sessions`, `plugins`. */
function opennessOfAddition(file: ParsedFile, collection: string, use: CollectionUse): number {
  const key = use.kind === 'add' ? keyOf(use.node) : undefined;
  if (!key) return 0;
  if (isCompared(key)) return -4;
  const open = opennessOf(file, key);
  if (Math.abs(open) > 1) return open;
  const ofEntries = opennessOfName(collection);
  return ofEntries > 1 ? 2 : ofEntries < -1 ? -1.5 : open;
}

/** `if (value >= -128 && value < 128) cache[value] = …` */
function isCompared(key: ts.Expression): boolean {
  const condition = ts.findAncestor(key, ts.isIfStatement);
  if (!condition || condition.expression.pos > key.pos) return false;
  const escaped = key.getText().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w$.])${escaped}\\s*<=?\\s*-?[\\w.]+`).test(condition.expression.getText());
}

function functionNameOf(use: CollectionUse): string {
  const around = namedFunction(use.node);
  return around ? nameOfFunction(around) : '';
}

/** Added in the handler of an event or of a request: as many entries as there are of these. */
function isAddedByEvent({ node }: CollectionUse): boolean {
  for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) {
    if (ts.isFunctionLike(around) && around.parameters.some(({ name }) => HANDLED.test(name.getText())))
      return true;
    const { parent: call } = around;
    if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) continue;
    const isHandler = /^(on|addListener|addEventListener|get|post|put|patch|delete)$/.test(
      call.expression.name.text,
    );
    if (isHandler && call.arguments.length > 1 && ts.isStringLiteralLike(call.arguments[0]!)) return true;
  }
  return false;
}

const HANDLED = /^(req|request|ctx|packet|interaction|socket|ws)$/;

/** `if (process.env.CI) sent.set(id, …)` */
function isOnlyForTests({ node }: CollectionUse): boolean {
  const condition = ts.findAncestor(
    node,
    (one): one is ts.IfStatement => ts.isIfStatement(one) && node.pos > one.expression.end,
  );
  return (
    !!condition && /process\.env\b|\b(isTest|testing|debugMode|isDev)\b/.test(condition.expression.getText())
  );
}
