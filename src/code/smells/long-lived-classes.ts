import ts from 'typescript';
import { KnownByProgram } from '../program/known-by-program';
import { functionsRunAtLoad, runsAtLoad, runsOnlyAtLoad } from '../program/load-time';
import { asSeenFrom, enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import {
  calleeOfNew,
  heirOf,
  heirThroughCall,
  isWithin,
  keepsRunning,
  mentionsOf,
  nameNode,
  runsOnItsOwn,
  setsTimer,
} from './class-mentions';
import { lifetimeByName } from './class-names';
import { type CollectionDeclaration, findDeclarations } from './collection-declarations';
import { isMadeForEach, isSingletonByDecorator, isSingletonOfContainer } from './container-singletons';
import { runsEndlessly } from './endless-loops';
import { followUses } from './follow-uses';
import { isAdding, keeperOf, keepsAll } from './keepers';
import { keepingOf } from './kept-closures';
import { knownCallers } from './known-callers';
import { withParentheses } from './member-chains';
import {
  isAmong,
  isBound,
  isCalled,
  isCommandLine,
  isForContext,
  isForExtension,
  isForOne,
  isForOneOfMany,
  isGivenToListMethod,
  isKeptInStatic,
  isProvided,
  isSetGoing,
  isStoredInMember,
  partOf,
  STARTS,
  valueOfNew,
} from './new-objects';
import { isReturned, returningFunction } from './places-of-names';
import { isPutIntoItsKind } from './trees';

/**
 * How long objects of a class live. `program`: made while the program loads, kept in a static or an `instance` variable,
 * decorated as a framework's singleton, or one part of such an object. `named`: nothing in the package makes one, or what
 * makes it is made by the user, and its name is one of what programs have few of, or, where nothing makes one, it has methods
 * that start and end it. `many`: kept in a collection with others. `short`: gone with a call, or called like what is.
 */
export type Lifetime = 'program' | 'named' | 'unknown' | 'many' | 'short';

/** Owners of owners end somewhere. */
const MOST_STEPS = 4;

const known = new KnownByProgram<ts.Node, Lifetime>();

/** How long the object lives in whose field a collection is, or the function that keeps it in a variable. */
export function lifetimeOf(file: ParsedFile, { name, owner, place }: CollectionDeclaration): Lifetime {
  if (place === 'closure') return lifetimeOfFactory(file, name);
  const around = ts.findAncestor(name, ts.isClassLike);
  const className = around ? around.name : owner === '' ? null : nameNode(file, owner);
  if (className) return lifetimeOfClass(file, className, 0);
  if (!around) return lifetimeByName(owner);
  // `export const tools = new class { … }()`
  const made = withParentheses(around);
  if (ts.isNewExpression(made.parent)) return lifetimeOfMade(file, made, 0);
  const mixin = returningFunction(made);
  if (mixin) return lifetimeOfMixed(file, mixin);
  return ts.isVariableDeclaration(made.parent) && ts.isIdentifier(made.parent.name)
    ? lifetimeOfClass(file, made.parent.name, 0)
    : lifetimeByName(owner);
}

/** What `const Journaled = (Base) => class extends Base { … }` adds lives as long as what is made of it: `extends Journaled(Base)`. */
function lifetimeOfMixed(file: ParsedFile, mixin: ts.Identifier): Lifetime {
  const heirs = mentionsOf(file, mixin).flatMap((node) => heirThroughCall(node) ?? []);
  const lives = heirs.map((heir) => lifetimeOfClass(asSeenFrom(file, heir.getSourceFile()), heir, 1));
  if (lives.length === 0) return 'unknown';
  return lives.every((one) => one === lives[0]) ? lives[0]! : 'unknown';
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
  const lifetimes = known.in(file);
  const before = lifetimes.get(name);
  if (before) return before;
  // Classes that make each other end here.
  lifetimes.set(name, 'unknown');
  const found = find(file, name, steps);
  lifetimes.set(name, found);
  return found;
}

function find(file: ParsedFile, name: ts.Identifier, steps: number): Lifetime {
  if (isMadeForEach(name)) return 'short';
  if (isSingletonByDecorator(name)) return 'program';
  const mentions = mentionsOf(file, name);
  if (mentions.some(isSingletonOfContainer)) return 'program';
  const heirs = mentions.flatMap((node) => heirOf(node) ?? []);
  const makings = mentions.filter((node) => !isWithin(node, name)).flatMap((node) => calleeOfNew(node) ?? []);
  // All of a tree lives as long as its root.
  const roots = makings.filter((node) => !isPutIntoItsKind(file, node, name));
  const isOfTree = roots.length > 0 && roots.length < makings.length;
  const making = isOfTree ? roots : makings;
  const made = making.map((node) => lifetimeOfMade(file, node, steps));
  // What is extended lives as its heirs do.
  const all = [
    ...made,
    ...(steps < MOST_STEPS
      ? heirs.map((heir) => lifetimeOfClass(asSeenFrom(file, heir.getSourceFile()), heir, steps + 1))
      : []),
  ];
  const byName = isOfTree ? 'unknown' : lifetimeByName(name.text);
  const named = byName === 'short' && keepsRunning(name.parent) ? 'unknown' : byName;
  if (all.length > 0 && all.every((one) => one === 'program')) return 'program';
  // One that is made for a single call besides those that stay says nothing of these.
  const isKept = all.length > 0 && all.every((one) => one === 'program' || one === 'named');
  if ((named === 'short' && !isKept) || (all.length > 0 && all.every((one) => one === 'short')))
    return 'short';
  if (all.includes('many') && (named !== 'named' || all.every((one) => one === 'many'))) return 'many';
  if (all.includes('named') || all.includes('program') || named === 'named') return 'named';
  // What is only made for others, `return new Swarm(options)`, is theirs to make and to end.
  const isForOthers = heirs.length === 0 && making.every(({ parent }) => isReturned(parent));
  return (isForOthers && runsOnItsOwn(name.parent)) || setsTimer(name.parent) ? 'named' : 'unknown';
}

/** What becomes of a new object decides how long it lives. */
function lifetimeOfMade(file: ParsedFile, node: ts.Node, steps: number): Lifetime {
  const there = asSeenFrom(file, node.getSourceFile());
  if (runsOnlyAtLoad(there, node, functionsRunAtLoad(file)) && !runsEndlessly(there, node)) return 'program';
  if (isKeptInStatic(node) || isForExtension(node)) return 'program';
  if (isForOneOfMany(node) || isGivenToListMethod(node) || isForContext(node)) return 'short';
  const current = valueOfNew(node);
  const { parent } = current;
  if (ts.isBinaryExpression(parent) && parent.right === current) {
    const { left } = parent;
    // `this.rooms[id] = new Room()`
    if (ts.isElementAccessExpression(left))
      return ts.isStringLiteralLike(left.argumentExpression)
        ? 'unknown'
        : lifetimeOfKept(there, left.expression, steps);
    if (ts.isPropertyAccessExpression(left) && left.expression.kind === ts.SyntaxKind.ThisKeyword)
      return ownersLifetime(there, parent, steps);
    if (ts.isIdentifier(left) && isOfModule(there, left)) return 'program';
    // `app.streams = new Streams()`
    if (ts.isPropertyAccessExpression(left)) return lifetimeOfMember(there, left);
    const declared = ts.isIdentifier(left) && there.checker.getSymbolAtLocation(left)?.valueDeclaration;
    return declared && ts.isVariableDeclaration(declared)
      ? lifetimeOfLocal(there, declared, steps)
      : 'unknown';
  }
  if (ts.isPropertyDeclaration(parent)) return ownersLifetime(there, parent, steps);
  if (ts.isArrowFunction(parent) && isProvided(parent)) return 'named';
  if (isReturned(current)) return lifetimeOfReturned(there, current);
  // `return { flags, evaluator: new Evaluator(flags) }`
  if (ts.isPropertyAssignment(parent)) return lifetimeOfReturned(there, partOf(parent));
  if (ts.isVariableDeclaration(parent)) return lifetimeOfLocal(there, parent, steps);
  if (ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression)) {
    // `container.set(Service, new Service())`
    const isOnlyOne =
      ts.isNewExpression(current) && parent.arguments[0]?.getText() === current.expression.getText();
    return isAdding(parent.expression.name.text) && !isOnlyOne
      ? lifetimeOfKept(there, parent.expression.expression, steps)
      : 'unknown';
  }
  if (ts.isExpressionStatement(parent)) return 'short';
  // `new Parser(text).run()` is done with then; of `use(new Controller(services).router)` a part is kept.
  return ts.isPropertyAccessExpression(parent) && isCalled(parent) ? 'short' : 'unknown';
}

