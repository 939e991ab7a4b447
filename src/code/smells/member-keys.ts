import ts from 'typescript';
import { hasModifier } from '../program/parsed-file';
import { resolveAlias } from '../program/references';
import { isConfigured, joined } from './key-forms';
import { type KeyTrace, MOST_STEPS, PROVED, READ_OF_RECEIVED } from './key-trace';
import { isConfiguredAddress, isGenericName } from './key-words';
import { bare, namesOf, ownerName, rootOf } from './member-chains';
import { isReadAtStart } from './read-at-start';
import { isFromOutside, isOfReceived, isParameter, isReceived } from './received-values';
import { returnedObjects, valueUnder } from './returned-objects';
import { isFilledAtLoad } from './tables-filled-at-load';
import { writtenAsMember } from './typed-members';

/** What an address has, whoever sent it. */
const OF_URL = /^(pathname|search|href|searchParams|hash|query)$/;

/** When a file was written: each change of it is another. */
export function isOfChange(member: string): boolean {
  return /^[mc]time(Ms)?$/.test(member);
}

/** What that has under a name that says nothing. */
const PART_OF_RECEIVED = 1.5;

/** `row['user_id']` says what it is, `rows[at]` is one of them. */
export function opennessOfElement(
  trace: KeyTrace,
  { expression, argumentExpression }: ts.ElementAccessExpression,
  steps: number,
): number {
  if (isFilledAtLoad(trace.file, expression)) return -3;
  const followed = trace.of(expression, steps);
  if (!ts.isStringLiteralLike(argumentExpression)) return followed;
  // A header may say anything, whatever it is called.
  if (/\bheaders$/.test(expression.getText()) && followed >= PROVED) return followed;
  const named = trace.word(argumentExpression.text);
  if (followed >= READ_OF_RECEIVED) return trace.received(argumentExpression.text, named, followed);
  return named === 0 || followed <= -3 ? followed : named;
}

/** `plugin.id`: the last telling name; what is read from a request is open, from a configuration not. */
export function opennessOfMember(
  trace: KeyTrace,
  access: ts.PropertyAccessExpression,
  steps: number,
): number {
  const name = access.name.text;
  const chain = namesOf(access);
  const named = wordOfMember(trace, access);
  const root = rootOf(access);
  if (isConfigured(chain, root) || isReadAtStart(trace.file, access)) return Math.min(named, 0) - 3;
  if (/^[A-Z][A-Z\d_]+$/.test(name)) return -3;
  // The path of a route as the program wrote it: `/users/:id`.
  if (/\.(route\.path|routeOptions\.url|routerPath|_matchedRoute|routePath)$/.test(access.getText()))
    return -3;
  if (isOfChange(name) || isTextOfError(access)) return PROVED;
  if (access.expression.kind === ts.SyntaxKind.ThisKeyword) {
    const given = steps < MOST_STEPS ? trace.assignedToField(access) : [];
    return given.length === 0 ? named : joined(named, trace.most(given, steps + 1));
  }
  const isOutside =
    /^job\.data\./.test(`${chain.join('.')}.`) ||
    chain.slice(0, -1).some((one) => isFromOutside(one)) ||
    (ts.isIdentifier(root) && isReceived(trace.file, root));
  if (isOutside) return trace.received(name, named, PROVED);
  if (ts.isIdentifier(root) && isOfReceived(trace.file, root)) {
    const proof = Math.min(PROVED, Math.max(READ_OF_RECEIVED, trace.ofName(root, steps + 1)));
    return trace.received(name, named, proof);
  }
  const constant = ofConstant(trace, access, steps);
  if (constant !== null) return constant;
  if (ts.isNewExpression(root)) return ofMade(trace, root, named, steps);
  if (!ts.isIdentifier(root)) return named;
  const part = ofPartOfReturned(trace, access, root, steps);
  // Made anew each time, whatever it is called.
  if (part === 4) return part;
  if (part !== null)
    return part >= READ_OF_RECEIVED ? trace.received(name, named, part) : joined(named, part);
  const typed = steps < MOST_STEPS ? writtenAsMember(trace.file, access) : [];
  if (typed.length > 0) {
    const written = trace.most(typed, steps + 1);
    if (written >= PROVED) return trace.received(name, named, written === 4 ? 4 : READ_OF_RECEIVED);
  }
  const followed = trace.ofName(root, steps + 1);
  if (followed <= -3) return followed;
  // What a request or a message has was sent, wherever it was handed on to.
  if (followed === PROVED && named >= 0 && isParameter(trace.file, root)) return followed;
  // `new URL(request.url).pathname`
  if (OF_URL.test(name) && followed >= READ_OF_RECEIVED) return PROVED;
  if (/^(host|hostname|origin)$/.test(name) && followed === PROVED) return PROVED;
  // Both its name and where it comes from say so.
  if (named > 0 && followed >= READ_OF_RECEIVED) return Math.max(named, READ_OF_RECEIVED);
  // Where names count for nothing, what it is read from is all that is known.
  if (!trace.trustsWords) return joined(named, followed);
  if (named !== 0) return named;
  if (isGenericName(root.text)) return followed;
  return followed >= READ_OF_RECEIVED && !isGenericName(name) ? PART_OF_RECEIVED : 0;
}

