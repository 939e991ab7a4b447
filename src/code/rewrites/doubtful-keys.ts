import ts from 'typescript';
import { shortened, whereIs } from '../positions';
import { functionOf, returnedBy } from '../program/function-results';
import type { ParsedFile } from '../program/parsed-file';
import { resolve, resolveAlias } from '../program/references';
import { argumentFor, knownCallers } from '../smells/known-callers';
import { bare, isDefault, iteratedBy } from '../smells/member-chains';
import { assignedTo } from '../smells/value-sources';
import { isClassOfNode } from './node-classes';

/** Why a key may be no object when the program runs, whatever its type says; null where nothing speaks for it. */
export function refuseDoubtfulKeys(file: ParsedFile, keys: readonly ts.Expression[]): string | null {
  const found = new KeyOrigins(file).firstOf(keys, 0);
  if (!found) return null;
  const { node, why } = found;
  return `In ${whereIs(file, node)} a key (${shortened(node.getText())}) is ${why}, and a weak collection throws at what is no object.`;
}

/** An expression of which no more than a word says that it is an object. */
interface Doubt {
  readonly node: ts.Expression;
  readonly why: string;
}

const ASSERTED = 'an object by an assertion alone';
const PARSED = 'parsed from what may be anything';
const THROWN = 'what was thrown, which may be anything';
const UNTYPED = 'of no known type';

/** Callers, and functions that are called, are followed so far. */
const MOST_STEPS = 1;

/**
 * Follows keys to where they come from, through variables, known callers and what functions of the program return. What packages and
 * libraries give is taken for what the declaration says: files are parsed without them.
 */
class KeyOrigins {
  readonly #file: ParsedFile;
  readonly #seen = new Set<ts.Node>();

  constructor(file: ParsedFile) {
    this.#file = file;
  }

  firstOf(given: readonly ts.Expression[], steps: number): Doubt | null {
    for (const one of given) {
      const doubt = this.#of(one, steps);
      if (doubt) return doubt;
    }
    return null;
  }

