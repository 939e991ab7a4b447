import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { resolve } from '../program/references';
import type { CollectionUse } from '../smells/collection-uses';
import { keyOf } from '../smells/finite-keys';
import { isForEachEvent } from '../smells/handlers';
import { bare, iteratedBy } from '../smells/member-chains';
import { valueOfProperty } from '../smells/returned-objects';
import { addedValue } from '../smells/stored-values';

/**
 * True of an addition that stores what a caller, a request or an event gave, as it came: `put(key, page) { pages.set(key, page) }`,
 * and not what the function makes, nor what its key is made of.
 */
export function storesWhatIsGiven(file: ParsedFile, use: CollectionUse): boolean {
  const value = addedValue(use);
  const key = keyOf(use);
  if (!value || !key || value.getText() === key.getText()) return false;
  return isGiven(file, value, 0) && !isMadeOf(file, key, value);
}

/** Variables and lists that stand for others end somewhere. */
const MOST_STEPS = 4;

function isGiven(file: ParsedFile, given: ts.Expression, steps: number): boolean {
  const value = bare(given);
  if (steps > MOST_STEPS) return false;
  if (ts.isObjectLiteralExpression(value))
    return value.properties.some((one) => {
      const part = ts.isSpreadAssignment(one) ? one.expression : valueOfProperty(one);
      return part !== null && isGiven(file, part, steps + 1);
    });
  if (ts.isPropertyAccessExpression(value) || ts.isElementAccessExpression(value))
    return isGiven(file, value.expression, steps);
  if (ts.isCallExpression(value) && COPIES.test(value.expression.getText()))
    return value.arguments[0] !== undefined && isGiven(file, value.arguments[0], steps + 1);
  return ts.isIdentifier(value) && isGivenName(file, value, steps);
}

const COPIES =
  /^(JSON\.stringify|structuredClone|Object\.freeze|Promise\.resolve|Buffer\.from|String|Number)$/;

function isGivenName(file: ParsedFile, name: ts.Identifier, steps: number): boolean {
  let declared: ts.Node | undefined = resolve(file.checker, name)?.valueDeclaration;
  while (
    declared &&
    (ts.isBindingElement(declared) ||
      ts.isObjectBindingPattern(declared) ||
      ts.isArrayBindingPattern(declared))
  )
    declared = declared.parent;
  if (declared && ts.isParameter(declared)) return isGivenParameter(file, declared, steps);
  if (!declared || !ts.isVariableDeclaration(declared) || enclosingFunction(declared) === null) return false;
  const loop = declared.parent.parent;
  const made = ts.isForOfStatement(loop) ? loop.expression : declared.initializer;
  return made !== undefined && isGiven(file, made, steps + 1);
}

/** What a callback gets is what was asked for, but for events and for elements of a list that is given itself. */
function isGivenParameter(file: ParsedFile, parameter: ts.ParameterDeclaration, steps: number): boolean {
  const { parent: called } = parameter;
  const list = iteratedBy(parameter);
  if (list) return isGiven(file, list, steps + 1);
  const isCallback = ts.isCallExpression(called.parent) && called.parent.expression !== called;
  return !isCallback || isForEachEvent(parameter);
}

/** `tokens.set(shorten(url), url)`: who has the value finds the key again. `users.set(user.id, user)` is not that. */
function isMadeOf(file: ParsedFile, key: ts.Expression, value: ts.Expression): boolean {
  let made = bare(key);
  const declared = ts.isIdentifier(made) ? resolve(file.checker, made)?.valueDeclaration : undefined;
  if (declared && ts.isVariableDeclaration(declared) && declared.initializer)
    made = bare(declared.initializer);
  if (ts.isIdentifier(made) || ts.isPropertyAccessExpression(made) || ts.isElementAccessExpression(made))
    return false;
  const written = value.getText().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w$.])${written}(?![\\w$])`).test(made.getText());
}
