import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { resolveAlias } from '../program/references';
import { isSetByLodash, pathSet } from './argument-uses';
import type { CollectionDeclaration } from './collection-declarations';
import type { CollectionUse } from './collection-uses';
import { addedByCopy, computedKey } from './copied-with-more';
import { isFewByPattern } from './finite-patterns';
import { argumentFor, knownCallers } from './known-callers';
import { rootOf } from './member-chains';
import { pushedTo } from './value-sources';

const FINITE =
  ts.TypeFlags.EnumLike |
  ts.TypeFlags.BooleanLike |
  ts.TypeFlags.StringLiteral |
  ts.TypeFlags.NumberLiteral |
  ts.TypeFlags.BigIntLiteral |
  ts.TypeFlags.UniqueESSymbol |
  ts.TypeFlags.Undefined |
  ts.TypeFlags.Null;

/** True when the keys that can ever be added are few: written out, or of an enum, a union of literals, a keyof. */
export function hasFiniteKeys(
  file: ParsedFile,
  { creation, annotation, type }: CollectionDeclaration,
  additions: readonly CollectionUse[],
): boolean {
  // Each push is one more element, whatever it is.
  if (type === 'array') return false;
  const declared = keyTypeNode(creation, annotation);
  if (declared && isFewByNode(file, declared)) return true;
  return additions.every((use) => {
    const key = keyOf(use);
    if (!key) return false;
    return isFewByForm(file, key, 0);
  });
}

/** Callers of callers end somewhere. */
const MOST_STEPS = 3;

/** Written out, of a finite type, one of a written list, told apart by a `switch`, or given so by every caller. */
function isFewByForm(file: ParsedFile, key: ts.Expression, steps: number): boolean {
  if (ts.isStringLiteralLike(key) || ts.isNumericLiteral(key)) return true;
  if (isFew(file.checker.getTypeAtLocation(key)) || isDeclaredFew(file, key)) return true;
  if (isFewByPattern(key)) return true;
  if (ts.isConditionalExpression(key)) {
    return isFewByForm(file, key.whenTrue, steps) && isFewByForm(file, key.whenFalse, steps);
  }
  // `${from}${to}` of a few each
  if (ts.isTemplateExpression(key))
    return key.templateSpans.every(({ expression }) => isFewByForm(file, expression, steps));
  if (!ts.isIdentifier(key)) return false;
  if (isSwitchedOn(key)) return true;
  const declared = file.checker.getSymbolAtLocation(key)?.valueDeclaration;
  if (!declared) return false;
  if (ts.isVariableDeclaration(declared))
    return isOfWrittenList(file, declared) || isMadeOfFew(file, declared, steps);
  if (!ts.isParameter(declared)) return false;
  return (
    isOfWrittenListByCallback(file, declared) || (steps < MOST_STEPS && isFewByCallers(file, declared, steps))
  );
}

function isFewByNode(file: ParsedFile, node: ts.TypeNode): boolean {
  // `${Port}-${Port}`
  if (ts.isTemplateLiteralTypeNode(node))
    return node.templateSpans.every(({ type }) => isFewByNode(file, type));
  return isFew(file.checker.getTypeFromTypeNode(node)) || isElementOfWritten(file, node);
}

/** `symbol: KnownSymbol`, `tick.symbol` of a declared type */
function isDeclaredFew(file: ParsedFile, key: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(key) ? key.name : key;
  const declared = ts.isIdentifier(name)
    ? file.checker.getSymbolAtLocation(name)?.valueDeclaration
    : undefined;
  const { type } = (declared ?? {}) as Partial<ts.ParameterDeclaration>;
  return type !== undefined && isElementOfWritten(file, type);
}

/** `(typeof SYMBOLS)[number]`, also by the name of such a type, where the list is written out: without libraries it has no type. */
function isElementOfWritten(file: ParsedFile, node: ts.TypeNode): boolean {
  if (ts.isTypeReferenceNode(node)) {
    const { checker } = file;
    const name = ts.isQualifiedName(node.typeName) ? node.typeName.right : node.typeName;
    const [declared] = resolveAlias(checker, checker.getSymbolAtLocation(name))?.declarations ?? [];
    return (
      declared !== undefined && ts.isTypeAliasDeclaration(declared) && isElementOfWritten(file, declared.type)
    );
  }
  if (!ts.isIndexedAccessTypeNode(node) || node.indexType.kind !== ts.SyntaxKind.NumberKeyword) return false;
  let list = node.objectType;
  while (ts.isParenthesizedTypeNode(list)) list = list.type;
  return ts.isTypeQueryNode(list) && ts.isIdentifier(list.exprName) && isWrittenList(file, list.exprName);
}

/** `const key = `${locale}/${currency}`` of a few each */
function isMadeOfFew(
  file: ParsedFile,
  { initializer, parent }: ts.VariableDeclaration,
  steps: number,
): boolean {
  if (!initializer) return false;
  if (isFewByPattern(initializer)) return true;
  const isConstant = (parent.flags & ts.NodeFlags.Const) !== 0;
  return (
    isConstant &&
    steps < MOST_STEPS &&
    (ts.isTemplateExpression(initializer) || ts.isConditionalExpression(initializer)) &&
    isFewByForm(file, initializer, steps + 1)
  );
}

