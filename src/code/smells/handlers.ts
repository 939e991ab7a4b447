import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';

/** In a function that gets a request, a message or a connection. */
export function isInHandler(node: ts.Node): boolean {
  for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) {
    if (isHandler(around)) return true;
  }
  return false;
}

function isHandler(around: ts.Node): boolean {
  return ts.isFunctionLike(around) && around.parameters.some(({ name }) => HANDLED.test(name.getText()));
}

const HANDLED = /^(req|request|ctx|packet|interaction|socket|ws)$/;
