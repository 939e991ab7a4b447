import ts from 'typescript';
import { lineOf, shortened } from '../positions';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { isHandedToUsers } from '../program/public-api';
import { CACHE } from '../smells/collection-roles';
import { COPY, type CollectionUse, unwrap } from '../smells/collection-uses';
import { innerAdditions } from '../smells/inner-collections';
import { addedValue } from '../smells/stored-values';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { readsEntry } from './changing-entries';
import { refuseObserved } from './observers';
import { cureOfRemoval, cureOfState } from './state-cures';
import { trustedEntry, trustedResult } from './trusted-entries';

/** Values that own something outside the heap: to drop one without closing it leaks more than memory. */
const CLOSABLE =
  /\b\w*(Socket|Server|Worker|ChildProcess|Timeout|Timer|Connection|Client|Pool|Stream|Watcher|Disposable|AbortController|EventEmitter)\b/;
const CLOSING = new Set(['close', 'destroy', 'end', 'terminate', 'dispose', 'kill', 'disconnect']);
/** Expressions that make such values. */
const MAKES_CLOSABLE =
  /^(setTimeout|setInterval|(\w+\.)?(createServer|createConnection|createClient|createPool|createTransport|connect|launch|spawn|fork|exec|watch|createReadStream|createWriteStream))$/;

/** What its object is declared as says of what kind it has to be. */
export const OF_TYPED_OBJECT =
  'It is a member of an object that is a field, or whose type says what its members are.';

/** A field under a symbol is found by whoever has the symbol. */
export const UNDER_SYMBOL =
  'It is a field under a symbol, and other objects may have theirs under the same one.';

/** A Map or Set of a class that does more. */
export const OF_LARGER_CLASS =
  'Its class does more than a Map or a Set, which what keeps a limit does not do.';

/** A field that is a parameter with a default value. */
export const GIVEN_BY_DEFAULT = 'Whoever makes the object may give it a collection of another kind.';

/** Why entries of a collection must not be dropped by a limit, whatever keeps the limit; null when they may. */
export function refuseToDrop(file: ParsedFile, collection: UnboundedCollection): string | null {
  const { exported, isLarger, isSeeded, isOfTypedObject, isUnderSymbol, name, owner, place, role, uses } =
    collection;
  const removal = cureOfRemoval(collection);
  if (removal) return removal;
  if (isUnderSymbol) return UNDER_SYMBOL;
  if (isLarger) return OF_LARGER_CLASS;
  if (isOfTypedObject) return OF_TYPED_OBJECT;
  if (ts.isParameter(name.parent)) return GIVEN_BY_DEFAULT;
  if (uses.some((use) => use.kind === 'add' && use.method === COPY))
    return 'It is made anew with each entry, and who has an earlier one has not the next.';
  if (exported && file.others === null) {
    return 'Other files can reach it, and may rely on what a bounded collection does not keep.';
  }
  if (exported && isHandedToUsers(file)) {
    return 'It is part of what the package gives to others, who may rely on what a bounded collection does not keep.';
  }
  if (uses.some(({ kind }) => kind === 'escape'))
    return 'It is given out under a name of its own, and who has it may rely on what a bounded collection does not keep.';
  if (isSeeded) return 'It starts with entries that a limit would drop like any other.';
  if (role === 'state') {
    return `By its name and use it holds state and not copies: dropping an entry would change what the program does. ${cureOfState(collection)}`;
  }
  // Whether its entries are copies is for its author to say: of a field nothing but the use speaks for it.
  if (place === 'instance' && !CACHE.test(name.text) && !CACHE.test(owner))
    return 'Neither it nor its class is called a cache, so an entry may be the only place that has what it says.';
  const value = typeArgumentNodes(collection)?.at(-1);
  if (value && isClosable(file, value)) {
    return `Its values (${value.getText()}) have to be closed, which a limit on the number of entries does not do.`;
  }
  const opened = uses.map(addedValue).find((one) => one && makesClosable(file, one));
  if (opened)
    return `Its values have to be closed (${shortened(opened.getText())}), which a limit does not do.`;
  if (uses.some(growsInside) || innerAdditions(file, uses).length > 0) {
    return 'Its entries are collections that grow themselves: to bound only the outer one is no cure, and what still holds an inner one would go on filling what was dropped.';
  }
  if (uses.some((use) => countsBySize(use) || numbersBySize(use, uses)))
    return 'Its size is used to number or compute something, which a limit would change.';
  const trusting = trustedEntry(uses) ?? trustedResult(file, uses);
  if (trusting) {
    return `In line ${lineOf(trusting)} an entry is used without asking whether it is there; after a limit dropped it, that would fail.`;
  }
  return refuseObserved(file, collection);
}