/** `switch (key) { case 'a': …; default: throw … }` around the addition. */
function isSwitchedOn(key: ts.Identifier): boolean {
  const around = ts.findAncestor(key, (node) => ts.isSwitchStatement(node) || ts.isFunctionLike(node));
  return (
    around !== undefined &&
    ts.isSwitchStatement(around) &&
    around.expression.getText() === key.text &&
    !around.caseBlock.clauses.some(
      (clause) => ts.isDefaultClause(clause) && clause.pos <= key.pos && key.end <= clause.end,
    )
  );
}

/** `for (const key of ['a', 'b'])`, also where the list has a name. */
function isOfWrittenList(file: ParsedFile, { parent }: ts.VariableDeclaration): boolean {
  const loop = parent.parent;
  return !!loop && ts.isForOfStatement(loop) && isWrittenList(file, loop.expression);
}

/** `['a', 'b'].forEach((key) => …)` */
function isOfWrittenListByCallback(file: ParsedFile, parameter: ts.ParameterDeclaration): boolean {
  const { parent: callback } = parameter;
  const { parent: call } = callback;
  if (callback.parameters[0] !== parameter || !ts.isCallExpression(call)) return false;
  const { expression } = call;
  return (
    ts.isPropertyAccessExpression(expression) &&
    /^(forEach|map|filter|some|every|find|flatMap)$/.test(expression.name.text) &&
    isWrittenList(file, expression.expression)
  );
}

function isWrittenList(file: ParsedFile, expression: ts.Expression): boolean {
  const { checker } = file;
  let list: ts.Node | undefined = expression;
  if (ts.isIdentifier(list)) {
    const declared = resolveAlias(checker, checker.getSymbolAtLocation(list))?.valueDeclaration;
    if (!declared || !ts.isVariableDeclaration(declared) || pushedTo(file, declared).length > 0) return false;
    list = declared.initializer;
  }
  while (list && ts.isAsExpression(list)) list = list.expression;
  // Of one that begins empty nobody knows what it gets.
  if (!list || !ts.isArrayLiteralExpression(list) || list.elements.length === 0) return false;
  return list.elements.every(isWritten);
}

function isWritten(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isNumericLiteral(node);
}

/** True when the function's callers are all known, and all give a key that is few by its form. */
function isFewByCallers(file: ParsedFile, parameter: ts.ParameterDeclaration, steps: number): boolean {
  const callers = knownCallers(file, parameter.parent);
  return (
    callers?.complete === true &&
    callers.calls.length > 0 &&
    callers.calls.every((call) => {
      const given = argumentFor(call, parameter);
      return given !== undefined && isFewByForm(file, given, steps + 1);
    })
  );
}

/** What a Map is keyed by or a Set holds, from `new Map<K, V>()`, its annotation, or `Record<K, V>`. */
export function keyTypeNode(
  creation: ts.Expression,
  annotation: ts.TypeNode | null,
): ts.TypeNode | undefined {
  const given = ts.isNewExpression(creation) ? creation.typeArguments?.[0] : undefined;
  if (given) return given;
  if (!annotation || !ts.isTypeReferenceNode(annotation)) return undefined;
  const [first] = annotation.typeArguments ?? [];
  // `Partial<Record<K, V>>`
  return first && /^(Partial|Readonly|Required)$/.test(annotation.typeName.getText())
    ? keyTypeNode(creation, first)
    : first;
}

/**
 * The key that an addition adds under; what a Set holds is its own key. Where a function adds to what it is given under a key
 * that it is given, `getOrMake(cache, url, make)`, it is what this call gives.
 */
export function keyOf(use: CollectionUse): ts.Expression | undefined {
  if (use.kind !== 'add') return undefined;
  const { node, call } = use;
  const key = ts.isCallExpression(node)
    ? givenAsKey(node, use.method)
    : ts.isElementAccessExpression(node)
      ? node.argumentExpression
      : ts.isBinaryExpression(node)
        ? (addedByCopy(node) ?? undefined)
        : undefined;
  if (!key || !call || !ts.isIdentifier(key)) return key;
  for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) {
    const index = ts.isFunctionLike(around)
      ? around.parameters.findIndex(({ name }) => name.getText() === key.text)
      : -1;
    if (index >= 0) return isOfCalled(around, node) ? (call.arguments[index] ?? key) : key;
  }
  return key;
}

/** `set(key, value)`, `Object.assign(table, { [key]: value })`; of what is merged as a whole no key is known. */
function givenAsKey(call: ts.CallExpression, method: string): ts.Expression | undefined {
  if (isSetByLodash(call)) return pathSet(call);
  const { arguments: given } = call;
  if (method !== 'assign') return given[0];
  return (given[1] && computedKey(given[1])) ?? undefined;
}

/** The function that is given the collection, and not one that it returns: `(store, load) => (key) => store.set(key, load(key))`. */
function isOfCalled(around: ts.Node, addition: ts.Node): boolean {
  const root = ts.isCallExpression(addition) ? rootOf(addition.expression) : null;
  return (
    !root ||
    !ts.isIdentifier(root) ||
    !ts.isFunctionLike(around) ||
    around.parameters.some(({ name }) => name.getText() === root.text)
  );
}

function isFew(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every((part) => (part.flags & FINITE) !== 0);
  return (type.flags & FINITE) !== 0;
}
