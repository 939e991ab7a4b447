import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { namedFunction } from './function-names';
import { knownCallers } from './known-callers';

/** In a function that gets a request, a message or a connection. */
export function isInHandler(node: ts.Node): boolean {
  for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) {
    if (isHandler(around)) return true;
  }
  return false;
}

/** In what handles a request, a message or an event: it runs as often as these come. */
export function isForEachEvent(node: ts.Node): boolean {
  if (isInHandler(node)) return true;
  for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) {
    if (isDecoratedAsHandler(around) || isAsyncHook(around)) return true;
    if (isGivenUnderName(around, /^(on|addListener|addEventListener|addHook|get|post|put|patch|delete)$/))
      return true;
  }
  return false;
}

/** What `app.get('/stats', async () => counters)` and `{ handler: () => counters }` give back is sent as it is then. */
export function isAnswered(node: ts.Node): boolean {
  const whole = answerOf(node);
  if (isBody(whole)) return true;
  if (whole !== node && !ts.isReturnStatement(whole.parent) && !ts.isArrowFunction(whole.parent))
    return false;
  const around = enclosingFunction(node);
  if (!around || !(ts.isArrowFunction(around) || ts.isFunctionExpression(around))) return isRoute(around);
  const { parent } = around;
  if (ts.isPropertyAssignment(parent)) return parent.name.getText() === 'handler';
  return isGivenUnderName(around, /^(get|post|put|patch|delete|all|head|options)$/);
}

/** `ctx.body = counters` */
export function isBody({ parent }: ts.Node): boolean {
  return (
    ts.isBinaryExpression(parent) && /^(ctx|context|this|ctx\.response)\.body$/.test(parent.left.getText())
  );
}

/** `{ counters, since }` of its `counters` */
export function answerOf(node: ts.Node): ts.Node {
  const { parent } = node;
  const isPart =
    (ts.isPropertyAssignment(parent) && parent.initializer === node) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isObjectLiteralExpression(parent) ||
    ts.isParenthesizedExpression(parent);
  return isPart ? answerOf(parent) : node;
}

/** `app.get('/stats', …)`, `socket.on('move', …)`: given to a method that is called so, behind a name that is written out. */
export function isGivenUnderName({ parent: call }: ts.Node, methods: RegExp): boolean {
  return (
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    methods.test(call.expression.name.text) &&
    call.arguments.length > 1 &&
    ts.isStringLiteralLike(call.arguments[0]!)
  );
}

/** `{ handler(request, h) { … } }`, `@Get() list() { … }` */
function isRoute(around: ts.Node | null): boolean {
  if (!around || !ts.isMethodDeclaration(around)) return false;
  if (ts.isObjectLiteralExpression(around.parent)) return around.name.getText() === 'handler';
  return (ts.getDecorators(around) ?? []).some((one) =>
    /^@(Get|Post|Put|Patch|Delete|All)\(/.test(one.getText()),
  );
}

/** `@Get(':id') find(…)`, `@SubscribeMessage('move') move(…)`, `@Cron('* * * * *') tick()` */
function isDecoratedAsHandler(around: ts.Node): boolean {
  const decorators = ts.canHaveDecorators(around) ? (ts.getDecorators(around) ?? []) : [];
  return decorators.some((one) => HANDLER.test(one.getText()));
}

const HANDLER =
  /^@(Get|Post|Put|Patch|Delete|All|Query|Mutation|Subscription|ResolveField|SubscribeMessage|MessagePattern|EventPattern|OnEvent|Process|Cron|Interval|RabbitSubscribe|RabbitRPC)\(/;

/**
 * Where it stands in a function that has a name, some caller of that one handles requests, messages or connections; with `further`
 * also one that is called by what does: `bus.waitFor(id)` of a route calls `on(event, listener)`.
 */
export function isCalledForEach(file: ParsedFile, node: ts.Node, further = false): boolean {
  const around = enclosingFunction(node);
  if (isFunctionForEach(file, around)) return true;
  const callers = further && around && ts.isFunctionLike(around) ? knownCallers(file, around) : null;
  return (callers?.calls ?? []).some((call) => isFunctionForEach(file, namedFunction(call)));
}

/** Some caller of the function handles requests, messages or connections. */
export function isFunctionForEach(file: ParsedFile, called: ts.Node | null): boolean {
  const callers = called && ts.isFunctionLike(called) ? knownCallers(file, called) : null;
  return (callers?.calls ?? []).some(isForEachEvent);
}

/** `init(asyncId, type, …)`, which Node calls for each resource that is made. */
function isAsyncHook(around: ts.Node): boolean {
  return ts.isFunctionLike(around) && /^async_?id$/i.test(around.parameters[0]?.name.getText() ?? '');
}

/** `source.on('data', (chunk) => handle(chunk))`: it stands in `handle`, or in what is handed over by its name. */
export function isRunByListener(file: ParsedFile, node: ts.Node): boolean {
  const around = enclosingFunction(node);
  const callers = around && ts.isFunctionLike(around) ? knownCallers(file, around) : null;
  return (
    (callers?.handedOver ?? []).some((one) => isListener(one) || isWithinListener(one)) ||
    (callers?.calls ?? []).some(isWithinListener)
  );
}

function isWithinListener(node: ts.Node): boolean {
  for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) {
    if (isListener(around)) return true;
  }
  return false;
}

function isListener(node: ts.Node): boolean {
  return isGivenUnderName(node, /^(on|addListener)$/);
}

function isHandler(around: ts.Node): boolean {
  return ts.isFunctionLike(around) && around.parameters.some(({ name }) => HANDLED.test(name.getText()));
}

const HANDLED = /^(req|request|ctx|packet|interaction|socket|ws)$/;
