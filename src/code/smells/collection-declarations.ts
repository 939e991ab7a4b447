import ts from 'typescript';
import { functionsRunAtLoad, runsAtLoad } from '../program/load-time';
import { enclosingFunction, hasModifier, type ParsedFile } from '../program/parsed-file';
import { type Name, referencesTo } from '../program/references';
import { type Creation, creationOf } from './collection-creation';
import { declaredTypeOf } from './declared-types';
import { isExportedLater, isModuleExports } from './exported-names';
import { assignedField, assignedUnderSymbol, field, fieldOfParameter } from './field-declarations';
import { nameOfFunction } from './function-names';
import { keepingOf } from './kept-closures';
import { bare, isAssignment, isThis, rootOf, withParentheses } from './member-chains';
import { isMemoizers, isOfMemoized } from './memoizers';
import { memberOfObject } from './object-members';

/** A collection that may live as long as the program. */
export interface CollectionDeclaration extends Creation {
  readonly name: Name;
  /** `closure`: a local variable that a function which outlives the call keeps. */
  readonly place: 'module' | 'static' | 'instance' | 'closure';
  readonly annotation: ts.TypeNode | null;
  /** The class or function that it stands in; empty in a module. */
  readonly owner: string;
  /** Code of other files can reach it by name. */
  readonly exported: boolean;
  /** It is made when it is first needed: `cache ??= new Map()`. */
  readonly isLate: boolean;
  /** It is a field that only those who have its symbol can name. */
  readonly isUnderSymbol?: boolean;
  /** It is a member of an object whose type, or whose class, says of what kind it is. */
  readonly isOfTypedObject?: boolean;
  /** The table whose entries have it; they stay as long as the table does. */
  readonly table?: CollectionDeclaration;
}

/** All collections of a file: in module scope, in class fields, in constructors, in properties, in kept closures. */
export function findDeclarations(file: ParsedFile): CollectionDeclaration[] {
  const found: CollectionDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    const declaration =
      (ts.isVariableDeclaration(node) && variable(file, node)) ||
      (ts.isPropertyDeclaration(node) && field(file, node)) ||
      (ts.isParameter(node) && fieldOfParameter(file, node)) ||
      (ts.isPropertyAssignment(node) && memberOfObject(file, node)) ||
      (ts.isBinaryExpression(node) && assigned(file, node));
    if (declaration && !found.some((one) => isSameDeclaration(file, one, declaration)))
      found.push(declaration);
    ts.forEachChild(node, visit);
  };
  visit(file.source);
  return found;
}

/** A constructor that makes a field twice declares one, and so does `state.seen = new Set(saved)` of a member that is there. */
function isSameDeclaration(
  { checker }: ParsedFile,
  { name, place }: CollectionDeclaration,
  other: CollectionDeclaration,
): boolean {
  if (name === other.name) return true;
  if (place !== other.place || name.text !== other.name.text) return false;
  const symbol = checker.getSymbolAtLocation(name);
  const others = checker.getSymbolAtLocation(other.name);
  return symbol !== undefined && (symbol === others || others?.valueDeclaration === name.parent);
}

function variable(file: ParsedFile, node: ts.VariableDeclaration): CollectionDeclaration | null {
  const created = creationOf(file, node.initializer);
  if (!created || !ts.isIdentifier(node.name)) return null;
  return placed(
    file,
    node,
    node.name,
    { ...created, isLate: false },
    declaredTypeOf(file, node, created.creation),
  );
}

/** Where a variable stands decides how long its collection lives. */
function placed(
  file: ParsedFile,
  node: ts.VariableDeclaration,
  name: ts.Identifier,
  created: Creation & { readonly isLate: boolean },
  annotation: ts.TypeNode | null,
): CollectionDeclaration | null {
  if (!ts.isVariableStatement(node.parent.parent)) return null;
  const statement = node.parent.parent;
  const common = { ...created, name, annotation };
  const around = enclosingFunction(node);
  if (around === null) {
    if (!isOfModuleItself(statement.parent)) return null;
    const isAlsoExports =
      node.initializer !== undefined &&
      ts.isBinaryExpression(bare(node.initializer)) &&
      created.creation !== bare(node.initializer);
    const exported =
      isAlsoExports || hasModifier(statement, ts.SyntaxKind.ExportKeyword) || isExportedLater(file, name);
    return { ...common, place: 'module', owner: '', exported };
  }
  const isWrapper = isCalledAtOnce(around) && runsAtLoad(node, functionsRunAtLoad(file));
  if (isWrapper) return { ...common, place: 'module', owner: '', exported: isExportedLater(file, name) };
  const keeping = keepingOf(file, name, around);
  if (!keeping) return null;
  const owner = nameOfFunction(around);
  // What a constructor function keeps goes with the object, also where one object is made at load.
  const isSetUp = keeping !== 'returned' && isExportedFunction(file, around);
  const isOnce =
    !/^[A-Z]/.test(owner) && !isForOne(around) && (isSetUp || runsAtLoad(node, functionsRunAtLoad(file)));
  return { ...common, place: isOnce ? 'module' : 'closure', owner, exported: false };
}

