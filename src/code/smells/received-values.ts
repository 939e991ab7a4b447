import ts from 'typescript';
import { asSeenFrom, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import { isTextOrObject } from './key-forms';

/** What has come from outside of the program. */
const OUTSIDE =
  /^(req|request|ctx|msg|message|packet|interaction|payload|socket|ws|body|params|query|headers|cookies|rinfo|searchParams|envelope|datagram|frame|tweet)$/i;
const OUTSIDE_TYPE =
  /^(\w*Request|\w*Message|\w*Socket|\w*Interaction|IncomingMessage|\w*Event|\w*Payload|\w*Packet|\w*Context|\w*Dto|\w*Update|Guild\w*|User|Member)$/;
/** Their callbacks get what comes in. */
const RECEIVES =
  /^(on|once|addListener|addEventListener|use|all|get|post|put|patch|delete|route|handle|subscribe)$/;

/** `req`, `payload`: what is called so was sent to the program. */
export function isFromOutside(name: string): boolean {
  return OUTSIDE.test(name);
}

/** `socket.on('message', (text) => …)`, `(req, res) =>`, a parameter whose type says so. */
export function isGivenByReceiver(parameter: ts.ParameterDeclaration): boolean {
  if (ts.isIdentifier(parameter.name) && OUTSIDE.test(parameter.name.text)) return true;
  const type =
    parameter.type && ts.isTypeReferenceNode(parameter.type) ? parameter.type.typeName.getText() : '';
  if (OUTSIDE_TYPE.test(type)) return true;
  const { parent: call } = parameter.parent;
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
  const isHandler = RECEIVES.test(call.expression.name.text) && call.arguments.length > 1;
  return isHandler && ts.isStringLiteralLike(call.arguments[0]!);
}

/** A name that stands for such a parameter. */
export function isReceived(file: ParsedFile, name: ts.Identifier): boolean {
  const declared = file.checker.getSymbolAtLocation(name)?.valueDeclaration;
  return !!declared && ts.isParameter(declared) && isGivenByReceiver(declared);
}

/** A name for what a function was given. */
export function isParameter({ checker }: ParsedFile, name: ts.Identifier): boolean {
  const declared = checker.getSymbolAtLocation(name)?.valueDeclaration;
  return declared !== undefined && ts.isParameter(declared);
}

/** A text that is taken apart is of any content; an object whose members are used is known by what it is. */
export function opennessByUse(file: ParsedFile, parameter: ts.ParameterDeclaration): number {
  if (!ts.isIdentifier(parameter.name)) return 0;
  const there = asSeenFrom(file, parameter.getSourceFile());
  return referencesTo(there, parameter.name).some(isTextOrObject) ? 1 : 0;
}
