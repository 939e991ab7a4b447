import ts from 'typescript';
import { asSeenFrom, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import { nameOfFunction } from './function-names';
import { isGivenUnderName } from './handlers';
import { isAskedOfOthers, isTextOrObject, opennessOfCall } from './key-forms';
import { knownCallers } from './known-callers';
import { awaited, bare, iteratedBy, namesOf, rootOf } from './member-chains';

/** What has come from outside of the program. */
const OUTSIDE =
  /^(req|request|ctx|msg|message|packet|interaction|payload|socket|ws|body|params|query|headers|cookies|rinfo|searchParams|envelope|datagram|frame|tweet)$/i;
const OUTSIDE_TYPE =
  /^(\w*Request|\w*Message|\w*Socket|\w*Interaction|IncomingMessage|\w*Event|\w*Payload|\w*Packet|\w*Context|\w*Dto|\w*Update|Guild\w*|User|Member)$/;
/** Their callbacks get what comes in. */
const RECEIVES =
  /^(on|once|addListener|addEventListener|use|all|get|post|put|patch|delete|route|handle|subscribe|event|message|command|hears|consume|eachMessage)$/;

/** `req`, `payload`: what is called so was sent to the program. */
export function isFromOutside(name: string): boolean {
  return OUTSIDE.test(name);
}

/** `socket.on('message', (text) => …)`, `(req, res) =>`, a parameter whose type says so. */
function isGivenByReceiver(parameter: ts.ParameterDeclaration): boolean {
  if (ts.isIdentifier(parameter.name) && OUTSIDE.test(parameter.name.text)) return true;
  const type =
    parameter.type && ts.isTypeReferenceNode(parameter.type) ? parameter.type.typeName.getText() : '';
  if (OUTSIDE_TYPE.test(type) || isDecoratedAsReceived(parameter) || isWithReceived(parameter)) return true;
  if (isOfResolver(parameter) || isOfEventOption(parameter)) return true;
  return isHandedToReceiver(parameter.parent);
}

/** Behind the name of what comes in, which is not that of something that sets up: `api.on('registerPlatform', …)`. */
function isHandedToReceiver(handler: ts.Node): boolean {
  return (
    isGivenUnderName(handler, RECEIVES) &&
    !SETS_UP.test((handler.parent as ts.CallExpression).arguments[0]!.getText())
  );
}

const SETS_UP = /^.(register|init|load|ready|setup|configur|plugin)/i;

/** `@Param('city') city`, and what is given to a method with `@SubscribeMessage('move')`. */
function isDecoratedAsReceived(parameter: ts.ParameterDeclaration): boolean {
  const own = ts.getDecorators(parameter) ?? [];
  if (own.some((one) => GIVES_PART.test(one.getText()))) return true;
  const { parent: method } = parameter;
  const around = ts.canHaveDecorators(method) ? (ts.getDecorators(method) ?? []) : [];
  return own.length === 0 && around.some((one) => HANDLES_MESSAGES.test(one.getText()));
}

const GIVES_PART =
  /^@(Param|Params|PathParam|Path|Query|Queries|QueryParam|Body|BodyProp|BodyParam|Headers?|HeaderParam|Cookies?|CookieParam|Req|Request|Ip|Session|Args?|MessageBody|Payload|ConnectedSocket|UploadedFiles?|requestParam|requestBody|queryParam)\b/;
const HANDLES_MESSAGES =
  /^@(SubscribeMessage|MessagePattern|EventPattern|OnEvent|OnQueueEvent|Process|RabbitSubscribe|RabbitRPC|SqsMessageHandler|On|Once|OnMessage|GrpcMethod)\b/;

/** `run(message, args)` of a bot's command: `args` are words of the message. */
function isWithReceived({ name, parent }: ts.ParameterDeclaration): boolean {
  return (
    /^args?$/.test(name.getText()) &&
    parent.parameters.some(
      (one) => ts.isIdentifier(one.name) && /^(msg|message|interaction|ctx)$/.test(one.name.text),
    )
  );
}

/** `{ Mutation: { note: (root, { ship, text }) => … } }`: what a query names. */
function isOfResolver({ parent: resolver, name }: ts.ParameterDeclaration): boolean {
  if (resolver.parameters[1]?.name !== name) return false;
  const member = ts.isMethodDeclaration(resolver) ? resolver : resolver.parent;
  if (!ts.isMethodDeclaration(member) && !ts.isPropertyAssignment(member)) return false;
  const around = member.parent.parent;
  return (
    (ts.isPropertyAssignment(around) || ts.isVariableDeclaration(around)) &&
    OPERATION.test(around.name.getText())
  );
}

/** `{ onsessioninitialized: (id) => … }`: an option that is called for each event. */
function isOfEventOption({ parent: callback }: ts.ParameterDeclaration): boolean {
  const member = ts.isMethodDeclaration(callback) ? callback : callback.parent;
  return (
    (ts.isPropertyAssignment(member) || ts.isMethodDeclaration(member)) &&
    ts.isObjectLiteralExpression(member.parent) &&
    /^on[a-zA-Z]+$/.test(member.name.getText()) &&
    (ts.isNewExpression(member.parent.parent) || ts.isCallExpression(member.parent.parent))
  );
}

const OPERATION = /^(Query|Mutation|Subscription|queries|mutations)$/;

/** The same of a function that is handed over by its name: `socket.on('message', this.read.bind(this))`. */
export function isReceivedBy(file: ParsedFile, parameter: ts.ParameterDeclaration): boolean {
  if (isGivenByReceiver(parameter)) return true;
  const handedOver = knownCallers(file, parameter.parent)?.handedOver ?? [];
  return handedOver.some(isHandedToReceiver);
}

/** A name that stands for such a parameter. */
export function isReceived(file: ParsedFile, name: ts.Identifier): boolean {
  const declared = file.checker.getSymbolAtLocation(name)?.valueDeclaration;
  return !!declared && ts.isParameter(declared) && isReceivedBy(file, declared);
}

/** What is read of what was read ends somewhere. */
const MOST_STEPS = 3;

/**
 * A name for what was read from such a parameter, `const content = event.getContent()`, for what a function is given that
 * handles things, or for what was taken out of a queue.
 */
export function isOfReceived(file: ParsedFile, name: ts.Identifier, steps = 0): boolean {
  const declared = file.checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (!declared) return false;
  if (steps >= MOST_STEPS) return false;
  if (ts.isParameter(declared)) {
    const list = iteratedBy(declared);
    if (list) return isSplicedOff(file, list) || isReadFromReceived(file, list, steps + 1);
    return HANDLES.test(nameOfFunction(declared.parent));
  }
  if (ts.isBindingElement(declared)) return isTakenOfReceived(file, declared, steps + 1);
  if (!ts.isVariableDeclaration(declared)) return false;
  const loop = declared.parent.parent;
  if (ts.isForOfStatement(loop))
    return isDrained(loop) || isReadFromReceived(file, loop.expression, steps + 1);
  if (!declared.initializer) return false;
  const from = awaited(declared.initializer);
  return (
    isTakenFromQueue(from) || isReadFromReceived(file, from, steps + 1) || isBodyOf(file, from, steps + 1)
  );
}

/** `const { repository } = await readBody(req)`, `const { user } = event.data` */
function isTakenOfReceived(file: ParsedFile, element: ts.BindingElement, steps: number): boolean {
  let holder: ts.Node = element;
  while (ts.isBindingElement(holder)) holder = holder.parent.parent;
  if (!ts.isVariableDeclaration(holder) || !holder.initializer) return false;
  const from = awaited(holder.initializer);
  const name = element.name.getText();
  return (
    !OF_PROGRAM.test(name) &&
    opennessOfCall(name) > -2 &&
    (isReadFromReceived(file, from, steps) || isBodyOf(file, from, steps))
  );
}

/** `await body(req)`, `parseBody(request)`, `JSON.parse(await text(req))`: what a request or a message brought along. */
export function isBodyOf(file: ParsedFile, value: ts.Expression, steps = 0): boolean {
  if (!ts.isCallExpression(value) || !READS_BODY.test(value.expression.getText())) return false;
  const [first] = value.arguments;
  if (!first) return false;
  const from = awaited(first);
  const root = rootOf(from);
  const isSent = ts.isIdentifier(root) && (isReceived(file, root) || isOfReceived(file, root, steps));
  return isSent || isBodyOf(file, from, steps);
}

const READS_BODY =
  /(^|[._a-z])(body|json|text|payload|form|formData|buffer|parse\w*|read\w*|decode\w*|receive\w*|validate\w*|collect\w*)$/i;

/** `onDelta(delta)`, `receiveFrame(frame)`, `handleNotificationUpdate(update)` */
const HANDLES =
  /^[_#]?((on|receive|incoming)[A-Z]|handle\w*(Event|Message|Request|Update|Notification|Packet|Frame|Upgrade|Connection)$)/;

/** `queue.shift()` */
function isTakenFromQueue(value: ts.Expression): boolean {
  return (
    ts.isCallExpression(value) &&
    ts.isPropertyAccessExpression(value.expression) &&
    /^(shift|dequeue)$/.test(value.expression.name.text) &&
    value.arguments.length === 0
  );
}

/** `const batch = this.pending.splice(0, 100); batch.map((entry) => …)` */
export function isSplicedOff({ checker }: ParsedFile, list: ts.Expression): boolean {
  const name = bare(list);
  const declared = ts.isIdentifier(name) ? checker.getSymbolAtLocation(name)?.valueDeclaration : undefined;
  const made = declared && ts.isVariableDeclaration(declared) ? declared.initializer : name;
  return !!made && ts.isCallExpression(made) && /\.splice$/.test(made.expression.getText());
}

/** `const batch = this.pending; this.pending = []; for (const entry of batch)`, `for (const entry of pending.splice(0))` */
export function isDrained({ expression, parent: block }: ts.ForOfStatement): boolean {
  const list = bare(expression);
  if (ts.isCallExpression(list)) return /\.splice$/.test(list.expression.getText());
  if (!ts.isIdentifier(list) || !ts.isBlock(block)) return false;
  const before = block.getText().slice(0, list.pos - block.getStart());
  const from = new RegExp(`(?<![\\w$.])${list.text} = ([\\w$.#]+)(;|\\n| as )`).exec(before)?.[1];
  const isSpliced = new RegExp(`(?<![\\w$.])${list.text} = [\\w$.#]+\\.splice\\(`).test(before);
  return isSpliced || (from !== undefined && before.includes(`${from} = []`));
}

/** `event.getContent()`, `event.data.user`; what is reached over a part of the program was not sent. */
export function isReadFromReceived(file: ParsedFile, value: ts.Expression, steps = 0): boolean {
  const root = rootOf(value);
  if (!ts.isIdentifier(root) || root === value || !isPlainRead(value)) return false;
  return (
    (isReceived(file, root) || isOfReceived(file, root, steps)) &&
    namesOf(value)
      .slice(1)
      .every((one) => !OF_PROGRAM.test(one) && opennessOfCall(one) > -2)
  );
}

/** Members and calls that are given nothing. */
function isPlainRead(value: ts.Expression): boolean {
  if (ts.isIdentifier(value)) return true;
  if (ts.isCallExpression(value)) return value.arguments.length === 0 && isPlainRead(bare(value.expression));
  return ts.isPropertyAccessExpression(value) && isPlainRead(bare(value.expression));
}

const OF_PROGRAM = /^(app|server|client|bot|service|manager|store|container|instance|logger|log|config)$/;

/** A name for what a function was given. */
export function isParameter({ checker }: ParsedFile, name: ts.Identifier): boolean {
  const declared = checker.getSymbolAtLocation(name)?.valueDeclaration;
  return declared !== undefined && ts.isParameter(declared);
}

/** `options` of `add(type, options) { const { dedupeKey } = options; … }`: each caller says what is in it. */
export function givenAsOptions({ checker }: ParsedFile, from: ts.Expression): ts.ParameterDeclaration | null {
  if (!ts.isIdentifier(from) || !/^(options|opts|params|props|input|args)$/.test(from.text)) return null;
  const declared = checker.getSymbolAtLocation(from)?.valueDeclaration;
  return declared && ts.isParameter(declared) ? declared : null;
}

/** A text that is taken apart is of any content; an object whose members are used is known by what it is. */
export function opennessByUse(file: ParsedFile, parameter: ts.ParameterDeclaration): number {
  if (!ts.isIdentifier(parameter.name)) return 0;
  const there = asSeenFrom(file, parameter.getSourceFile());
  const uses = referencesTo(there, parameter.name);
  if (uses.some(isAskedOfOthers)) return 1.5;
  return uses.some(isTextOrObject) ? 1 : 0;
}

/** `target` of `(target, key)`: the class, or its prototype, that a decorator stands at. */
export function isDecorated({ name, parent }: ts.ParameterDeclaration): boolean {
  return (
    name.getText() === 'target' &&
    parent.parameters.some((one) =>
      /^(key|property(Key|Name)?|metadataKey|descriptor)$/.test(one.name.getText()),
    )
  );
}

/** `path` of `(method, path, handlers)`: where it is given together with what handles it, the program says it. */
export function isBesideHandler({ name, parent }: ts.ParameterDeclaration): boolean {
  return (
    /^(path|pattern|route|name|event|topic|command)$/.test(name.getText()) &&
    parent.parameters.some((one) =>
      /^(handlers?|middlewares?|listeners?|controller)$/.test(one.name.getText()),
    )
  );
}
