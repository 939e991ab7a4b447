import ts from 'typescript';
import { functionOf, returnedBy } from '../program/function-results';
import type { ParsedFile } from '../program/parsed-file';
import { resolveAlias } from '../program/references';
import { argumentFor, knownCallers } from './known-callers';
import { bare } from './member-chains';

/** How far a value is followed. */
const MOST_STEPS = 5;

/** `this.pending` of `this.pending[id]` and `this.pending.get(id)`. */
function tableAsked(value: ts.Expression): ts.Expression | null {
  if (ts.isElementAccessExpression(value)) return value.expression;
  const isGet =
    ts.isCallExpression(value) &&
    ts.isPropertyAccessExpression(value.expression) &&
    value.expression.name.text === 'get' &&
    value.arguments.length === 1;
  return isGet ? (value.expression as ts.PropertyAccessExpression).expression : null;
}

/** The entries, written out, that the same file puts into a table, whether `self` or `this` has it. */
function storedIn(table: ts.Expression): ts.ObjectLiteralExpression[] {
  const nameOf = (one: ts.Expression) => one.getText().replace(/^(self|that|me|_this)\./, 'this.');
  const name = nameOf(table);
  const found: ts.ObjectLiteralExpression[] = [];
  const visit = (node: ts.Node): void => {
    const isPut = ts.isBinaryExpression(node) && ts.isElementAccessExpression(node.left);
    const isSet =
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === 'set';
    const entry = isPut ? node.right : isSet ? node.arguments[1] : undefined;
    const into = isPut
      ? (node.left as ts.ElementAccessExpression).expression
      : isSet
        ? (node.expression as ts.PropertyAccessExpression).expression
        : undefined;
    const value = entry && bare(entry);
    if (value && ts.isObjectLiteralExpression(value) && into && nameOf(into) === name) found.push(value);
    ts.forEachChild(node, visit);
  };
  visit(table.getSourceFile());
  return found;
}

/** What an object that is written out has under a name. */
export function valueUnder(object: ts.ObjectLiteralExpression, property: string): ts.Expression | null {
  const found = object.properties.find((one) => one.name?.getText() === property);
  return found ? valueOfProperty(found) : null;
}

/** What a property is given, as it is written; null for a method and for what is spread. */
export function valueOfProperty(property: ts.ObjectLiteralElementLike): ts.Expression | null {
  if (ts.isPropertyAssignment(property)) return property.initializer;
  return ts.isShorthandPropertyAssignment(property) ? property.name : null;
}

/**
 * The objects, written out, that a call of the program's own function gives, that a table of the file holds, or that a variable has,
 * or a parameter, as far as its callers are known.
 */
export function returnedObjects(
  file: ParsedFile,
  given: ts.Expression,
  steps = 0,
): ts.ObjectLiteralExpression[] {
  const { checker } = file;
  const value = bare(given);
  if (ts.isAwaitExpression(value)) return returnedObjects(file, value.expression, steps);
  if (ts.isIdentifier(value)) {
    const declared = checker.getSymbolAtLocation(value)?.valueDeclaration;
    if (!declared || steps >= MOST_STEPS) return [];
    if (ts.isVariableDeclaration(declared))
      return declared.initializer ? returnedObjects(file, declared.initializer, steps + 1) : [];
    if (!ts.isParameter(declared)) return [];
    return (knownCallers(file, declared.parent)?.calls ?? []).flatMap((call) => {
      const one = argumentFor(call, declared);
      return one ? returnedObjects(file, one, steps + 1) : [];
    });
  }
  if (ts.isObjectLiteralExpression(value)) return [value];
  const table = tableAsked(value);
  if (table) return storedIn(table);
  if (!ts.isCallExpression(value)) return [];
  const callee = ts.isPropertyAccessExpression(value.expression) ? value.expression.name : value.expression;
  const called = resolveAlias(checker, checker.getSymbolAtLocation(callee))?.valueDeclaration;
  if (!called || steps >= MOST_STEPS) return [];
  return returnedBy(functionOf(called)).flatMap((one) => returnedObjects(file, one, steps + 1));
}