/** A local object goes with its call, where it is not kept under another name. */
function lifetimeOfLocal(
  file: ParsedFile,
  { name, initializer }: ts.VariableDeclaration,
  steps: number,
): Lifetime {
  if (!ts.isIdentifier(name)) return 'unknown';
  const className = initializer && ts.isNewExpression(initializer) ? initializer.expression.getText() : '';
  const uses = referencesTo(file, name).map(({ parent }) => parent);
  const kept = uses.find(
    (use) =>
      ts.isBinaryExpression(use) &&
      ts.isPropertyAccessExpression(use.left) &&
      use.left.expression.kind === ts.SyntaxKind.ThisKeyword,
  );
  if (kept) return ownersLifetime(file, kept, steps);
  const member = uses.find((use) => isStoredInMember(use, name));
  if (member) {
    const ofMember = lifetimeOfMember(file, member.left);
    if (ofMember !== 'unknown') return ofMember;
  }
  // `new Router(store)`: what is given to an object lives with it.
  const given = uses.find((use) => ts.isNewExpression(use) && isAmong(use.arguments, name));
  if (given && ts.isNewExpression(given) && steps < MOST_STEPS) {
    const ofHolder = lifetimeOfMade(file, given.expression, steps + 1);
    if (ofHolder !== 'short') return ofHolder;
  }
  const keeper = uses.map((use) => keeperOf(use, className)).find((one) => one !== null);
  if (keeper) return lifetimeOfKept(file, keeper, steps);
  const around = enclosingFunction(name);
  // A server that a function makes sees it.
  const keeping = around && keepingOf(file, name, around);
  if (around && keeping) {
    const ofCall = lifetimeOfCall(file, around);
    if (ofCall !== 'unknown' || keeping !== 'given') return ofCall;
    // What a timer or a listener keeps goes on when the function is over, or until a client has gone.
    return isForOne(around) ? 'short' : 'named';
  }
  const isStarted =
    around !== null && STARTS.test((around as Partial<ts.FunctionDeclaration>).name?.getText() ?? '');
  return isStarted ||
    uses.some(
      (use) =>
        isSetGoing(use) ||
        ts.isReturnStatement(use) ||
        ts.isPropertyAssignment(use) ||
        ts.isShorthandPropertyAssignment(use) ||
        isBound(use),
    )
    ? around && isCommandLine(around)
      ? 'named'
      : 'unknown'
    : 'short';
}

