import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import {
  type Name,
  placesOfMember,
  possibleReferences,
  type Reference,
  referencesElsewhere,
  referencesTo,
  resolveAlias,
  sameAccesses,
  takenOut,
  withOwner,
} from '../program/references';
import { isTestFile } from '../program/test-files';
import type { CollectionDeclaration } from './collection-declarations';
import { type CollectionUse, isUsedAtOnce, unwrap, useOf } from './collection-uses';
import { isOfOptions, isOfWrittenObject } from './foreign-members';
import { placesWhereHanded } from './handed-objects';
import { exportOf, isHandedOut } from './handed-out';
import { useOfOwnMethod } from './larger-collections';
import { bare } from './member-chains';
import { isOfHolder, isOnPrototype, typedMember } from './object-members';
import { isOfOwnClass, isOfStranger } from './owners-of-this';
import {
  isCreating,
  isDeclarationName,
  isImportOrExport,
  isKeyOfMember,
  isThisMember,
  returningFunction,
} from './places-of-names';
import { isCalledLike } from './receiver-names';
import { type StandIn, standInOf } from './stand-ins';

/** What is known of how a collection is used, in its own file and in the project's others. */
export interface FollowedUses {
  readonly uses: readonly CollectionUse[];
  /** Another file's code uses it, test files aside. */
  readonly isUsedElsewhere: boolean;
  /** Tests look at it: what they rely on is not for a rewrite to change. */
  readonly isUsedByTests: boolean;
  /** Local names and parameters that stand for it somewhere, and functions that return it. */
  readonly aliases: readonly ts.Identifier[];
}

/** Aliases of aliases end somewhere. */
const MOST_STEPS = 4;

/** All uses of a collection: by its name, as a field, through local aliases, parameters, exports and imports. */
export function followUses(file: ParsedFile, declaration: CollectionDeclaration): FollowedUses {
  const walk = new Walk(file, declaration);
  for (const node of referencesTo(file, declaration.name)) walk.take({ node, sure: true }, 0);
  const { name, isLate } = declaration;
  // `(this.log = this.log || []).push(line)` declares and uses it.
  if (isLate && isUsedAtOnce(name.parent)) walk.take({ node: name, sure: true }, 0);
  for (const node of sameAccesses(file, declaration.name)) walk.take({ node, sure: true }, 0);
  const kept = keptAs(declaration);
  for (const node of kept ? sameAccesses(file, kept) : []) walk.take({ node, sure: true }, 0);
  // No member is a variable.
  const possible = isMemberName(declaration) ? possibleReferences(file, declaration.name) : [];
  for (const node of possible) walk.take({ node, sure: false }, 0);
  for (const reference of typedReferences(file, declaration)) walk.takeAnywhere(reference);
  for (const reference of placesWhereHanded(file, declaration.name.parent)) walk.takeAnywhere(reference);
  if (isMemberName(declaration))
    for (const node of takenOut(file, declaration.name)) walk.takeAnywhere({ node, sure: true });
  if (file.others && (declaration.exported || isOfObject(declaration))) {
    for (const symbol of walk.exportedSymbols()) {
      // An object may be given out whose class is not: what only has the same name is none of it.
      for (const reference of referencesElsewhere(file, symbol.name, symbol))
        if (declaration.exported || reference.sure) walk.takeElsewhere(reference);
    }
  }
  const { uses, isUsedElsewhere, isUsedByTests, aliases } = walk;
  return { uses, isUsedElsewhere, isUsedByTests, aliases };
}

/**
 * `state.seen` of `const state: State = { seen: new Map() }`, in all files. Others of the same type may be what the object is
 * given to, so that what they remove counts.
 */
function typedReferences(file: ParsedFile, { name }: CollectionDeclaration): Reference[] {
  const member = name.parent;
  const typed = ts.isPropertyAssignment(member) ? typedMember(file, member) : null;
  if (!typed || !ts.isPropertyAssignment(member)) return [];
  return placesOfMember(file, name.text).flatMap((node) =>
    file.checker.getSymbolAtLocation(node) === typed ? [{ node, sure: isOfHolder(file, node, member) }] : [],
  );
}

/** `kept` of `const cache = (global.kept = new Map())`: the other name that it has. */
function keptAs({ name: { parent } }: CollectionDeclaration): ts.Identifier | null {
  const value = ts.isVariableDeclaration(parent) && parent.initializer ? bare(parent.initializer) : null;
  if (!value || !ts.isBinaryExpression(value) || !ts.isPropertyAccessExpression(value.left)) return null;
  return ts.isIdentifier(value.left.name) ? value.left.name : null;
}

