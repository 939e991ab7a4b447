import ts from 'typescript';
import { COMPOSED, FRESH, MAKES_ID, READS_BY_NAME, READS_TEXT, SAME_LIST, SAME_TEXT } from './call-names';
import { calleeOf, joined } from './key-forms';
import { type KeyTrace, PROVED, READ_OF_RECEIVED } from './key-trace';
import { awaited, bare, namesOf } from './member-chains';
import { isFromOutside, isParameter, isReadFromReceived } from './received-values';
import { returnedObjects, valueOfProperty } from './returned-objects';
import { isFilledAtLoad } from './tables-filled-at-load';
import { assignedTo, isListOfModule, ownerOfKeys } from './value-sources';

/** How open the values of a call are, told by what is called and what that returns. */
export function opennessOfCalled(trace: KeyTrace, call: ts.CallExpression, steps: number): number {
  const callee = calleeOf(call);
  const text = callee.getText();
  if (FRESH.test(text)) return 4;
  // It is another one each time, but made where the program names things: `token('clock')`.
  if (text === 'Symbol') return call.arguments.length === 0 ? 4 : trace.most(call.arguments, steps);
  // `uid2(6)`, `generateId()`
  const isOfNothing = call.arguments.every((one) => ts.isNumericLiteral(one));
  if (isOfNothing && MAKES_ID.test(text)) return 4;
  // `Array.prototype.slice.call(arguments)`
  if (/\.(call|apply)$/.test(text) && call.arguments[0]?.getText() === 'arguments') return 0;
  if (COMPOSED.test(text)) {
    // What composes it may do so from the program's own names.
    const made = trace.ofReturned(call, callee, steps);
    if (made !== 0 && (call.arguments.length === 0 || made >= READ_OF_RECEIVED)) return made;
    // `getNodeKey(node)`: of what it is the key of there are few.
    const ofFew = trace.wordOfCall(text.split('.').at(-1) ?? '') < 0;
    return Math.max(ofFew ? -2 : 2, trace.most(call.arguments, steps));
  }
  if (
    ts.isIdentifier(callee) &&
    /^(String|Number|parseInt|encodeURIComponent|decodeURIComponent)$/.test(callee.text)
  )
    return trace.most(call.arguments, steps);
  // `Math.max(1, Math.min(96, count))`
  if (text === 'Math.min' && call.arguments.some(ts.isNumericLiteral)) return -4;
  if (/^Math\.(max|ceil|floor|round|trunc)$/.test(text)) return trace.most(call.arguments, steps);
  const isOfModule = /^\w+_\d+\.\w+$/.test(text);
  const returned = trace.ofReturned(call, callee, steps);
  if (returned >= PROVED || returned <= -3) return returned;
  if (!ts.isPropertyAccessExpression(callee) || isOfModule) {
    // `resolver(...args)` that callers gave, with what they return there.
    const isGiven = ts.isIdentifier(callee) && isParameter(trace.file, callee);
    const given = isGiven && returned >= 2 ? returned : trace.most(call.arguments, steps);
    if (isOfModule) return Math.max(given, trace.wordOfCall(text.split('.').at(-1) ?? ''));
    return call.arguments.length === 0 ? trace.word(text) : given;
  }
  const method = callee.name.text;
  // What a file on disk has is as good as configuration.
  if (method === 'parse' && call.arguments[0] && isTextOfFile(trace, call.arguments[0])) return -3;
  if (READS_TEXT.test(method)) {
    // `fn.toString().match(…)` reads what the program has written.
    const read = trace.most([callee.expression, ...call.arguments], steps);
    return read <= -2 ? read : 3;
  }
  // `Object.keys(table).find(…)`
  const listed = bare(callee.expression);
  if (/^(find|findLast)$/.test(method) && ownerOfKeys(listed) !== listed) return -3;
  if (method === 'get' && isFilledAtLoad(trace.file, listed)) return -3;
  // `request.headers.get('x-user')`; gRPC calls have the headers in their metadata.
  if (method === 'get' && /^(call|ctx|context)\.metadata$/.test(callee.expression.getText())) return PROVED;
  if (READS_BY_NAME.test(method) && namesOf(callee.expression).some((one) => isFromOutside(one))) return 3;
  // Of Node's own `path`.
  if (listed.getText() === 'path' && !(ts.isIdentifier(listed) && isParameter(trace.file, listed)))
    return Math.min(0, trace.most(call.arguments, steps)) - 1;
  // Of a list of whatever it is, all put together.
  if (method === 'join' && call.arguments.length > 0) {
    const list = trace.of(callee.expression, steps);
    return list === 0 ? 1.5 : list;
  }
  if (/^(shift|pop)$/.test(method) && isKeptList(trace, listed)) return ofNext(trace, listed);
  // Parts of a text that is written out are no list that anybody keeps.
  if (SAME_TEXT.test(method))
    return ts.isStringLiteralLike(bare(callee.expression)) ? 0 : trace.of(callee.expression, steps);
  const ofKeys = method === 'map' ? valuesByKeys(trace, call, callee.expression) : [];
  if (ofKeys.length > 0) return trace.most(ofKeys, steps + 1);
  const picked = method === 'map' ? pickedBy(call) : null;
  if (picked && !isOfEntries(listed)) return trace.of(picked, steps + 1);
  // What a callback makes of them need not be as open.
  if (SAME_LIST.test(method)) return Math.min(2, trace.of(callee.expression, steps));
  const written = /^Object\.(values|entries)$|^JSON\.stringify$/.test(text) ? writtenIn(trace, call) : [];
  if (written.length > 0) return trace.most(written, steps + 1);
  if (/^(keys|values|entries|from)$/.test(method) && call.arguments.length > 0)
    return trace.most(call.arguments, steps);
  const word = trace.wordOfCall(method);
  if (returned >= 2) return joined(word, returned);
  // `event.getRoomId()`
  if (isReadFromReceived(trace.file, call)) return trace.received(method, word, READ_OF_RECEIVED);
  return call.arguments.length > 0 ? Math.max(word, trace.most(call.arguments, steps)) : word;
}