/** One of many goes when what keeps it lets it go; where nothing is ever removed it stays as long as its keeper. */
function lifetimeOfKept(file: ParsedFile, keeper: ts.Expression, steps: number): Lifetime {
  if (steps >= MOST_STEPS) return 'many';
  const name = ts.isPropertyAccessExpression(keeper) ? keeper.name : keeper;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return 'many';
  const symbol = file.checker.getSymbolAtLocation(name);
  const declaration = findDeclarations(file).find(
    (one) =>
      one.name.text === name.text && (!symbol || file.checker.getSymbolAtLocation(one.name) === symbol),
  );
  if (!declaration) return 'many';
  const { uses } = followUses(file, declaration);
  if (!keepsAll(uses)) return uses.some(({ kind }) => kind === 'remove') ? 'many' : 'unknown';
  if (declaration.place === 'module' || declaration.place === 'static') return 'program';
  const lifetime = declaration.place === 'instance' ? lifetimeOf(file, declaration) : 'unknown';
  return lifetime === 'short' ? 'many' : lifetime;
}

/** What a function's variables live on for, where it is called while the program loads: as long as the program. */
function lifetimeOfCall(file: ParsedFile, around: ts.Node): Lifetime {
  const callers = ts.isFunctionLike(around) ? knownCallers(file, around) : null;
  const calls = callers?.calls ?? [];
  const atLoad = functionsRunAtLoad(file);
  const isOnce = calls.length > 0 && calls.every((call) => runsAtLoad(call, atLoad));
  return isOnce ? 'program' : 'unknown';
}

/** What a function gives back lives as long as the program where only what runs at load calls it. */
function lifetimeOfReturned(file: ParsedFile, returned: ts.Node): Lifetime {
  const around = enclosingFunction(returned);
  return around && isReturned(returned) ? lifetimeOfCall(file, around) : 'unknown';
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

/** What a variable of a module has, or what is called a server or an application, stays with it. */
function lifetimeOfMember(file: ParsedFile, { expression: holder }: ts.PropertyAccessExpression): Lifetime {
  if (!ts.isIdentifier(holder)) return 'unknown';
  if (isOfModule(file, holder)) return 'program';
  return /^(app|server|fastify|bot)$/.test(holder.text) ? 'named' : 'unknown';
}

function isOfModule({ checker }: ParsedFile, name: ts.Identifier): boolean {
  const declared = checker.getSymbolAtLocation(name)?.valueDeclaration;
  return !!declared && ts.isVariableDeclaration(declared) && enclosingFunction(declared) === null;
}
