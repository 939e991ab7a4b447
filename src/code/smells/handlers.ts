import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';

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
    const { parent: call } = around;
    if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) continue;
    const isListening = /^(on|addListener|addEventListener|get|post|put|patch|delete)$/.test(
      call.expression.name.text,
    );
    if (isListening && call.arguments.length > 1 && ts.isStringLiteralLike(call.arguments[0]!)) return true;
  }
  return false;
}

function isHandler(around: ts.Node): boolean {
  return ts.isFunctionLike(around) && around.parameters.some(({ name }) => HANDLED.test(name.getText()));
}

const HANDLED = /^(req|request|ctx|packet|interaction|socket|ws)$/;
