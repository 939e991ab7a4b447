import ts from 'typescript';
import { functionsRunAtLoad, runsAtLoad } from '../program/load-time';
import type { ParsedFile } from '../program/parsed-file';
import { referencesElsewhere, referencesTo, resolveAlias } from '../program/references';
import { isTestFile } from '../program/test-files';

/** What frameworks make once for the whole program. */
const SINGLETON_DECORATOR = /^@(Injectable|Controller|Service|Singleton|Global|Resolver|WebSocketGateway)\b/;
const SINGLETON_NAME =
  /(Service|Cache|Store|Registry|Repository|Controller|Provider|Gateway|Manager|Limiter|Pool|Agent|Browser|Server|Adapter|Tree)$/;
/** What comes and goes with one piece of work. */
const SHORT_LIVED_NAME =
  /(Context|Builder|Visitor|Walker|Parser|Compiler|Generator|Printer|Scope|Transform(er)?|Request|Response|Session|Connection|Socket|Node|Test|Runner|Job|Task|Query|Command|Document|Transaction|Stream|Reader|Writer|Iterator|Result|Error|Event|Message)$/;

/** How sure it is that objects of a class live about as long as the program. */
export type Lifetime = 'proven' | 'by its name' | 'unknown' | 'short';

/**
 * How long objects of a class live. Proven is: a decorator of a framework's singletons, being made while the program
 * loads, or being kept in a static or an `instance` variable, in any file.
 */
export function lifetimeOf(file: ParsedFile, className: string): Lifetime {
  const name = className === '' ? null : classNameNode(file, className);
  const made = name ? instancesOf(file, name) : [];
  const atLoad = functionsRunAtLoad(file);
  // One that is also made while the program runs comes and goes.
  const isKept = made.length > 0 && made.every((node) => runsAtLoad(node, atLoad) || isKeptInStatic(node));
  if (isKept || (name && isSingletonByDecorator(file, name))) return 'proven';
  if (SINGLETON_NAME.test(className)) return 'by its name';
  // Where the program itself makes them while it runs, they come and go.
  return SHORT_LIVED_NAME.test(className) || made.length > 0 ? 'short' : 'unknown';
}

function isSingletonByDecorator(file: ParsedFile, { parent }: ts.Identifier): boolean {
  if (!ts.isClassLike(parent) || !ts.canHaveDecorators(parent)) return false;
  return (ts.getDecorators(parent) ?? []).some((one) => SINGLETON_DECORATOR.test(one.getText(file.source)));
}

/** The places outside of tests where objects of a class are made. */
function instancesOf(file: ParsedFile, name: ts.Identifier): ts.Node[] {
  const symbol = resolveAlias(file.checker, file.checker.getSymbolAtLocation(name));
  const references = [
    ...referencesTo(file, name),
    ...(symbol && file.others ? referencesElsewhere(file, name.text, symbol).map(({ node }) => node) : []),
  ];
  return references.filter((node) => isMade(node) && !isTestFile(node.getSourceFile().fileName));
}

function classNameNode({ source }: ParsedFile, className: string): ts.Identifier | null {
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