/** `new URL(baseUrl).host`: whoever starts the program wrote down what is called so. */
function ofMade(
  trace: KeyTrace,
  { arguments: args }: ts.NewExpression,
  named: number,
  steps: number,
): number {
  const [first] = args ?? [];
  if (!first || !isConfiguredAddress(namesOf(first).at(-1) ?? '')) return named;
  const followed = trace.of(first, steps);
  return followed >= READ_OF_RECEIVED ? followed : Math.min(0, named, followed);
}

/** `sample.name` of a parameter that callers give what `parse(line)` returned, by what that has there. */
function ofPartOfReturned(
  trace: KeyTrace,
  access: ts.PropertyAccessExpression,
  root: ts.Identifier,
  steps: number,
): number | null {
  if (access.expression !== root || steps >= MOST_STEPS) return null;
  const parts = returnedObjects(trace.file, root).flatMap(
    (object) => valueUnder(object, access.name.text) ?? [],
  );
  return parts.length === 0 ? null : Math.max(...parts.map((part) => trace.of(part, steps + 1)));
}

/** A name that says nothing by itself is of what has it, `user.id`; and there are as many domains as servers in `server.domain`. */
function wordOfMember(trace: KeyTrace, access: ts.PropertyAccessExpression): number {
  const name = access.name.text;
  const owner = ownerName(access);
  if (ERROR.test(owner) && KIND_OF_ERROR.test(name)) return -2.5;
  // Each has an id of its own, whatever kind it is of.
  if (name === 'id' && HAPPENS.test(owner)) return 2;
  if (isGenericName(name)) return trace.word(NAMED_VALUES.test(owner) ? name : `${owner}_${name}`);
  const isOfServer = isConfiguredAddress(`${owner}_${name}`) && !isFromOutside(namesOf(access)[0]!);
  return isOfServer ? Math.min(0, trace.word(owner)) : trace.word(name);
}

/** Messages of errors have values in them. */
function isTextOfError(access: ts.PropertyAccessExpression): boolean {
  return ERROR.test(ownerName(access)) && access.name.text === 'message';
}

const ERROR = /^(e|err|error|ex|exception|cause|reason)$/;
const KIND_OF_ERROR = /^(code|name|type|kind|errno|syscall|status|statusCode)$/;
const HAPPENS = /^(command|event|op|operation|action|transaction|delivery|notification)$/;
/** `fields.id` is the field of that name. */
const NAMED_VALUES = /^(fields|attrs|attributes|props|parts|columns)$/;

/** `Addresses.token`, where it is written out. */
function ofConstant(trace: KeyTrace, access: ts.PropertyAccessExpression, steps: number): number | null {
  const { checker } = trace.file;
  const declared = resolveAlias(checker, checker.getSymbolAtLocation(access.name))?.valueDeclaration;
  if (!declared || steps >= MOST_STEPS) return null;
  if (ts.isEnumMember(declared)) return -4;
  const isValue =
    ts.isPropertyAssignment(declared) ||
    ts.isVariableDeclaration(declared) ||
    (ts.isPropertyDeclaration(declared) && isFixed(declared));
  if (!isValue || !declared.initializer) return null;
  const value = bare(declared.initializer);
  return ts.isStringLiteralLike(value) && value.text !== '' ? -4 : null;
}

/** A field that begins with a text gets another, unless it is `readonly` or the class's own. */
function isFixed(field: ts.PropertyDeclaration): boolean {
  return hasModifier(field, ts.SyntaxKind.ReadonlyKeyword) || hasModifier(field, ts.SyntaxKind.StaticKeyword);
}
