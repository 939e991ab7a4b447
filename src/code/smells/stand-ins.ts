import ts from 'typescript';
import { functionOf } from '../program/function-results';
import type { ParsedFile } from '../program/parsed-file';
import { placesOfMember, type Reference, referencesTo, resolveAlias } from '../program/references';

/** What stands for a value where it is handed on. */
export interface StandIn {
  /** A local name or a parameter: all its references are uses of the value. */
  readonly names: readonly ts.Identifier[];
  /** Members that have the value. */
  readonly mentions: readonly Reference[];
}

/**
 * `const entries = this.entries`; the parameter of a function or a constructor of this project that it is passed to, alone or in an
 * object that is written out (`routes({ entries })`); the field that it is put into (`this.entries = entries`). Null where
 * it is handed to anything else.
 */
export function standInOf(file: ParsedFile, node: ts.Node): StandIn | null {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) && parent.initializer === node)
    return ts.isIdentifier(parent.name) ? named(parent.name) : null;
  if (isCompiledName(parent, node)) return named(parent.left);
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
    const parameter = parameterFor(file, parent, node);
    return parameter && ts.isIdentifier(parameter.name) ? givenTo(file, parameter, parameter.name) : null;
  }
  if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent))
    return inObject(file, parent);
  return isFieldOfThis(parent, node) ? inField(file, parent.left.name) : null;
}

function named(...names: ts.Identifier[]): StandIn {
  return { names, mentions: [] };
}

/** `(_a = this.names)[key] ?? (_a[key] = made)`, as compilers write `this.names[key] ??= made`. */
function isCompiledName(
  parent: ts.Node,
  node: ts.Node,
): parent is ts.BinaryExpression & { readonly left: ts.Identifier } {
  return (
    ts.isBinaryExpression(parent) &&
    parent.right === node &&
    ts.isIdentifier(parent.left) &&
    /^_[a-z]\d?$/.test(parent.left.text)
  );
}

/** The parameter by which a function or a class with a body here gets an argument. */
function parameterFor(
  { checker }: ParsedFile,
  call: ts.CallExpression | ts.NewExpression,
  argument: ts.Node,
): ts.ParameterDeclaration | null {
  const callee = ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression;
  const declared = resolveAlias(checker, checker.getSymbolAtLocation(callee))?.valueDeclaration;
  const found = declared && functionOf(declared);
  const called = found && ts.isClassLike(found) ? found.members.find(ts.isConstructorDeclaration) : found;
  const hasBody = called && ts.isFunctionLike(called) && 'body' in called && called.body !== undefined;
  const index = call.arguments?.indexOf(argument as ts.Expression) ?? -1;
  const parameter = hasBody ? called.parameters[index] : undefined;
  return parameter && !parameter.dotDotDotToken ? parameter : null;
}

/** A parameter that is a field as well has the value in both. */
function givenTo(file: ParsedFile, parameter: ts.ParameterDeclaration, name: ts.Identifier): StandIn | null {
  if (!ts.isParameterPropertyDeclaration(parameter, parameter.parent)) return named(name);
  const mentions = placesOf(file, name.text, (symbol) => symbol.valueDeclaration === parameter);
  return mentions && { names: [name], mentions };
}

/** `routes({ entries })`: what `({ entries }) =>` or `(given) => … given.entries` calls it. */
function inObject(
  file: ParsedFile,
  property: ts.PropertyAssignment | ts.ShorthandPropertyAssignment,
): StandIn | null {
  const { parent: object, name } = property;
  const { parent: call } = object;
  if (!(ts.isCallExpression(call) || ts.isNewExpression(call)) || !ts.isIdentifier(name)) return null;
  const given = parameterFor(file, call, object)?.name;
  if (!given) return null;
  return ts.isIdentifier(given) ? partOf(file, given, name.text) : takenOut(given, name.text);
}

/** `({ entries }) =>`; under a name that is not taken it is out of reach. */
function takenOut(pattern: ts.BindingName, name: string): StandIn | null {
  if (!ts.isObjectBindingPattern(pattern)) return null;
  if (pattern.elements.some(({ dotDotDotToken }) => dotDotDotToken)) return null;
  const taken = pattern.elements.filter((one) => (one.propertyName ?? one.name).getText() === name);
  return taken.every((one) => ts.isIdentifier(one.name))
    ? named(...taken.map((one) => one.name as ts.Identifier))
    : null;
}

/** `(given) => { const { entries } = given; … given.entries … }`, where nothing else is done with what was given. */
function partOf(file: ParsedFile, given: ts.Identifier, name: string): StandIn | null {
  const parts = referencesTo({ ...file, source: given.getSourceFile() }, given).map((node) => {
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
      const isIt = parent.name.text === name;
      return { names: [], mentions: isIt ? [{ node: parent.name, sure: true }] : [] };
    }
    const isTakenApart = ts.isVariableDeclaration(parent) && parent.initializer === node;
    return isTakenApart ? takenOut(parent.name, name) : null;
  });
  if (parts.length === 0 || parts.includes(null)) return null;
  return {
    names: parts.flatMap((part) => part?.names ?? []),
    mentions: parts.flatMap((part) => part?.mentions ?? []),
  };
}

function isFieldOfThis(
  parent: ts.Node,
  node: ts.Node,
): parent is ts.BinaryExpression & { readonly left: ts.PropertyAccessExpression } {
  return (
    ts.isBinaryExpression(parent) &&
    parent.right === node &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isPropertyAccessExpression(parent.left) &&
    parent.left.expression.kind === ts.SyntaxKind.ThisKeyword
  );
}

function inField(file: ParsedFile, name: ts.MemberName): StandIn | null {
  const own = file.checker.getSymbolAtLocation(name);
  const mentions = own
    ? placesOf(file, name.text, (symbol) => symbol === own)?.filter(({ node }) => node !== name)
    : null;
  return mentions ? { names: [], mentions } : null;
}

/** All places of a member; where the checker does not know whose it is, it is unsure. Null while other files are not known. */
function placesOf(file: ParsedFile, name: string, isOwn: (symbol: ts.Symbol) => boolean): Reference[] | null {
  if (file.others === null) return null;
  return placesOfMember(file, name).flatMap((node) => {
    const symbol = file.checker.getSymbolAtLocation(node);
    if (symbol && !isOwn(symbol)) return [];
    return [{ node, sure: symbol !== undefined }];
  });
}