  #of(given: ts.Expression, steps: number): Doubt | null {
    if (isTransparent(given)) return this.#of(given.expression, steps);
    if (isAssertion(given)) return this.#ofAsserted(given, steps);
    if (ts.isConditionalExpression(given)) return this.firstOf([given.whenTrue, given.whenFalse], steps);
    if (isDefault(given)) return this.firstOf([given.left, given.right], steps);
    if (ts.isBinaryExpression(given)) return this.#of(given.right, steps);
    if (ts.isIdentifier(given)) return this.#ofName(given, steps);
    if (ts.isCallExpression(given)) return this.#ofCall(given, steps);
    if (!ts.isPropertyAccessExpression(given) && !ts.isElementAccessExpression(given)) return null;
    return this.#ofPart(given.expression, steps) ?? this.#ofType(given);
  }

  /** What an assertion only repeats needs none: `{ id } as Doc`, `page as Doc` of a `Page`. */
  #ofAsserted(asserted: ts.Expression, steps: number): Doubt | null {
    const value = bare(asserted);
    const doubt = this.#of(value, steps);
    if (doubt && doubt.why !== UNTYPED) return doubt;
    const isKnown =
      !doubt &&
      (areObjects(this.#file.checker.getTypeAtLocation(value)) ||
        value.kind === ts.SyntaxKind.ThisKeyword ||
        ts.isNewExpression(value) ||
        (ts.isIdentifier(value) && (isAskedBefore(value) || this.#isDeclaredObject(value))));
    return isKnown ? null : { node: asserted, why: ASSERTED };
  }

  /** `request` of `(request: IncomingMessage)`, a class that the parsed program does not know. */
  #isDeclaredObject(name: ts.Identifier): boolean {
    const declared = resolve(this.#file.checker, name)?.valueDeclaration;
    return (
      !!declared && ts.isParameter(declared) && !!declared.type && standsForObjects(this.#file, declared.type)
    );
  }

  /** A part of what was parsed is parsed; of anything else its type says what its parts are. */
  #ofPart(whole: ts.Expression, steps: number): Doubt | null {
    const doubt = this.#of(whole, steps);
    return doubt?.why === PARSED ? doubt : null;
  }

  #ofCall(call: ts.CallExpression, steps: number): Doubt | null {
    if (PARSING.test(call.expression.getText())) return { node: call, why: PARSED };
    const { checker } = this.#file;
    const callee = bare(call.expression);
    const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
    const declared = resolveAlias(checker, checker.getSymbolAtLocation(name))?.valueDeclaration;
    const called = declared && functionOf(declared);
    if (!called || steps >= MOST_STEPS || this.#seen.has(called)) return this.#ofType(call);
    return this.#within(called, () => this.firstOf(returnedBy(called), steps + 1)) ?? this.#ofType(call);
  }

  #ofName(name: ts.Identifier, steps: number): Doubt | null {
    const { checker } = this.#file;
    const declared = resolve(checker, name)?.valueDeclaration;
    if (!declared || isAskedBefore(name) || this.#isNarrowed(name, declared)) return null;
    if (isThrown(declared)) return { node: name, why: THROWN };
    return this.#seen.has(declared)
      ? null
      : this.#within(declared, () => this.#ofDeclaration(name, declared, steps));
  }

  #ofDeclaration(name: ts.Identifier, declared: ts.Declaration, steps: number): Doubt | null {
    if (ts.isBindingElement(declared)) return this.#ofBinding(declared, steps) ?? this.#ofType(name);
    if (ts.isVariableDeclaration(declared))
      return this.#ofVariable(declared, steps) ?? ofDeclared(name, declared);
    return ts.isParameter(declared) ? this.#ofParameter(name, declared, steps) : null;
  }

  /** What is followed already is not followed into itself. */
  #within(followed: ts.Node, find: () => Doubt | null): Doubt | null {
    this.#seen.add(followed);
    const doubt = find();
    this.#seen.delete(followed);
    return doubt;
  }

  /** A guard of the program has told what it is: `if (isDoc(value)) seen.add(value)` of an unknown value. */
  #isNarrowed(name: ts.Identifier, declared: ts.Declaration): boolean {
    const { checker } = this.#file;
    const { flags } = checker.getTypeAtLocation(declared);
    const isOpen = (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
    return isOpen && areObjects(checker.getTypeAtLocation(name));
  }

  /** Also one with a type: `const doc: Doc = JSON.parse(json)`. */
  #ofVariable(declared: ts.VariableDeclaration, steps: number): Doubt | null {
    const loop = declared.parent.parent;
    if (ts.isForOfStatement(loop)) return this.#of(loop.expression, steps);
    const { initializer } = declared;
    return this.firstOf([...(initializer ? [initializer] : []), ...assignedTo(this.#file, declared)], steps);
  }

  /** `const { doc } = JSON.parse(json) as Message` */
  #ofBinding(declared: ts.BindingElement, steps: number): Doubt | null {
    let holder: ts.Node = declared.parent.parent;
    while (ts.isBindingElement(holder)) holder = holder.parent.parent;
    if (!ts.isVariableDeclaration(holder)) return null;
    const loop = holder.parent.parent;
    const whole = ts.isForOfStatement(loop) ? loop.expression : holder.initializer;
    return whole ? this.#ofPart(whole, steps) : null;
  }

  #ofParameter(name: ts.Identifier, parameter: ts.ParameterDeclaration, steps: number): Doubt | null {
    const list = iteratedBy(parameter);
    if (list) return this.#of(list, steps) ?? ofDeclared(name, parameter);
    const declared = ofDeclared(name, parameter);
    if (declared) return declared;
    const calls = steps < MOST_STEPS ? (knownCallers(this.#file, parameter.parent)?.calls ?? []) : [];
    const given = calls.flatMap((call) => argumentFor(call, parameter) ?? []);
    const doubt = this.firstOf(given, steps + 1);
    const isTyped = given.length > 0 || !!(parameter.type ?? ts.getJSDocType(parameter));
    // What a callback gets, whoever calls it has declared.
    return doubt || isTyped || ts.isCallExpression(parameter.parent.parent)
      ? doubt
      : { node: name, why: UNTYPED };
  }

  #ofType(node: ts.Expression): Doubt | null {
    const type = this.#file.checker.getTypeAtLocation(node);
    // Internal, but nothing else tells `any` from what is declared in a package.
    const { intrinsicName } = type as ts.Type & { readonly intrinsicName?: string };
    const isUntyped = intrinsicName === 'any' || intrinsicName === 'unknown';
    return isUntyped ? { node, why: UNTYPED } : null;
  }
}

/** `JSON.parse(text)`, `response.json()` */
const PARSING = /^(JSON5?|ya?ml|superjson)\.(parse|load)$|\.json$/i;

/** What gives the value of its expression, as far as that is an object. */
function isTransparent(
  node: ts.Expression,
): node is ts.ParenthesizedExpression | ts.AwaitExpression | ts.SatisfiesExpression | ts.SpreadElement {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isSpreadElement(node)
  );
}

