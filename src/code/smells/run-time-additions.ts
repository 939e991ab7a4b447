import ts from 'typescript';
import { runsOnlyAtLoad } from '../program/load-time';
import { asSeenFrom, enclosingFunction, hasModifier, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import type { CollectionDeclaration } from './collection-declarations';
import { runsEndlessly } from './endless-loops';
import { namedFunction } from './function-names';
import { knownCallers } from './known-callers';
import { lifetimeOf } from './long-lived-classes';

/**
 * True of an addition that runs while the program does. What a constructor adds to its own object it adds once for each object,
 * what the function that makes a collection adds to it once for each collection.
 */
export function isAtRunTime(
  file: ParsedFile,
  node: ts.Node,
  declaration: CollectionDeclaration,
  atLoad: ReadonlySet<ts.Node>,
): boolean {
  const { place, creation, isLate } = declaration;
  const around = enclosingFunction(node);
  if (around === null) return place === 'module' && runsEndlessly(file, node);
  if (isReadFromInput(node)) return false;
  // What the function that makes it also fills is filled once for each.
  const isOfMaker = !isLate && isOfFunction(node, enclosingFunction(creation));
  if (place === 'instance')
    return (
      !isOfMaker &&
      !isLifecycleStart(around) &&
      !isInConstructor(node) &&
      !isOfConstructor(file, around) &&
      (!isCalledOnlyAtLoad(file, around, atLoad) || runsEndlessly(file, node))
    );
  if (isOfMaker) return false;
  if (place === 'closure') return true;
  // `Metrics.all.push(this)` of objects that are all made at load.
  if (place === 'static' && isConstructing(node) && lifetimeOf(file, declaration) === 'program') return false;
  return !runsOnlyAtLoad(file, node, atLoad) || runsEndlessly(file, node);
}

/** What a framework calls once for each object, when it has made all of them. */
function isLifecycleStart(around: ts.Node): boolean {
  return (
    ts.isMethodDeclaration(around) &&
    /^(onModuleInit|onApplicationBootstrap|afterInit)$/.test(around.name.getText())
  );
}

/** A method that nothing but the constructor calls is a part of it. */
function isOfConstructor(file: ParsedFile, around: ts.Node): boolean {
  if (
    !ts.isMethodDeclaration(around) ||
    !(ts.isIdentifier(around.name) || ts.isPrivateIdentifier(around.name))
  )
    return false;
  const isPrivate =
    ts.isPrivateIdentifier(around.name) ||
    hasModifier(around, ts.SyntaxKind.PrivateKeyword) ||
    around.name.text.startsWith('_');
  if (!isPrivate) return false;
  const mentions = referencesTo({ ...file, source: around.getSourceFile() }, around.name);
  // What a constructor hands over, `on('data', this.add.bind(this))`, runs later.
  return mentions.length > 0 && mentions.every((node) => isCalled(node) && isConstructing(node));
}

function isCalled({ parent }: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(parent) &&
    ts.isCallExpression(parent.parent) &&
    parent.parent.expression === parent
  );
}

/** In a constructor, and not in a function within it. */
export function isConstructing(node: ts.Node): boolean {
  const around = enclosingFunction(node);
  return around !== null && ts.isConstructorDeclaration(around);
}

/** In a constructor, or in a callback that it runs at once. */
function isInConstructor(node: ts.Node): boolean {
  let around = enclosingFunction(node);
  while (around && isCalledBackAtOnce(around)) around = enclosingFunction(around);
  return around !== null && ts.isConstructorDeclaration(around);
}

/** The function that a callback is part of, where what is called runs it for each or when it is done. */
function isOfFunction(node: ts.Node, whole: ts.Node | null): boolean {
  let around = enclosingFunction(node);
  while (around && around !== whole && isPartOfCaller(around)) around = enclosingFunction(around);
  return around === whole;
}

/** A callback that the function around it runs for each, at once or when it is done. */
export function isPartOfCaller(callback: ts.Node): boolean {
  return isCalledBackAtOnce(callback) || isSettling(callback);
}

/** In a callback that the named function around it hands to something: `handle('search', (text) => …)`. */
export function isRunLater(node: ts.Node): boolean {
  const whole = namedFunction(node);
  for (let around = enclosingFunction(node); around && around !== whole; around = enclosingFunction(around)) {
    const { parent: call } = around;
    if (!isGiven(around) || isPartOfCaller(around)) continue;
    if (!AT_ONCE.test((call as ts.CallExpression).expression.getText())) return true;
  }
  return false;
}

/** Call back before they return, for each of what they look through, or once. */
const AT_ONCE =
  /(^|\.)(replace(All)?|find\w*|sort|toSorted|flatMap|from|each\w*|walk\w*|visit\w*|traverse\w*|forEach\w*|forIn|forOwn)$|^(setup|init\w*|run|with[A-Z]\w*|once|bootstrap|main)$/;

/** `new Promise((resolve) => …)`, `.then((all) => …)` */
function isSettling({ parent }: ts.Node): boolean {
  if (ts.isNewExpression(parent)) return parent.expression.getText() === 'Promise';
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    /^(then|catch|finally)$/.test(parent.expression.name.text)
  );
}

/** A function that is an argument of a call. */
function isGiven(callback: ts.Node): boolean {
  const { parent: call } = callback;
  return ts.isCallExpression(call) && call.expression !== callback;
}

function isCalledBackAtOnce({ parent }: ts.Node): boolean {
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    /^(forEach|map|filter|some|every|reduce)$/.test(parent.expression.name.text)
  );
}

/** `void tables.update()` among the statements of a module, or of what runs once while it loads, and nowhere else. */
function isCalledOnlyAtLoad(file: ParsedFile, around: ts.Node, atLoad: ReadonlySet<ts.Node>): boolean {
  const callers = ts.isMethodDeclaration(around) ? knownCallers(file, around) : null;
  return (
    !!callers?.complete &&
    callers.calls.length > 0 &&
    callers.calls.every((call) => {
      const there = asSeenFrom(file, call.getSourceFile());
      // `bot.catch((error) => store.countError(error.message))` is called back whenever something fails.
      const around = enclosingFunction(call);
      const isLater = around !== null && isGiven(around) && !isCalledBackAtOnce(around);
      return !isLater && runsOnlyAtLoad(there, call, atLoad) && !runsEndlessly(there, call);
    })
  );
}

/** `process.stdin.on('data', (chunk) => chunks.push(chunk))` of what waits for the end: a program that reads it all and is done. */
function isReadFromInput(node: ts.Node): boolean {
  const listener = ts.findAncestor(
    node,
    (one) =>
      ts.isCallExpression(one) &&
      /^process\.stdin(\.setEncoding\([^)]*\))?\.on$/.test(one.expression.getText()) &&
      /^.(data|readable).$/.test(one.arguments[0]?.getText() ?? ''),
  );
  return listener !== undefined && /\bstdin\s*\.(on|once)\(\s*.end\b/.test(node.getSourceFile().text);
}
