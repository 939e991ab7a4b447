import ts from 'typescript';
import { functionOf, returnedBy } from '../program/function-results';
import { isApplication, packageOf } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';
import { resolve, resolveAlias } from '../program/references';
import { opennessOfCalled } from './called-keys';
import { isPublicMethod } from './exported-names';
import {
  boundOf,
  isConfigured,
  isExportItself,
  isListedFromDisk,
  isMadeOfLoaded,
  isOfLoadedModule,
  isPutTogether,
  isTopicOfKafka,
  joined,
  opennessOfCall,
  opennessOfLiteral,
  partsOf,
} from './key-forms';
import { type KeyTrace, MOST_STEPS, PROVED, READ_OF_RECEIVED } from './key-trace';
import { namesFile, opennessOfName } from './key-words';
import { argumentFor, functionsGivenFor, givenBy, knownCallers } from './known-callers';
import { awaited, bare, iteratedBy, namesOf, rootOf } from './member-chains';
import { isOfChange, opennessOfElement, opennessOfMember } from './member-keys';
import {
  givenAsOptions,
  isBesideHandler,
  isBodyOf,
  isDecorated,
  isDrained,
  isFromOutside,
  isOfReceived,
  isReadFromReceived,
  isReceivedBy,
  isSplicedOff,
  opennessByUse,
} from './received-values';
import { valueUnder } from './returned-objects';
import {
  assignedByConstructor,
  assignedTo,
  comesAndGoes,
  countsUp,
  isEmptyLiteral,
  isListOfModule,
  namedIn,
  ownerOfKeys,
  pushedTo,
  standsFor,
} from './value-sources';

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

class Trace implements KeyTrace {
  readonly file: ParsedFile;
  readonly #seen = new Set<ts.Node>();
  /** The field that was followed last: it may be assigned from itself. */
  #field = '';

  /** What the call that is followed gives for each parameter; of others, all callers say it. */
  #given: ReadonlyMap<ts.ParameterDeclaration, ts.Expression> = new Map();

  /** What a name says counts, too. */
  readonly trustsWords: boolean;

  constructor(file: ParsedFile, trustsWords: boolean) {
    this.file = file;
    this.trustsWords = trustsWords;
  }

  word(name: string): number {
    const word = isTopicOfKafka(this.file, name) ? -2.5 : opennessOfName(name);
    return this.trustsWords ? word : Math.min(0, word);
  }

  wordOfCall(method: string): number {
    const word = opennessOfCall(method);
    return this.trustsWords ? word : Math.min(0, word);
  }

  /** What an application mostly has few of, `req.params.symbol`, is whatever a request says, where nothing checks it. */
  received(name: string, word: number, proof: number): number {
    if (word > -2) return proof;
    const { file } = this.file;
    const isOfApplication = packageOf(file) === null || isApplication(file);
    const isChosen = word === -2 && proof >= PROVED && !namesFile(name) && isOfApplication;
    return isChosen ? proof : -0.5;
  }

  of(given: ts.Expression, steps: number): number {
    const expression = bare(given);
    if (isOfLoadedModule(expression) || isMadeOfLoaded(this.file, expression) || isListedFromDisk(expression))
      return -4;
    if (ts.isCallExpression(expression)) return opennessOfCalled(this, expression, steps);
    if (ts.isPropertyAccessExpression(expression)) return opennessOfMember(this, expression, steps);
    if (ts.isElementAccessExpression(expression)) return opennessOfElement(this, expression, steps);
    if (ts.isIdentifier(expression))
      return expression.text === 'undefined' ? -4 : this.ofName(expression, steps);
    if (ts.isAwaitExpression(expression)) return this.of(expression.expression, steps);
    // Another object each time, of which there are as many different ones as there are addresses.
    if (ts.isNewExpression(expression) && expression.expression.getText() === 'URL') {
      const address = this.most((expression.arguments ?? []).slice(0, 1), steps);
      return address <= -3 ? address : Math.max(READ_OF_RECEIVED, address);
    }
    const parts = partsOf(expression);
    return parts ? this.most(parts, steps) : opennessOfLiteral(expression);
  }

