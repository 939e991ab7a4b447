import ts from 'typescript';
import { functionsRunAtLoad, runsOnlyAtLoad } from '../program/load-time';
import { asSeenFrom, enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { referencesElsewhere, referencesTo, resolveAlias } from '../program/references';
import { isTestFile } from '../program/test-files';
import type { CollectionDeclaration } from './collection-declarations';
import { knownCallers } from './known-callers';

/** What frameworks make once for the whole program. */
const SINGLETON_DECORATOR =
  /^@(Injectable|Controller|Service|Singleton|Global|Resolver|WebSocketGateway|injectable|singleton|provide|Provide)\b/;
const SINGLETON_NAME =
  /(Service|Cache|Store|Storage|Registry|Repository|Controller|Provider|Gateway|Manager|Limiter|Pool|Server|Adapter|App|Application|Bot|Broker|Hub|Daemon|Client|Database|Datastore|Watcher|Monitor|Tracker)$/;
/** What comes and goes with one piece of work. */
const SHORT_LIVED_NAME =
  /(Context|Builder|Visitor|Walker|Parser|Compiler|Compilation|Generator|Printer|Scope|Transform(er)?|Request|Response|Session|Connection|Socket|Node|Test|Runner|Job|Task|Query|Command|Document|Transaction|Stream|Reader|Writer|Iterator|Result|Error|Event|Message|Report|Stats|Span|Trace|Frame|Page|Call|Item|Entry|Record|Packet|Evaluator|Resolver|Lexer|Tokenizer|Serializer|Deserializer|Batch|Plan|Graph|Tree|Collector|Setup|State|Element|Text|Attr|Info|Range|Cursor|Entity|Model|Row|Cell)$/;

/**
 * How long objects of a class live. `program`: made while the program loads, kept in a static or an `instance` variable,
 * decorated as a framework's singleton, or one part of such an object. `named`: nothing in the package makes one, or what
 * makes it is made by the user, and its name is one of what programs have few of. `short`: one of many, or gone with a call.
 */
export type Lifetime = 'program' | 'named' | 'unknown' | 'short';

/** Owners of owners end somewhere. */
const MOST_STEPS = 4;

const known = new WeakMap<ts.Node, Lifetime>();

/** How long the object lives in whose field a collection is, or the function that keeps it in a variable. */
export function lifetimeOf(file: ParsedFile, { name, owner, place }: CollectionDeclaration): Lifetime {
  if (place === 'closure') return lifetimeOfFactory(file, name);
  const around = ts.findAncestor(name, ts.isClassLike);
  const className = around ? around.name : owner === '' ? null : nameNode(file, owner);
  if (className) return lifetimeOfClass(file, className, 0);
  if (!around) return byName(owner);
  // `export const tools = new class { … }()`
  let made: ts.Node = around;
  while (ts.isParenthesizedExpression(made.parent)) made = made.parent;
  if (ts.isNewExpression(made.parent)) return lifetimeOfMade(file, made, 0);
  return ts.isVariableDeclaration(made.parent) && ts.isIdentifier(made.parent.name)
    ? lifetimeOfClass(file, made.parent.name, 0)
    : byName(owner);
}

/** `createStore()` that is called at load lives as long as the program; nobody can tell where it is published. */
function lifetimeOfFactory(file: ParsedFile, name: ts.Node): Lifetime {
  const around = enclosingFunction(name);
  const callers = around && ts.isFunctionLike(around) ? knownCallers(file, around) : null;
  const made = (callers?.calls ?? []).map((call) => lifetimeOfMade(file, call.expression, 0));
  if (made.includes('short')) return 'short';
  return made.length > 0 && made.every((one) => one === 'program') ? 'program' : 'unknown';
}

function lifetimeOfClass(file: ParsedFile, name: ts.Identifier, steps: number): Lifetime {
  const before = known.get(name);
  if (before) return before;
  // Classes that make each other end here.
  known.set(name, 'unknown');
  const found = find(file, name, steps);
  known.set(name, found);
  return found;
}

function find(file: ParsedFile, name: ts.Identifier, steps: number): Lifetime {
  if (isSingletonByDecorator(name)) return 'program';
  const mentions = mentionsOf(file, name);
  const heirs = mentions.flatMap((node) => heirOf(node) ?? []);
  const made = mentions.filter(isMade).map((node) => lifetimeOfMade(file, node, steps));
  // What is extended lives as its heirs do.
  const all = [
    ...made,
    ...(steps < MOST_STEPS
      ? heirs.map((heir) => lifetimeOfClass(asSeenFrom(file, heir.getSourceFile()), heir, steps + 1))
      : []),
  ];
  if (all.length === 0) return byName(name.text);
  if (all.every((one) => one === 'program')) return 'program';
  if (all.includes('short') || byName(name.text) === 'short') return 'short';
  const isNamed = all.includes('named') || all.includes('program') || byName(name.text) === 'named';
  return isNamed ? 'named' : 'unknown';
}

function byName(className: string): Lifetime {
  if (/^(Test|Mock|Fake|Stub|Dummy)[A-Z]/.test(className) || SHORT_LIVED_NAME.test(className)) return 'short';
  return SINGLETON_NAME.test(className) ? 'named' : 'unknown';
}

/** What becomes of a new object decides how long it lives. */
function lifetimeOfMade(file: ParsedFile, node: ts.Node, steps: number): Lifetime {
  const there = asSeenFrom(file, node.getSourceFile());
  if (runsOnlyAtLoad(there, node, functionsRunAtLoad(file))) return 'program';
  if (isKeptInStatic(node)) return 'program';
  if (isForOneOfMany(node)) return 'short';
  let current: ts.Node = node.parent;
  for (;;) {
    const { parent } = current;
    const goesOn =
      ts.isParenthesizedExpression(parent) ||
      ts.isAsExpression(parent) ||
      ts.isAwaitExpression(parent) ||
      ts.isConditionalExpression(parent) ||
      // A list that is written out has as many as are written, also as a Set.
      (ts.isNewExpression(parent) && ts.isArrayLiteralExpression(current)) ||
      ts.isArrayLiteralExpression(parent) ||
      (ts.isBinaryExpression(parent) &&
        parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken &&
        !isDefaultAssignment(parent));
    if (!goesOn) break;
    current = parent;
  }
  const { parent } = current;
  if (ts.isBinaryExpression(parent) && parent.right === current) {
    const { left } = parent;
    // `this.rooms[id] = new Room()`
    if (ts.isElementAccessExpression(left))
      return ts.isStringLiteralLike(left.argumentExpression) ? 'unknown' : 'short';
    if (ts.isPropertyAccessExpression(left) && left.expression.kind === ts.SyntaxKind.ThisKeyword)
      return ownersLifetime(there, parent, steps);
    if (ts.isIdentifier(left) && isOfModule(there, left)) return 'program';
    return 'unknown';
  }
  if (ts.isPropertyDeclaration(parent)) return ownersLifetime(there, parent, steps);
  if (ts.isReturnStatement(parent) || ts.isArrowFunction(parent)) return 'unknown';
  if (ts.isVariableDeclaration(parent)) return lifetimeOfLocal(there, parent, steps);
  if (ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression)) {
    // One of many.
    return /^(set|add|push|unshift)$/.test(parent.expression.name.text) ? 'short' : 'unknown';
  }
  return ts.isExpressionStatement(parent) || ts.isPropertyAccessExpression(parent) ? 'short' : 'unknown';
}