/** A module, or what it does once, on a condition: `if (cluster.isPrimary) { const workers = new Map(); … }`. */
function isOfModuleItself(block: ts.Node): boolean {
  if (ts.isSourceFile(block) || ts.isModuleBlock(block)) return true;
  const isOnce = ts.isBlock(block) || ts.isIfStatement(block) || ts.isTryStatement(block);
  return isOnce && isOfModuleItself(block.parent);
}

/**
 * `module.exports = function (app) { … }`, `export default async function (server) { … }`, and what is given out by name and takes the
 * program's server, `exports.register = (server) => …`: called once, by who sets it up.
 */
function isExportedFunction(file: ParsedFile, node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node) && hasModifier(node, ts.SyntaxKind.DefaultKeyword)) return true;
  if (isExport(node)) return true;
  return takesServer(node) && (isGivenOutByName(node) || isPlugin(file, node));
}

/** What `export default` or `module.exports =` gives out. */
function isExport(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isExportAssignment(parent)) return true;
  return ts.isBinaryExpression(parent) && parent.right === node && isModuleExports(parent.left);
}

/** `export default fp(async (fastify) => { … })`, and the same of a function by its name. */
function isPlugin(file: ParsedFile, node: ts.Node): boolean {
  const named =
    (node as Partial<ts.FunctionDeclaration>).name ?? (node.parent as Partial<ts.VariableDeclaration>).name;
  const places = named && ts.isIdentifier(named) ? [node, ...referencesTo(file, named)] : [node];
  return places.some(
    (place) => isExport(place) || (ts.isCallExpression(place.parent) && isExport(place.parent)),
  );
}

function takesServer(node: ts.Node): boolean {
  const [first] = ts.isFunctionLike(node) ? node.parameters : [];
  return first !== undefined && /^(app|server|fastify|io|wss|bot)$/.test(first.name.getText());
}

/** `exports.register = …`, `export const register = …`, `export function register`, `module.exports = { register(server) { … } }` */
export function isGivenOutByName(node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node)) return hasModifier(node, ts.SyntaxKind.ExportKeyword);
  const { parent } = node;
  if (ts.isVariableDeclaration(parent)) {
    const statement = parent.parent.parent;
    return ts.isVariableStatement(statement) && hasModifier(statement, ts.SyntaxKind.ExportKeyword);
  }
  if (ts.isBinaryExpression(parent))
    return parent.right === node && /^(module\.)?exports\.\w+$/.test(parent.left.getText());
  const object = ts.isPropertyAssignment(parent)
    ? parent.parent
    : ts.isMethodDeclaration(node)
      ? parent
      : null;
  return (
    object !== null &&
    ts.isObjectLiteralExpression(object) &&
    (ts.isExportAssignment(object.parent) ||
      (ts.isBinaryExpression(object.parent) && isModuleExports(object.parent.left)))
  );
}

/** `module.exports = (res, done) => …` runs for each response, `toBuffer(stream)` for each stream, also where the first one comes at load. */
function isForOne(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && node.parameters.some(({ name }) => FOR_ONE.test(name.getText()));
}

const FOR_ONE =
  /^(req|request|res|response|socket|stream|ws|conn|connection|msg|message|ctx|interaction|packet|job|payload|event|envelope)$/;

/** `(function () { … })()`, the module of old. */
function isCalledAtOnce(node: ts.Node): boolean {
  if (!ts.isFunctionExpression(node) && !ts.isArrowFunction(node)) return false;
  const callee = withParentheses(node);
  const { parent } = callee;
  if (ts.isCallExpression(parent)) return parent.expression === callee;
  return ts.isPropertyAccessExpression(parent) && /^(call|apply)$/.test(parent.name.text);
}

/**
 * `this.entries = new Map()` in a constructor, `exports.cache = {}`, `globalThis.cache = …`, `resolve.cache = {}`, and what
 * is made when it is first needed: `cache ??= new Map()`.
 */