  most(parts: readonly ts.Expression[], steps: number): number {
    const all = parts.map((part) => this.of(part, steps));
    return all.length === 0 ? -4 : Math.max(...all);
  }

  /** What a function of the program returns, as it is written there: `keyOf(request)`. */
  ofReturned(call: ts.CallExpression, callee: ts.Expression, steps: number): number {
    if (steps >= MOST_STEPS) return 0;
    const { checker } = this.file;
    const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
    const declared = resolveAlias(checker, checker.getSymbolAtLocation(name))?.valueDeclaration;
    if (declared && ts.isParameter(declared)) return this.#ofGivenFunction(declared, steps);
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

  /** `resolver(...args)` of `memoize(fn, resolver)`: what the functions return that callers give for it. */
  #ofGivenFunction(parameter: ts.ParameterDeclaration, steps: number): number {
    if (this.#seen.has(parameter)) return 0;
    this.#seen.add(parameter);
    const returned = functionsGivenFor(this.file, parameter)
      .flatMap((one) => returnedBy(one))
      .map((one) => this.of(one, steps + 1));
    this.#seen.delete(parameter);
    return returned.length === 0 ? 0 : Math.max(...returned);
  }

  /** What is an element of something else that lives as long is bounded with it. */
  #ofList(list: ts.Expression, steps: number): number {
    const expression = bare(list);
    if (isSplicedOff(this.file, expression)) return READ_OF_RECEIVED;
    const owner = ownerOfKeys(expression);
    const ofOwner = owner === expression ? 0 : this.#ofList(owner, steps);
    if (ofOwner <= -3) return -3;
    if (ofOwner === READ_OF_RECEIVED) return ofOwner;
    if (ts.isArrayLiteralExpression(expression)) {
      const [first, ...others] = expression.elements;
      const isCopy = first !== undefined && ts.isSpreadElement(first) && others.length === 0;
      return isCopy ? this.#ofList(first.expression, steps) : this.most(namedIn(expression), steps + 1);
    }
    if (ts.isObjectLiteralExpression(expression)) return -4;
    const isOfField =
      ts.isPropertyAccessExpression(expression) && expression.expression.kind === ts.SyntaxKind.ThisKeyword;
    if (isOfField && comesAndGoes(expression)) {
      // There were more of them than there are.
      const word = this.word(expression.name.text);
      return word < 0 ? word : READ_OF_RECEIVED;
    }
    if (isOfField || (ts.isIdentifier(expression) && isListOfModule(this.file, expression))) return -3;
    return this.of(expression, steps + 1);
  }