/** `new Agent(backend, stream)`: one for each connection or request. */
function isForOneOfMany({ parent }: ts.Node): boolean {
  const given = ts.isNewExpression(parent) || ts.isCallExpression(parent) ? (parent.arguments ?? []) : [];
  return given.some(
    (one) =>
      ts.isIdentifier(one) &&
      /^(req|request|res|response|socket|stream|ws|conn|connection|peer)$/.test(one.text),
  );
}

/** A local object goes with its call, where it is not kept under another name. */
function lifetimeOfLocal(file: ParsedFile, { name }: ts.VariableDeclaration, steps: number): Lifetime {
  if (!ts.isIdentifier(name)) return 'unknown';
  const uses = referencesTo(file, name).map(({ parent }) => parent);
  const kept = uses.find(
    (use) =>
      ts.isBinaryExpression(use) &&
      ts.isPropertyAccessExpression(use.left) &&
      use.left.expression.kind === ts.SyntaxKind.ThisKeyword,
  );
  if (kept) return ownersLifetime(file, kept, steps);
  const around = enclosingFunction(name);
  const isStarted =
    around !== null && STARTS.test((around as Partial<ts.FunctionDeclaration>).name?.getText() ?? '');
  return isStarted ||
    uses.some(
      (use) =>
        ts.isReturnStatement(use) || ts.isPropertyAssignment(use) || ts.isShorthandPropertyAssignment(use),
    )
    ? 'unknown'
    : 'short';
}

