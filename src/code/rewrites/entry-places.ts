import ts from 'typescript';
import { KnownByProgram } from '../program/known-by-program';
import { calledBy } from '../program/load-time';
import { asSeenFrom, enclosingFunction, type ParsedFile } from '../program/parsed-file';
import {
  type Name,
  placesOfMember,
  referencesElsewhere,
  referencesTo,
  withOwner,
} from '../program/references';
import { isTestFile } from '../program/test-files';
import { unwrap } from '../smells/collection-uses';
import { knownCallers } from '../smells/known-callers';
import { bare, isAssignment } from '../smells/member-chains';
import { addedValue } from '../smells/stored-values';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { readsEntry } from './changing-entries';
import { kindOfEntries } from './value-kinds';

/** What is handed on further than this is not followed. */
const MOST_PLACES = 400;

const known = new KnownByProgram<ts.Node, readonly ts.Node[]>();

/**
 * Where the entries of a collection end up: each expression that is one and hands it on no further, in all files. Variables, fields,
 * results, arguments and promises are looked through as far as their names are known.
 */
export function placesOfEntries(file: ParsedFile, collection: UnboundedCollection): readonly ts.Node[] {
  const { name, uses } = collection;
  const found = known.in(file).get(name);
  if (found) return found;
  const walk = new Walk(file, kindOfEntries(file, collection) === 'object');
  for (const use of uses) {
    if (readsEntry(use)) walk.take(use.node);
    const stored = addedValue(use);
    if (stored) walk.takeStored(stored);
  }
  const places = walk.places();
  known.in(file).set(name, places);
  return places;
}

const DEFAULTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.BarBarToken,
]);

class Walk {
  readonly #file: ParsedFile;
  readonly #areObjects: boolean;
  readonly #open: ts.Node[] = [];
  readonly #seen = new Set<ts.Node>();
  readonly #places: ts.Node[] = [];

  constructor(file: ParsedFile, areObjects: boolean) {
    this.#file = file;
    this.#areObjects = areObjects;
  }

  places(): ts.Node[] {
    while (this.#open.length > 0 && this.#seen.size < MOST_PLACES) {
      const node = this.#open.pop()!;
      if (!this.#follow(node, node.parent)) this.#places.push(node);
    }
    return [...this.#places, ...this.#open];
  }

  take(given: ts.Node): void {
    const node = unwrap(given);
    if (this.#seen.has(node) || isTestFile(node.getSourceFile().fileName)) return;
    this.#seen.add(node);
    this.#open.push(node);
  }

  /** The name under which it was made, and what an assignment of it gives. */
  takeStored(value: ts.Expression): void {
    const stored = bare(value);
    if (ts.isIdentifier(stored)) this.#takeVariable(stored);
    if (ts.isBinaryExpression(stored) && isAssignment(stored.operatorToken.kind))
      this.#takeTarget(stored.left);
    const assignment = unwrap(value).parent;
    const isAssigned = ts.isBinaryExpression(assignment) && isAssignment(assignment.operatorToken.kind);
    if (isAssigned && assignment.right === unwrap(value)) this.take(assignment);
  }

  /** True where it is handed on, and what it is handed on as has been taken. */
  #follow(node: ts.Node, parent: ts.Node): boolean {
    if (ts.isBinaryExpression(parent)) return this.#followOperator(node, parent);
    if (ts.isConditionalExpression(parent) && parent.condition !== node) return this.#taken(parent);
    if (ts.isAwaitExpression(parent)) return this.#taken(parent);
    if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
      return this.#takeVariable(parent.name);
    if (ts.isPropertyAssignment(parent) && parent.initializer === node) return this.#takeMember(parent.name);
    if (ts.isShorthandPropertyAssignment(parent)) return this.#takeMember(parent.name);
    if (ts.isPropertyDeclaration(parent) && parent.initializer === node) return this.#takeMember(parent.name);
    if (ts.isReturnStatement(parent)) return this.#takeResult(enclosingFunction(parent));
    if (ts.isArrowFunction(parent) && parent.body === node) return this.#takeResult(parent);
    if (ts.isPropertyAccessExpression(parent) && parent.expression === node)
      return this.#followPromise(parent);
    const isGiven = (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== node;
    return isGiven && this.#takeParameter(parent, node);
  }

  #followOperator(node: ts.Node, operation: ts.BinaryExpression): boolean {
    const { left, right } = operation;
    const { kind } = operation.operatorToken;
    if (DEFAULTS.has(kind)) return this.#taken(operation);
    if (right !== node) return false;
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.CommaToken)
      return this.#taken(operation);
    if (!isAssignment(kind)) return false;
    this.take(operation);
    return this.#takeTarget(left);
  }

  #taken(node: ts.Node): true {
    this.take(node);
    return true;
  }

