import ts from 'typescript';
import { functionOf, returnedBy } from '../program/function-results';
import type { ParsedFile } from '../program/parsed-file';
import { resolve, resolveAlias } from '../program/references';
import { COMPOSED, FRESH, READS_BY_NAME, READS_TEXT, SAME_LIST, SAME_TEXT } from './call-names';
import { isPublicMethod } from './exported-names';
import {
  boundOf,
  calleeOf,
  isConfigured,
  isExportItself,
  isListedFromDisk,
  isMadeOfLoaded,
  isOfLoadedModule,
  joined,
  opennessOfCall,
  opennessOfLiteral,
  partsOf,
} from './key-forms';
import { isConfiguredAddress, isGenericName, opennessOfName } from './key-words';
import { argumentFor, givenBy, knownCallers } from './known-callers';
import { awaited, bare, iteratedBy, namesOf, ownerName, rootOf } from './member-chains';
import {
  isBodyOf,
  isDrained,
  isFromOutside,
  isOfReceived,
  isParameter,
  isReadFromReceived,
  isReceived,
  isReceivedBy,
  isSplicedOff,
  opennessByUse,
} from './received-values';
import { returnedObjects, valueUnder } from './returned-objects';
import {
  assignedByConstructor,
  assignedTo,
  comesAndGoes,
  countsUp,
  isListOfModule,
  ownerOfKeys,
} from './value-sources';

/** How far a key is followed: through variables, parameters and their callers. */
const MOST_STEPS = 5;

/** From here on it is no guess by a word. */
const PROVED = 3;

/** What an address has, whoever sent it. */
const OF_URL = /^(pathname|search|href|searchParams|hash|query)$/;
/** More than a word: what was sent with an event or a request, though what holds it may go with what sent it. */
const READ_OF_RECEIVED = 2.5;

/** What that has under a name that says nothing. */
const PART_OF_RECEIVED = 1.5;

/**
 * How open the set of values is that a key may take: above 0 where any number of different ones may come, since they come from
 * outside, are made anew for each call, or are texts of any content; below 0 where they are the program's own parts, are
 * written out, or come from its configuration. Between -4 and 4. Values are followed to where they come from, through
 * variables, parameters and all known callers; where that ends, the name decides.
 */
export function opennessOf(file: ParsedFile, key: ts.Expression): number {
  return Math.max(-4, Math.min(4, new Trace(file, true).of(key, 0)));
}

/**
 * True where it is not a name alone that says so: the values of the key come from outside, are made anew, are of any content,
 * or are what users of the package give.
 */
export function isProvedOpen(file: ParsedFile, key: ts.Expression): boolean {
  return new Trace(file, false).of(key, 0) >= 2;
}

/** True where a request or a message has the values, or each is made anew. */
export function comesFromOutside(file: ParsedFile, key: ts.Expression): boolean {
  return new Trace(file, false).of(key, 0) >= PROVED;
}

/** What has come from outside is as open as `proof` says, unless it is called as what a program has few of. */
function unlessPart(word: number, proof: number): number {
  return word <= -2 ? -0.5 : proof;
}

class Trace {
  readonly #file: ParsedFile;
  readonly #seen = new Set<ts.Node>();
  /** The field that was followed last: it may be assigned from itself. */
  #field = '';

  /** What the call that is followed gives for each parameter; of others, all callers say it. */
  #given: ReadonlyMap<ts.ParameterDeclaration, ts.Expression> = new Map();

  /** What a name says counts, too. */
  readonly #trustsWords: boolean;

  constructor(file: ParsedFile, trustsWords: boolean) {
    this.#file = file;
    this.#trustsWords = trustsWords;
  }

