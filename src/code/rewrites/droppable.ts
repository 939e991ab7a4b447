import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import type { UnboundedCollection } from '../smells/unbounded-collection';

/** Values that own something outside the heap: to drop one without closing it leaks more than memory. */
const CLOSABLE =
  /\b\w*(Socket|Server|Worker|ChildProcess|Timeout|Timer|Connection|Client|Pool|Stream|Watcher|Disposable|AbortController|EventEmitter)\b/;
const CLOSING = new Set(['close', 'destroy', 'end', 'terminate', 'dispose', 'kill', 'disconnect']);

/** Why entries of a collection must not be dropped by a limit, whatever keeps the limit; null when they may. */
export function refuseToDrop(file: ParsedFile, collection: UnboundedCollection): string | null {
  if (collection.exported) {
    return 'Other files can reach it, and may rely on what a bounded collection does not keep.';
  }
  if (collection.role === 'state') {
    return 'By its name it holds state and not copies: dropping an entry would change what the program does. Remove entries where their owner ends.';
  }
  const value = typeArgumentNodes(collection)?.at(-1);
  if (value && isClosable(file, value)) {
    return `Its values (${value.getText()}) have to be closed, which a limit on the number of entries does not do.`;
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

/** K and V (or the one of a Set), from `new Map<K, V>()` or from the annotation; null where neither tells. */
export function typeArgumentNodes({
  creation,
  annotation,
  type,
}: UnboundedCollection): readonly ts.TypeNode[] | null {
  const fromAnnotation =
    annotation && ts.isTypeReferenceNode(annotation) ? annotation.typeArguments : undefined;
  const given = (ts.isNewExpression(creation) ? creation.typeArguments : undefined) ?? fromAnnotation;
  const expected = type === 'Map' ? 2 : 1;
  return given?.length === expected ? given : null;
}

/** `600_000`: long numbers are read in threes. */
export function digits(value: number): string {
  return value < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, '_');
}