/** Declared as a member of something, and not as a variable. */
function isMemberName({ name, isUnderSymbol }: CollectionDeclaration): boolean {
  return !isUnderSymbol && !ts.isVariableDeclaration(name.parent);
}

/** A field that its class does not keep to itself. */
function isOfObject({ place, name }: CollectionDeclaration): boolean {
  return place === 'instance' && ts.isIdentifier(name);
}

class Walk {
  readonly uses: CollectionUse[] = [];
  isUsedElsewhere = false;
  isUsedByTests = false;
  readonly aliases: ts.Identifier[] = [];
  readonly #file: ParsedFile;
  readonly #declaration: CollectionDeclaration;
  readonly #seen = new Set<ts.Node>();
  readonly #exported = new Set<ts.Symbol>();
  /** The call that is being followed into the function it calls. */
  #call: ts.CallExpression | null = null;

  constructor(file: ParsedFile, declaration: CollectionDeclaration) {
    this.#file = file;
    this.#declaration = declaration;
    const own = file.checker.getSymbolAtLocation(declaration.name);
    if (own) this.#exported.add(declaration.isUnderSymbol ? (resolveAlias(file.checker, own) ?? own) : own);
  }

  /** The symbols by which other files know it: its own, and the properties of `exports` that hold it. */
  exportedSymbols(): Iterable<ts.Symbol> {
    return this.#exported;
  }