  #word(name: string): number {
    const word = opennessOfName(name);
    return this.#trustsWords ? word : Math.min(0, word);
  }

  #wordOfCall(method: string): number {
    const word = opennessOfCall(method);
    return this.#trustsWords ? word : Math.min(0, word);
  }

  of(given: ts.Expression, steps: number): number {
    const expression = bare(given);
    if (
      isOfLoadedModule(expression) ||
      isMadeOfLoaded(this.#file, expression) ||
      isListedFromDisk(expression)
    )
      return -4;
    if (ts.isCallExpression(expression)) return this.#ofCall(expression, steps);
    if (ts.isPropertyAccessExpression(expression)) return this.#ofMember(expression, steps);
    if (ts.isElementAccessExpression(expression)) return this.#ofElement(expression, steps);
    if (ts.isIdentifier(expression)) return this.#ofName(expression, steps);
    if (ts.isAwaitExpression(expression)) return this.of(expression.expression, steps);
    const parts = partsOf(expression);
    return parts ? this.#most(parts, steps) : opennessOfLiteral(expression);
  }

  /** `row['user_id']` says what it is, `rows[at]` is one of them. */
  #ofElement({ expression, argumentExpression }: ts.ElementAccessExpression, steps: number): number {
    const followed = this.of(expression, steps);
    if (!ts.isStringLiteralLike(argumentExpression)) return followed;
    const named = this.#word(argumentExpression.text);
    if (followed >= READ_OF_RECEIVED) return unlessPart(named, followed);
    return named === 0 || followed <= -3 ? followed : named;
  }

  #most(parts: readonly ts.Expression[], steps: number): number {
    const all = parts.map((part) => this.of(part, steps));
    return all.length === 0 ? -4 : Math.max(...all);
  }

  #ofCall(call: ts.CallExpression, steps: number): number {
    const callee = calleeOf(call);
    const text = callee.getText();
    if (FRESH.test(text)) return 4;
    if (COMPOSED.test(text)) {
      // What composes it may do so from the program's own names.
      const made = this.#ofReturned(call, callee, steps);
      if (made !== 0 && (call.arguments.length === 0 || made >= READ_OF_RECEIVED)) return made;
      // `getNodeKey(node)`: of what it is the key of there are few.
      const ofFew = this.#wordOfCall(text.split('.').at(-1) ?? '') < 0;
      return Math.max(ofFew ? -2 : 2, this.#most(call.arguments, steps));
    }
    if (
      ts.isIdentifier(callee) &&
      /^(String|Number|parseInt|encodeURIComponent|decodeURIComponent)$/.test(callee.text)
    )
      return this.#most(call.arguments, steps);
    // `Math.max(1, Math.min(96, count))`
    if (text === 'Math.min' && call.arguments.some(ts.isNumericLiteral)) return -4;
    if (/^Math\.(max|ceil|floor|round|trunc)$/.test(text)) return this.#most(call.arguments, steps);
    const isOfModule = /^\w+_\d+\.\w+$/.test(text);
    const returned = this.#ofReturned(call, callee, steps);
    if (returned >= PROVED) return returned;
    if (!ts.isPropertyAccessExpression(callee) || isOfModule) {
      const given = this.#most(call.arguments, steps);
      if (isOfModule) return Math.max(given, this.#wordOfCall(text.split('.').at(-1) ?? ''));
      return call.arguments.length === 0 ? this.#word(text) : given;
    }
    const method = callee.name.text;
    if (READS_TEXT.test(method)) return 3;
    // `request.headers.get('x-user')`
    if (READS_BY_NAME.test(method) && namesOf(callee.expression).some((one) => isFromOutside(one))) return 3;
    if (/^path$/.test(callee.expression.getText())) return Math.min(0, this.#most(call.arguments, steps)) - 1;
    // Parts of a text that is written out are no list that anybody keeps.
    if (SAME_TEXT.test(method))
      return ts.isStringLiteralLike(bare(callee.expression)) ? 0 : this.of(callee.expression, steps);
    // What a callback makes of them need not be as open.
    if (SAME_LIST.test(method)) return Math.min(2, this.of(callee.expression, steps));
    if (/^(keys|values|entries|from)$/.test(method) && call.arguments.length > 0)
      return this.#most(call.arguments, steps);
    const word = this.#wordOfCall(method);
    // `event.getRoomId()`
    if (isReadFromReceived(this.#file, call)) return unlessPart(word, READ_OF_RECEIVED);
    return call.arguments.length > 0 ? Math.max(word, this.#most(call.arguments, steps)) : word;
  }

  /** What a function of the program returns, as it is written there: `keyOf(request)`. */
  #ofReturned(call: ts.CallExpression, callee: ts.Expression, steps: number): number {
    if (steps >= MOST_STEPS) return 0;
    const { checker } = this.#file;
    const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
    const declared = resolveAlias(checker, checker.getSymbolAtLocation(name))?.valueDeclaration;
    const called = declared && functionOf(declared);
    if (!called || this.#seen.has(called)) return 0;
    this.#seen.add(called);
    const outer = this.#given;
    this.#given = ts.isFunctionLike(called) ? givenBy(call, called) : outer;
    const given = returnedBy(called).map((one) => this.of(one, steps + 1));
    this.#given = outer;
    this.#seen.delete(called);
    return given.length === 0 ? 0 : Math.max(...given);
  }

  /** What is an element of something else that lives as long is bounded with it. */
  #ofList(list: ts.Expression, steps: number): number {
    const expression = bare(list);
    if (isSplicedOff(this.#file, expression)) return READ_OF_RECEIVED;
    const owner = ownerOfKeys(expression);
    if (owner !== expression && this.#ofList(owner, steps) <= -3) return -3;
    if (ts.isArrayLiteralExpression(expression) || ts.isObjectLiteralExpression(expression)) return -4;
    const isOfField =
      ts.isPropertyAccessExpression(expression) && expression.expression.kind === ts.SyntaxKind.ThisKeyword;
    if (isOfField && comesAndGoes(expression)) return this.#word(expression.name.text);
    if (isOfField || (ts.isIdentifier(expression) && isListOfModule(this.#file, expression))) return -3;
    return this.of(expression, steps + 1);
  }

  /** `plugin.id`: the last telling name; what is read from a request is open, from a configuration not. */
  #ofMember(access: ts.PropertyAccessExpression, steps: number): number {
    const name = access.name.text;
    const chain = namesOf(access);
    const named = this.#wordOfMember(access);
    const root = rootOf(access);
    if (isConfigured(chain, root)) return Math.min(named, 0) - 3;
    if (/^[A-Z][A-Z\d_]+$/.test(name)) return -3;
    if (access.expression.kind === ts.SyntaxKind.ThisKeyword) {
      const given = steps < MOST_STEPS ? this.#assignedToField(access) : [];
      return given.length === 0 ? named : joined(named, this.#most(given, steps + 1));
    }
    const isOutside =
      /^job\.data\./.test(`${chain.join('.')}.`) ||
      chain.slice(0, -1).some((one) => isFromOutside(one)) ||
      (ts.isIdentifier(root) && isReceived(this.#file, root));
    if (isOutside) return unlessPart(named, PROVED);
    if (ts.isIdentifier(root) && isOfReceived(this.#file, root)) {
      const proof = Math.min(PROVED, Math.max(READ_OF_RECEIVED, this.#ofName(root, steps + 1)));
      return unlessPart(named, proof);
    }
    const constant = this.#ofConstant(access, steps);
    if (constant !== null) return constant;
    if (!ts.isIdentifier(root)) return named;
    const part = this.#ofPartOfReturned(access, root, steps);
    if (part !== null) return part >= READ_OF_RECEIVED ? unlessPart(named, part) : joined(named, part);
    const followed = this.#ofName(root, steps + 1);
    if (followed <= -3) return followed;
    // What a request or a message has was sent, wherever it was handed on to.
    if (followed === PROVED && named >= 0 && isParameter(this.#file, root)) return followed;
    // `new URL(request.url).pathname`
    if (OF_URL.test(name) && followed >= READ_OF_RECEIVED) return PROVED;
    // Both its name and where it comes from say so.
    if (named > 0 && followed >= READ_OF_RECEIVED) return Math.max(named, READ_OF_RECEIVED);
    // Where names count for nothing, what it is read from is all that is known.
    if (!this.#trustsWords) return joined(named, followed);
    if (named !== 0) return named;
    if (isGenericName(root.text)) return followed;
    return followed >= READ_OF_RECEIVED && !isGenericName(name) ? PART_OF_RECEIVED : 0;
  }

  /** `sample.name` of a parameter that callers give what `parse(line)` returned, by what that has there. */
  #ofPartOfReturned(access: ts.PropertyAccessExpression, root: ts.Identifier, steps: number): number | null {
    if (access.expression !== root || steps >= MOST_STEPS) return null;
    const parts = returnedObjects(this.#file, root).flatMap(
      (object) => valueUnder(object, access.name.text) ?? [],
    );
    return parts.length === 0 ? null : Math.max(...parts.map((part) => this.of(part, steps + 1)));
  }

  /** A name that says nothing by itself is of what has it, `user.id`; and there are as many domains as servers in `server.domain`. */
  #wordOfMember(access: ts.PropertyAccessExpression): number {
    const name = access.name.text;
    const owner = ownerName(access);
    if (isGenericName(name)) return this.#word(`${owner}_${name}`);
    const isOfServer = isConfiguredAddress(`${owner}_${name}`) && !isFromOutside(namesOf(access)[0]!);
    return isOfServer ? Math.min(0, this.#word(owner)) : this.#word(name);
  }

  /** `Addresses.token`, where it is written out. */
  #ofConstant(access: ts.PropertyAccessExpression, steps: number): number | null {
    const { checker } = this.#file;
    const declared = resolveAlias(checker, checker.getSymbolAtLocation(access.name))?.valueDeclaration;
    if (!declared || steps >= MOST_STEPS) return null;
    if (ts.isEnumMember(declared)) return -4;
    const isValue =
      ts.isPropertyAssignment(declared) ||
      ts.isVariableDeclaration(declared) ||
      ts.isPropertyDeclaration(declared);
    if (!isValue || !declared.initializer) return null;
    return ts.isStringLiteralLike(bare(declared.initializer)) ? -4 : null;
  }

  #assignedToField(access: ts.PropertyAccessExpression): ts.Expression[] {
    if (access.getText() === this.#field) return [];
    this.#field = access.getText();
    return assignedByConstructor(access);
  }

  #ofName(name: ts.Identifier, steps: number): number {
    const word = this.#word(name.text);
    const declared = resolve(this.#file.checker, name)?.valueDeclaration;
    if (!declared || steps >= MOST_STEPS || this.#seen.has(declared)) return word;
    this.#seen.add(declared);
    try {
      if (ts.isFunctionLike(declared) || ts.isClassLike(declared)) return -3;
      if (ts.isBindingElement(declared)) return this.#ofBinding(declared, name, steps);
      if (ts.isParameter(declared)) return this.#ofParameter(declared, name, steps);
      if (ts.isVariableDeclaration(declared)) return this.#ofVariable(declared, word, steps);
    } finally {
      this.#seen.delete(declared);
    }
    return word;
  }

  #ofVariable(declared: ts.VariableDeclaration, word: number, steps: number): number {
    // Each error is another.
    if (ts.isCatchClause(declared.parent)) return 3;
    const loop = declared.parent.parent;
    if (loop && ts.isForOfStatement(loop) && isDrained(loop)) return joined(word, READ_OF_RECEIVED);
    if (loop && (ts.isForOfStatement(loop) || ts.isForInStatement(loop)))
      return joined(word, this.#ofList(loop.expression, steps));
    if (countsUp(this.#file, declared))
      return joined(word, ts.isForStatement(declared.parent.parent) ? 1.5 : 4);
    const given = [
      ...(declared.initializer ? [declared.initializer] : []),
      ...assignedTo(this.#file, declared),
    ];
    return given.length === 0 ? word : joined(word, this.#most(given, steps + 1));
  }

  /** `const { id } = req.params`, `function ({ user, key })`, `([name, value]) =>` */
  #ofBinding(declared: ts.BindingElement, name: ts.Identifier, steps: number): number {
    const property = (declared.propertyName ?? declared.name).getText();
    const word = this.#word(ts.isIdentifier(declared.name) ? property : name.text);
    let holder: ts.Node = declared.parent.parent;
    while (ts.isBindingElement(holder)) holder = holder.parent.parent;
    if (ts.isVariableDeclaration(holder) && holder.initializer) {
      const from = awaited(holder.initializer);
      const chain = namesOf(from);
      if (isConfigured(chain, rootOf(from))) return Math.min(word, 0) - 3;
      if (chain.some((one) => isFromOutside(one))) return unlessPart(word, PROVED);
      const isRead =
        isReadFromReceived(this.#file, from) ||
        isBodyOf(this.#file, from) ||
        (ts.isIdentifier(from) && isOfReceived(this.#file, from));
      if (isRead) return unlessPart(word, READ_OF_RECEIVED);
      const followed = this.of(from, steps + 1);
      return followed >= PROVED ? unlessPart(word, READ_OF_RECEIVED) : joined(word, followed / 2);
    }
    if (ts.isVariableDeclaration(holder)) return this.#ofVariable(holder, word, steps);
    if (!ts.isParameter(holder)) return word;
    if (isReceivedBy(this.#file, holder)) return unlessPart(word, PROVED);
    const list = iteratedBy(holder);
    return list ? joined(word, this.#ofList(list, steps)) : this.#ofPart(holder, property, word, steps);
  }

  /** `enter({ name })`, by what the callers give as that part. */
  #ofPart(holder: ts.ParameterDeclaration, property: string, word: number, steps: number): number {
    if (steps >= MOST_STEPS) return word;
    const calls = knownCallers(this.#file, holder.parent)?.calls ?? [];
    const given = calls.flatMap((call) => argumentFor(call, holder) ?? []);
    const parts = given.map((one) => {
      const object = bare(one);
      if (!ts.isObjectLiteralExpression(object)) {
        const followed = this.of(object, steps + 1);
        return followed >= READ_OF_RECEIVED ? unlessPart(word, READ_OF_RECEIVED) : word;
      }
      const value = valueUnder(object, property);
      return value ? this.of(value, steps + 1) : word;
    });
    return parts.length === 0 ? word : joined(word, Math.max(...parts));
  }

  #ofParameter(parameter: ts.ParameterDeclaration, name: ts.Identifier, steps: number): number {
    const word = this.#word(name.text);
    if (isReceivedBy(this.#file, parameter)) return unlessPart(word, PROVED);
    const type = boundOf(parameter)?.getText() ?? '';
    if (/^(Function|symbol|Type<|Constructor|Class<|new )/.test(type) || /=>/.test(type)) return -3;
    const list = iteratedBy(parameter);
    if (list) return joined(word, this.#ofList(list, steps));
    const one = this.#given.get(parameter);
    if (one) return joined(word, this.of(one, steps + 1));
    const callers = knownCallers(this.#file, parameter.parent);
    if (!callers || callers.calls.length === 0) {
      // What is exported and called from nowhere else is called by others, with what they like.
      const isGiven = callers ? callers.isExported : isExportItself(parameter.parent);
      if ((isGiven || (!this.#trustsWords && isPublicMethod(parameter.parent))) && word >= 0) return 2;
      return word === 0 ? opennessByUse(this.#file, parameter) : word;
    }
    const given = callers.calls.flatMap((call) => argumentFor(call, parameter) ?? []);
    const from = given.length === 0 ? 0 : joined(word, this.#most(given, steps + 1));
    const all = callers.complete ? from : Math.max(from, word);
    return all === 0 && word === 0 ? opennessByUse(this.#file, parameter) : all;
  }
}