function isAssertion(node: ts.Expression): boolean {
  return ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isTypeAssertionExpression(node);
}

/** `value: any`, `values: unknown[]` */
function ofDeclared(
  name: ts.Identifier,
  declared: ts.ParameterDeclaration | ts.VariableDeclaration,
): Doubt | null {
  const said = (declared.type ?? ts.getJSDocType(declared))?.getText() ?? '';
  return /^(any|unknown|\*)$/.test(said) ? { node: name, why: UNTYPED } : null;
}

/** `catch (error)`, `work.catch((error) => …)`, `work.then(done, (error) => …)` */
function isThrown(declared: ts.Declaration): boolean {
  if (ts.isVariableDeclaration(declared)) return ts.isCatchClause(declared.parent);
  if (!ts.isParameter(declared) || declared.parent.parameters[0] !== declared) return false;
  const { parent: call } = declared.parent;
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
  const [first, second] = call.arguments;
  const { text } = call.expression.name;
  return (text === 'catch' ? first : text === 'then' ? second : undefined) === declared.parent;
}

/**
 * `if (error instanceof Error) seen.add(error)`, and the same behind `if (!(error instanceof Error)) throw error`: the checker does not
 * know classes of libraries.
 */
function isAskedBefore(name: ts.Identifier): boolean {
  const asked = new RegExp(`^(.*&& *)?\\(*${name.text} instanceof `, 's');
  const otherwise = new RegExp(`^!\\(${name.text} instanceof [\\w.]+\\)$`);
  for (
    let child: ts.Node = name;
    !ts.isFunctionLike(child) && !ts.isSourceFile(child);
    child = child.parent
  ) {
    const { parent } = child;
    const condition = conditionOf(child);
    if (condition && asked.test(condition) && !condition.includes('||')) return true;
    if (!ts.isBlock(parent)) continue;
    const before = parent.statements.filter((one) => one.end <= child.pos);
    if (
      before.some((one) => ts.isIfStatement(one) && otherwise.test(one.expression.getText()) && leaves(one))
    )
      return true;
  }
  return false;
}

/** What has to be true where a node is run. */
function conditionOf(node: ts.Node): string | null {
  const { parent } = node;
  if (ts.isIfStatement(parent)) return parent.thenStatement === node ? parent.expression.getText() : null;
  if (ts.isConditionalExpression(parent)) return parent.whenTrue === node ? parent.condition.getText() : null;
  if (!ts.isBinaryExpression(parent) || parent.right !== node) return null;
  return parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ? parent.left.getText() : null;
}

/** Nothing behind it runs where its condition holds. */
function leaves({ thenStatement }: ts.IfStatement): boolean {
  const last = ts.isBlock(thenStatement) ? thenStatement.statements.at(-1) : thenStatement;
  return (
    last !== undefined &&
    (ts.isReturnStatement(last) ||
      ts.isThrowStatement(last) ||
      ts.isContinueStatement(last) ||
      ts.isBreakStatement(last))
  );
}

export function standsForObjects(file: ParsedFile, node: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(node)) return node.types.every((part) => standsForObjects(file, part));
  if (isClassOfNode(file, node)) return true;
  return areObjects(file.checker.getTypeFromTypeNode(node));
}

function areObjects(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.every((part) => (part.flags & (ts.TypeFlags.Object | ts.TypeFlags.NonPrimitive)) !== 0);
}
