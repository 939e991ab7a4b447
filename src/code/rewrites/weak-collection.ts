import ts from 'typescript';
import type { RewriteResult, TextChange } from '../../protocol/code';
import type { ParsedFile } from '../program/parsed-file';
import { keyOf, keyTypeNode } from '../smells/finite-keys';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { refuseDeclaredElsewhere } from './declared-elsewhere';
import { refuseDoubtfulKeys, standsForObjects } from './doubtful-keys';
import { GIVEN_BY_DEFAULT, OF_LARGER_CLASS, OF_TYPED_OBJECT, UNDER_SYMBOL } from './droppable';
import { givesNothing } from './nothing-values';
import { refuseObserved } from './observers';

export const WEAK_COLLECTION = {
  id: 'weak-collection',
  title: 'Hold keys weakly (WeakMap, WeakSet)',
} as const;

/** Methods that weak collections have, too. */
const SHARED = new Set(['get', 'has', 'set', 'add', 'typeof']);

/** True where the declared key is an object by its type, which is the only case to talk about weakness at all. */
export function hasObjectKeys(file: ParsedFile, { creation, annotation, type }: UnboundedCollection) {
  if (type !== 'Map' && type !== 'Set') return false;
  const node = keyTypeNode(creation, annotation);
  return node !== undefined && standsForObjects(file, node);
}

/**
 * Why a Map or Set cannot become its weak counterpart; null when it can. A weak collection has neither size nor
 * iteration. A Set that nobody asks anything is a registry: if it alone holds its members, weakness would empty it.
 */
export function refuseWeakCollection(file: ParsedFile, collection: UnboundedCollection): string | null {
  const { uses, exported, type, isLarger, isOfTypedObject, isUnderSymbol, name } = collection;
  if (isUnderSymbol) return UNDER_SYMBOL;
  if (isLarger) return OF_LARGER_CLASS;
  if (isOfTypedObject) return OF_TYPED_OBJECT;
  if (ts.isParameter(name.parent)) return GIVEN_BY_DEFAULT;
  if (exported) return 'Other files can reach it, and may iterate it, which a weak collection cannot do.';
  if (uses.some((use) => use.kind === 'escape'))
    return 'It is given out under a name of its own, and who has it may ask for what a weak collection does not have.';
  if (uses.some((use) => use.kind === 'size'))
    return 'Its size is read, which a weak collection does not know.';
  if (uses.some((use) => use.kind === 'iterate')) return 'It is iterated, which a weak collection cannot be.';
  const other = uses.find((use) => 'method' in use && !SHARED.has(use.method));
  if (other && 'method' in other) return `A weak collection has no method ${other.method}.`;
  if (!uses.some((use) => use.kind === 'read')) {
    return `Nothing ever asks this ${type} anything: it may be all that keeps its members alive, and weakness would let them go.`;
  }
  if (uses.some((use) => use.kind === 'read' && isMadeHere(use.node))) {
    return 'Its keys are made anew for each call: nothing else holds them, and they would never be found again.';
  }
  const keys = uses.flatMap((use) => keyOf(use) ?? []);
  if (keys.some((key) => givesNothing(file.checker, key, true))) {
    return `A key of it may be undefined, which a weak collection does not take.`;
  }
  return (
    refuseDoubtfulKeys(file, [...firstKeys(collection), ...keys]) ??
    refuseDeclaredElsewhere(file, collection) ??
    refuseObserved(file, collection)
  );
}

/** What it is made with: the keys, or the list that has them. */
function firstKeys({ creation, type }: UnboundedCollection): ts.Expression[] {
  const [given] = (ts.isNewExpression(creation) && creation.arguments) || [];
  if (!given || !ts.isArrayLiteralExpression(given)) return given ? [given] : [];
  return given.elements.flatMap((one) =>
    type === 'Map' && ts.isArrayLiteralExpression(one) ? one.elements.slice(0, 1) : [one],
  );
}

/** `map.get({ a, b })` */
function isMadeHere(node: ts.Node): boolean {
  const [key] = ts.isCallExpression(node) ? node.arguments : [];
  return (
    key !== undefined &&
    (ts.isObjectLiteralExpression(key) || ts.isArrayLiteralExpression(key) || ts.isNewExpression(key))
  );
}

/** `Map<K, V>` becomes `WeakMap<K, V>`, in the creation and in the annotation. */
export function holdWeakly(file: ParsedFile, collection: UnboundedCollection): RewriteResult {
  if (!hasObjectKeys(file, collection)) {
    return { kind: 'refused', reason: 'Its keys are not known to be objects.' };
  }
  const reason = refuseWeakCollection(file, collection);
  if (reason) return { kind: 'refused', reason };
  const { annotation, creation } = collection;
  const names = [
    ...(annotation && ts.isTypeReferenceNode(annotation) ? [annotation.typeName] : []),
    ...(ts.isNewExpression(creation) ? [creation.expression] : []),
  ];
  const changes = names.map((name): TextChange => {
    const start = name.getStart(file.source);
    return { start, end: start, text: 'Weak' };
  });
  return { kind: 'edits', edits: [{ file: file.file, create: false, changes }], dependency: null };
}