/** Called once for each program. */
const STARTS = /^(main|start|bootstrap|boot|init|setup|run|listen)([A-Z_]|$)/;

function isDefaultAssignment({ operatorToken }: ts.BinaryExpression): boolean {
  return (
    operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
    operatorToken.kind === ts.SyntaxKind.BarBarEqualsToken
  );
}

/** What one field of an object holds lives as long as the object. */
function ownersLifetime(file: ParsedFile, node: ts.Node, steps: number): Lifetime {
  if (steps >= MOST_STEPS) return 'unknown';
  const owner = ts.findAncestor(node, ts.isClassLike);
  if (owner?.name) return lifetimeOfClass(file, owner.name, steps + 1);
  const around = enclosingFunction(node);
  const name =
    around && (ts.isFunctionDeclaration(around) || ts.isFunctionExpression(around)) ? around.name : undefined;
  return name && /^[A-Z]/.test(name.text) ? lifetimeOfClass(file, name, steps + 1) : 'unknown';
}

function isOfModule({ checker }: ParsedFile, name: ts.Identifier): boolean {
  const declared = checker.getSymbolAtLocation(name)?.valueDeclaration;
  return !!declared && ts.isVariableDeclaration(declared) && enclosingFunction(declared) === null;
}

function isSingletonByDecorator({ parent }: ts.Identifier): boolean {
  if (!ts.isClassLike(parent) || !ts.canHaveDecorators(parent)) return false;
  return (ts.getDecorators(parent) ?? []).some(
    (one) => SINGLETON_DECORATOR.test(one.getText()) && !/Scope\.(REQUEST|TRANSIENT)/.test(one.getText()),
  );
}

/** All mentions of a class outside of tests. */
function mentionsOf(file: ParsedFile, name: ts.Identifier): ts.Node[] {
  const symbol = resolveAlias(file.checker, file.checker.getSymbolAtLocation(name));
  const references = [
    ...referencesTo(file, name),
    ...(symbol && file.others ? referencesElsewhere(file, name.text, symbol).map(({ node }) => node) : []),
  ];
  return references.filter((node) => !isTestFile(node.getSourceFile().fileName));
}

/** The name of the class that extends the mentioned one. */
function heirOf({ parent }: ts.Node): ts.Identifier | null {
  if (!ts.isExpressionWithTypeArguments(parent) || !ts.isHeritageClause(parent.parent)) return null;
  const { token, parent: heir } = parent.parent;
  return token === ts.SyntaxKind.ExtendsKeyword && ts.isClassLike(heir) ? (heir.name ?? null) : null;
}

function nameNode({ source }: ParsedFile, className: string): ts.Identifier | null {
  let found: ts.Identifier | null = null;
  const visit = (node: ts.Node): void => {
    const isNamed = ts.isClassLike(node) || ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node);
    if (isNamed && node.name && ts.isIdentifier(node.name) && node.name.text === className) found = node.name;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isMade({ parent, pos }: ts.Node): boolean {
  return ts.isNewExpression(parent) && parent.expression.pos === pos;
}

/** `Foo.instance ??= new Foo()`, `instance = new Foo()` where `instance` is a variable of a module. */
function isKeptInStatic({ parent }: ts.Node): boolean {
  const assignment = ts.findAncestor(parent, ts.isBinaryExpression);
  return assignment !== undefined && /\binstance\b|^[A-Z]\w*\.\w+$/.test(assignment.left.getText());
}
