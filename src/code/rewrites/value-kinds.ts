import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { addedValue } from '../smells/stored-values';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { typeArgumentNodes } from './droppable';
import { leavesOf } from './stored-leaves';

/** Whether two values that are alike are the same one: texts and numbers are, objects are not. */
export type ValueKind = 'object' | 'primitive' | 'unknown';

/** What kind the entries are of, by their declared type, else by all that is stored. */
export function kindOfEntries(file: ParsedFile, collection: UnboundedCollection): ValueKind {
  const declared = typeArgumentNodes(collection)?.at(-1);
  const byType = declared ? kindOfType(file.checker.getTypeFromTypeNode(declared)) : 'unknown';
  if (byType !== 'unknown') return byType;
  // What was there is of the kind that was stored.
  const own = new Set<ts.Node>(collection.uses.map(({ node }) => node));
  const kinds = collection.uses.flatMap((use) => {
    const value = addedValue(use);
    const leaves = value ? leavesOf(file, value) : [];
    return leaves.flatMap((leaf) => (own.has(leaf) ? [] : [kindOf(file, leaf)]));
  });
  if (kinds.includes('object')) return 'object';
  return kinds.length > 0 && kinds.every((one) => one === 'primitive') ? 'primitive' : 'unknown';
}

/** What kind an expression is of, by its form and its type. */
export function kindOf({ checker }: ParsedFile, node: ts.Node): ValueKind {
  if (isMadeObject(node)) return 'object';
  if (!ts.isExpression(node)) return 'unknown';
  if (isMadePrimitive(node)) return 'primitive';
  return kindOfType(checker.getTypeAtLocation(node));
}

function isMadeObject(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return true;
  return (
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isRegularExpressionLiteral(node) ||
    ts.isJsxElement(node)
  );
}

function isMadePrimitive(node: ts.Expression): boolean {
  if (ts.isLiteralExpression(node) || ts.isTemplateExpression(node) || ts.isTypeOfExpression(node))
    return true;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node) || ts.isVoidExpression(node))
    return true;
  if (/^(null|true|false|undefined)$/.test(node.getText())) return true;
  if (ts.isBinaryExpression(node)) return OPERATORS.test(node.operatorToken.getText());
  if (ts.isPropertyAccessExpression(node)) return /^(length|size)$/.test(node.name.text);
  if (!ts.isCallExpression(node)) return false;
  return MAKES_PRIMITIVE.test(node.expression.getText());
}

const OPERATORS = /^([-+*/%<>&|^]|\*\*|<<|>>>?|[<>]=|[!=]==?|in|instanceof)$/;
const MAKES_PRIMITIVE =
  /^(String|Number|Boolean|BigInt|parseInt|parseFloat|(en|de)codeURI(Component)?|escape|JSON\.stringify|Date\.now|Math\.\w+)$|\.(toString|toLowerCase|toUpperCase|toLocale\w+|trim|trimStart|trimEnd|replace|replaceAll|substring|substr|padStart|padEnd|join|toFixed|toISOString|charAt|charCodeAt|codePointAt|repeat|normalize|getTime|indexOf|includes|startsWith|endsWith|has|test|localeCompare|digest)$/;

const PRIMITIVE =
  ts.TypeFlags.StringLike |
  ts.TypeFlags.NumberLike |
  ts.TypeFlags.BooleanLike |
  ts.TypeFlags.BigIntLike |
  ts.TypeFlags.Null |
  ts.TypeFlags.Undefined |
  ts.TypeFlags.Void;

/** A type with a name that is not known here is any, and tells nothing. */
function kindOfType(type: ts.Type): ValueKind {
  const parts = type.isUnion() ? type.types : [type];
  if (parts.every(({ flags }) => (flags & PRIMITIVE) !== 0)) return 'primitive';
  return parts.some(isObject) ? 'object' : 'unknown';
}

/** Without libraries a Promise or a Map is one of no members. */
function isObject(type: ts.Type): boolean {
  return (
    (type.flags & ts.TypeFlags.Object) !== 0 &&
    (type.getProperties().length > 0 || type.getCallSignatures().length > 0)
  );
}
