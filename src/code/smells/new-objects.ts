import ts from 'typescript';
import { hasModifier } from '../program/parsed-file';
import { nameOfFunction } from './function-names';
import { withParentheses } from './member-chains';

/** `new Agent(backend, stream)`: one for each connection or request. */
export function isForOneOfMany({ parent }: ts.Node): boolean {
  const given = ts.isNewExpression(parent) || ts.isCallExpression(parent) ? (parent.arguments ?? []) : [];
  return given.some((one) => ts.isIdentifier(one) && OF_ONE.test(one.text));
}

/** `records.filter(onlyFirst())`: done with when the list is. */
export function isGivenToListMethod({ parent: made }: ts.Node): boolean {
  const { parent: call } = made;
  return (
    ts.isCallExpression(made) &&
    ts.isCallExpression(call) &&
    call.arguments.includes(made) &&
    ts.isPropertyAccessExpression(call.expression) &&
    /^(filter|map|flatMap|some|every|find|findIndex|forEach|reduce|sort)$/.test(call.expression.name.text)
  );
}

/** `context.subscriptions.push(new View())`, and what else is made in `activate(context)`, once for an extension of VS Code. */
export function isForExtension(node: ts.Node): boolean {
  const around = ts.findAncestor(node, ts.isFunctionLike);
  const { name, parameters } = (around ?? {}) as Partial<ts.FunctionDeclaration>;
  return name?.getText() === 'activate' && parameters?.length === 1;
}

/** `context: () => ({ authors: new Loader() })`, `createContext()`: what each query or request is answered with. */
export function isForContext(node: ts.Node): boolean {
  return !!ts.findAncestor(node, (one) => ts.isFunctionLike(one) && CONTEXT.test(nameOfFunction(one)));
}

const CONTEXT = /^((create|make|build|get)(GraphQL|Trpc|TRPC|Request|Req)?C|c)ontext$/;

const OF_ONE = /^(req|request|res|response|socket|stream|ws|conn|connection|peer|sessionId|connectionId)$/;

/** A function that is called for each connection or request, or is part of one. */
export function isForOne(node: ts.Node): boolean {
  return !!ts.findAncestor(
    node,
    (one) => ts.isFunctionLike(one) && one.parameters.some(({ name }) => OF_ONE.test(name.getText())),
  );
}

/** `parser.run` of `parser.run()` */
export function isCalled(access: ts.PropertyAccessExpression): boolean {
  return ts.isCallExpression(access.parent) && access.parent.expression === access;
}

/** `handler.handle.bind(handler)`, `registry.set(topic, handler)`: given to something that keeps it. */
export function isBound(use: ts.Node): boolean {
  return (
    ts.isCallExpression(use) &&
    ts.isPropertyAccessExpression(use.expression) &&
    /^(bind|use|register\w*|add\w*|set|push|attach|mount|provide|decorate|plugin)$/.test(
      use.expression.name.text,
    )
  );
}

/** Called once for each program. */
export const STARTS = /^(main|start|bootstrap|boot|init|setup|run|listen)([A-Z_]|$)/;

/** `run(argv)`: what a program does with its arguments it does once, though the script that calls it may be of no kind that is read. */
export function isCommandLine(around: ts.Node): boolean {
  return ts.isFunctionLike(around) && around.parameters[0]?.name.getText() === 'argv';
}

/** `container.provide('mailer', () => new Mailer())`: a service that the program names. */
export function isProvided(factory: ts.ArrowFunction): boolean {
  const { parent: call } = factory;
  return (
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.arguments[0] !== factory &&
    /^(provide|register|singleton|registerSingleton|bind|factory|service|set|define)$/.test(
      call.expression.name.text,
    )
  );
}

/** `this.store ??= new Store()`: the object goes where it is missing. */
export function isDefaultAssignment({ operatorToken }: ts.BinaryExpression): boolean {
  return (
    operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
    operatorToken.kind === ts.SyntaxKind.BarBarEqualsToken
  );
}

/**
 * `Foo.instance ??= new Foo()`, `this.shared ??= new Foo()` in a static method, `instance = new Foo()` where `instance` is a
 * variable of a module.
 */
export function isKeptInStatic({ parent }: ts.Node): boolean {
  const assignment = ts.findAncestor(parent, ts.isBinaryExpression);
  if (!assignment) return false;
  const { left } = assignment;
  if (/\binstance\b|^[A-Z]\w*\.#?\w+$/.test(left.getText())) return true;
  if (!ts.isPropertyAccessExpression(left) || left.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return false;
  const member = ts.findAncestor(left, ts.isClassElement);
  return !!member && ts.canHaveModifiers(member) && hasModifier(member, ts.SyntaxKind.StaticKeyword);
}

/** `name` is one of the arguments. */
export function isAmong(given: readonly ts.Expression[] | undefined, { text }: ts.Identifier): boolean {
  return given?.some((one) => ts.isIdentifier(one) && one.text === text) ?? false;
}

/** `server.listen(port)`, `poller.start()`: it goes on when the function is over. */
export function isSetGoing(use: ts.Node): boolean {
  return ts.isPropertyAccessExpression(use) && isCalled(use) && /^(start|listen|serve)$/.test(use.name.text);
}

/** `app.streams = streams` */
export function isStoredInMember(
  use: ts.Node,
  name: ts.Identifier,
): use is ts.BinaryExpression & { readonly left: ts.PropertyAccessExpression } {
  return (
    ts.isBinaryExpression(use) &&
    ts.isPropertyAccessExpression(use.left) &&
    ts.isIdentifier(use.right) &&
    use.right.text === name.text
  );
}

/** The object that has a property, or the one that this object is part of. */
export function partOf(property: ts.PropertyAssignment): ts.Node {
  const object = withParentheses(property.parent);
  return ts.isPropertyAssignment(object.parent) ? partOf(object.parent) : object;
}

/** The expression whose value is the new object itself: `(new Store() as Store)`, `given ?? new Store()`, `[new Store()]`. */
export function valueOfNew(node: ts.Node): ts.Node {
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
      isMadeOfEach(parent, current) ||
      ts.isArrayLiteralExpression(parent) ||
      (ts.isBinaryExpression(parent) &&
        parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken &&
        !isDefaultAssignment(parent));
    if (!goesOn) return current;
    current = parent;
  }
}

/** `new Map(names.map((name) => [name, new Car(name)]))`: there are as many as the list has, from then on. */
function isMadeOfEach(parent: ts.Node, current: ts.Node): boolean {
  if (ts.isNewExpression(parent))
    return /^(Map|Set)$/.test(parent.expression.getText()) && parent.arguments?.[0] === current;
  if (ts.isCallExpression(parent)) {
    const callee = parent.expression.getText();
    const isCallback = ts.isArrowFunction(current) && /(^Array\.from|\.map)$/.test(callee);
    return isCallback || (callee === 'Object.fromEntries' && parent.arguments[0] === current);
  }
  return ts.isArrowFunction(parent) && parent.body === current && isMadeOfEach(parent.parent, parent);
}