/** `ticket.account` of `tickets.map((ticket) => ticket.account)` */
function pickedBy({ arguments: [callback] }: ts.CallExpression): ts.Expression | null {
  if (!callback || !ts.isArrowFunction(callback)) return null;
  const { body } = callback;
  return ts.isPropertyAccessExpression(body) || ts.isTemplateExpression(body) ? body : null;
}

/** `Object.entries(labels)`: what it gives is told by what the object has. */
function isOfEntries(list: ts.Expression): boolean {
  return ts.isCallExpression(list) && /^Object\.(entries|values)$/.test(list.expression.getText());
}

/** A list that lives as long as the object or the module: what is taken from it came at some time, and others will. */
function isKeptList({ file }: KeyTrace, list: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(list)) return list.expression.kind === ts.SyntaxKind.ThisKeyword;
  return ts.isIdentifier(list) && isListOfModule(file, list);
}

/** `this.backlog.shift()`: one after the other, unless it is called after the program's own parts. */
function ofNext(trace: KeyTrace, list: ts.Expression): number {
  const word = trace.word(namesOf(list).at(-1) ?? '');
  return word < 0 ? word : READ_OF_RECEIVED;
}

/** What the object has that is listed or written as a text: `{ customer: order.customerId }` of callers for `Object.entries(labels)`. */
function writtenIn({ file }: KeyTrace, { arguments: [given] }: ts.CallExpression): ts.Expression[] {
  const objects = given ? returnedObjects(file, given) : [];
  return objects.flatMap(({ properties }) => properties.flatMap((one) => valueOfProperty(one) ?? []));
}

/** The values of `Object.keys(labels).sort().map((name) => `${name}=${labels[name]}`)`, as far as they are written out. */
function valuesByKeys(
  trace: KeyTrace,
  { arguments: [callback] }: ts.CallExpression,
  list: ts.Expression,
): ts.Expression[] {
  const listing = listingOf(list);
  const [object] = listing?.arguments ?? [];
  return listing && object && callback?.getText().includes(`${object.getText()}[`)
    ? writtenIn(trace, listing)
    : [];
}

/** `Object.keys(labels)` of that, sorted or filtered. */
function listingOf(given: ts.Expression): ts.CallExpression | null {
  const list = bare(given);
  if (!ts.isCallExpression(list) || !ts.isPropertyAccessExpression(list.expression)) return null;
  if (list.expression.getText() === 'Object.keys') return list;
  return SAME_LIST.test(list.expression.name.text) ? listingOf(list.expression.expression) : null;
}

/** `JSON.parse(text)` of `text = await readFile(file, 'utf8')` */
function isTextOfFile({ file }: KeyTrace, given: ts.Expression): boolean {
  const text = awaited(given);
  if (!ts.isIdentifier(text)) return isReadFromDisk(text);
  const declared = file.checker.getSymbolAtLocation(text)?.valueDeclaration;
  if (!declared || !ts.isVariableDeclaration(declared)) return false;
  const all = [...(declared.initializer ? [declared.initializer] : []), ...assignedTo(file, declared)];
  return all.some((one) => isReadFromDisk(awaited(one)));
}

/** `fs.readFileSync(file, 'utf8')` */
function isReadFromDisk(value: ts.Expression): boolean {
  return ts.isCallExpression(value) && /(^|\.)readFile(Sync)?$/.test(value.expression.getText());
}
