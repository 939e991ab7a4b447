import ts from 'typescript';
import { enclosingFunction, hasModifier, type ParsedFile } from '../program/parsed-file';
import { type Name, referencesTo, resolveAlias, withOwner } from '../program/references';
import { creationOf } from './collection-creation';
import type { CollectionDeclaration } from './collection-declarations';
import { declaredTypeOf } from './declared-types';
import { isExportedClass, isExportedVariable, isModuleExports } from './exported-names';
import { constructedClass } from './field-declarations';
import { nameOfFunction } from './function-names';
import { keepingOf } from './kept-closures';
import { isAssignment, isThis, ownerOfPrototype } from './member-chains';

/** What has an object for good: a variable of a module, its exports, a field of a class. */
type Holder = Pick<CollectionDeclaration, 'place' | 'owner' | 'exported'>;

/**
 * `const state = { cache: new Map(), byKind: { users: new Set() } }` in module scope, or as the value of a field: as good as a
 * variable or a field each.
 */
export function memberOfObject(file: ParsedFile, node: ts.PropertyAssignment): CollectionDeclaration | null {
  const created = creationOf(file, node.initializer);
  if (!created || created.isSeeded || !ts.isIdentifier(node.name)) return null;
  const holder = holderOf(file, node.parent);
  if (!holder) return null;
  const { place, owner, exported } = holder;
  const isVariable = place === 'module' && isDirect(node.parent);
  const typed = typedMember(file, node);
  return {
    ...created,
    name: node.name,
    annotation: typed ? typeOf(typed) : declaredTypeOf(file, node, created.creation),
    place,
    owner,
    exported,
    isLate: false,
    ...(typed || !isVariable ? { isOfTypedObject: true } : {}),
  };
}

function isDirect({ parent }: ts.ObjectLiteralExpression): boolean {
  return !ts.isPropertyAssignment(parent);
}

function holderOf(file: ParsedFile, object: ts.ObjectLiteralExpression): Holder | null {
  const { parent } = object;
  if (ts.isPropertyAssignment(parent)) return holderOf(file, parent.parent);
  if (ts.isPropertyDeclaration(parent)) return ofField(file, parent);
  const around = enclosingFunction(object);
  if (around !== null) {
    if (ts.isCallExpression(parent)) return ofMixedIn(file, parent, around);
    return ts.isBinaryExpression(parent) ? ofAssigned(file, parent, around) : ofFactory(file, object, around);
  }
  if (ts.isBinaryExpression(parent) && isModuleExports(parent.left))
    return { place: 'module', owner: '', exported: true };
  if (!ts.isVariableDeclaration(parent) || parent.initializer !== object) return null;
  const { name } = parent;
  if (ts.isIdentifier(name) && isReplaced(file, name)) return null;
  return { place: 'module', owner: '', exported: isExportedVariable(file, parent) };
}

/** `const storage = { data: {}, write(key, value) { this.data[key] = value } }` in a function that goes on using it. */
function ofFactory(file: ParsedFile, object: ts.ObjectLiteralExpression, around: ts.Node): Holder | null {
  const { parent } = object;
  if (!ts.isVariableDeclaration(parent) || parent.initializer !== object) return null;
  const hasMethods = object.properties.some(
    (one) =>
      ts.isMethodDeclaration(one) || (ts.isPropertyAssignment(one) && ts.isFunctionLike(one.initializer)),
  );
  if (!ts.isIdentifier(parent.name) || isReplaced(file, parent.name)) return null;
  if (!hasMethods && !keepingOf(file, parent.name, around)) return null;
  // Whoever is given the object may do anything with what it has.
  if (isExportedVariable(file, parent)) return null;
  return { place: 'closure', owner: nameOfFunction(around), exported: false };
}

