import ts from 'typescript';
import type { CollectionUse } from './collection-uses';
import { computedKey } from './copied-with-more';
import { answerOf } from './handlers';
import { isComparedWithLimit } from './size-limits';

/** `Array.from(map)`, `new Map(map)`, `JSON.stringify(map)`: they read and let go. */
const READS_AND_LETS_GO =
  /^(Array\.from|Object\.(fromEntries|keys|values|entries|freeze)|JSON\.(stringify|parse)|Map|Set|Array|structuredClone|(util\.)?(inspect|format)|String|Boolean|Buffer\.concat|(Promise|Bluebird)\.\w+|Math\.\w+(\.apply)?|(console|log|logger|debug|winston|pino)(\.\w+)?|this\.(log|logger)\.\w+|(res|reply|response)\.(json|send|render|end|write)|expect|assert(\.\w+)*|fs\.\w*(write|append)\w*|\w*[sS]tringify|\w+\.concat)$/;

/** `_.find(devices, { id })`, `_.map(devices, 'name')`: what lodash and its kind give back is another list, or one entry. */
const ASKED_BY_LODASH =
  /^(_|lodash|underscore)\.(forEach|each|eachRight|forEachRight|forOwn|forIn|map|flatMap|mapValues|mapKeys|find|findLast|findKey|findIndex|findWhere|filter|where|reject|some|any|every|all|reduce|keys|values|size|isEmpty|contains|includes|indexOf|pluck|has|get|toArray|toPairs|pairs|sortBy|orderBy|groupBy|keyBy|indexBy|countBy|partition|invert|pick|pickBy|omit|omitBy|first|head|last|max|maxBy|min|minBy|sum|sumBy|uniq|without|difference|intersection|union|compact|flatten|clone|cloneDeep|sample|take|takeRight|takeWhile|takeRightWhile|drop|dropRight|slice|tail|initial|nth|chunk|mean|meanBy|reduceRight)$/;

/** `_.set(compiled, [source], render)` */
const SET_BY_LODASH = /^(_|lodash)\.(set|setWith)$/;

/** `JSON.stringify({ sessions, uptime })`, `response.json({ data: { sessions } })`, `callback(null, { sessions })` */
export function isReadAsPart(node: ts.Node): boolean {
  const whole = answerOf(node);
  const { parent: call } = whole;
  if (whole === node || !ts.isCallExpression(call)) return false;
  const isAnswer = CALLS_BACK.test(call.expression.getText()) && call.arguments[0] !== whole;
  return isAnswer || READS_AND_LETS_GO.test(call.expression.getText());
}

const CALLS_BACK = /^(callback|cb|done)$/;

/** What becomes of a collection that a call or a constructor is given: it escapes, unless the callee is known. */
export function argumentUse(call: ts.CallExpression | ts.NewExpression, node: ts.Node): CollectionUse {
  const callee = call.expression.getText();
  const index = [...(call.arguments ?? [])].indexOf(node as ts.Expression);
  // `Object.keys(table).length < 100`
  const counted = call.parent;
  if (
    /^Object\.(keys|values|entries)$/.test(callee) &&
    ts.isPropertyAccessExpression(counted) &&
    counted.name.text === 'length'
  )
    return { kind: 'size', compared: isComparedWithLimit(counted), node: counted };
  if (index === 0 && SET_BY_LODASH.test(callee)) return setUse(call);
  if (index > 0 && isSending(call)) return { kind: 'iterate', node };
  if (isBareLodash(call) && index === 0) return { kind: 'iterate', node };
  if (READS_AND_LETS_GO.test(callee) || (index === 0 && ASKED_BY_LODASH.test(callee)))
    return { kind: 'iterate', node };
  if (callee === 'Object.assign') {
    return index === 0 ? assignUse(call) : { kind: 'iterate', node };
  }
  if (
    /(^|\.)hasOwn(Property\.call)?$|(^|\.)hasProp(erty)?$|^(has|hasOwn|hasProp)\.call$/.test(callee) &&
    index === 0
  )
    return { kind: 'read', method: 'hasOwn', node: call };
  if (callee === 'Reflect.deleteProperty') return { kind: 'remove', how: 'delete', node: call };
  if (/\.isArray$|^is[A-Z]\w*$/.test(callee)) return { kind: 'read', method: 'typeof', node };
  return { kind: 'escape', how: 'it is passed to other code', node };
}

/** `io.emit('users', users)`, `bus.send('limits', this.limits)`: what is sent elsewhere is written out. */
function isSending(call: ts.CallExpression | ts.NewExpression): boolean {
  const [first] = call.arguments ?? [];
  return first !== undefined && ts.isStringLiteralLike(first) && SENDS.test(call.expression.getText());
}

const SENDS =
  /(^|\.)(io|wss?|sockets?|client|conn(ection)?|channel|nsp|namespace|peer|redis|pub(lisher)?|discover|(to|in|of|broadcast|volatile)(\([^()]*\))?)\.(emit|send|publish|broadcast)$|\bprocess\.send$/;

/** `find(list, test)` of `const find = require('lodash.find')` */
function isBareLodash({ expression: callee }: ts.CallExpression | ts.NewExpression): boolean {
  if (!ts.isIdentifier(callee) || !ASKED_BY_LODASH.test(`_.${callee.text}`)) return false;
  const from = new RegExp(`(?<![\\w$])${callee.text}(?![\\w$])[^\\n;]*['"](lodash|underscore)`);
  return from.test(callee.getSourceFile().text);
}

/** Under a path of one step, `[source]`, or under one that is put together. */
function setUse(call: ts.CallExpression | ts.NewExpression): CollectionUse {
  return { kind: 'add', method: 'set', key: pathSet(call)?.getText() ?? '', node: call };
}

export function isSetByLodash(call: ts.CallExpression): boolean {
  return SET_BY_LODASH.test(call.expression.getText());
}

/** The key of what lodash sets: `source` of `_.set(compiled, [source], render)`. */
export function pathSet({
  arguments: given,
}: ts.CallExpression | ts.NewExpression): ts.Expression | undefined {
  const path = given?.[1];
  return path && ts.isArrayLiteralExpression(path) ? path.elements[0] : path;
}

/** `Object.assign(table, { [key]: value })`; what is put there under names that are written out adds no more than these. */
function assignUse(call: ts.CallExpression | ts.NewExpression): CollectionUse {
  const given = call.arguments?.[1];
  const key = given && computedKey(given);
  const isWritten =
    given &&
    ts.isObjectLiteralExpression(given) &&
    given.properties.every(({ name }) => name && !ts.isComputedPropertyName(name));
  if (isWritten) return { kind: 'read', method: 'assign', node: call };
  return { kind: 'add', method: 'assign', key: (key ?? given)?.getText() ?? '', node: call };
}