  takeElsewhere(reference: Reference): void {
    const { node } = reference;
    const { parent } = node;
    if (ts.isExportSpecifier(parent)) return;
    if (ts.isImportSpecifier(parent)) {
      // Under its own name its uses are found by that name.
      if (parent.propertyName !== node) return;
      for (const renamed of referencesWithin(this.#file, parent.name))
        this.takeElsewhere({ node: renamed, sure: true });
      return;
    }
    if (ts.isImportClause(parent)) return;
    if (isTestFile(node.getSourceFile().fileName)) {
      this.isUsedByTests = true;
      return;
    }
    if (ts.isBindingElement(parent)) {
      this.isUsedElsewhere = true;
      if (!ts.isIdentifier(parent.name) || parent.name === node) return;
      for (const renamed of referencesWithin(this.#file, parent.name))
        this.takeElsewhere({ node: renamed, sure: true });
      return;
    }
    const before = this.uses.length;
    this.take(reference, 0);
    if (this.uses.length > before) this.isUsedElsewhere = true;
  }

  /** A mention in whatever file: `const { seen } = this`. */
  takeAnywhere(reference: Reference): void {
    const source = reference.node.getSourceFile();
    const isElsewhere = source !== this.#file.source;
    if (isElsewhere && isTestFile(source.fileName)) {
      this.isUsedByTests = true;
      return;
    }
    if (isElsewhere) this.isUsedElsewhere = true;
    this.take(reference, 0);
  }

  /** `server.scripts` of a `Server`, where the checker does not know what `server` is. */
  #isOfNamesake(used: ts.Node): boolean {
    const { place, owner } = this.#declaration;
    return (
      place === 'instance' &&
      ts.isPropertyAccessExpression(used) &&
      (isCalledLike(used.expression, owner) ||
        isOnPrototype(this.#file, used.expression, owner) ||
        isOfOwnClass(this.#file, used, this.#declaration))
    );
  }

  #useOf(used: ts.Node): CollectionUse {
    const { type, isLarger } = this.#declaration;
    const use = useOf(used, type);
    return (isLarger && use.kind === 'escape' && useOfOwnMethod(this.#file, use.node)) || use;
  }

  /** One mention. Where the owner is unsure, only what removes counts: better silent than wrong. */
  take({ node, sure }: Reference, steps: number): void {
    const { parent } = node;
    if (this.#seen.has(node) || isDeclarationName(node)) return;
    this.#seen.add(node);
    const { creation } = this.#declaration;
    if (this.#declaration.isUnderSymbol && !isKeyOfMember(node)) return;
    const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
    const used = isMember || this.#declaration.isUnderSymbol ? (parent as ts.Expression) : node;
    if (isCreating(used, creation) && !isUsedAtOnce(used)) return;
    if (ts.isBindingElement(parent) && ts.isIdentifier(parent.name)) {
      this.#follow(parent.name, steps);
      return;
    }
    const exported = exportOf(this.#file, used);
    if (exported?.symbol) this.#exported.add(exported.symbol);
    if (exported) return;
    if (steps > 0 && isStepDown(used)) return;
    const use = this.#useOf(used);
    const isNamesake = !sure && this.#isOfNamesake(used);
    const isRemoval = use.kind === 'remove' || use.kind === 'reassign';
    if (!sure && !isRemoval && (use.kind === 'escape' || !isNamesake)) return;
    const isOfOne = this.#declaration.place === 'instance';
    if (!sure && isOfOne && !isNamesake && isOfStranger(this.#file, used, this.#declaration)) return;
    if (!sure && isOfWrittenObject(this.#file, used)) return;
    if (!sure && isOfOptions(used)) return;
    // `message._entities = …` of another object that happens to have such a field.
    if (!sure && use.kind === 'reassign' && /^[_#]/.test(node.text) && !isThisMember(used)) return;
    if (use.kind !== 'escape' || steps >= MOST_STEPS) {
      this.uses.push(use.kind === 'add' && this.#call ? { ...use, call: this.#call } : use);
      return;
    }
    const escaping = unwrap(used);
    const getter = returningFunction(escaping);
    const standIn = standInOf(this.#file, escaping);
    if (getter && this.#followCalls(getter, steps)) return;
    if (standIn) this.#followInto(escaping.parent, standIn, steps);
    else if (!isHandedOut(this.#file, this.#declaration, escaping)) this.uses.push(use);
    else this.uses.push({ kind: 'escape', how: 'it is given out', node: used, isHandedOut: true });
  }

  /** What a function of the project returns is used where it is called. False where its callers are not all known. */
  #followCalls(name: ts.Identifier, steps: number): boolean {
    const { checker, others } = this.#file;
    const symbol = checker.getSymbolAtLocation(name);
    if (!symbol || others === null) return false;
    const mentions = [
      ...referencesWithin(this.#file, name),
      ...referencesElsewhere(this.#file, name.text, symbol).flatMap(({ node, sure }) => (sure ? [node] : [])),
    ];
    this.aliases.push(name);
    for (const mention of mentions) this.#takeCall(mention, steps);
    return true;
  }

  #takeCall(mention: Name, steps: number): void {
    if (this.#seen.has(mention) || isDeclarationName(mention) || isImportOrExport(mention)) return;
    this.#seen.add(mention);
    const access = withOwner(mention);
    const isCalled = ts.isCallExpression(access.parent) && access.parent.expression === access;
    const value = isCalled ? access.parent : access;
    const use = useOf(value, this.#declaration.type);
    const mayStandIn = use.kind === 'escape' && steps < MOST_STEPS;
    const standIn = mayStandIn ? standInOf(this.#file, unwrap(value)) : null;
    if (standIn) this.#followStandIn(standIn, steps + 1);
    else this.uses.push(use);
  }

  #followInto(parent: ts.Node, standIn: StandIn, steps: number): void {
    const before = this.#call;
    if (ts.isCallExpression(parent)) this.#call = parent;
    this.#followStandIn(standIn, steps);
    this.#call = before;
  }

  #followStandIn({ names, mentions }: StandIn, steps: number): void {
    for (const name of names) this.#follow(name, steps);
    for (const mention of mentions) {
      if (ts.isIdentifier(mention.node) && mention.sure) this.aliases.push(mention.node);
      this.take(mention, steps + 1);
    }
  }

  #follow(alias: ts.Identifier, steps: number): void {
    this.aliases.push(alias);
    for (const node of referencesWithin(this.#file, alias)) this.take({ node, sure: true }, steps + 1);
  }
}

/** `node = node[letter]` of an alias: it goes on to a part of the collection, which it leaves as it is. */
function isStepDown({ parent }: ts.Node): boolean {
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
  const { left } = parent;
  if (!ts.isIdentifier(left)) return false;
  let part = bare(parent.right);
  if (ts.isCallExpression(part) && /\.get$/.test(part.expression.getText())) part = bare(part.expression);
  return (
    (ts.isElementAccessExpression(part) || ts.isPropertyAccessExpression(part)) &&
    part.expression.getText() === left.text
  );
}

/** References to a local name, in the file where it stands. */
function referencesWithin(file: ParsedFile, name: ts.Identifier): Name[] {
  const source = name.getSourceFile();
  return referencesTo({ ...file, source }, name);
}
