import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { nameNode } from './class-mentions';
import type { CollectionDeclaration } from './collection-declarations';
import { nameOfFunction } from './function-names';
import { isThis, ownerOfPrototype } from './member-chains';
import { extendedBy } from './places-of-names';

type Owned = Pick<CollectionDeclaration, 'name' | 'owner'>;

/**
 * `this.sockets`, or `self.sockets` for it, of an object that is none of the owner's: in a file that does not name the owner, or
 * has one of the same name of its own, or in a class that neither extends it nor is extended by it.
 */
export function isOfStranger(file: ParsedFile, access: ts.Node, { name, owner }: Owned): boolean {
  const source = access.getSourceFile();
  if (owner === '' || source === file.source || !isMemberOfThis(file, access)) return false;
  if (!source.text.includes(owner)) return true;
  const there = ownerOfThis(access);
  if (!there) return false;
  // Each database has its `InMemory`.
  if (there.name === owner) return nameNode({ ...file, source }, owner) !== null;
  const here = ts.findAncestor(name, ts.isClassLike);
  if (there.declared && here) return !extendedBy(there.declared) && !extendedBy(here);
  return !there.declared && !here && !isHeirOfOld(source, there.name) && !isHeirOfOld(file.source, owner);
}

/**
 * `this.users` in the class that gives itself the field, `Object.assign(this, { users: {} })`, or in one that it extends, itself or
 * through others, which counts on its heirs to have the field.
 */
export function isOfOwnClass(file: ParsedFile, access: ts.Node, { name }: Owned): boolean {
  const there = isMemberOfThis(file, access) ? ts.findAncestor(access, ts.isClassLike) : undefined;
  const here = ts.findAncestor(name, ts.isClassLike);
  if (!there || !here) return false;
  let current: ts.ClassLikeDeclaration | null = here;
  for (let step = 0; current && step < MOST_BASES; step += 1, current = baseOf(file, current))
    if (current === there) return true;
  return false;
}

/** Longer chains are circles. */
const MOST_BASES = 50;

function baseOf({ checker }: ParsedFile, heir: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | null {
  const extended = extendedBy(heir);
  const declared = extended && checker.getTypeAtLocation(extended).symbol?.valueDeclaration;
  return declared && ts.isClassLike(declared) ? declared : null;
}

function isMemberOfThis({ checker }: ParsedFile, node: ts.Node): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) && isThis(checker, node.expression);
}

/** What `this` is an object of: a class, or the function that served as one. */
interface OwnerOfThis {
  readonly name: string;
  readonly declared: ts.ClassLikeDeclaration | null;
}

function ownerOfThis(node: ts.Node): OwnerOfThis | null {
  for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) {
    const { parent } = around;
    if (ts.isClassLike(parent)) return { name: parent.name?.text ?? '', declared: parent };
    const name = ownerOfMethod(around) ?? nameOfConstructor(around);
    if (name !== null) return { name, declared: null };
  }
  return null;
}

/** `Client` of `Client.prototype.send = function () { … }`, and of a method of `_.extend(Client.prototype, { … })`. */
function ownerOfMethod(method: ts.Node): string | null {
  const { parent } = method;
  if (ts.isBinaryExpression(parent)) return /^(.+)\.prototype\.\w+$/.exec(parent.left.getText())?.[1] ?? null;
  const object = ts.isPropertyAssignment(parent) ? parent.parent : parent;
  return ts.isObjectLiteralExpression(object) ? ownerOfPrototype(object) : null;
}

function nameOfConstructor(around: ts.Node): string | null {
  const isPlain = ts.isFunctionDeclaration(around) || ts.isFunctionExpression(around);
  const name = isPlain ? nameOfFunction(around) : '';
  return /^[A-Z]/.test(name) ? name : null;
}

/** `inherits(Client, EventEmitter)`, `Client.prototype = Object.create(Base.prototype)`, `Client.prototype.__proto__ = …` */
function isHeirOfOld({ text }: ts.SourceFile, name: string): boolean {
  const written = name.replaceAll('$', '\\$');
  return new RegExp(
    `(inherits|extend)\\w*\\(\\s*${written}\\b(?!\\.prototype,\\s*\\{)|\\b${written}\\.prototype(\\.__proto__)?\\s*=\\s*(?![={])|setPrototypeOf\\(\\s*${written}\\b`,
  ).test(text);
}
