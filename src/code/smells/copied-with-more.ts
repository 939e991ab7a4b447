import ts from 'typescript';
import { bare } from './member-chains';

/**
 * What is added where a collection is made anew of all that it had and one more: `list = [...list, entry]`, `list.concat(entry)`,
 * `table = { ...table, [key]: value }`, `table = { ...table, ...found }`, `Object.assign({}, table, { [key]: value })`, `new Set([...set, entry])`; null for any other value.
 */
export function addedByCopy({ left, right, operatorToken }: ts.BinaryExpression): ts.Expression | null {
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken) return null;
  return addedToCopyOf(left.getText(), bare(right));
}

function addedToCopyOf(name: string, copy: ts.Expression): ts.Expression | null {
  const isSame = (node: ts.Node) => node.getText() === name;
  if (ts.isNewExpression(copy)) {
    const [first] = copy.arguments ?? [];
    const added = first && /^(Map|Set)$/.test(copy.expression.getText()) ? addedToCopyOf(name, first) : null;
    // `new Map([...map, [key, value]])`
    return added && ts.isArrayLiteralExpression(added) ? (added.elements[0] ?? null) : added;
  }
  if (ts.isCallExpression(copy)) {
    const { expression } = copy;
    if (expression.getText() === 'Object.assign') {
      const [target, from, more] = copy.arguments;
      const isCopy = target?.getText().replace(/\s/g, '') === '{}' && from && isSame(from);
      return isCopy && more ? computedKey(more) : null;
    }
    const isJoined =
      ts.isPropertyAccessExpression(expression) &&
      expression.name.text === 'concat' &&
      isSame(expression.expression);
    return isJoined ? (copy.arguments[0] ?? null) : null;
  }
  if (ts.isArrayLiteralExpression(copy)) {
    const isCopied = copy.elements.some((one) => ts.isSpreadElement(one) && isSame(one.expression));
    return isCopied ? (copy.elements.find((one) => !ts.isSpreadElement(one)) ?? null) : null;
  }
  if (!ts.isObjectLiteralExpression(copy)) return null;
  const isCopied = copy.properties.some((one) => ts.isSpreadAssignment(one) && isSame(one.expression));
  return isCopied ? (computedKey(copy) ?? spreadBeside(copy, isSame)) : null;
}

/** `found` of `{ ...table, ...found }`, of which nothing is written out. */
function spreadBeside(
  { properties }: ts.ObjectLiteralExpression,
  isSame: (node: ts.Node) => boolean,
): ts.Expression | null {
  const others = properties.filter((one) => !(ts.isSpreadAssignment(one) && isSame(one.expression)));
  const [first] = others;
  const isOfSpreads = others.every(
    (one) => ts.isSpreadAssignment(one) && !ts.isObjectLiteralExpression(bare(one.expression)),
  );
  return isOfSpreads && first && ts.isSpreadAssignment(first) ? first.expression : null;
}

/** `[key]: value` of an object that is written out; null where there is none. */
export function computedKey(object: ts.Expression): ts.Expression | null {
  if (!ts.isObjectLiteralExpression(object)) return null;
  const added = computedProperty(object)?.name;
  return added && ts.isComputedPropertyName(added) ? added.expression : null;
}

/** The first property whose name is computed. */
export function computedProperty({
  properties,
}: ts.ObjectLiteralExpression): ts.ObjectLiteralElementLike | undefined {
  return properties.find(({ name }) => name && ts.isComputedPropertyName(name));
}
