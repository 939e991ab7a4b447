import ts from 'typescript';
import { enclosingFunction, hasModifier, type ParsedFile } from '../program/parsed-file';
import { resolveAlias } from '../program/references';
import { type Creation, creationOf } from './collection-creation';
import type { CollectionDeclaration } from './collection-declarations';
import { declaredTypeOf } from './declared-types';
import { isExportedClass } from './exported-names';
import { nameOfFunction } from './function-names';
import { bare, isThis } from './member-chains';

/** `entries = new Map()` in a class, also under a symbol. */
export function field(file: ParsedFile, node: ts.PropertyDeclaration): CollectionDeclaration | null {
  const created = creationOf(file, node.initializer);
  const key = ts.isComputedPropertyName(node.name) ? node.name.expression : null;
  if (created && key && ts.isIdentifier(key) && isSymbol(file, key)) {
    const common = { name: key, annotation: node.type ?? null, exported: true, isLate: false };
    return { ...created, ...common, ...placeOf(node), isUnderSymbol: true };
  }
  if (!created || !(ts.isIdentifier(node.name) || ts.isPrivateIdentifier(node.name))) return null;
  return {
    ...created,
    name: node.name,
    annotation: declaredTypeOf(file, node, created.creation),
    ...placeOf(node),
    exported: !isPrivate(node) && isExportedClass(node.parent),
    isLate: false,
  };
}

/** `constructor(private readonly seen = new Set<string>())` */
export function fieldOfParameter(
  file: ParsedFile,
  node: ts.ParameterDeclaration,
): CollectionDeclaration | null {
  const { parent: making, name } = node;
  const created = creationOf(file, node.initializer);
  const isField = ts.isParameterPropertyDeclaration(node, making) && ts.isIdentifier(name);
  if (!created || !isField || !ts.isConstructorDeclaration(making)) return null;
  const exported = !hasModifier(node, ts.SyntaxKind.PrivateKeyword) && isExportedClass(making.parent);
  const common = { name, annotation: node.type ?? null, place: 'instance' as const, isLate: false };
  return { ...created, ...common, owner: className(making.parent), exported };
}

function placeOf(node: ts.PropertyDeclaration): Pick<CollectionDeclaration, 'place' | 'owner'> {
  const isStatic = hasModifier(node, ts.SyntaxKind.StaticKeyword);
  return { place: isStatic ? 'static' : 'instance', owner: className(node.parent) };
}

/** In a static method `this` is the class. */
function isOfClass(method: ts.Node): boolean {
  return ts.canHaveModifiers(method) && hasModifier(method, ts.SyntaxKind.StaticKeyword);
}

/** `this.entries = new Map()` in a constructor, or where it is first needed. */
export function assignedField(
  file: ParsedFile,
  node: ts.BinaryExpression,
  left: ts.PropertyAccessExpression,
  created: Creation,
  isLate: boolean,
): CollectionDeclaration | null {
  const around = enclosingFunction(node);
  const owner = around && constructedClass(file, around, isLate);
  if (!owner) return null;
  const declared = file.checker.getSymbolAtLocation(left.name)?.declarations?.find(ts.isPropertyDeclaration);
  if (declared?.initializer) return null;
  return {
    ...created,
    name: left.name,
    annotation: declared?.type ?? declaredTypeOf(file, node, created.creation),
    place: isOfClass(around) ? 'static' : 'instance',
    owner: owner.name,
    exported: !(declared && isPrivate(declared)) && owner.exported,
    isLate,
  };
}

/** `this[kPools] = new Map()`, where `kPools` is a constant that holds a symbol. */
export function assignedUnderSymbol(
  file: ParsedFile,
  node: ts.BinaryExpression,
  { expression, argumentExpression: name }: ts.ElementAccessExpression,
  created: Creation,
  isLate: boolean,
): CollectionDeclaration | null {
  if (!isThis(file.checker, expression) || !ts.isIdentifier(name) || !isSymbol(file, name)) return null;
  const around = enclosingFunction(node);
  const owner = around && constructedClass(file, around, isLate);
  if (!owner) return null;
  const common = { name, annotation: null, place: 'instance' as const, owner: owner.name };
  return { ...created, ...common, exported: true, isLate, isUnderSymbol: true };
}

/** `const kPools = Symbol('pools')`, here or where it is imported from; of others the name has to say it. */
function isSymbol({ checker }: ParsedFile, name: ts.Identifier): boolean {
  const declared = resolveAlias(checker, checker.getSymbolAtLocation(name))?.valueDeclaration;
  const isVariable = declared && (ts.isVariableDeclaration(declared) || ts.isPropertyAssignment(declared));
  if (!isVariable || !declared.initializer) return false;
  return /^Symbol(\.for)?\(/.test(bare(declared.initializer).getText());
}

/** `async onModuleInit() { this.cache = new Map() }`: once for each object, as a constructor. */
function isStarting(around: ts.Node): boolean {
  return ts.isMethodDeclaration(around) && STARTS.test(around.name.getText());
}

const STARTS =
  /^[_#]?(init([A-Z]\w*)?|initialize|initialise|setup|start|boot|bootstrap|configure|onModuleInit|onApplicationBootstrap|componentWillLoad)$/;

/** The class that a constructor makes objects of; also `function Cache() { this.entries = {} }` of old. */
export function constructedClass(
  { source }: ParsedFile,
  around: ts.Node,
  isLate: boolean,
): { name: string; exported: boolean } | null {
  const isMember =
    ts.isConstructorDeclaration(around) || (ts.isClassLike(around.parent) && (isLate || isStarting(around)));
  if (isMember && ts.isClassLike(around.parent)) {
    return { name: className(around.parent), exported: isExportedClass(around.parent) };
  }
  const isPlain = ts.isFunctionDeclaration(around) || ts.isFunctionExpression(around);
  const name = isPlain ? nameOfFunction(around) : '';
  if (!/^[A-Z]/.test(name) && !isConstructed(source.text, name)) return null;
  return { name, exported: new RegExp(`exports\\b[^\\n]*\\b${name}\\b`).test(source.text) };
}

/** `stats.prototype.count = …`, `inherits(stats, EventEmitter)`: a class, however it is written. */
function isConstructed(text: string, name: string): boolean {
  return name !== '' && new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}\\.prototype\\b`).test(text);
}

function isPrivate(node: ts.PropertyDeclaration): boolean {
  return ts.isPrivateIdentifier(node.name) || hasModifier(node, ts.SyntaxKind.PrivateKeyword);
}

function className(node: ts.ClassLikeDeclaration): string {
  if (node.name) return node.name.text;
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : '';
}