function assigned(file: ParsedFile, node: ts.BinaryExpression): CollectionDeclaration | null {
  const isLate = isLateCreation(node);
  if (!isLate && node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return null;
  const created = creationOf(file, lateValue(node));
  if (!created) return null;
  const { left } = node;
  if (ts.isElementAccessExpression(left)) return assignedUnderSymbol(file, node, left, created, isLate);
  if (ts.isIdentifier(left)) {
    const declared = file.checker.getSymbolAtLocation(left)?.valueDeclaration;
    const isEmpty =
      declared && ts.isVariableDeclaration(declared) && declared.getSourceFile() === file.source;
    if (!isEmpty || declared.initializer || !ts.isIdentifier(declared.name)) return null;
    if (!isLate && !isMadeOnce(file, node, declared.name)) return null;
    const annotation = declaredTypeOf(file, declared, created.creation);
    return placed(file, declared, declared.name, { ...created, isLate }, annotation);
  }
  if (!ts.isPropertyAccessExpression(left)) return null;
  const root = rootOf(left);
  if (isThis(file.checker, left.expression)) return assignedField(file, node, left, created, isLate);
  if (isOfMemoized(file, left.expression) && isMemoizers(created.creation)) {
    const owner = nameOfFunction(enclosingFunction(node)!);
    const annotation = declaredTypeOf(file, node, created.creation);
    return { ...created, name: left.name, annotation, place: 'closure', owner, exported: false, isLate };
  }
  const isAtLoad = runsAtLoad(node, functionsRunAtLoad(file));
  const holder = left.expression.getText(file.source);
  const isKept =
    /^(module\.)?exports$/.test(holder) ||
    GLOBAL.test(holder) ||
    (isAtLoad && isPlainChain(left.expression) && ts.isIdentifier(root) && isOfModule(file, root));
  if (!isKept || (!isAtLoad && !isLate)) return null;
  return {
    ...created,
    name: left.name,
    annotation: declaredTypeOf(file, node, created.creation),
    place: 'module',
    owner: '',
    exported: true,
    isLate,
  };
}

/** `let cache; function init() { cache = new Map(); }` that the module calls: nothing else is ever put there. */
function isMadeOnce(file: ParsedFile, node: ts.BinaryExpression, name: ts.Identifier): boolean {
  if (!ts.isExpressionStatement(node.parent) || !runsAtLoad(node, functionsRunAtLoad(file))) return false;
  return referencesTo(file, name).every(
    ({ parent }) => parent === node || !(ts.isBinaryExpression(parent) && isAssignmentOf(parent, name.text)),
  );
}

function isAssignmentOf({ left, operatorToken }: ts.BinaryExpression, name: string): boolean {
  return isAssignment(operatorToken.kind) && left.getText() === name;
}

/** `app.locals` of `app.locals.hits`, without a call or a key on the way. */
function isPlainChain(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) ? isPlainChain(node.expression) : ts.isIdentifier(node);
}

/** A function, a class or a variable of the module, or what its wrapper was given; not the parameter of a function. */
function isOfModule({ checker }: ParsedFile, holder: ts.Identifier): boolean {
  const declared = checker.getSymbolAtLocation(holder)?.valueDeclaration;
  if (!declared) return false;
  const around = enclosingFunction(declared);
  if (ts.isParameter(declared)) return isCalledAtOnce(declared.parent);
  return around === null || isCalledAtOnce(around);
}

const GLOBAL = /^(globalThis|global)$/;

/** `x ??= …`, `x = x || …`, and `if (!x) x = …`: it replaces nothing that was there. */
export function isLateCreation(node: ts.BinaryExpression): boolean {
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken)
    return true;
  if (kind !== ts.SyntaxKind.EqualsToken) return false;
  if (lateValue(node) !== node.right)
    return node.left.getText() === (node.right as ts.BinaryExpression).left.getText();
  const name = node.left.getText();
  const condition = ts.findAncestor(node, ts.isIfStatement);
  if (!condition || condition.expression.pos > node.pos) return false;
  const test = condition.expression.getText().replaceAll(/\s/g, '');
  return (
    test === `!${name}` ||
    [
      `${name}===undefined`,
      `${name}==null`,
      `${name}===null`,
      `typeof${name}==='undefined'`,
      `!Array.isArray(${name})`,
    ].includes(test)
  );
}

/** What is assigned; of `x = x || {}` the right half. */
function lateValue({ left, right }: ts.BinaryExpression): ts.Expression {
  const isDefault =
    ts.isBinaryExpression(right) &&
    (right.operatorToken.kind === ts.SyntaxKind.BarBarToken ||
      right.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) &&
    // `this.map = given || new Map()` makes one for who gives none.
    (right.left.getText() === left.getText() || ts.isIdentifier(right.left));
  return isDefault ? right.right : right;
}