/** `this.state = { seen: new Map() }` in a constructor */
function ofAssigned(
  file: ParsedFile,
  { left, operatorToken }: ts.BinaryExpression,
  around: ts.Node,
): Holder | null {
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(left)) return null;
  const { expression, name } = left;
  const owner = isThis(file.checker, expression) ? constructedClass(file, around, false) : null;
  if (!owner || isReplaced(file, name, left)) return null;
  return { place: 'instance', owner: owner.name, exported: !ts.isPrivateIdentifier(name) && owner.exported };
}

/** `Object.assign(this, { seen: new Map() }, settings)` in a constructor */
function ofMixedIn(file: ParsedFile, call: ts.CallExpression, around: ts.Node): Holder | null {
  const [target] = call.arguments;
  const isMixedIn = call.expression.getText() === 'Object.assign' && target && isThis(file.checker, target);
  const owner = isMixedIn ? constructedClass(file, around, false) : null;
  return owner && { place: 'instance', owner: owner.name, exported: owner.exported };
}

/** `private state = { seen: new Map() }` of a class */
function ofField(file: ParsedFile, field: ts.PropertyDeclaration): Holder | null {
  const { name, parent } = field;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return null;
  if (isReplaced(file, name)) return null;
  const isHidden = ts.isPrivateIdentifier(name) || hasModifier(field, ts.SyntaxKind.PrivateKeyword);
  return {
    place: hasModifier(field, ts.SyntaxKind.StaticKeyword) ? 'static' : 'instance',
    owner: parent.name?.text ?? '',
    exported: !isHidden && isExportedClass(parent),
  };
}

/** `state = { seen: new Map() }` somewhere else than `first` begins anew. */
function isReplaced(file: ParsedFile, name: Name, first?: ts.Node): boolean {
  return referencesTo(file, name).some((node) => {
    const named = withOwner(node);
    const { parent } = named;
    if (named === first) return false;
    return ts.isBinaryExpression(parent) && parent.left === named && isAssignment(parent.operatorToken.kind);
  });
}

/** What the type of the object says of the member: of `const state: State = { seen: new Map() }` the `seen` of `State`. */
export function typedMember({ checker }: ParsedFile, member: ts.PropertyAssignment): ts.Symbol | null {
  const typed = checker.getContextualType(member.parent)?.getProperty(member.name.getText());
  const isSame = typed === undefined || typed === checker.getSymbolAtLocation(member.name);
  return isSame ? null : typed;
}

function typeOf({ valueDeclaration }: ts.Symbol): ts.TypeNode | null {
  const isDeclared =
    valueDeclaration &&
    (ts.isPropertySignature(valueDeclaration) || ts.isPropertyDeclaration(valueDeclaration));
  return (isDeclared && valueDeclaration.type) || null;
}

/** True of `state.seen` where `state` is what has the object that `member` is in. */
export function isOfHolder(file: ParsedFile, node: Name, member: ts.PropertyAssignment): boolean {
  const access = node.parent;
  if (!ts.isPropertyAccessExpression(access) || access.name !== node) return false;
  const { expression } = access;
  const holder = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  const { parent } = member.parent;
  if (ts.isPropertyAssignment(parent)) return ts.isIdentifier(holder) && isOfHolder(file, holder, parent);
  if (!ts.isVariableDeclaration(parent) && !ts.isPropertyDeclaration(parent)) return false;
  const { checker } = file;
  const symbol = resolveAlias(checker, checker.getSymbolAtLocation(holder));
  return symbol?.valueDeclaration === parent;
}

/** `this`, or `self` for it, in a method of `Client.prototype = { … }` and `Object.assign(Client.prototype, { … })`. */
export function isOnPrototype({ checker }: ParsedFile, node: ts.Expression, owner: string): boolean {
  if (owner === '' || !isThis(checker, node)) return false;
  for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) {
    const { parent } = around;
    const object = ts.isPropertyAssignment(parent) ? parent.parent : parent;
    if (ts.isObjectLiteralExpression(object) && ownerOfPrototype(object) === owner) return true;
  }
  return false;
}