function isClosable({ checker }: ParsedFile, node: ts.TypeNode): boolean {
  if (CLOSABLE.test(node.getText())) return true;
  return hasClosingMethod(checker.getTypeFromTypeNode(node));
}

function makesClosable({ checker }: ParsedFile, value: ts.Expression): boolean {
  if (ts.isNewExpression(value) && CLOSABLE.test(value.expression.getText())) return true;
  if (ts.isCallExpression(value) && MAKES_CLOSABLE.test(value.expression.getText())) return true;
  return hasClosingMethod(checker.getTypeAtLocation(value));
}

/** `close()` and its like, `[Symbol.dispose]()`; not a field such as the `end` of a range. */
function hasClosingMethod(type: ts.Type): boolean {
  const isMethod = ({ flags, declarations }: ts.Symbol) =>
    (flags & ts.SymbolFlags.Method) !== 0 ||
    declarations?.some((one) => ts.isPropertyAssignment(one) && ts.isFunctionLike(one.initializer)) === true;
  if (type.getProperties().some((property) => CLOSING.has(property.name) && isMethod(property))) return true;
  const members = type.symbol?.declarations?.filter(ts.isClassLike).flatMap((one) => [...one.members]) ?? [];
  return members.some(({ name }) => name !== undefined && DISPOSING.test(name.getText()));
}

const DISPOSING = /^\[Symbol\.(asyncD|d)ispose\]$/;

const GROWS = new Set(['set', 'add', 'push', 'unshift']);

/** `table.get(a).set(b, c)`, `table[a].push(b)`, `table[a][b] = c` */
function growsInside(use: CollectionUse): boolean {
  if (!readsEntry(use)) return false;
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

/** `const id = list.length`, and behind it an addition: the next one would get a number that another one has. */
function numbersBySize(use: CollectionUse, uses: readonly CollectionUse[]): boolean {
  if (use.kind !== 'size' || use.compared) return false;
  const around = enclosingFunction(use.node);
  const isBeforeAddition = uses.some(
    ({ kind, node }) => kind === 'add' && node.end > use.node.end && enclosingFunction(node) === around,
  );
  if (!around || !isBeforeAddition) return false;
  const size = unwrap(use.node);
  const { parent } = size;
  if (ts.isBinaryExpression(parent))
    return parent.right === size && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return ts.isVariableDeclaration(parent) || ts.isTemplateSpan(parent);
}

const ARITHMETIC: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.PercentToken,
  ts.SyntaxKind.AsteriskToken,
]);

/** K and V (or the one of a Set), from `new Map<K, V>()`, from the annotation or a cast; null where nothing tells. */
export function typeArgumentNodes({
  creation,
  annotation,
  type,
}: UnboundedCollection): readonly ts.TypeNode[] | null {
  const cast = unwrap(creation);
  const declared =
    annotation ?? (ts.isAsExpression(cast) || ts.isTypeAssertionExpression(cast) ? cast.type : null);
  const parts = declared ? partsOf(declared) : [];
  if (type === 'object') {
    const found = parts.flatMap((part) => {
      const types = dictionaryTypes(part);
      return types ? [types] : [];
    });
    return found.length === 1 ? found[0]! : null;
  }
  const named = parts.flatMap((part) =>
    ts.isTypeReferenceNode(part) && part.typeName.getText() === type ? [part] : [],
  );
  const fromAnnotation = named.length === 1 ? named[0]?.typeArguments : undefined;
  const given = (ts.isNewExpression(creation) ? creation.typeArguments : undefined) ?? fromAnnotation;
  const expected = type === 'Map' ? 2 : 1;
  return given?.length === expected ? given : null;
}

function partsOf(declared: ts.TypeNode): readonly ts.TypeNode[] {
  // `?Map<string, User>` of JSDoc.
  if (ts.isJSDocNullableType(declared) || ts.isJSDocNonNullableType(declared)) return partsOf(declared.type);
  return ts.isUnionTypeNode(declared) ? declared.types : [declared];
}

/** K and V of `Record<K, V>`, `{ [key: K]: V }` and JSDoc's `Object.<K, V>`. */
function dictionaryTypes(node: ts.TypeNode): readonly ts.TypeNode[] | null {
  if (ts.isTypeReferenceNode(node) && /^(Record|Partial|Object)$/.test(node.typeName.getText())) {
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

/** `600_000`: long numbers are read in threes. */
export function digits(value: number): string {
  return value < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, '_');
}
