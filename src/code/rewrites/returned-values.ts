import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { referencesElsewhere, referencesTo, withOwner } from '../program/references';
import { unwrap } from '../smells/collection-uses';

/** `return value`, `() => value` */
export function isReturned(node: ts.Node): boolean {
  const outer = unwrap(node);
  const { parent } = outer;
  return ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === outer);
}

function functionName(node: ts.Node): ts.Identifier | null {
  const { name } = node as Partial<ts.FunctionDeclaration>;
  if (name) return ts.isIdentifier(name) ? name : null;
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name;
  // `exports.settingsOf = (user) => …`
  const isGivenOut =
    ts.isBinaryExpression(parent) && parent.right === node && ts.isPropertyAccessExpression(parent.left);
  return isGivenOut && ts.isIdentifier(parent.left.name) ? parent.left.name : null;
}

/** The calls of a function by its name, in all files. */
export function callsOfFunction(file: ParsedFile, called: ts.Node): ts.CallExpression[] {
  const name = functionName(called);
  const symbol = name && file.checker.getSymbolAtLocation(name);
  if (!name || !symbol) return [];
  const mentions = [
    ...referencesTo({ ...file, source: name.getSourceFile() }, name),
    ...referencesElsewhere(file, name.text, symbol).map(({ node }) => node),
  ];
  return mentions.flatMap((mention) => {
    const callee = withOwner(mention);
    const call = callee.parent;
    return ts.isCallExpression(call) && call.expression === callee ? [call] : [];
  });
}
