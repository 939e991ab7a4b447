import ts from 'typescript';
import { statementsOf } from '../program/function-results';
import { packageOf } from '../program/package';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { withoutKind } from './class-names';
import type { CollectionDeclaration } from './collection-declarations';
import type { CollectionUse } from './collection-uses';
import { keyOf } from './finite-keys';
import { opennessOf } from './key-origins';
import {
  holdsLiveThings,
  holdsValues,
  isGenericName,
  namesWhatIsConfigured,
  opennessOfEntries,
  opennessOfName,
} from './key-words';
import { isConstructing } from './run-time-additions';
import { isMadeOfKey } from './stored-values';

/** The most that is known of how open the keys are that are added under; of an array nothing is. */
export function openKeys(
  file: ParsedFile,
  { name, owner, type }: CollectionDeclaration,
  additions: readonly CollectionUse[],
): number {
  if (type === 'array') return 0;
  return Math.max(...additions.map((use) => opennessOfAddition(file, name.text, owner, use)));
}

/** `if (value > last) return` ahead of the addition. */
function isLeftAbove(key: ts.Expression): boolean {
  const name = key.getText().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const isAbove = new RegExp(
    `^(?<![\\w$.])${name}\\s*>=?\\s*[\\w.]+$|^!\\(.*(?<![\\w$.])${name}\\s*<=?\\s*[\\w.]+\\)$`,
  );
  return statementsOf(enclosingFunction(key)).some(
    (statement) =>
      statement.end <= key.pos &&
      ts.isIfStatement(statement) &&
      /^\{?\s*(return|throw)\b/.test(statement.thenStatement.getText()) &&
      isAbove.test(statement.expression.getText()),
  );
}

/** A key that says nothing (`id`, `name`) is of what the collection holds: `sessions`, `plugins`. */
function opennessOfAddition(file: ParsedFile, collection: string, owner: string, use: CollectionUse): number {
  const key = keyOf(use);
  if (!key) return 0;
  if (isCompared(key)) return -4;
  // There are as many events as the program knows, whoever listens.
  if (LISTENERS.test(collection) && EVENT.test(key.getText())) return -2.5;
  const open = opennessOf(file, key);
  if (open > 0 && open < 4 && isOfHome(file, key)) return -2;
  // One for each object that users make, by what they give it.
  if (open === 0 && isConstructing(use.node)) return open;
  // Of upstreams a program has as many as it was told, unless somebody else names them.
  if (open >= 2 && open < 3 && UPSTREAMS.test(collection) && namesWhatIsConfigured(key.getText())) return 0;
  // Whatever is not there was named by who asked for it.
  if (open >= -1 && open < 2 && NOT_THERE.test(collection)) return 2;
  // `modulesByKeyword`: there are no more keywords than the modules have.
  if (
    open > 1 &&
    open < 3 &&
    /[a-z]By[A-Z]/.test(collection) &&
    opennessOfEntries(collection) <= -2.5 &&
    !isMadeOfKey(use)
  )
    return 0;
  // `lastByStatus`: of statuses there are few, whatever the key is called.
  if (open > -2 && open < 3 && opennessOfName(BY.exec(collection)?.[1] ?? '') <= -2) return -2;
  // `verdicts` of addresses, under what callers say are some; `idToOrigin` is by what stands first.
  if (open > 1 && open < 2 && !/[a-z]To[A-Z]/.test(collection) && opennessOfEntries(collection) > 1) return 2;
  if (open > 1 || open <= -3) return open;
  // `nodeSessions` under the id of a node: it is the key that says how many.
  if (open < -1.5) return open;
  if (holdsLiveThings(collection)) return 2;
  if (open < -1) return open;
  const ofEntries = opennessOfEntries(collection);
  if (open < 0 && holdsValues(collection)) return open;
  // `revoked` of a `TokenService`, by `value`: what neither name tells its class does.
  const isUntold = ofEntries === 0 && open >= -1 && open < 1.5 && isGenericName(key.getText());
  if (isUntold && opennessOfName(withoutKind(owner)) > 1) return 1.5;
  // Who publishes names topics, and who locks, limits or stores names keys.
  if (open >= -2 && open < 2 && PUBLISHES.test(owner) && TOPIC.test(key.getText())) return 2;
  if (open > -1.5 && open < 2 && isGenericName(key.getText()) && KEEPS_BY_KEY.test(owner)) return 2;
  return ofEntries > 1 ? 2 : ofEntries < -1 ? -1.5 : open;
}

/** Devices, rooms and topics of one home are few, whoever tells of them; what is asked for has no end there either. */
function isOfHome({ file }: ParsedFile, key: ts.Expression): boolean {
  return packageOf(file)?.isOfHome === true && !ASKED_FOR.test(key.getText());
}

const ASKED_FOR = /ur[li]|text|phrase|token|session|\bip\b|user|\breq|query|search|track|song|message|mail/i;

/** Whatever is listed as missing was named by who asked for it. */
export const NOT_THERE =
  /^[_#]*(miss(es|ed|ing)?|unknowns?|not_?found|unhandled|unmatched|rejected|refused|failures)$/i;
const BY = /(?:[a-z]By|^[_#]*(?:per|by))([A-Z]\w*)$/;
const UPSTREAMS = /^[_#]*(pools|upstreams)$/;
const PUBLISHES = /Pub[sS]ub|Presence|Broker|Gossip/;
const TOPIC = /^(topic|channel|room)(Name|Id)?$/;
const KEEPS_BY_KEY =
  /Keyed|PerKey|ByKey|Mutex|Locks?$|Locker|Throttl|^(In)?Memory\w*(Stor(e|age|ageProvider)|Cache|D[bB]|Adapter|Backend)$/;

const LISTENERS = /(listeners?|callbacks?|handlers?|observers?)$/i;
/** What an event is called by where it is listened to. */
export const EVENT = /^(events?|evt|eventName|eventType|type|trigger|hook|signal)$/;

/** `if (value >= -128 && value < 128) cache[value] = …`, `if (!(value >= 1 && value <= last)) return` */
function isCompared(key: ts.Expression): boolean {
  if (isLeftAbove(key)) return true;
  const condition = ts.findAncestor(key, ts.isIfStatement);
  if (!condition || condition.expression.pos > key.pos) return false;
  const escaped = key.getText().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w$.])${escaped}\\s*<=?\\s*-?[\\w.]+`).test(condition.expression.getText());
}