  assignedToField(access: ts.PropertyAccessExpression): ts.Expression[] {
    if (access.getText() === this.#field) return [];
    this.#field = access.getText();
    return assignedByConstructor(access);
  }

  ofName(name: ts.Identifier, steps: number): number {
    const word = this.word(name.text);
    const declared = resolve(this.file.checker, name)?.valueDeclaration;
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
    if (countsUp(this.file, declared))
      return joined(word, ts.isForStatement(declared.parent.parent) ? 1.5 : 4);
    const given = [
      ...(declared.initializer && !isEmptyLiteral(declared.initializer) ? [declared.initializer] : []),
      ...assignedTo(this.file, declared),
      ...pushedTo(this.file, declared),
    ];
    if (given.length === 0) return word;
    const followed = this.most(given, steps + 1);
    return isPutTogether(declared) && followed > 0 ? followed : joined(word, followed);
  }

  /** `const { id } = req.params`, `function ({ user, key })`, `([name, value]) =>` */
  #ofBinding(declared: ts.BindingElement, name: ts.Identifier, steps: number): number {
    const property = (declared.propertyName ?? declared.name).getText();
    if (isOfChange(property)) return PROVED;
    const word = this.word(ts.isIdentifier(declared.name) ? property : name.text);
    let holder: ts.Node = declared.parent.parent;
    while (ts.isBindingElement(holder)) holder = holder.parent.parent;
    if (ts.isVariableDeclaration(holder) && holder.initializer) {
      const from = awaited(holder.initializer);
      const chain = namesOf(from);
      if (isConfigured(chain, rootOf(from))) return Math.min(word, 0) - 3;
      if (chain.some((one) => isFromOutside(one))) return this.received(property, word, PROVED);
      const isRead =
        isReadFromReceived(this.file, from) ||
        isBodyOf(this.file, from) ||
        (ts.isIdentifier(from) && isOfReceived(this.file, from));
      if (isRead) return this.received(property, word, READ_OF_RECEIVED);
      const given = givenAsOptions(this.file, from);
      if (given) return this.#ofPart(given, property, word, steps);
      const followed = this.of(from, steps + 1);
      return followed >= PROVED
        ? this.received(property, word, READ_OF_RECEIVED)
        : joined(word, followed / 2);
    }
    if (ts.isVariableDeclaration(holder)) return this.#ofVariable(holder, word, steps);
    if (!ts.isParameter(holder)) return word;
    if (isReceivedBy(this.file, holder)) return this.received(property, word, PROVED);
    const list = iteratedBy(holder);
    return list ? joined(word, this.#ofList(list, steps)) : this.#ofPart(holder, property, word, steps);
  }

  /** `enter({ name })`, by what the callers give as that part. */
  #ofPart(holder: ts.ParameterDeclaration, property: string, word: number, steps: number): number {
    if (steps >= MOST_STEPS) return word;
    const calls = knownCallers(this.file, holder.parent)?.calls ?? [];
    const given = calls.flatMap((call) => argumentFor(call, holder) ?? []);
    const parts = given.map((one) => {
      const object = bare(standsFor(bare(one)));
      if (!ts.isObjectLiteralExpression(object)) {
        const followed = this.of(object, steps + 1);
        return followed >= READ_OF_RECEIVED ? this.received(property, word, READ_OF_RECEIVED) : word;
      }
      const value = valueUnder(object, property);
      return value ? this.of(value, steps + 1) : word;
    });
    return parts.length === 0 ? word : joined(word, Math.max(...parts));
  }

  /** What is given together with its handler, `(method, path, handlers)`, the program registers, unless it is proved to be sent. */
  #ofParameter(parameter: ts.ParameterDeclaration, name: ts.Identifier, steps: number): number {
    const open = this.#followed(parameter, name, steps);
    return open > 0 && open < READ_OF_RECEIVED && isBesideHandler(parameter) ? -2 : open;
  }

  #followed(parameter: ts.ParameterDeclaration, name: ts.Identifier, steps: number): number {
    const word = this.word(name.text);
    if (isReceivedBy(this.file, parameter)) return this.received(name.text, word, PROVED);
    if (isDecorated(parameter)) return -3;
    const type = boundOf(parameter)?.getText() ?? '';
    if (/^(Function|symbol|Type<|Constructor|Class<|new )/.test(type) || /=>/.test(type)) return -3;
    const list = iteratedBy(parameter);
    if (list) return joined(word, this.#ofList(list, steps));
    const one = this.#given.get(parameter);
    if (one) return joined(word, this.of(one, steps + 1));
    const callers = knownCallers(this.file, parameter.parent);
    if (!callers || callers.calls.length === 0) {
      // What is exported and called from nowhere else is called by others, with what they like.
      const isGiven = callers ? callers.isExported : isExportItself(parameter.parent);
      if ((isGiven || (!this.trustsWords && isPublicMethod(parameter.parent))) && word >= 0) return 2;
      return word === 0 ? opennessByUse(this.file, parameter) : word;
    }
    const given = callers.calls.flatMap((call) => argumentFor(call, parameter) ?? []);
    const from = given.length === 0 ? 0 : joined(word, this.most(given, steps + 1));
    const all = callers.complete ? from : Math.max(from, word);
    return all === 0 && word === 0 ? opennessByUse(this.file, parameter) : all;
  }
}
