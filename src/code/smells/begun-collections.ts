import ts from 'typescript';
import { bare } from './member-chains';

/**
 * The empty collections that an outer one begins with, a place for each of a few: `{ hour: [], day: [] }`,
 * `new Map([['in', []], ['out', []]])`, `new Map(names.map((name) => [name, []]))`, and the same through `Object.fromEntries`. Null
 * where it begins with something else, or with nothing.
 */
export function begunWith(creation: ts.Expression): readonly ts.Expression[] | null {
  const values = valuesOf(bare(creation));
  return values && values.length > 0 && values.every(isEmptyCollection) ? values : null;
}

function valuesOf(creation: ts.Expression): ts.Expression[] | null {
  if (ts.isObjectLiteralExpression(creation))
    return allOf(creation.properties, (one) => (ts.isPropertyAssignment(one) ? one.initializer : null));
  if (ts.isNewExpression(creation))
    return creation.expression.getText() === 'Map' ? valuesOfEntries(creation.arguments?.[0]) : null;
  return ts.isCallExpression(creation) && creation.expression.getText() === 'Object.fromEntries'
    ? valuesOfEntries(creation.arguments[0])
    : null;
}

/** `[['in', []], ['out', []]]`, `names.map((name) => [name, []])` */
function valuesOfEntries(given: ts.Expression | undefined): ts.Expression[] | null {
  const entries = given && bare(given);
  if (!entries) return null;
  if (ts.isArrayLiteralExpression(entries)) return allOf(entries.elements, valueOfEntry);
  const isMapped = ts.isCallExpression(entries) && /\.map$/.test(entries.expression.getText());
  const callback = isMapped ? entries.arguments[0] : undefined;
  return callback && ts.isArrowFunction(callback) && !ts.isBlock(callback.body)
    ? allOf([callback.body], valueOfEntry)
    : null;
}

function valueOfEntry(entry: ts.Expression): ts.Expression | null {
  const pair = bare(entry);
  return (ts.isArrayLiteralExpression(pair) && pair.elements[1]) || null;
}

/** What is made of each; null where one gives none. */
function allOf<T>(all: readonly T[], given: (one: T) => ts.Expression | null): ts.Expression[] | null {
  const values = all.map(given);
  return values.includes(null) ? null : (values as ts.Expression[]);
}

function isEmptyCollection(value: ts.Expression): boolean {
  return /^(\[\]|\{\}|new (Map|Set)(<.*>)?\(\))$/.test(bare(value).getText());
}
