import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { isPublicApi } from '../program/public-api';
import { addedValue } from '../smells/collection-roles';
import { type CollectionUse, unwrap } from '../smells/collection-uses';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { cureOfState } from './state-cures';

/** Values that own something outside the heap: to drop one without closing it leaks more than memory. */
const CLOSABLE =
  /\b\w*(Socket|Server|Worker|ChildProcess|Timeout|Timer|Connection|Client|Pool|Stream|Watcher|Disposable|AbortController|EventEmitter)\b/;
const CLOSING = new Set(['close', 'destroy', 'end', 'terminate', 'dispose', 'kill', 'disconnect']);
/** Expressions that make such values. */
const MAKES_CLOSABLE =
  /^(setTimeout|setInterval|(\w+\.)?(createServer|createConnection|createClient|connect|spawn|fork|exec|watch|createReadStream|createWriteStream))$/;

/** Why entries of a collection must not be dropped by a limit, whatever keeps the limit; null when they may. */
export function refuseToDrop(file: ParsedFile, collection: UnboundedCollection): string | null {
  const { exported, isSeeded, role, uses } = collection;
  if (exported && file.others === null) {
    return 'Other files can reach it, and may rely on what a bounded collection does not keep.';
  }
  if (exported && isPublicApi(file)) {
    return 'It is part of what the package gives to others, who may rely on what a bounded collection does not keep.';
  }
  if (isSeeded) return 'It starts with entries that a limit would drop like any other.';
  if (role === 'state') {
    return `By its name and use it holds state and not copies: dropping an entry would change what the program does. ${cureOfState(collection)}`;
  }
  const value = typeArgumentNodes(collection)?.at(-1);
  if (value && isClosable(file, value)) {
    return `Its values (${value.getText()}) have to be closed, which a limit on the number of entries does not do.`;
  }
  const opened = uses.map(addedValue).find((one) => one && makesClosable(one));
  if (opened)
    return `Its values have to be closed (${shorten(opened.getText())}), which a limit does not do.`;
  if (uses.some(growsInside)) {
    return 'Its entries are collections that grow themselves: to bound only the outer one is no cure, and what still holds an inner one would go on filling what was dropped.';
  }
  if (uses.some(countsBySize))
    return 'Its size is used to number or compute something, which a limit would change.';
  const trusting = uses.find((use) => trustsEntry(use, uses));
  if (trusting) {
    return `In line ${lineOf(trusting.node)} an entry is used without asking whether it is there; after a limit dropped it, that would fail.`;
  }
  return null;
}

function isClosable({ checker }: ParsedFile, node: ts.TypeNode): boolean {
  if (CLOSABLE.test(node.getText())) return true;
  return checker
    .getTypeFromTypeNode(node)
    .getProperties()
    .some((property) => CLOSING.has(property.name) && (property.flags & ts.SymbolFlags.Method) !== 0);
}

function makesClosable(value: ts.Expression): boolean {
  if (ts.isNewExpression(value)) return CLOSABLE.test(value.expression.getText());
  return ts.isCallExpression(value) && MAKES_CLOSABLE.test(value.expression.getText());
}

const GROWS = new Set(['set', 'add', 'push', 'unshift']);

/** `table.get(a).set(b, c)`, `table[a].push(b)`, `table[a][b] = c` */
function growsInside(use: CollectionUse): boolean {
  if (use.kind !== 'read' || (use.method !== 'get' && use.method !== '[]')) return false;
  const node = unwrap(use.node);
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    return GROWS.has(parent.name.text) && ts.isCallExpression(parent.parent);
  }
  if (!ts.isElementAccessExpression(parent) || parent.expression !== node) return false;
  const inner = unwrap(parent);
  return ts.isBinaryExpression(inner.parent) && inner.parent.left === inner && isAssignment(inner.parent);
}