  #takeTarget(target: ts.Expression): boolean {
    if (ts.isIdentifier(target)) return this.#takeVariable(target);
    return ts.isPropertyAccessExpression(target) && this.#takeMember(target.name);
  }

  #takeVariable(name: ts.Identifier): boolean {
    const declared = this.#file.checker.getSymbolAtLocation(name)?.valueDeclaration;
    const own = declared && (declared as Partial<ts.VariableDeclaration>).name;
    if (!own || !ts.isIdentifier(own)) return false;
    this.#takeReferences(own);
    return true;
  }

  /** A field or property, wherever it is read; of objects of no known type where the entries are objects, which few members are. */
  #takeMember(name: ts.PropertyName | ts.MemberName): boolean {
    const { checker } = this.#file;
    if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return false;
    const declared = new Set(this.#membersMeant(name).flatMap((one) => one.declarations ?? []));
    for (const member of placesOfMember(this.#file, name.text)) {
      const found = checker.getSymbolAtLocation(member);
      const isMeant = found ? found.declarations?.some((one) => declared.has(one)) : this.#areObjects;
      if (isMeant) this.#takeMention(member);
    }
    return false;
  }

  /** Of a property of an object that is written out also the one of the type that the object is to have. */
  #membersMeant(name: Name): ts.Symbol[] {
    const { checker } = this.#file;
    const object = name.parent.parent;
    const type = ts.isObjectLiteralExpression(object) ? checker.getContextualType(object) : undefined;
    return [checker.getSymbolAtLocation(name), type?.getProperty(name.text)].flatMap((one) => one ?? []);
  }

  #takeReferences(name: Name): void {
    const there = asSeenFrom(this.#file, name.getSourceFile());
    const symbol = this.#file.checker.getSymbolAtLocation(name);
    const elsewhere = symbol ? referencesElsewhere(there, name.text, symbol) : [];
    const sure = elsewhere.flatMap(({ node, sure: isSure }) => (isSure ? [node] : []));
    for (const mention of [...referencesTo(there, name), ...sure]) {
      if (!ts.isImportSpecifier(mention.parent)) this.#takeMention(mention);
    }
  }

  /** Where it is read; what it is given there is another thing. */
  #takeMention(mention: Name): void {
    const node = unwrap(withOwner(mention));
    const { parent } = node;
    const isTarget =
      ts.isBinaryExpression(parent) && parent.left === node && isAssignment(parent.operatorToken.kind);
    if (!isTarget) this.take(node);
  }

  /** What calls give. Of callers that are not known something may be done that is not seen: it ends there as well. */
  #takeResult(around: ts.Node | null): boolean {
    if (!around || !ts.isFunctionLike(around)) return false;
    const callers = knownCallers(this.#file, around);
    for (const call of callers?.calls ?? []) this.take(call);
    return callers?.complete === true && callers.calls.length > 0;
  }

  /** `loads.get(key).then((value) => …)` */
  #followPromise(access: ts.PropertyAccessExpression): boolean {
    const call = access.parent;
    if (access.name.text !== 'then' || !ts.isCallExpression(call) || call.expression !== access) return false;
    const [callback] = call.arguments;
    const parameter = callback && ts.isFunctionLike(callback) ? callback.parameters[0] : undefined;
    return parameter !== undefined && ts.isIdentifier(parameter.name) && this.#takeVariable(parameter.name);
  }

  /** What a function of the program calls it. */
  #takeParameter(call: ts.CallExpression | ts.NewExpression, given: ts.Node): boolean {
    const index = (call.arguments as readonly ts.Node[] | undefined)?.indexOf(given) ?? -1;
    const called = calledBy(call.expression, this.#file.checker).find((one) => ts.isFunctionLike(one));
    const parameter = called && ts.isFunctionLike(called) ? called.parameters[index] : undefined;
    if (!parameter || !ts.isIdentifier(parameter.name) || parameter.dotDotDotToken) return false;
    return this.#takeVariable(parameter.name);
  }
}