function isAssignment({ operatorToken }: ts.BinaryExpression): boolean {
  return (
    operatorToken.kind >= ts.SyntaxKind.FirstAssignment && operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}

/** `map.set(key, map.size + 1)`: the next free number is read off the size. */
function countsBySize(use: CollectionUse): boolean {
  if (use.kind !== 'size' || use.compared) return false;
  const { parent } = unwrap(use.node);
  if (ts.isBinaryExpression(parent)) return ARITHMETIC.has(parent.operatorToken.kind);
  if (ts.isPropertyAssignment(parent)) return /^(id|index|key|no|number|seq)$/i.test(parent.name.getText());
  return ts.isCallExpression(parent) && /\.(set|push|add)$/.test(parent.expression.getText());
}

const ARITHMETIC: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.PercentToken,
  ts.SyntaxKind.AsteriskToken,
]);

/**
 * `map.get(key).count++` in a function that neither asks nor stores before: a callback that comes later finds nothing
 * where the entry was dropped meanwhile.
 */
function trustsEntry(use: CollectionUse, uses: readonly CollectionUse[]): boolean {
  if (use.kind !== 'read' || (use.method !== 'get' && use.method !== '[]')) return false;
  const node = unwrap(use.node);
  const { parent } = node;
  const isDereferenced =
    (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
    parent.expression === node &&
    !parent.questionDotToken;
  const around = enclosingFunction(use.node);
  if (!isDereferenced && !isDereferencedLater(node, around)) return false;
  return !uses.some(
    (other) =>
      other !== use &&
      enclosingFunction(other.node) === around &&
      (other.kind === 'add' || (other.kind === 'read' && other.method !== 'typeof')),
  );
}

/** `const entry = map.get(key)`, and `entry.count` without a question about `entry` in the function. */
function isDereferencedLater({ parent }: ts.Node, around: ts.Node | null): boolean {
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name) || !around) return false;
  const { text } = parent.name;
  let used = false;
  let asked = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === text && node !== parent.name) {
      const { parent: user } = node;
      const isUsed = ts.isPropertyAccessExpression(user) && user.expression === node;
      if (isUsed && !user.questionDotToken) used = true;
      else if (!isUsed || user.questionDotToken) asked = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(around);
  return used && !asked;
}

/** K and V (or the one of a Set), from `new Map<K, V>()`, from the annotation or a cast; null where nothing tells. */
export function typeArgumentNodes({
  creation,
  annotation,
  type,
}: UnboundedCollection): readonly ts.TypeNode[] | null {
  const cast = unwrap(creation);
  const declared =
    annotation ?? (ts.isAsExpression(cast) || ts.isTypeAssertionExpression(cast) ? cast.type : null);
  if (type === 'object') return declared ? dictionaryTypes(declared) : null;
  const fromAnnotation = declared && ts.isTypeReferenceNode(declared) ? declared.typeArguments : undefined;
  const given = (ts.isNewExpression(creation) ? creation.typeArguments : undefined) ?? fromAnnotation;
  const expected = type === 'Map' ? 2 : 1;
  return given?.length === expected ? given : null;
}

/** K and V of `Record<K, V>` and `{ [key: K]: V }`. */
function dictionaryTypes(node: ts.TypeNode): readonly ts.TypeNode[] | null {
  if (ts.isTypeReferenceNode(node) && /^(Record|Partial)$/.test(node.typeName.getText())) {
    const [first, second] = node.typeArguments ?? [];
    if (first && second) return [first, second];
    return first ? dictionaryTypes(first) : null;
  }
  if (!ts.isTypeLiteralNode(node)) return null;
  const [index, other] = node.members;
  if (!index || other || !ts.isIndexSignatureDeclaration(index)) return null;
  const key = index.parameters[0]?.type;
  return key ? [key, index.type] : null;
}

function lineOf(node: ts.Node): number {
  const source = node.getSourceFile();
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** `600_000`: long numbers are read in threes. */
export function digits(value: number): string {
  return value < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, '_');
}
